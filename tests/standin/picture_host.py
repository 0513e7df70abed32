"""The internet, as far as somebody who downloads a picture from it can tell.

A real server on loopback whose paths are behaviours, good and bad:

    /picture.jpg            a picture, with its length
    /redirect?<address>     302 to the address, as it stands; also /redirect-307?,
                            /redirect-raw? (percent-decoded first), /redirect-blank
    /status/<number>        that status, with a short text
    /page  /json  /empty    a web page, JSON, no bytes; all with status 200
    /no-length  /chunked    the picture, ended by closing, and in chunks
    /short  /cut-chunks     less than was announced
    /long                   more than was announced
    /announces-too-much     a length of a terabyte
    /endless                zeros without length or end
    /gzip-bomb              100 MB of zeros, as 100 KB of gzip
    /drip  /drip-headers    a byte every tenth of a second
    /silence  /hang-up      no answer, the connection kept or closed
    /not-http               an answer in another protocol
    /many-headers  /long-header

Any other path answers 404.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import socket
import socketserver
import threading
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import unquote_to_bytes

from emojicheck.pictures import FetchPolicy
from tests.pictures import make_picture

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

HOST = "127.0.0.1"
DRIP_SECONDS = 0.1
DRIPS = 600
LOOPBACK = (ip_network("127.0.0.1/32"),)
BLOCK = bytes(65_536)


class Request(NamedTuple):
    """What somebody asked for."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""


@dataclass
class Wire:
    """The connection, from the side that answers."""

    send: Callable[[bytes], object]
    path: str
    query: str
    closing: threading.Event
    picture: bytes

    def answer(
        self, body: bytes, *, status: str = "200 OK", length: int | None = None, **headers: str
    ) -> None:
        """A whole answer; the length may be a lie."""
        lines = {
            "Content-Type": "image/jpeg",
            "Content-Length": str(len(body) if length is None else length),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        self.begin(status, **lines)
        self.send(body)

    def begin(self, status: str = "200 OK", **headers: str) -> None:
        head = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
        self.send("\r\n".join((*head, "", "")).encode())

    def drip(self) -> None:
        """A byte now and then, until somebody has had enough."""
        for _ in range(DRIPS):
            self.send(b"x")
            if self.closing.wait(DRIP_SECONDS):
                return


class PictureHost:
    """The server. A context manager; `certificate` makes it speak TLS.

    `requests` records what was asked for, `picture` is what it hands out.
    """

    def __init__(
        self, *, certificate: ssl.SSLContext | None = None, picture: bytes | None = None
    ) -> None:
        self.picture = picture if picture is not None else make_picture()
        self.certificate = certificate
        self.requests: list[Request] = []
        self.closing = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def url(self, path: str = "/picture.jpg", *, host: str = "pictures.test") -> str:
        """The address of a behaviour; any name leads here under `policy`."""
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{host}:{self.port}{path}"

    def policy(self, **changes: Any) -> FetchPolicy:
        """What lets a download reach this server, and nothing else that is not public."""
        defaults: dict[str, Any] = {
            "ports": frozenset({self.port}),
            "allow": LOOPBACK,
            "resolve": lambda _: [HOST],
            "total_seconds": 5,
        }
        return FetchPolicy(**{**defaults, **changes})


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, host: PictureHost) -> None:
        super().__init__((HOST, 0), _Handler)
        self.host = host

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that leave early are what these tests are about."""


class _Handler(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        host = self.server.host
        connection = self.request
        connection.settimeout(5)
        # Whoever is answered may have left; that is for the test to judge, not for the server.
        with contextlib.suppress(OSError):
            if host.certificate is not None:
                connection = host.certificate.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as incoming:
                method, target, _ = incoming.readline().decode("latin-1").split(" ")
                headers = http.client.parse_headers(incoming)
                record = {name.lower(): value for name, value in headers.items()}
                host.requests.append(Request(method, target, record))
                path, _, query = target.partition("?")
                self._behave(Wire(connection.sendall, path, query, host.closing, host.picture))

    def _behave(self, wire: Wire) -> None:
        behaviour = BEHAVIOURS.get(wire.path)
        if wire.path.startswith("/status/"):
            number = wire.path.removeprefix("/status/")
            wire.answer(b"a short text", status=f"{number} So")
        elif behaviour is None:
            wire.answer(b"not here", status="404 Not Found")
        else:
            behaviour(wire)


def _picture(wire: Wire) -> None:
    wire.answer(wire.picture)


def _redirect(wire: Wire) -> None:
    wire.answer(b"elsewhere", status="302 Found", Location=wire.query)


def _redirect_raw(wire: Wire) -> None:
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
    wire.send(head + unquote_to_bytes(wire.query) + b"\r\n\r\n")


def _redirect_307(wire: Wire) -> None:
    wire.answer(b"elsewhere", status="307 Temporary Redirect", Location=wire.query)


def _redirect_blank(wire: Wire) -> None:
    wire.answer(b"elsewhere", status="302 Found")


def _page(wire: Wire) -> None:
    wire.answer(b"<!doctype html><title>Sign in</title>" + bytes(1_000))


def _json(wire: Wire) -> None:
    wire.answer(b'{"error": "hotlinking"}', Content_Type="image/jpeg")


def _empty(wire: Wire) -> None:
    wire.answer(b"")


def _no_length(wire: Wire) -> None:
    wire.begin(Connection="close")
    wire.send(wire.picture)


def _chunks(picture: bytes) -> Iterator[bytes]:
    for at in range(0, len(picture), 1_000):
        part = picture[at : at + 1_000]
        yield b"%x\r\n%b\r\n" % (len(part), part)


def _chunked(wire: Wire) -> None:
    wire.begin(**{"Transfer-Encoding": "chunked"})
    wire.send(b"".join(_chunks(wire.picture)) + b"0\r\n\r\n")


def _cut_chunks(wire: Wire) -> None:
    wire.begin(**{"Transfer-Encoding": "chunked"})
    wire.send(b"".join(_chunks(wire.picture)))


def _short(wire: Wire) -> None:
    wire.answer(wire.picture, length=len(wire.picture) + 1)


def _long(wire: Wire) -> None:
    wire.answer(wire.picture + b"more", length=len(wire.picture))


def _announces_too_much(wire: Wire) -> None:
    wire.answer(wire.picture, length=1 << 40)


def _endless(wire: Wire) -> None:
    wire.begin(Connection="close")
    while not wire.closing.is_set():
        wire.send(BLOCK)


def _gzip_bomb(wire: Wire) -> None:
    wire.answer(gzip.compress(bytes(100_000_000), 6), Content_Encoding="gzip")


def _drip(wire: Wire) -> None:
    wire.begin(**{"Content-Length": "1000000"})
    wire.drip()


def _drip_headers(wire: Wire) -> None:
    wire.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    wire.drip()


def _silence(wire: Wire) -> None:
    wire.closing.wait(DRIPS * DRIP_SECONDS)


def _hang_up(wire: Wire) -> None:
    """The connection closes when a behaviour returns."""


def _not_http(wire: Wire) -> None:
    wire.send(b"220 mail.test ESMTP\r\n")


def _many_headers(wire: Wire) -> None:
    wire.begin(**{f"X-{number}": "a" for number in range(200)})


def _long_header(wire: Wire) -> None:
    wire.begin(**{"X-Long": "a" * 100_000})


BEHAVIOURS: dict[str, Callable[[Wire], None]] = {
    "/picture.jpg": _picture,
    "/redirect": _redirect,
    "/redirect-307": _redirect_307,
    "/redirect-raw": _redirect_raw,
    "/redirect-blank": _redirect_blank,
    "/page": _page,
    "/json": _json,
    "/empty": _empty,
    "/no-length": _no_length,
    "/chunked": _chunked,
    "/cut-chunks": _cut_chunks,
    "/short": _short,
    "/long": _long,
    "/announces-too-much": _announces_too_much,
    "/endless": _endless,
    "/gzip-bomb": _gzip_bomb,
    "/drip": _drip,
    "/drip-headers": _drip_headers,
    "/silence": _silence,
    "/hang-up": _hang_up,
    "/not-http": _not_http,
    "/many-headers": _many_headers,
    "/long-header": _long_header,
}
