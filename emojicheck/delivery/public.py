"""Photos at a public address of our own: signed, and alive for minutes only."""

from __future__ import annotations

import ipaddress
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

from emojicheck.models import Portrait, State

PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".home", ".test", ".invalid")


def site_is_public(site_url: str) -> bool:
    """Whether a stranger on the internet could reach this address, judged by its name alone."""
    host = (urlsplit(site_url).hostname or "").rstrip(".").lower()
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(PRIVATE_ENDINGS)


def signed_photo_path(portrait: Portrait) -> str:
    signature = _signer().sign(portrait.id.hex)
    return reverse("signed_photo", args=[signature])


def photo_address(portrait: Portrait) -> str:
    """The photo's public address, built from SITE_URL and never from a request."""
    return f"{settings.SITE_URL}{signed_photo_path(portrait)}"


def photo_from_signature(signature: str) -> Portrait | None:
    """The portrait whose photo may be read with this signature, while a check needs it.

    None when the signature is wrong or too old, or the photo is gone or already judged.
    """
    age = timedelta(minutes=settings.PHOTO_LINK_MINUTES)
    try:
        portrait_id = _signer().unsign(signature, max_age=age)
    except signing.BadSignature:
        return None
    return (
        Portrait.objects.filter(
            id=uuid.UUID(portrait_id), deleted_at=None, state__in=[State.WAITING, State.JUDGING]
        )
        .exclude(photo="")
        .first()
    )


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="emojicheck.photo", sep=".")
