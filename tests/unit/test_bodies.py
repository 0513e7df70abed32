"""Bodies that are too large are read past within limits, and nothing of them is kept."""

from __future__ import annotations

import pytest
from waitress.adjustments import Adjustments
from waitress.utilities import RequestEntityTooLarge

from emojicheck.bodies import READ_PAST_BYTES, Parser

LIMIT = 100


def parser_of(length: int, *, headers: str = "") -> Parser:
    """After the headers of a request have come."""
    parser = Parser(Adjustments(max_request_body_size=LIMIT, clear_untrusted_proxy_headers=True))
    head = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n{headers}\r\n".encode()
    assert parser.received(head) == len(head)
    return parser


def test_body_within_the_limit_is_kept() -> None:
    parser = parser_of(50)
    parser.received(b"x" * 50)

    assert (parser.completed, parser.error) == (True, None)
    assert parser.get_body_stream().read() == b"x" * 50


def test_body_that_is_too_large_is_read_past_to_its_end_and_no_further() -> None:
    parser = parser_of(200)

    taken = [parser.received(b"x" * 150)]
    before = parser.completed
    taken.append(parser.received(b"x" * 50 + b"GET / HTTP/1.1\r\n"))
    taken.append(parser.received(b"more"))

    assert (taken, before, parser.completed) == ([150, 50, 0], False, True)
    assert isinstance(parser.error, RequestEntityTooLarge)
    assert (parser.get_body_stream().read(), parser.body_bytes_received) == (b"", 0)
    assert "CONTENT_LENGTH" not in parser.headers


@pytest.mark.parametrize(
    ("length", "headers"),
    [(READ_PAST_BYTES + 1, ""), (200, "Expect: 100-continue\r\n")],
    ids=["far too large", "asks first"],
)
def test_some_are_answered_before_their_body_comes(length: int, headers: str) -> None:
    parser = parser_of(length, headers=headers)

    assert (parser.completed, parser.expect_continue) == (True, False)
    assert isinstance(parser.error, RequestEntityTooLarge)


def test_ten_photos_that_are_each_too_large_are_read_past() -> None:
    assert not parser_of(10 * 45_000_000).completed
