"""Bodies that are too large: read past, kept nowhere, and refused by the site in words.

Waitress answers such a request with a bare line as soon as it knows the length, and closes. The
browser is still sending then: it finds the connection broken and never reads the answer. So what
comes is let run into nothing first, within limits, and the site answers once it is over.
"""

from __future__ import annotations

from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import RequestEntityTooLarge

REQUEST_BYTES = 64_000_000
"""Two of the largest photos, with room to spare."""

READ_PAST_BYTES = 500_000_000
"""Ten photos, each too large. Whoever announces more is answered at once, and cut off."""

REFUSED = "emojicheck.body_is_too_large"
"""What the site finds in the environment of such a request. No header has a name like that."""


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress tells no types
    """Waitress's parser of one request, which can also read past its body."""

    expect_continue: bool
    content_length: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unread_bytes = 0
        self.read_past_bytes = 0
        """Of a body that is being read past."""

    def received(self, data: bytes) -> int:
        if self.completed:
            return 0
        if self.unread_bytes:
            return self._read_past(data)
        consumed = int(super().received(data))
        if isinstance(self.error, RequestEntityTooLarge) and not self.body_bytes_received:
            self._begin_to_read_past()
        return consumed

    def _begin_to_read_past(self) -> None:
        """All is known but the body. A client that asks first whether to send it gets its no."""
        announced = self.content_length
        if not self.expect_continue and announced <= READ_PAST_BYTES:
            self.unread_bytes = announced
            self.completed = False
        self.expect_continue = False
        self.body_rcv = None
        self.content_length = 0
        self.headers.pop("CONTENT_LENGTH", None)

    def _read_past(self, data: bytes) -> int:
        consumed = min(len(data), self.unread_bytes)
        self.unread_bytes -= consumed
        self.read_past_bytes += consumed
        self.completed = not self.unread_bytes
        return consumed


class _Refusal(WSGITask):  # type: ignore[misc]  # waitress tells no types
    """Has the site answer, and closes: of an endless body there may be more to come."""

    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        environment[REFUSED] = True
        return environment

    def execute(self) -> None:
        self.set_close_on_finish()
        super().execute()


def answer_to_an_error(channel: Any, request: Any) -> Any:
    """The task for a request that waitress would not take."""
    too_large = isinstance(request.error, RequestEntityTooLarge)
    return (_Refusal if too_large else ErrorTask)(channel, request)
