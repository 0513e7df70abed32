"""Run the whole site with one command: the web server and its workers."""

from __future__ import annotations

import os
import socket
import sys
from argparse import SUPPRESS
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from emojicheck import webserver
from emojicheck.hints.line import new_line, open_line
from emojicheck.supervisor import Program, Supervisor, tether

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

PRUNE_EVERY_SECONDS = 15 * 60.0
PRUNE_FIRST_SECONDS = 30.0
"""After the start, which has enough to do."""
WEB_STOP_SECONDS = 15.0


class Command(BaseCommand):
    help = "Bring the database up to date, then run the web server and its workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
        parser.add_argument(
            "--port", type=int, default=settings.PORT, help="default: PORT, %(default)s"
        )
        parser.add_argument(
            # While one waits for its slot or the service's answer, another looks at photos.
            "--workers",
            type=int,
            default=2 if settings.DETECTOR == "dashscope" else 1,
            help="default: %(default)s",
        )
        parser.add_argument("--no-migrate", action="store_true", help="leave the database as it is")
        parser.add_argument(
            "--web-only", action="store_true", help="no workers: run just the web server, here"
        )
        parser.add_argument("--socket", type=int, help=SUPPRESS)
        parser.add_argument("--hints", type=int, help=SUPPRESS)
        parser.add_argument("--tether", type=int, help=SUPPRESS)

    def handle(self, *, host: str, port: int, web_only: bool, **options: Any) -> None:
        listener = self._listener(host, port, options["socket"])
        address = _address(host, listener)
        if web_only:
            if options["hints"] is not None:
                open_line(socket.socket(fileno=options["hints"]))
            webserver.serve(listener, on_ready=self._ready(address, options["tether"]))
            return
        if not options["no_migrate"]:
            call_command("migrate", interactive=False, verbosity=0)
        Supervisor(
            _programs(listener, workers=options["workers"], hints=settings.LIVE_HINTS),
            environment=_environment(address),
            # The longest thing to wait for is an answer that has been paid for.
            stop_seconds=settings.DASHSCOPE_CONNECT_SECONDS + settings.DASHSCOPE_READ_SECONDS + 10,
            on_ready=lambda: self._say(f"emojicheck is ready on {address}"),
        ).run()
        self._say("emojicheck has stopped")

    def _ready(self, address: str, descriptor: int | None) -> Callable[[], None]:
        """Tell our supervisor, or whoever started us alone."""
        if descriptor is not None:
            return tether(descriptor, stop_seconds=WEB_STOP_SECONDS)
        return lambda: self._say(f"emojicheck is ready on {address}")

    def _listener(self, host: str, port: int, descriptor: int | None) -> socket.socket:
        if descriptor is not None:
            return socket.socket(fileno=descriptor)
        try:
            return webserver.listen(host, port)
        except (OSError, OverflowError) as error:
            message = f"{host}:{port} cannot be used: {error}. Try another --port (make: PORT=)."
            raise CommandError(message) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _programs(listener: socket.socket, *, workers: int, hints: bool) -> list[Program]:
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    descriptor = listener.fileno()
    web = Program(
        name="web",
        command=[*manage, "serve", "--skip-checks", "--web-only", "--socket", str(descriptor)],
        keep_open=(descriptor,),
    )
    worker = Program(name="worker", command=[*manage, "worker", "--skip-checks"])
    prune = Program(
        name="prune",
        command=[*manage, "prune", "--skip-checks", "--verbosity", "0"],
        every_seconds=PRUNE_EVERY_SECONDS,
        first_after_seconds=PRUNE_FIRST_SECONDS,
    )
    return [*(_with_hints(web) if hints else [web]), *[worker] * workers, prune]


def _with_hints(web: Program) -> list[Program]:
    """The web server, the program that looks at frames for it, and the line between them."""
    ours, theirs = (end.detach() for end in new_line())  # ours to keep: either may start anew
    asking = replace(
        web, command=[*web.command, "--hints", str(ours)], keep_open=(*web.keep_open, ours)
    )
    hints = Program(
        name="hints",
        command=[
            sys.executable,
            "-P",
            "-m",
            "emojicheck.management.hints_program",
            "--line",
            str(theirs),
        ],
        keep_open=(theirs,),
        environment=_nearly_empty_environment(),
    )
    return [asking, hints]


def _nearly_empty_environment() -> dict[str, str]:
    """For what decodes strangers' frames: enough for Python to find itself, and no secrets."""
    known = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {
        **known,
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _address(host: str, listener: socket.socket) -> str:
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 (only compared)
    return f"http://{name}:{listener.getsockname()[1]}"


def _environment(address: str) -> dict[str, str]:
    """Ours; a site that was given no address of its own gets the one it listens on."""
    environment = {"PYTHONUNBUFFERED": "1", **os.environ}
    if not environment.get("SITE_URL"):
        environment["SITE_URL"] = address
    return environment
