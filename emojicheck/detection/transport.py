"""HTTP towards the service: one exchange at a time, bounded in time and size, never repeated.

Written on `http.client`, because the question that decides about money, "had the request left us
when it failed?", needs connecting and sending to be two steps. For the same reason every exchange
has its own connection: a reset on a reused one cannot be told from a lost answer. No proxy or
password is taken from the environment, no redirect is followed, nothing is decompressed.
Addresses on private networks are allowed, since a relay may live there.
"""

from __future__ import annotations

import functools
import json
import logging
import ssl
import time
import uuid
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

import certifi

from .errors import AnswerLost, DetectorUnreachable
from .incoming import receive
from .untrusted import MAX_REPLY_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

logger = logging.getLogger(__name__)

USER_AGENT = "emojicheck/1.0"
QUICK_PAUSES_SECONDS = (0.2, 0.5)
"""Between tries to connect, when none of the request has left us yet."""


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
        status, reply_headers, reply_body = receive(
            connection.sock, method, deadline=deadline, max_bytes=max_reply_bytes
        )
    except OSError as error:  # TLS failures included
        late = isinstance(error, TimeoutError)
        detail = "in time" if late else f"to its end: {error!r}"
        raise AnswerLost(f"the request could not be sent {detail}", maybe_paid=True) from error
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
    """The system's authorities (or those in SSL_CERT_FILE) and certifi's.

    A relay may have a certificate of the house, and a small container no authorities at all.
    """
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
