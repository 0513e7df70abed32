"""What the start-up validation finds, each by its id."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

PUBLIC = {"SITE_URL": "https://emojicheck.example.com", "HTTPS": True, "BEHIND_PROXY": True}


def findings(settings: Settings, **changes: object) -> list[str | None]:
    """The ids of our own findings, in a site set up like this."""
    for name, value in changes.items():
        setattr(settings, name, value)
    found = run_checks(include_deployment_checks=True)
    return sorted(str(it.id) for it in found if str(it.id).startswith("emojicheck."))


def test_checks_of_the_default_site_find_nothing(settings: Settings) -> None:
    assert findings(settings) == []


def test_checks_of_a_careful_public_site_find_nothing(settings: Settings) -> None:
    site = PUBLIC | {"DETECTOR": "dashscope", "DAILY_BUDGET": Decimal(20)}

    assert findings(settings, **site) == []


def test_data_folder_that_cannot_be_made_is_an_error(settings: Settings) -> None:
    assert findings(settings, DATA_DIR=Path("/proc/emojicheck/data")) == ["emojicheck.E001"]


def test_data_folder_that_is_yet_to_be_made_is_fine(settings: Settings, tmp_path: Path) -> None:
    assert findings(settings, DATA_DIR=tmp_path / "not" / "yet") == []


def test_storage_delivery_without_an_object_store_is_an_error(settings: Settings) -> None:
    assert findings(settings, PHOTO_DELIVERY="storage") == ["emojicheck.E002"]


@pytest.mark.parametrize(
    "site_url",
    ["http://127.0.0.1:8000", "http://192.168.1.5", "http://booth.local", "http://booth"],
)
def test_public_delivery_from_a_private_address_is_warned_of(
    settings: Settings, site_url: str
) -> None:
    site = {"SITE_URL": site_url, "PHOTO_DELIVERY": "public", "DAILY_BUDGET": Decimal(1)}

    assert findings(settings, DETECTOR="dashscope", **site) == ["emojicheck.W001"]
    assert findings(settings, DETECTOR="local", **site) == []


def test_public_address_without_https_is_warned_of(settings: Settings) -> None:
    site = {"SITE_URL": "http://emojicheck.example.com"}

    assert findings(settings, **site) == ["emojicheck.W002"]


def test_https_without_a_trusted_proxy_is_warned_of(settings: Settings) -> None:
    assert findings(settings, **PUBLIC | {"BEHIND_PROXY": False}) == ["emojicheck.W003"]


def test_spending_without_any_limit_is_warned_of(settings: Settings) -> None:
    assert findings(settings, DETECTOR="dashscope") == ["emojicheck.W004"]
    assert findings(settings, SUBMISSIONS_PER_HOUR=10) == []


def test_static_files_that_were_not_collected_are_warned_of(
    settings: Settings, tmp_path: Path
) -> None:
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    site = {
        "STATIC_ROOT": tmp_path,
        "STORAGES": settings.STORAGES | {"staticfiles": manifest},
    }

    assert findings(settings, **site) == ["emojicheck.W005"]

    (tmp_path / "staticfiles.json").write_text("{}")
    assert findings(settings) == []


def test_debug_at_a_public_address_is_warned_of(settings: Settings) -> None:
    assert findings(settings, DEBUG=True, **PUBLIC) == ["emojicheck.W006"]
