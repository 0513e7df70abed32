"""The site and its workers as real processes."""

from __future__ import annotations

import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from psycopg.sql import SQL, Identifier

MANAGE = str(Path(__file__).resolve().parent.parent / "manage.py")
HINTS = "emojicheck.management.hints_program"
READY_SECONDS = 150
STOP_SECONDS = 30


class Running:
    """A `manage.py` process and what it has said so far."""

    def __init__(self, *arguments: str, **variables: str) -> None:
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "emojicheck.settings"} | variables
        self.process = subprocess.Popen(
            [sys.executable, MANAGE, *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._news: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.lines.append(line.rstrip("\n"))
                self._news.put(self.lines[-1])
        self._news.put(None)

    def wait_for(self, words: str, *, seconds: float = READY_SECONDS) -> str:
        """The next line with these words; fails when the process ends without it."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._news.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"never said {words!r}:\n{self.log}")
            if words in line:
                return line

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def wait(self, *, seconds: float = STOP_SECONDS) -> int:
        """The exit status."""
        status = self.process.wait(seconds)
        self._reader.join(seconds)
        return status

    def stop(self) -> None:
        """End it, whatever its state; a test that cares how, does it itself."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.wait()


@contextmanager
def running(*arguments: str, **variables: str) -> Iterator[Running]:
    process = Running(*arguments, **variables)
    try:
        yield process
    finally:
        process.stop()


class Site(Running):
    """`manage.py serve` on a free port, with a data folder and a database of its own."""

    def __init__(self, place: Path, *arguments: str, **variables: str) -> None:
        own = {"DATA_DIR": str(place), "DATABASE_URL": _fresh_database(place)}
        self.variables = own | variables
        super().__init__("serve", "--port", "0", *arguments, **self.variables)
        self.address = ""

    def wait_until_ready(self) -> str:
        """The site's address."""
        self.address = self.wait_for("emojicheck is ready on ").rsplit(" ", 1)[1]
        return self.address


@contextmanager
def running_site(place: Path, *arguments: str, **variables: str) -> Iterator[Site]:
    site = Site(place, *arguments, **variables)
    try:
        yield site
    finally:
        site.stop()


def _fresh_database(place: Path) -> str:
    """The address of an empty database of the kind the tests run on."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{place / 'emojicheck.sqlite3'}"
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"site_{secrets.token_hex(4)}"
    with psycopg.connect(server.geturl(), autocommit=True) as session:
        session.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return server._replace(path=f"/{name}").geturl()


def children_of(pid: int) -> dict[str, list[int]]:
    """The living children of a process, by the `manage.py` command each runs, or `hints`."""
    found: dict[str, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            words = (folder / "cmdline").read_text().split("\0")
        except OSError:  # gone meanwhile
            continue
        if int(parent) != pid or state == "Z":
            continue
        if MANAGE in words:
            found.setdefault(words[words.index(MANAGE) + 1], []).append(int(folder.name))
        elif HINTS in words:
            found.setdefault("hints", []).append(int(folder.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def eventually(condition: Callable[[], object], *, seconds: float = STOP_SECONDS) -> bool:
    """Whether the condition comes true within this time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def get(address: str) -> tuple[int, bytes]:
    """Status and body, whatever the status."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=10) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
