"""`manage.py serve`: one command that keeps the web server and its workers running."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Site, children_of, eventually, get, is_alive, running_site

SECONDS = 15


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for tests that leave it running."""
    with running_site(tmp_path_factory.mktemp("site")) as site:
        site.wait_until_ready()
        yield site


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        site.wait_until_ready()
        yield site


def port_of(site: Site) -> int:
    return int(site.address.rsplit(":", 1)[1])


def exchange(port: int, request: bytes) -> bytes:
    """Everything the server answers to these bytes, until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_serve_has_brought_the_database_up_to_date(site: Site) -> None:
    status, _ = get(f"{site.address}/readyz")

    assert status == 200


def test_serve_takes_its_own_address_for_the_sites(site: Site) -> None:
    reply = exchange(port_of(site), b"GET /admin/ HTTP/1.0\r\nHost: elsewhere.example\r\n\r\n")

    assert reply.startswith(b"HTTP/1.0 400 ")
    assert get(f"{site.address}/admin/login/")[0] == 200


def test_serve_does_not_tell_what_it_is_made_of(site: Site) -> None:
    reply = exchange(port_of(site), b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")

    head = reply.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.0 200 ")
    assert b"server:" not in head


def test_serve_answers_others_while_many_clients_are_slow(site: Site) -> None:
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n"
    slow = [socket.create_connection(("127.0.0.1", port_of(site))) for _ in range(200)]
    try:
        for connection in slow:
            connection.sendall(head + b"x")

        started = time.monotonic()
        status, _ = get(f"{site.address}/healthz")

        assert status == 200
        assert time.monotonic() - started < 2
    finally:
        for connection in slow:
            connection.close()


def test_serve_says_plainly_that_a_port_is_taken(site: Site, tmp_path: Path) -> None:
    port = str(port_of(site))
    with running_site(tmp_path, "--port", port) as second:
        status = second.wait()

    assert status == 1
    said = (
        rf"CommandError: 127.0.0.1:{port} cannot be used: .* Try another --port \(make: PORT=\)\."
    )
    assert re.fullmatch(said, second.lines[-1])


def test_serve_restarts_a_worker_that_is_killed(site: Site) -> None:
    [victim] = children_of(site.process.pid)["worker"]

    os.kill(victim, signal.SIGKILL)

    site.wait_for("worker ended with status -9 and starts again in ")
    assert eventually(lambda: children_of(site.process.pid).get("worker", [victim]) != [victim])
    assert get(f"{site.address}/healthz")[0] == 200


def test_serve_keeps_visitors_waiting_while_the_web_server_restarts(site: Site) -> None:
    [victim] = children_of(site.process.pid)["serve"]

    os.kill(victim, signal.SIGKILL)

    # The socket stays open in between: nobody is refused.
    assert get(f"{site.address}/healthz") == (200, b"ok\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_takes_everything_along_when_it_stops(own_site: Site, number: int) -> None:
    processes = children_of(own_site.process.pid)

    own_site.signal(number)

    expected = {"serve": 1, "hints": 1, "worker": 1}
    assert {name: len(pids) for name, pids in processes.items()} == expected
    assert own_site.wait(seconds=SECONDS) == 0
    assert own_site.lines[-1] == "emojicheck has stopped"
    assert "Traceback" not in own_site.log
    assert not any(is_alive(pid) for pids in processes.values() for pid in pids)


def test_processes_end_when_serve_is_killed(own_site: Site) -> None:
    processes = [pid for pids in children_of(own_site.process.pid).values() for pid in pids]

    own_site.signal(signal.SIGKILL)

    assert own_site.wait() == -signal.SIGKILL
    assert eventually(lambda: not any(is_alive(pid) for pid in processes))


def test_web_server_runs_alone_too(tmp_path: Path) -> None:
    with running_site(tmp_path, "--web-only") as site:
        address = site.wait_until_ready()

        assert get(f"{address}/healthz") == (200, b"ok\n")
        assert children_of(site.process.pid) == {}
        site.signal(signal.SIGTERM)
        assert site.wait(seconds=SECONDS) == 0
