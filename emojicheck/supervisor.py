"""Keeps programs running: starts them, restarts what dies, and stops all of them together."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
HEALTHY_SECONDS = 30.0
"""A program that ran for so long starts again at once should it die."""

READY = b"ready\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process to keep running. Unless a chore it gets `--tether N` added, see `tether`."""

    name: str
    command: Sequence[str]
    keep_open: tuple[int, ...] = ()
    """File descriptors that the process inherits."""

    environment: Mapping[str, str] | None = None
    """Its own; without one it gets that of the supervisor."""

    every_seconds: float | None = None
    """For a chore: run it to its end, again and again, with pauses of this length."""

    first_after_seconds: float = 0.0

    @property
    def is_chore(self) -> bool:
        return self.every_seconds is not None


class Supervisor:
    """Runs programs until SIGTERM or SIGINT, then stops each with one SIGTERM.

    Programs live in process groups of their own, so that Ctrl-C reaches them through us alone
    and once. Should we die ourselves, they notice by their tether and stop too.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        environment: Mapping[str, str],
        stop_seconds: float,
        on_ready: Callable[[], None],
    ) -> None:
        self._children = [_Child(program, environment) for program in programs]
        self._stop_seconds = stop_seconds
        self._on_ready = on_ready
        self._signals: list[int] = []

    def run(self) -> None:
        told = False
        with self._listening():
            try:
                while not self._signals:
                    for child in self._children:
                        child.tend(time.monotonic())
                    if not told and self._is_ready():
                        told = True
                        self._on_ready()
                    time.sleep(LOOK_SECONDS)
            finally:
                self._stop()

    def _is_ready(self) -> bool:
        """One program of each name is enough: the site works with the first of its workers."""
        lasting = [child for child in self._children if not child.program.is_chore]
        names = {child.program.name for child in lasting}
        return names == {child.program.name for child in lasting if child.ready}

    @contextmanager
    def _listening(self) -> Iterator[None]:
        def remember(number: int, _frame: FrameType | None) -> None:
            self._signals.append(number)

        before = {number: signal.signal(number, remember) for number in _STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self) -> None:
        deadline = time.monotonic() + self._stop_seconds
        for child in self._children:
            child.ask_to_stop()
        while any(child.is_running for child in self._children):
            impatient = self._signals.count(signal.SIGINT) > 1  # somebody pressed Ctrl-C again
            if impatient or time.monotonic() > deadline:
                for child in self._children:
                    child.kill()
            time.sleep(LOOK_SECONDS / 2)
        for child in self._children:
            child.let_go()


_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class _Child:
    """A program, and the process that currently runs it, if any."""

    def __init__(self, program: Program, environment: Mapping[str, str]) -> None:
        self.program = program
        self.ready = False
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._tether: socket.socket | None = None
        self._start_at = time.monotonic() + program.first_after_seconds
        self._started_at = 0.0
        self._failures = 0

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def tend(self, now: float) -> None:
        """Start the process when it is time; notice when it is ready or has died."""
        if self._process is None:
            if now >= self._start_at:
                self._start(now)
            return
        if not self.ready:
            self.ready = self._says_ready()
        if (status := self._process.poll()) is not None:
            self._bury(status, now)

    def ask_to_stop(self) -> None:
        if self._process is not None and self.is_running:
            self._process.terminate()

    def kill(self) -> None:
        if self._process is not None and self.is_running:
            logger.warning("%s did not stop in time and is killed", self.program.name)
            self._process.kill()

    def let_go(self) -> None:
        """Forget a process that has ended."""
        if self._tether is not None:
            self._tether.close()
        self._process = self._tether = None
        self.ready = False

    def _start(self, now: float) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        tethered = [] if self.program.is_chore else ["--tether", str(theirs.fileno())]
        own = self.program.environment
        with theirs:
            self._process = subprocess.Popen(
                [*self.program.command, *tethered],
                env=self._environment if own is None else own,
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), *self.program.keep_open),
                process_group=0,
            )
        self._tether, self._started_at = ours, now

    def _says_ready(self) -> bool:
        assert self._tether is not None  # noqa: S101 (tells the type checker)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            return self._tether.recv(len(READY)) == READY
        return False

    def _bury(self, status: int, now: float) -> None:
        self.let_go()
        if self.program.every_seconds is not None:
            if status:
                logger.error("%s failed with status %d", self.program.name, status)
            self._start_at = now + self.program.every_seconds
            return
        self._failures = 0 if now - self._started_at > HEALTHY_SECONDS else self._failures + 1
        pause = pause_after(self._failures)
        self._start_at = now + pause
        logger.error(
            "%s ended with status %d and starts again in %g s", self.program.name, status, pause
        )


def pause_after(failures: int) -> float:
    """Seconds to wait before the next start, after so many quick deaths in a row."""
    if not failures:
        return 0.0
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(failures - 1, 10))


def tether(descriptor: int, *, stop_seconds: float) -> Callable[[], None]:
    """The program's end: stop when the supervisor is gone. Returns what to call when ready.

    When the supervisor dies we get a SIGTERM from ourselves, and an end by force if that does
    not stop us within `stop_seconds`.
    """
    line = socket.socket(fileno=descriptor)
    line.set_inheritable(False)

    def watch() -> None:
        with contextlib.suppress(OSError):
            line.recv(1)  # the supervisor never sends anything: this waits for its end
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(stop_seconds)
        os._exit(1)

    threading.Thread(target=watch, name="tether", daemon=True).start()
    return lambda: line.sendall(READY)
