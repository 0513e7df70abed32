"""A reply off a socket, bounded in time and size, in the headers as well as in the body."""

from __future__ import annotations

import io
import time
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING, cast

from .errors import AnswerLost, DetectorRefusedUs, UnreadableAnswer
from .untrusted import text

if TYPE_CHECKING:
    import socket

    from _typeshed import WriteableBuffer

CHUNK_BYTES = 65_536
RAW_BYTES = 4096


def receive(
    sock: socket.socket, method: str, *, deadline: float, max_bytes: int
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body of the reply to a request that was sent.

    `deadline` is on the monotonic clock. Raises AnswerLost when the reply is late or cut off,
    UnreadableAnswer when it is too long or not HTTP, DetectorRefusedUs when it is a redirect.
    """
    response = HTTPResponse(cast("socket.socket", TimedReader(sock, deadline)), method=method)
    body = bytearray()
    try:
        response.begin()
        _refuse_redirect(response)
        _read_body(response, body, max_bytes)
    except (IncompleteRead, OSError) as error:
        late = isinstance(error, TimeoutError)
        raise AnswerLost(
            "the answer did not come in time" if late else f"the answer was cut off: {error!r}",
            raw=bytes(body[:RAW_BYTES]),
            maybe_paid=True,
        ) from error
    except HTTPException as error:
        raise UnreadableAnswer(
            f"not an HTTP reply: {text(str(error), limit=200)}", maybe_paid=True
        ) from error
    finally:
        response.close()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return response.status, headers, bytes(body)


def _refuse_redirect(response: HTTPResponse) -> None:
    if 300 <= response.status < 400:
        place = text(response.headers.get("Location", "").partition("?")[0], limit=200)
        raise DetectorRefusedUs(
            f"HTTP {response.status}: redirected to {place!r}; the base URL must be the final one"
        )


def _read_body(response: HTTPResponse, body: bytearray, max_bytes: int) -> None:
    declared = response.length  # None when chunked, or when the end of the connection is the end
    while declared is None or len(body) < declared:
        chunk = response.read1(CHUNK_BYTES)
        if not chunk:
            break
        body += chunk
        if len(body) > max_bytes:
            raise UnreadableAnswer(
                f"HTTP {response.status}: longer than {max_bytes} bytes",
                raw=bytes(body[:RAW_BYTES]),
                maybe_paid=True,
            )
    if declared is not None and len(body) < declared:
        raise IncompleteRead(bytes(body[:RAW_BYTES]), declared - len(body))


class TimedReader(io.RawIOBase):
    """A socket's incoming bytes up to one moment on the monotonic clock.

    A timeout of the socket starts anew with every byte, so a peer that sends one now and then
    could hold us for ever, in the headers as well as in the body.
    """

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._sock = sock
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline passed")
        self._sock.settimeout(left)
        return self._sock.recv_into(buffer)
