"""Photos at a presigned address of the object store that holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage

if TYPE_CHECKING:
    from collections.abc import Callable

    from emojicheck.models import Portrait


def photo_address(portrait: Portrait) -> str:
    """A presigned address of the stored photo, alive for PHOTO_LINK_MINUTES."""
    presigned: Callable[..., str] = default_storage.url
    try:
        return presigned(portrait.photo.name, expire=int(settings.PHOTO_LINK_MINUTES * 60))
    except TypeError as error:
        raise ImproperlyConfigured(
            "PHOTO_DELIVERY: storage needs an object store (AWS_STORAGE_BUCKET_NAME)."
        ) from error
