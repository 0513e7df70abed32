"""A throw-away PostgreSQL: `python -m tests.postgres COMMAND…` runs a command against one."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 30
SERVER_ACCOUNT = "postgres"
"""The server refuses to run as root; Debian's package brings this account for it."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """A fresh server on loopback; gives its DATABASE_URL, and leaves nothing behind."""
    programs = find_programs()
    account = pwd.getpwnam(SERVER_ACCOUNT) if os.geteuid() == 0 else None
    identity: dict[str, Any] = {}
    if account:
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    password, port = secrets.token_hex(16), _free_port()
    with tempfile.TemporaryDirectory(prefix="emojicheck-pg-") as place:
        (Path(place) / "password").write_text(password)
        if account:
            os.chown(place, account.pw_uid, account.pw_gid)
            os.chown(f"{place}/password", account.pw_uid, account.pw_gid)
        cluster = [*_initdb(programs, place), "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(cluster, check=True, cwd=place, stdout=subprocess.DEVNULL, **identity)
        # It need not survive a power cut, so nothing is written through to the disk (-F).
        serve = [programs / "postgres", "-F", "-D", f"{place}/data", "-k", place]
        with Path(place, "log").open("wb") as log:
            server = subprocess.Popen(
                [*serve, "-h", "127.0.0.1", "-p", str(port)],
                cwd=place,
                stdout=log,
                stderr=log,
                **identity,
            )
        try:
            _wait_until_ready(programs, port, server, Path(place, "log"))
            yield f"postgres://emojicheck:{password}@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # does not wait for clients, as SIGTERM would
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def find_programs() -> Path:
    """The folder of initdb and postgres; stops with plain words when there is none."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    if newest := max(versions, key=lambda path: float(path.parts[-3]), default=None):
        return newest.parent
    sys.exit("PostgreSQL is missing. On Debian: apt-get install postgresql")


def _initdb(programs: Path, place: str) -> list[str]:
    password = ["-A", "scram-sha-256", f"--pwfile={place}/password"]
    return [str(programs / "initdb"), "-D", f"{place}/data", "-U", "emojicheck", *password]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_ready(
    programs: Path, port: int, server: subprocess.Popen[bytes], log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    asking = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(asking, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"PostgreSQL did not start:\n{log.read_text()}")
        time.sleep(0.05)


if __name__ == "__main__":
    with running_postgres() as url:
        environment = os.environ | {"DATABASE_URL": url}
        sys.exit(subprocess.run(sys.argv[1:], check=False, env=environment).returncode)
