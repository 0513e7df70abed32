"""The web server: how it ends, whose headers it believes, and whom it lets go."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from emojicheck import lanes, webserver

SECONDS = 20
SERVER = """
import os, threading, time
import django
django.setup()
from django.conf import settings
from emojicheck import connections, webserver

at_work, released = [], threading.Event()

def application(environ, start_response):
    body = b"%s %s" % (environ["REMOTE_ADDR"].encode(), environ["wsgi.url_scheme"].encode())
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.5)
        body *= 100_000
    if environ["PATH_INFO"] == "/large":
        body *= 500_000
    if environ["PATH_INFO"] == "/taken":
        body = b"%d" % len(environ["wsgi.input"].read())
    elif environ["REQUEST_METHOD"] == "POST":
        at_work.append(1)
        released.wait(20)
        body = b"%d" % len(at_work)
        at_work.pop()
    if environ["PATH_INFO"] == "/release":
        released.set()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]

for name in os.environ.get("PROXY", "").split():
    settings.BEHIND_PROXY, settings.PROXY_ADDRESS = True, name
for name in os.environ.get("HURRIED", "").split():
    setattr(connections, name, float(os.environ["HURRIED_SECONDS"]))
webserver.get_wsgi_application = lambda: application
listener = webserver.listen("127.0.0.1", 0)
port = listener.getsockname()[1]
webserver.serve(listener, on_ready=lambda: print(port, flush=True))
"""


@contextmanager
def server(**variables: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        env=os.environ | {"PYTHONPATH": "."} | variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def ask(port: int, path: str = "/", headers: str = "", method: str = "GET") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
    connection.sendall(f"{method} {path} HTTP/1.0\r\n{headers}\r\n".encode())
    return connection


def answer(connection: socket.socket) -> bytes:
    """The body, read until the server closes the connection."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_web_server_finishes_what_it_is_answering(number: int) -> None:
    with server() as (process, port):
        waiting = ask(port, "/slow")
        assert answer(ask(port)) == b"127.0.0.1 http"  # so the slow one has been taken up

        process.send_signal(number)

        assert answer(waiting) == b"127.0.0.1 http" * 100_000
        assert process.wait(SECONDS) == 0


FORWARDED = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"


@pytest.mark.parametrize(
    ("proxy", "seen"),
    [
        ("", b"127.0.0.1 http"),
        ("192.0.2.1", b"127.0.0.1 http"),
        ("127.0.0.1", b"203.0.113.9 https"),
        ("*", b"203.0.113.9 https"),
    ],
)
def test_web_server_believes_nobody_but_its_proxy(proxy: str, seen: bytes) -> None:
    with server(PROXY=proxy) as (_process, port):
        assert answer(ask(port, headers=FORWARDED)) == seen


def test_web_server_believes_the_last_proxy_alone() -> None:
    forged = "X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\n"

    with server(PROXY="127.0.0.1") as (_process, port):
        assert answer(ask(port, headers=forged)) == b"203.0.113.9 http"


def test_web_server_listens_on_any_free_port() -> None:
    with webserver.listen("127.0.0.1", 0) as first, webserver.listen("127.0.0.1", 0) as second:
        assert first.getsockname() != second.getsockname()


def test_web_server_does_not_share_a_port() -> None:
    with (
        webserver.listen("127.0.0.1", 0) as first,
        pytest.raises(OSError, match="Address already in use"),
    ):
        webserver.listen("127.0.0.1", first.getsockname()[1])


@pytest.mark.parametrize(
    ("path", "at_once"),
    [
        ("/", 4),
        ("/api/v1/portraits", 4),
        ("/relay/api/v1/services/aigc/image2video/face-detect", 4),
        ("/portraits/0/annotated.png", 1),
    ],
)
def test_pages_are_served_however_much_slow_work_waits(path: str, at_once: int) -> None:
    with server() as (_process, port):
        slow = [ask(port, path, method="POST") for _ in range(30)]

        pages = [answer(ask(port, "/portraits/")) for _ in range(20)]
        answer(ask(port, "/release"))
        counted = [int(answer(connection)) for connection in slow]

    assert pages == [b"127.0.0.1 http"] * 20
    assert max(counted) == at_once


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("GET", "/", "pages"),
        ("POST", "/", "photos"),
        ("POST", "", "photos"),
        ("POST", "/api/v1/portraits", "photos"),
        ("GET", "/api/v1/portraits", "pages"),
        ("POST", "/portraits/0/delete/", "pages"),
        ("POST", "/theme/", "pages"),
        ("GET", "/portraits/0/annotated.png", "drawings"),
        ("POST", "/api/v1/services/aigc/image2video/face-detect", "answers"),
        ("DELETE", "/api/v1/portraits/0", "pages"),
        ("POST", "/hints/", "hints"),
        ("GET", "/camera/", "pages"),
    ],
)
def test_requests_are_told_apart_by_the_work_they_make(method: str, path: str, lane: str) -> None:
    assert lanes.lane_of(method, path) == lane


def unread(port: int, requests: int) -> socket.socket:
    """A client that asks again and again over one connection and reads no answer."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
    connection.settimeout(SECONDS)
    connection.connect(("127.0.0.1", port))
    connection.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n" * requests)
    return connection


def test_row_26_clients_that_read_nothing_leave_others_served() -> None:
    with server() as (_process, port):
        greedy = [unread(port, 10) for _ in range(20)]  # more than there are threads
        time.sleep(0.5)

        pages = [answer(ask(port)) for _ in range(20)]
        for connection in greedy:
            connection.close()

    assert pages == [b"127.0.0.1 http"] * 20


def test_answers_asked_for_at_once_come_one_after_the_other_and_whole() -> None:
    with server() as (_process, port), unread(port, 3) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        said = b"".join(iter(lambda: connection.recv(65536), b""))

    assert said.count(b"HTTP/1.1 200 OK") == 3
    assert said.count(b"127.0.0.1 http") == 3 * 500_000 + 1


def test_answer_to_a_head_request_has_no_body_that_the_next_answer_would_begin_with() -> None:
    with server() as (_process, port):
        connection = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        connection.sendall(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.0\r\n\r\n")
        said = answer(connection)

    assert said.startswith(b"HTTP/1.0 200 OK\r\n")
    assert said.endswith(b"\r\n\r\n127.0.0.1 http")


HURRIED = "IDLE_SECONDS HEADER_SECONDS PATIENCE_SECONDS TIDY_SECONDS"
SLOW = {
    "silence": b"",
    "a header": b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    "a body": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n",
    "a body that is read past": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000\r\n\r\n",
}


@pytest.mark.parametrize("beginning", SLOW.values(), ids=SLOW)
def test_row_26_clients_that_take_their_time_are_let_go(beginning: bytes) -> None:
    drip = b"x" if beginning else b""
    with (
        server(HURRIED=HURRIED, HURRIED_SECONDS="1") as (_process, port),
        socket.create_connection(("127.0.0.1", port), timeout=0.1) as connection,
    ):
        connection.sendall(beginning)
        assert is_let_go(connection, drip)


def test_row_26_clients_that_read_a_little_now_and_then_are_let_go() -> None:
    read = 0
    with server(HURRIED=HURRIED, HURRIED_SECONDS="1") as (_process, port), unread(port, 3) as slow:
        for _ in range(40):
            read += len(slow.recv(1))
            time.sleep(0.1)
        with contextlib.suppress(ConnectionResetError):
            while more := slow.recv(65536):  # what the two kernels still held
                read += len(more)

    assert 0 < read < 500_000 * len(b"127.0.0.1 http")


def is_let_go(connection: socket.socket, drip: bytes, *, seconds: float = 10) -> bool:
    """Whether the server hangs up within this time, although a byte comes now and then."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            connection.sendall(drip)
            if connection.recv(1) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_clients_that_are_merely_slow_are_served() -> None:
    chunk, chunks = bytes(2_000), 40

    with (
        server(HURRIED=HURRIED, HURRIED_SECONDS="1") as (_process, port),
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection,
    ):
        length = len(chunk) * chunks
        connection.sendall(f"POST /taken HTTP/1.0\r\nContent-Length: {length}\r\n\r\n".encode())
        for _ in range(chunks):
            connection.sendall(chunk)
            time.sleep(0.1)
        assert answer(connection) == str(length).encode()


def test_when_it_is_crowded_those_who_are_silent_make_room() -> None:
    webserver._allow_open_files(2_048)  # to us as well: many machines start with 1024
    with server(HURRIED="CROWDED_SECONDS TIDY_SECONDS", HURRIED_SECONDS="1") as (_process, port):
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(1_100)]

        page = answer(ask(port))
        for connection in silent:
            connection.close()

    assert page == b"127.0.0.1 http"


def test_row_17_bodies_of_all_together_leave_room_on_the_disk() -> None:
    head = b"POST /taken HTTP/1.0\r\nContent-Length: %d\r\n\r\n"
    size = 1_000_000
    with (
        server(HURRIED="BODY_BYTES", HURRIED_SECONDS="4500000") as (_process, port),
        contextlib.ExitStack() as stack,
    ):
        greedy = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), SECONDS))
            for _ in range(8)
        ]
        for connection in greedy:
            connection.sendall(head % (2 * size) + bytes(size))
            connection.settimeout(1)
        modest = stack.enter_context(socket.create_connection(("127.0.0.1", port), SECONDS))
        modest.sendall(head % 2_000 + bytes(1_000))
        time.sleep(6)  # it is looked after every five seconds
        let_go = [is_let_go(connection, b"x", seconds=1) for connection in greedy]
        modest.sendall(bytes(1_000))

        assert answer(modest) == b"2000"
    assert let_go.count(True) == 4


@pytest.mark.parametrize("junk", [b"\r\n\r\n", b"JUNK\r\n\r\n", b"GET / HTTP/9\r\n:\r\n\r\n"])
def test_junk_is_answered_and_harms_nobody(junk: bytes) -> None:
    with server() as (_process, port):
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
            connection.sendall(junk)
            connection.shutdown(socket.SHUT_WR)
            said = connection.recv(65536)
        good = answer(ask(port))

    assert said in {b""} or said.startswith(b"HTTP/1.0 400 Bad Request")
    assert good == b"127.0.0.1 http"
