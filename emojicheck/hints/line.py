"""The way from the web server to the program that looks at frames, and back.

A pair of connected sockets without a name, made by `serve` and inherited by both: nobody else can
reach either end, there is no file to leave behind, and it outlives either program. Each message is
one datagram: a number (8 bytes), for a frame also the moment until when the answer is wanted
(8 bytes, the machine's monotonic clock in nanoseconds), then a JPEG or JSON.
"""

from __future__ import annotations

import secrets
import socket
import threading
import time
from typing import TYPE_CHECKING

from .frames import MAX_BYTES
from .sight import Sight

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWER_SECONDS = 2.0
QUEUE_SECONDS = 0.3
REST_SECONDS = 1.0
"""After no answer came: nobody else is kept waiting for the same."""
MAX_ANSWER_BYTES = 16_384
BUFFER_BYTES = 4 * MAX_BYTES
_NUMBER_BYTES = 8


class HintsBusy(Exception):
    """Others' frames are being looked at."""


class HintsAway(Exception):
    """Nobody looks at frames: the program is not there, or not well."""


def new_line() -> tuple[socket.socket, socket.socket]:
    """The web server's end and the program's."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
    return ours, theirs


class Line:
    """The web server's end. One frame is on its way at a time; safe to share between threads."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._turn = threading.Lock()
        # Does not begin anew with the web server: answers to its predecessor may still come.
        self._number = secrets.randbits(62)
        self._rest_until = 0.0

    def ask(self, frame: bytes) -> Sight:
        """What is to be seen. Raises HintsBusy or HintsAway, the latter within two seconds."""
        if time.monotonic() < self._rest_until:
            raise HintsAway
        if not self._turn.acquire(timeout=QUEUE_SECONDS):
            raise HintsBusy
        try:
            return self._ask(frame)
        except (OSError, ValueError) as error:  # no answer in time, or none that makes sense
            self._rest_until = time.monotonic() + REST_SECONDS
            raise HintsAway from error
        finally:
            self._turn.release()

    def _ask(self, frame: bytes) -> Sight:
        self._number += 1
        number = self._number.to_bytes(_NUMBER_BYTES)
        deadline = time.monotonic_ns() + round(ANSWER_SECONDS * 1e9)
        self._end.send(number + deadline.to_bytes(8) + frame, socket.MSG_DONTWAIT)
        while True:
            left = (deadline - time.monotonic_ns()) / 1e9
            if left <= 0:
                raise TimeoutError
            self._end.settimeout(left)
            answer = self._end.recv(MAX_ANSWER_BYTES)
            if answer.startswith(number):  # others are late answers to earlier frames
                return Sight.from_json(answer[_NUMBER_BYTES:])


_line: Line | None = None


def open_line(end: socket.socket | None) -> None:
    """Have this process ask over the given end from now on; None: nobody is there to be asked."""
    global _line
    _line = Line(end) if end else None


def ask(frame: bytes) -> Sight:
    """What is to be seen in a frame. Raises HintsBusy or HintsAway."""
    if _line is None:
        raise HintsAway
    return _line.ask(frame)


class Wish:
    """A frame that somebody waits for, at the program's end."""

    def __init__(self, end: socket.socket, message: bytes) -> None:
        self._end = end
        self._number = message[:_NUMBER_BYTES]
        self._deadline = int.from_bytes(message[_NUMBER_BYTES : 2 * _NUMBER_BYTES])
        self.frame = message[2 * _NUMBER_BYTES :]

    @property
    def is_stale(self) -> bool:
        return time.monotonic_ns() > self._deadline

    def answer(self, sight: Sight) -> None:
        """Told to whoever still listens; a full line means that nobody does."""
        try:
            self._end.send(self._number + sight.to_json(), socket.MSG_DONTWAIT)
        except BlockingIOError:
            return


def wishes(end: socket.socket, *, idle_seconds: float) -> Iterator[Wish | None]:
    """Frames as they come; None each time that none has come for so long."""
    end.settimeout(idle_seconds)
    while True:
        try:
            message = end.recv(MAX_BYTES + 2 * _NUMBER_BYTES)
        except TimeoutError:
            yield None
            continue
        yield Wish(end, message)
