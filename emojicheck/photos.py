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

    Neither file stays behind when writing them, or the block, fails. Raises OSError (or the
    storage's own error) when the storage is full or away.
    """
    photo, thumbnail = photo_name(None, ""), photo_name(None, "")
    try:
        # The names are random, so what the storage returns is what we asked for.
        photo = default_storage.save(photo, ContentFile(picture.data))
        thumbnail = default_storage.save(thumbnail, ContentFile(picture.thumbnail))
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


def lacks_photo(portrait: Portrait) -> bool:
    """Whether the photo has still to be downloaded."""
    return not portrait.photo and bool(portrait.image_url)
