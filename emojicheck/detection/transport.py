"""HTTP towards the service: one exchange at a time, bounded in time and size, never repeated.

Written on `http.client`, because the question that decides about money, "had the request left us
when it failed?", needs connecting and sending to be two steps. For the same reason every exchange
has its own connection: a reset on a reused one cannot be told from a lost answer. Nothing is read
from the environment (no proxies, no .netrc), no redirect is followed, nothing is decompressed.
Addresses on private networks are allowed, since a relay may live there.
"""

from __future__ import annotations

import functools
import io
import json
import logging
import ssl
import time
import uuid
from dataclasses import dataclass
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
)
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import SplitResult, urlsplit

import certifi

from .errors import AnswerLost, DetectorRefusedUs, DetectorUnreachable, UnreadableAnswer
from .untrusted import MAX_REPLY_BYTES, text

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping, Sequence

    from _typeshed import WriteableBuffer

logger = logging.getLogger(__name__)

USER_AGENT = "emojicheck/1.0"
QUICK_PAUSES_SECONDS = (0.2, 0.5)
"""Between tries to connect, when none of the request has left us yet."""
CHUNK_BYTES = 65_536
RAW_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, whatever its status, as long as it is complete."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    took_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFile:
    """The file of a multipart form."""

    name: str
    content_type: str
    content: bytes


def post_json(
    url: str,
    headers: Mapping[str, str],
    payload: Mapping[str, Any],
    *,
    connect_seconds: float,
    read_seconds: float,
    max_reply_bytes: int = MAX_REPLY_BYTES,
) -> Reply:
    """POST a JSON object and return the complete reply, whatever its status.

    `connect_seconds` bounds one try to connect, `read_seconds` everything from sending the first
    byte to receiving the last one. Raises DetectorUnreachable when nothing was sent, AnswerLost
    when the request may have arrived, DetectorRefusedUs for a redirect, UnreadableAnswer for a
    reply that is too long or not HTTP.
    """
    return _exchange(
        "POST",
        url,
        {**headers, "Content-Type": "application/json"},
        [json.dumps(payload).encode()],
        connect_seconds=connect_seconds,
        read_seconds=read_seconds,
        max_reply_bytes=max_reply_bytes,
    )


def get_json(
    url: str,
    headers: Mapping[str, str],
    *,
    connect_seconds: float,
    read_seconds: float,
    max_reply_bytes: int = MAX_REPLY_BYTES,
) -> Reply:
    """GET a JSON object; limits and errors as for post_json."""
    return _exchange(
        "GET",
        url,
        {**headers, "Content-Type": "application/json"},
        [],
        connect_seconds=connect_seconds,
        read_seconds=read_seconds,
        max_reply_bytes=max_reply_bytes,
    )


def post_form(
    url: str,
    fields: Mapping[str, str],
    file: FormFile,
    *,
    connect_seconds: float,
    read_seconds: float,
    max_reply_bytes: int = MAX_REPLY_BYTES,
) -> Reply:
    """POST a multipart form whose last part is `file`; limits and errors as for post_json.

    Names and values must be single lines: they are written as they are.
    """
    boundary = uuid.uuid4().hex
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n"
    )
    return _exchange(
        "POST",
        url,
        {"Content-Type": f"multipart/form-data; boundary={boundary}"},
        [head.encode(), file.content, f"\r\n--{boundary}--\r\n".encode()],
        connect_seconds=connect_seconds,
        read_seconds=read_seconds,
        max_reply_bytes=max_reply_bytes,
    )


def _exchange(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: Sequence[bytes],
    *,
    connect_seconds: float,
    read_seconds: float,
    max_reply_bytes: int,
) -> Reply:
    target = urlsplit(url)
    began = time.monotonic()
    connection = _connected(target, connect_seconds)
    try:
        deadline = time.monotonic() + read_seconds
        connection.sock.settimeout(read_seconds)
        _send(connection, method, target, headers, body)
        status, reply_headers, reply_body = _receive(
            connection.sock, method, deadline, max_reply_bytes
        )
    except TimeoutError as error:
        raise AnswerLost("the request could not be sent in time", maybe_paid=True) from error
    finally:
        connection.close()
    return Reply(
        status=status,
        headers=reply_headers,
        body=reply_body,
        took_ms=round((time.monotonic() - began) * 1000),
    )


def _connected(target: SplitResult, connect_seconds: float) -> HTTPConnection:
    """A connection that is up, TLS included, over which nothing was sent yet."""
    for pause in (*QUICK_PAUSES_SECONDS, None):
        connection = _connection(target, connect_seconds)
        try:
            connection.connect()
        except (ConnectionRefusedError, TimeoutError) as error:
            connection.close()
            if pause is None:
                raise DetectorUnreachable(f"cannot connect to {target.netloc}: {error}") from error
            time.sleep(pause)
        except (OSError, UnicodeError) as error:
            connection.close()
            raise DetectorUnreachable(f"cannot connect to {target.netloc}: {error}") from error
        else:
            return connection
    raise AssertionError("the last pause is None")  # pragma: no cover


def _connection(target: SplitResult, connect_seconds: float) -> HTTPConnection:
    host = target.hostname or ""
    if target.scheme == "https":
        return HTTPSConnection(host, target.port, timeout=connect_seconds, context=_tls())
    return HTTPConnection(host, target.port, timeout=connect_seconds)


@functools.cache
def _tls() -> ssl.SSLContext:
    """The system's authorities and certifi's, since a small container may have none of its own."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _send(
    connection: HTTPConnection,
    method: str,
    target: SplitResult,
    headers: Mapping[str, str],
    body: Sequence[bytes],
) -> None:
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    length = {"Content-Length": str(sum(map(len, body)))} if body else {}
    fixed = {"User-Agent": USER_AGENT, "Accept": "application/json", "Connection": "close"}
    content = iter(body) if body else None
    try:
        connection.request(method, path, content, {**fixed, **headers, **length})
    except (BrokenPipeError, ConnectionResetError):
        # A server that refuses early closes its ear first; what it had to say may still be there.
        logger.debug("The peer stopped reading before everything was sent")


def _receive(
    sock: socket.socket, method: str, deadline: float, max_reply_bytes: int
) -> tuple[int, dict[str, str], bytes]:
    response = HTTPResponse(cast("socket.socket", _Timed(sock, deadline)), method=method)
    body = bytearray()
    try:
        response.begin()
        _refuse_redirect(response)
        _read_body(response, body, max_reply_bytes)
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


def _read_body(response: HTTPResponse, body: bytearray, max_reply_bytes: int) -> None:
    declared = response.length  # None when chunked, or when the end of the connection is the end
    while declared is None or len(body) < declared:
        chunk = response.read1(CHUNK_BYTES)
        if not chunk:
            break
        body += chunk
        if len(body) > max_reply_bytes:
            raise UnreadableAnswer(
                f"HTTP {response.status}: longer than {max_reply_bytes} bytes",
                raw=bytes(body[:RAW_BYTES]),
                maybe_paid=True,
            )
    if declared is not None and len(body) < declared:
        raise IncompleteRead(bytes(body[:RAW_BYTES]), declared - len(body))


class _Timed(io.RawIOBase):
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
