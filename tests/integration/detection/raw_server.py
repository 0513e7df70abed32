"""A server that does exactly as told, below HTTP."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable


class RawServer:
    """Hands every connection to `behave`, with an event that is set when the test is over."""

    def __init__(self, behave: Callable[[socket.socket, threading.Event], None]) -> None:
        self._behave = behave
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = self._listener.accept()
                connection.settimeout(5)
                with connection, contextlib.suppress(OSError):
                    self._behave(connection, self._over)


def hear(connection: socket.socket) -> bytes:
    """One whole request. Closing with some of it unread would reset the connection."""
    heard = b""
    while b"\r\n\r\n" not in heard:
        heard += (more := connection.recv(65_536))
        if not more:
            return heard
    head, _, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0 and (more := connection.recv(missing)):
        heard += more
        missing -= len(more)
    return heard


def saying(*pieces: bytes, every_seconds: float = 0.0) -> RawServer:
    """Reads a request, says these pieces one after the other, and closes."""

    def behave(connection: socket.socket, over: threading.Event) -> None:
        hear(connection)
        for piece in pieces:
            connection.sendall(piece)
            if every_seconds and over.wait(every_seconds):
                return

    return RawServer(behave)
