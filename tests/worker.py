"""Real worker processes for tests: started on the test's own database, killed at will."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


class Worker:
    """One `manage.py worker` process."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **database_environment(), **environment}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """As the kernel does when memory is short: no warning, no farewell."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def database_environment() -> dict[str, str]:
    """What a process needs to work on the test's database and files."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{config['NAME']}"
    else:
        login = f"{quote(config['USER'])}:{quote(config['PASSWORD'])}"
        host = quote(config["HOST"], safe="")
        address = f"postgres://{login}@{host}:{config['PORT']}/{config['NAME']}"
    return {
        "DATABASE_URL": address,
        "DATA_DIR": str(settings.DATA_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "emojicheck.settings",
    }


@contextmanager
def workers(count: int, **environment: str) -> Iterator[list[Worker]]:
    """So many workers for the length of a block."""
    started = [Worker(environment) for _ in range(count)]
    try:
        yield started
    finally:
        for worker in started:
            if worker.process.poll() is None:
                worker.process.terminate()
        for worker in started:
            try:
                worker.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                worker.kill()


def wait_until(true: Callable[[], bool], *, seconds: float, every: float = 0.1) -> None:
    """Wait for something to become true. Raises TimeoutError when it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"still not true after {seconds} s")
        time.sleep(every)
