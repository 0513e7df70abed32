"""Nothing that opens a door gets into the log."""

from __future__ import annotations

import logging

import pytest
from django.core import signing
from django.test import Client

from emojicheck.redaction import RedactingFormatter, redacted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Not Found: /photos/9f86d081884c7d65.1vKcRw.abc_-9.jpg", "Not Found: /photos/…"),
        ("GET /shared/Zk3abcdefgh-_x1/photo.jpg", "GET /shared/…/photo.jpg"),
        ("at https://a.example/me.jpg?token=1&b=2 now", "at https://a.example/me.jpg?… now"),
        ("'https://a.example/?x'", "'https://a.example/?…'"),
        ("http://me:secret@proxy:3128/", "http://…@proxy:3128/"),
        ("key sk-0123abcd, sent", "key sk-…, sent"),
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer …"),
        ("portrait 0c7b: accepted", "portrait 0c7b: accepted"),
        ("a task-queue? no", "a task-queue? no"),
        ("https://a.example/plain.jpg", "https://a.example/plain.jpg"),
    ],
)
def test_secrets_are_taken_out_and_the_rest_is_kept(text: str, told: str) -> None:
    assert redacted(text) == told


def test_lines_are_redacted_with_their_tracebacks() -> None:
    address = "https://a.example/?token=" + "se" + "cret"
    try:
        int(address)
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "for %s", (address,), info)

    text = RedactingFormatter("{message}", style="{").format(record)

    assert text.startswith("for https://a.example/?…\nTraceback")
    assert "secret" not in text


@pytest.mark.django_db
def test_signed_address_that_is_no_longer_good_is_not_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    signed = signing.TimestampSigner(salt="emojicheck.photo", sep=".").sign("0" * 32)

    client.get(f"/photos/{signed}.jpg")

    assert "Not Found: /photos/…" in caplog.messages
    assert signed not in caplog.text
