"""Puts pictures into the photo storage, whole or not at all."""

from __future__ import annotations

import contextlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from .models import Portrait, photo_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .pictures import Picture


@contextmanager
def stored(picture: Picture) -> Iterator[dict[str, object]]:
    """Store a picture and its thumbnail; gives the portrait's fields that describe them.

    Neither file stays behind when writing them, or the block, fails. Raises OSError when the
    storage is full or away.
    """
    photo, thumbnail = photo_name(None, ""), photo_name(None, "")
    try:
        # The names are random, so what the storage returns is what we asked for.
        photo = _save(photo, picture.data)
        thumbnail = _save(thumbnail, picture.thumbnail)
        yield {
            "photo": photo,
            "thumbnail": thumbnail,
            "width": picture.width,
            "height": picture.height,
            "photo_bytes": len(picture.data),
            "digest": picture.digest,
            "repairs": list(picture.repairs),
        }
    except BaseException:
        for name in (photo, thumbnail):
            with contextlib.suppress(Exception):  # the first error is the one to tell
                default_storage.delete(name)
        raise


def _save(name: str, content: bytes) -> str:
    try:
        return default_storage.save(name, ContentFile(content))
    except OSError:
        raise
    except Exception as error:  # object stores have errors of their own
        raise OSError(f"the photo storage failed: {error}") from error


def lacks_photo(portrait: Portrait) -> bool:
    """Whether the photo has still to be downloaded, or made from another one."""
    return not portrait.photo and bool(portrait.image_url or portrait.edit)
