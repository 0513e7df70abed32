"""The stand-in as an HTTP server on loopback, for tests and for trying things by hand."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import time
import uuid
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

from . import catalogue
from .replies import Sent, failed
from .service import Call, Place, Refused, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from .steps import Step
    from .store import Store

DETECT_PATH = "/api/v1/services/aigc/image2video/face-detect"
UPLOADS_PATH = "/api/v1/uploads"
STORE_PATH = "/oss"
PICTURES_PATH = "/pictures"
DEFAULT_KEY = "sk-standin"
MAX_BODY_BYTES = 32 * 1024 * 1024
DRIP_SECONDS = 0.1


class StandIn:
    """A service to talk to. A context manager; `base_url` is what the client is pointed at.

    `limit` holds callers to 1 (emoji) and 5 (emo) calls a second and may be switched at any time.
    `allow_private` false refuses pictures on private addresses, as the real one cannot reach them.
    `watch` is told of every finished call.
    """

    def __init__(
        self,
        *,
        prefix: str = "",
        key: str = DEFAULT_KEY,
        limit: bool = True,
        allow_private: bool = True,
        host: str = "127.0.0.1",
        port: int = 0,
        watch: Callable[[Call], None] | None = None,
    ) -> None:
        self.key = key
        self.prefix = prefix.rstrip("/")
        self.service = Service(key=key, limit=limit, allow_private=allow_private)
        self.watch = watch or (lambda _: None)
        self.pictures: dict[tuple[str, str], Sent] = {}
        self.closing = threading.Event()
        self._server = _Server((host, port), _Handler)
        self._server.standin = self
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
    def origin(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def base_url(self) -> str:
        return self.origin + self.prefix

    @property
    def calls(self) -> list[Call]:
        """Every face-detect call, in the order of arrival."""
        return self.service.calls

    @property
    def paid_calls(self) -> list[Call]:
        """The calls that are on the bill, whether or not their answer arrived."""
        return [call for call in self.service.calls if call.paid]

    @property
    def store(self) -> Store:
        return self.service.store

    @property
    def limit(self) -> bool:
        return self.service.limit

    @limit.setter
    def limit(self, value: bool) -> None:
        self.service.limit = value

    def script(
        self,
        *steps: Step,
        at: Place = "detect",
        digest: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Take these steps, in order, in place of the documented behaviour.

        Each serves `times` calls (None: all from then on). With `digest`, only calls about the
        picture with that SHA-256. `at` may also be the request for leave to upload ("policy") or
        the upload itself ("upload").
        """
        self.service.script(*steps, at=at, digest=digest, times=times)

    def show(self, content: bytes, *, head: Sent | None = None, **details: Any) -> str:
        """Serve a picture, for callers without a site of their own; returns its address.

        `details` are fields of Sent, to serve it badly; `head` is what a HEAD request gets.
        """
        path = f"{PICTURES_PATH}/{uuid.uuid4().hex}"
        sent = Sent(**{"body": content, "content_type": "image/jpeg", **details})
        self.pictures |= {("GET", path): sent, ("HEAD", path): head or sent}
        return self.origin + path

    def clear(self) -> None:
        """Forget calls, script and recent traffic."""
        self.service.clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    standin: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # callers may leave when they like
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "standin"
    sys_version = ""
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 (same)

    def log_message(self, *_: object) -> None:
        """The watch is told instead."""

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length <= MAX_BODY_BYTES else b""
        self.close_connection = True
        self._deliver(self._route(body))

    def _route(self, body: bytes) -> Sent:
        standin, parts = self.server.standin, urlsplit(self.path)
        path = parts.path.rstrip("/")
        if path == STORE_PATH and self.command == "POST":
            return self._store(body)
        if path == standin.prefix + UPLOADS_PATH and self.command == "GET":
            return self._leave(parse_qs(parts.query))
        if path == standin.prefix + DETECT_PATH:
            return self._detect(path, body)
        if picture := standin.pictures.get((self.command, path)):
            return picture
        return failed(catalogue.row("NotFound"), problem=f"no such path: {self.path}")

    def _detect(self, path: str, body: bytes) -> Sent:
        standin = self.server.standin
        call = Call(
            at=time.monotonic(),
            method=self.command,
            path=path,
            headers=self._headers(),
            body=body,
        )
        if self.command == "POST":
            sent = standin.service.detect(call)
        else:
            sent = failed(catalogue.row("InvalidParameter", containing="request method"))
        standin.watch(call)
        return sent

    def _leave(self, query: dict[str, list[str]]) -> Sent:
        service = self.server.standin.service
        if step := service.next_step("policy"):
            return self._scripted(step)
        try:
            service.check_caller(self._headers())
        except Refused as refusal:
            return refusal.sent
        if query.get("action") != ["getPolicy"] or not query.get("model"):
            return failed(catalogue.row("InvalidParameter", containing="parameter(s)"))
        return service.store.grant(query["model"][0], self.server.standin.origin + STORE_PATH)

    def _store(self, body: bytes) -> Sent:
        service = self.server.standin.service
        if step := service.next_step("upload"):
            return self._scripted(step)
        return service.store.receive(self.headers.get("Content-Type", ""), body)

    def _scripted(self, step: Step) -> Sent:
        from .replies import Question

        time.sleep(step.delay_seconds)
        return step.answer(Question())

    def _headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def _deliver(self, sent: Sent) -> None:
        with contextlib.suppress(ConnectionError):  # the caller may have given up
            match sent.manner:
                case "hang":
                    self.server.standin.closing.wait()
                case "drop":
                    pass
                case "drip":
                    self._drip(_head(sent) + sent.body)
                case "flood":
                    self._flood(sent)
                case "cut" | "reset":
                    self.wfile.write(_head(sent) + sent.body[: len(sent.body) // 2])
                    if sent.manner == "reset":
                        self._reset()
                case "whole":
                    body = b"" if self.command == "HEAD" else sent.body
                    self.wfile.write(_head(sent) + body)

    def _drip(self, content: bytes) -> None:
        for place in range(len(content)):
            self.wfile.write(content[place : place + 1])
            if self.server.standin.closing.wait(DRIP_SECONDS):
                return

    def _flood(self, sent: Sent) -> None:
        self.wfile.write(_head(sent))
        left = sent.declared_bytes or 0
        while left > 0 and not self.server.standin.closing.is_set():
            self.wfile.write(sent.body[:left])
            left -= len(sent.body)

    def _reset(self) -> None:
        time.sleep(0.05)  # or the half of the body that was sent is thrown away as well
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _head(sent: Sent) -> bytes:
    length = len(sent.body) if sent.declared_bytes is None else sent.declared_bytes
    headers = {
        **({"Content-Length": str(length)} if length >= 0 else {}),
        "Connection": "close",
        **({"Content-Type": sent.content_type} if sent.content_type else {}),
        **sent.headers,
    }
    lines = [f"HTTP/1.1 {sent.status} {HTTPStatus(sent.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
