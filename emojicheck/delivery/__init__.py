"""How the service gets the photo: from us, from the object store, or from its own storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from . import public, storage

if TYPE_CHECKING:
    from emojicheck.models import Portrait


def way() -> str:
    """The delivery in force: public, storage or temporary."""
    if settings.PHOTO_DELIVERY != "auto":
        return str(settings.PHOTO_DELIVERY)
    return "public" if public.site_is_public(settings.SITE_URL) else "temporary"


def deliver(portrait: Portrait) -> str:
    """Make the portrait's photo reachable for the service; returns the address to send.

    Raises DetectionError when the service's own storage refuses the upload.
    """
    match way():
        case "public":
            return public.photo_address(portrait)
        case "storage":
            return storage.photo_address(portrait)
        case _:
            from . import temporary  # slow import: an HTTP client, needed for this way only

            with portrait.photo.open("rb") as photo:
                return temporary.upload(
                    photo,
                    name=f"{portrait.id.hex}.jpg",
                    model=portrait.model,
                    api_key=settings.DASHSCOPE_API_KEY,
                    base_url=settings.DASHSCOPE_BASE_URL,
                    connect_seconds=settings.DASHSCOPE_CONNECT_SECONDS,
                    read_seconds=settings.DASHSCOPE_READ_SECONDS,
                )


__all__ = ["deliver", "way"]
