"""What the settings make of the environment."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from emojicheck import settings as module

Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """The settings of a site with these variables."""

    def read(**variables: str) -> dict[str, Any]:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(module.__file__))

    monkeypatch.delenv("DATABASE_URL", raising=False)
    return read


def test_site_without_variables_stays_on_this_machine(read: Read) -> None:
    site = read()

    assert site["SITE_URL"] == "http://127.0.0.1:8000"
    assert site["ALLOWED_HOSTS"] == ["127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
    assert (site["DEBUG"], site["DETECTOR"], site["PRECHECK"]) == (False, "local", "block")
    assert site["SESSION_COOKIE_SECURE"] is False
    assert site["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_port_is_part_of_the_sites_own_address(read: Read) -> None:
    assert read(PORT="9000")["SITE_URL"] == "http://127.0.0.1:9000"
    assert read(PORT="9000", SITE_URL="http://booth.local")["SITE_URL"] == "http://booth.local"


def test_https_site_is_strict(read: Read) -> None:
    site = read(SITE_URL="https://emojicheck.example.com/", BEHIND_PROXY="yes")

    assert site["SITE_URL"] == "https://emojicheck.example.com"
    assert site["ALLOWED_HOSTS"][0] == "emojicheck.example.com"
    assert site["CSRF_TRUSTED_ORIGINS"] == ["https://emojicheck.example.com"]
    assert site["SESSION_COOKIE_SECURE"] is site["CSRF_COOKIE_SECURE"] is True
    assert site["SECURE_SSL_REDIRECT"] is True
    assert site["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert site["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_forwarded_headers_are_not_believed_by_default(read: Read) -> None:
    assert "SECURE_PROXY_SSL_HEADER" not in read(SITE_URL="https://emojicheck.example.com")


def test_key_makes_the_service_the_detector(read: Read) -> None:
    assert read(DASHSCOPE_API_KEY="sk-0123")["DETECTOR"] == "dashscope"
    assert read(DETECTOR="local")["DETECTOR"] == "local"


def test_postgresql_keeps_its_connections(read: Read) -> None:
    database = read(DATABASE_URL="postgres://me:secret@127.0.0.1/emojicheck")["DATABASES"][
        "default"
    ]

    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (60, True)


def test_bucket_moves_photos_to_an_object_store(read: Read) -> None:
    store = read(
        AWS_STORAGE_BUCKET_NAME="photos",
        AWS_S3_ENDPOINT_URL="https://s3.oss-cn-beijing.aliyuncs.com",
    )["STORAGES"]["default"]

    client = store["OPTIONS"]["client_config"]
    assert store["BACKEND"] == "storages.backends.s3.S3Storage"
    assert store["OPTIONS"]["bucket_name"] == "photos"
    assert client.s3 == {"addressing_style": "virtual"}
    assert client.request_checksum_calculation == "when_required"
    assert client.response_checksum_validation == "when_required"


def test_file_of_variables_is_read(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRICE_PER_IMAGE", "so that it is cleared away afterwards")
    monkeypatch.delenv("PRICE_PER_IMAGE")
    (tmp_path / "site.env").write_text("PRICE_PER_IMAGE=0.01\n")

    assert str(read(ENV_FILE=str(tmp_path / "site.env"))["PRICE_PER_IMAGE"]) == "0.01"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "https://example.com/emoji"),
        ("SITE_URL", "example.com"),
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "oracle://me@127.0.0.1/x"),
        ("DETECTOR", "guess"),
        ("PRECHECK", "sometimes"),
        ("PHOTO_DELIVERY", "pigeon"),
        ("RETENTION_HOURS", "0"),
        ("DAILY_BUDGET", "-1"),
        ("ATTEMPTS", "0"),
        ("SUBMISSIONS_PER_HOUR", "1.5"),
        ("EMOJI_CALLS_PER_SECOND", "0"),
        ("DASHSCOPE_API_KEY", "sk 0123"),
        ("DASHSCOPE_HTTP_BASE_URL", "dashscope.aliyuncs.com"),
        ("LOG_LEVEL", "LOUD"),
        ("TIME_ZONE", "Mars/Olympus"),
    ],
)
def test_bad_value_stops_the_start_and_names_the_variable(
    read: Read, name: str, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: "):
        read(**{name: value})


def test_service_without_a_key_stops_the_start(read: Read) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^DASHSCOPE_API_KEY: needed"):
        read(DETECTOR="dashscope")
