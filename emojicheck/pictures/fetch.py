"""Download a picture from an address that a stranger chose, without becoming their tool.

Only ordinary web addresses; only public hosts; few redirects, each checked alike; one deadline for
everything; a limit of bytes; no proxy, password or certificate taken from the environment; nothing
is decompressed. The connection is made by `dial` and handed to the standard library's HTTP client:
others make their own, and would have to be talked out of all of the above.
"""

from __future__ import annotations

import contextlib
import http.client
import ssl
from typing import TYPE_CHECKING

from .deadline import Deadline
from .dial import dialled, proxy_headers
from .errors import FetchCode, FetchError
from .formats import HEAD_BYTES, recognise
from .policy import PUBLIC, FetchPolicy
from .target import Target, parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK_BYTES = 65_536
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
TOO_MANY_REQUESTS = 429
FIRST_SERVER_ERROR = 500
WEB_PAGES = frozenset({"HTML", "XML", "text"})

HEADERS = {
    "Accept": "image/jpeg,image/png,image/webp;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


def check_address(url: str, *, policy: FetchPolicy = PUBLIC) -> None:
    """Judge an address by its spelling, before anything is looked up. Raises FetchError."""
    parse_target(url, policy.ports)


def fetch_picture(url: str, *, policy: FetchPolicy = PUBLIC) -> bytes:
    """Download the file at an address; whether it is a picture is for `read_picture` to say.

    Raises FetchError, and nothing else whatever the address and its server do.
    """
    deadline = Deadline(policy.total_seconds)
    try:
        body = _fetch(parse_target(url, policy.ports), policy, deadline)
        deadline.left()  # an answer that was cut off can look complete
    except (FetchError, http.client.HTTPException, OSError, ValueError) as error:
        if deadline.is_over:
            facts = {"limit": round(policy.total_seconds)}
            raise FetchError(
                FetchCode.TOO_SLOW, facts, detail=repr(error), retryable=True
            ) from error
        if isinstance(error, FetchError):
            raise
        again = not isinstance(error, ssl.SSLError)
        raise FetchError(FetchCode.UNREACHABLE, detail=repr(error), retryable=again) from error
    return body


def _fetch(target: Target, policy: FetchPolicy, deadline: Deadline) -> bytes:
    for _ in range(policy.max_redirects + 1):
        with _answer(target, policy, deadline) as response:
            location = response.getheader("Location")
            if response.status not in REDIRECTS or location is None:
                _check_status(response.status)
                return _read(response, policy.max_bytes)
        try:
            target = target.join(_as_sent(location), policy.ports)
        except FetchError as error:  # the visitor's own address was a good one
            raise FetchError(FetchCode.UNREACHABLE, detail=f"redirect: {error}") from error
    raise FetchError(FetchCode.TOO_MANY_REDIRECTS, {"limit": policy.max_redirects})


@contextlib.contextmanager
def _answer(
    target: Target, policy: FetchPolicy, deadline: Deadline
) -> Iterator[http.client.HTTPResponse]:
    """Send one request; the body of the answer is not read yet."""
    headers = {"Host": target.authority, "User-Agent": policy.user_agent, **HEADERS}
    path = target.path
    if policy.proxy and target.scheme == "http":
        headers |= proxy_headers(policy.proxy)
        path = target.url
    with (
        dialled(target, policy, deadline) as wire,
        contextlib.closing(http.client.HTTPConnection(target.host, target.port)) as connection,
    ):
        connection.sock = wire
        connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        with connection.getresponse() as response:
            yield response


def _check_status(status: int) -> None:
    if status == http.client.OK:
        return
    if status in GONE:
        raise FetchError(FetchCode.NOT_FOUND, {"status": status})
    again = status == TOO_MANY_REQUESTS or status >= FIRST_SERVER_ERROR
    raise FetchError(FetchCode.REFUSED, {"status": status}, retryable=again)


def _read(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    """The whole body, or an error if it is too large, cut short, or plainly no picture."""
    declared = response.length
    if declared is not None and declared > max_bytes:
        raise FetchError(FetchCode.TOO_LARGE, {"limit": max_bytes})
    body = bytearray()
    try:
        while chunk := response.read(CHUNK_BYTES):
            if not body:
                _check_beginning(chunk)
            body += chunk
            if len(body) > max_bytes:
                raise FetchError(FetchCode.TOO_LARGE, {"limit": max_bytes})
    except (OSError, http.client.HTTPException) as error:
        raise FetchError(FetchCode.INCOMPLETE, detail=repr(error), retryable=True) from error
    if declared is not None and len(body) < declared:
        detail = f"{len(body)} bytes of {declared}"
        raise FetchError(FetchCode.INCOMPLETE, detail=detail, retryable=True)
    if not body:
        raise FetchError(FetchCode.NOT_A_PICTURE, detail="no bytes")
    return bytes(body)


def _check_beginning(chunk: bytes) -> None:
    """Stop early at a web page, which is what most wrong addresses lead to."""
    found = recognise(chunk[:HEAD_BYTES])
    if found in WEB_PAGES:
        raise FetchError(FetchCode.NOT_A_PICTURE, {"found": str(found)})


def _as_sent(location: str) -> str:
    """A Location header as its sender meant it: the client reads UTF-8 as Latin-1."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location
