"""Judge waiting portraits until told to stop."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import socket
import sys
import threading
from argparse import SUPPRESS
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from emojicheck import asking, tasks, vitals
from emojicheck.supervisor import tether

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

logger = logging.getLogger(__name__)

LOOK_FOR_WORK_SECONDS = 0.2
NICENESS = 10
"""Pages come first: somebody is waiting for them at this moment."""


class Command(BaseCommand):
    help = "Judge waiting portraits until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--batch", action="store_true", help="stop as soon as no portrait is waiting"
        )
        parser.add_argument("--tether", type=int, help=SUPPRESS)

    def handle(self, *, batch: bool, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))  # until the loop takes over
        say_ready = self._ready(options["tether"])
        name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
        tasks.sweep()
        asking.local_detector().warm_up()
        done = threading.Event()
        vitals.beat(name)
        sweeper = threading.Thread(
            target=_sweep_until, args=(done, name), name="sweep", daemon=True
        )
        sweeper.start()
        say_ready()
        try:
            tasks.work(name=name, interval=LOOK_FOR_WORK_SECONDS, batch=batch)
        finally:
            done.set()
            sweeper.join()
        with contextlib.suppress(DatabaseError):  # being silent says the same, only later
            vitals.forget(name)

    def _ready(self, descriptor: int | None) -> Callable[[], None]:
        """Tell our supervisor, or whoever started us alone."""
        if descriptor is not None:  # beside a web server
            os.nice(NICENESS)
            longest = settings.DASHSCOPE_CONNECT_SECONDS + settings.DASHSCOPE_READ_SECONDS
            return tether(descriptor, stop_seconds=longest + 10)
        return lambda: self.stdout.write("the worker is ready")


def _sweep_until(done: threading.Event, name: str) -> None:
    """Wake workers for forgotten portraits, every few seconds, whatever happens to the database.

    That also tells that we live.
    """
    while not done.wait(settings.SWEEP_SECONDS):
        close_old_connections()
        try:
            vitals.beat(name)
            tasks.sweep()
        except Exception:
            logger.exception("the sweep failed and will be tried again")
    connection.close()
