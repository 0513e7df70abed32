"""Start-up validation: what Django's `check` says about this installation.

Each finding has an id and a hint; docs/settings.md lists them all.
"""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.files.storage import FileSystemStorage, default_storage

from . import delivery
from .delivery.public import site_is_public

if TYPE_CHECKING:
    from pathlib import Path


@register(Tags.files)
def check_data_folder(**_kwargs: Any) -> list[CheckMessage]:
    folder = _nearest_existing(settings.DATA_DIR)
    try:
        with TemporaryFile(dir=folder):  # permissions alone do not tell of a read-only disk
            return []
    except OSError as error:
        return [
            Error(
                f"The data folder {settings.DATA_DIR} cannot be written ({error.strerror}).",
                hint=f"Let the account that runs the site write to {folder}, or set DATA_DIR.",
                id="emojicheck.E001",
            )
        ]


@register(Tags.compatibility)
def check_photo_storage(**_kwargs: Any) -> list[CheckMessage]:
    if settings.PHOTO_DELIVERY != "storage" or not isinstance(default_storage, FileSystemStorage):
        return []
    return [
        Error(
            "PHOTO_DELIVERY is storage, but photos are kept on this machine's disk.",
            hint="Name an object store with AWS_STORAGE_BUCKET_NAME, or set PHOTO_DELIVERY=auto.",
            id="emojicheck.E002",
        )
    ]


@register(Tags.compatibility)
def check_photos_reach_the_service(**_kwargs: Any) -> list[CheckMessage]:
    """Only an explicit `public` can get this wrong; `auto` chooses by the address."""
    asks_the_service = settings.DETECTOR == "dashscope"
    if not asks_the_service or delivery.way() != "public" or site_is_public(settings.SITE_URL):
        return []
    return [
        checks.Warning(
            f"The service is to download photos from {settings.SITE_URL}, "
            "which the internet cannot reach.",
            hint="Set SITE_URL to the site's public address, or PHOTO_DELIVERY=auto.",
            id="emojicheck.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_https(**_kwargs: Any) -> list[CheckMessage]:
    if settings.HTTPS or not site_is_public(settings.SITE_URL):
        return []
    return [
        checks.Warning(
            f"{settings.SITE_URL} is public but not encrypted.",
            hint="Faces travel in the open, and browsers give the camera to https sites alone: "
            "put a proxy with a certificate in front and set SITE_URL=https://…",
            id="emojicheck.W002",
        )
    ]


@register(Tags.security)
def check_proxy(**_kwargs: Any) -> list[CheckMessage]:
    if not settings.HTTPS or settings.BEHIND_PROXY:
        return []
    return [
        checks.Warning(
            "SITE_URL is https, but no proxy is trusted to end the encryption.",
            hint="The web server speaks plain HTTP, so every page would redirect to itself: "
            "set BEHIND_PROXY=true, and PROXY_ADDRESS unless the proxy runs on this machine.",
            id="emojicheck.W003",
        )
    ]


@register(Tags.security, deploy=True)
def check_spending(**_kwargs: Any) -> list[CheckMessage]:
    limited = settings.DAILY_BUDGET > 0 or settings.SUBMISSIONS_PER_HOUR > 0
    if limited or settings.DETECTOR != "dashscope":
        return []
    return [
        checks.Warning(
            "Anybody can spend the account's money without limit.",
            hint="Set DAILY_BUDGET, SUBMISSIONS_PER_HOUR, or both.",
            id="emojicheck.W004",
        )
    ]


@register(Tags.staticfiles, deploy=True)
def check_static_files(**_kwargs: Any) -> list[CheckMessage]:
    """Without the collected files every page of a site in production is an error."""
    if not isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        return []
    if staticfiles_storage.read_manifest() is not None:
        return []
    return [
        checks.Warning(
            "Style sheets and scripts have not been collected.",
            hint="Run `make setup`, or `manage.py collectstatic`.",
            id="emojicheck.W005",
        )
    ]


@register(Tags.security)
def check_debug(**_kwargs: Any) -> list[CheckMessage]:
    if not settings.DEBUG or not site_is_public(settings.SITE_URL):
        return []
    return [
        checks.Warning(
            "DEBUG is on at a public address: errors show strangers the settings and the code.",
            hint="Remove DEBUG.",
            id="emojicheck.W006",
        )
    ]


def _nearest_existing(folder: Path) -> Path:
    """The folder itself or the one in which it would be made."""
    return next(place for place in (folder, *folder.parents) if place.exists())
