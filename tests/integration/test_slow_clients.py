"""Clients that are slow, greedy or gone: everybody else is served, and nothing stays behind."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.factories import make_photo
from tests.running import Site, children_of, eventually, get, running_site

SECONDS = 10
DRIP_SECONDS = 0.5
UPLOAD = (
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), "--web-only") as site:
        site.wait_until_ready()
        yield site


def connect(site: Site) -> socket.socket:
    port = int(site.address.rsplit(":", 1)[1])
    return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


@contextmanager
def dripping(site: Site, clients: int, beginning: bytes) -> Iterator[None]:
    """So many clients send a beginning at once, and then a byte each half second."""
    done = threading.Event()
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(site)) for _ in range(clients)]

        def drip() -> None:
            while not done.wait(DRIP_SECONDS):
                for connection in connections:
                    connection.sendall(b"x")

        for connection in connections:
            connection.sendall(beginning)
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def times(site: Site, reads: int = 30) -> list[float]:
    """How long a page takes, again and again, in seconds."""
    taken = []
    for _ in range(reads):
        started = time.monotonic()
        status, _ = get(f"{site.address}/guide/")
        taken.append(time.monotonic() - started)
        assert status == 200
    return taken


@pytest.mark.parametrize("clients", [24, 400])
@pytest.mark.parametrize(
    "beginning",
    [UPLOAD % 10_000_000 + b"--b\r\n", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "],
    ids=["body", "headers"],
)
def test_row_25_and_26_slow_clients_leave_others_served(
    site: Site, clients: int, beginning: bytes
) -> None:
    with dripping(site, clients, beginning):
        time.sleep(2 * DRIP_SECONDS)
        taken = times(site)

    # A tenth of a second on a machine of one's own; tests share theirs.
    assert statistics.median(taken) < 0.25
    assert max(taken) < 2


def test_row_26_clients_that_say_nothing_are_served_around(site: Site) -> None:
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connect(site))

        assert statistics.median(times(site)) < 0.25


def test_row_26_aborted_uploads_leave_nothing(site: Site) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\n\r\n'
    before = open_files(site)

    for _ in range(20):
        with connect(site) as connection:
            connection.sendall(UPLOAD % 9_000_000 + body + make_photo())
            connection.sendall(bytes(1_000_000))  # enough to be kept on the disk meanwhile

    assert eventually(lambda: open_files(site) <= before + 1)
    assert list(Path(site.variables["DATA_DIR"]).rglob("*.jpg")) == []


def test_row_17_two_gigabytes_are_cut_off_before_they_come(site: Site) -> None:
    with connect(site) as connection:
        connection.sendall(UPLOAD % 2_000_000_000 + b"--b\r\n")
        reply = connection.recv(65536)

    assert reply.startswith(b"HTTP/1.1 413 Request Entity Too Large\r\n")


def answer(connection: socket.socket) -> str:
    return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


LARGE = (
    "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n"
    "Content-Type: multipart/form-data; boundary=b\r\nAccept-Language: %s\r\n%s\r\n"
)


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("/", "en", "A photo may have at most 30 MB, all that is sent at once 64 MB."),
        ("/", "zh-CN", "每张照片不能超过 30 MB，一次发送的内容合计不能超过 64 MB。"),
        ("/api/v1/portraits", "en", "The request is larger than 64 MB; a photo may have at most"),
    ],
)
def test_row_17_too_much_at_once_is_told_in_words_once_all_is_sent_and_kept_nowhere(
    site: Site, path: str, language: str, words: str
) -> None:
    length, megabyte = 90_000_000, bytes(1_000_000)
    before = memory(site)
    with connect(site) as connection:
        connection.sendall((LARGE % (path, length, language, "")).encode())
        for _ in range(length // len(megabyte) - 1):
            connection.sendall(megabyte)
        kept = [bodies_on_disk(site), memory(site) - before > 30]
        connection.sendall(megabyte)
        reply = answer(connection)

    assert kept == [0, False]
    assert reply.startswith("HTTP/1.1 413 Request Entity Too Large\r\n")
    assert words in reply
    assert "\r\nConnection: close\r\n" in reply


def test_row_17_what_is_not_too_much_is_kept_on_disk_meanwhile(site: Site) -> None:
    with connect(site) as connection:
        connection.sendall((LARGE % ("/", 60_000_000, "en", "")).encode() + bytes(10_000_000))

        assert eventually(lambda: bodies_on_disk(site) == 1)


def test_row_17_a_client_that_asks_first_gets_its_no_before_it_sends(site: Site) -> None:
    with connect(site) as connection:
        connection.sendall((LARGE % ("/", 90_000_000, "en", "Expect: 100-continue\r\n")).encode())
        reply = answer(connection)

    assert reply.startswith("HTTP/1.1 413 Request Entity Too Large\r\n")


def test_row_17_endless_chunks_are_cut_off(site: Site) -> None:
    head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    megabyte = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    sent = 0
    with connect(site) as connection, contextlib.suppress(OSError):
        connection.sendall(head)
        while sent < 300:
            connection.sendall(megabyte)
            sent += 1

    assert sent < 100
    assert get(f"{site.address}/healthz")[0] == 200


@pytest.mark.parametrize(
    "header", [b"X: " + b"x" * 300_000, b"\r\n".join(b"X-%d: y" % n for n in range(30_000))]
)
def test_row_26_endless_headers_are_cut_off(site: Site, header: bytes) -> None:
    with connect(site) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + b"\r\n\r\n")
        reply = connection.recv(65536)

    assert reply.startswith(b"HTTP/1.0 431 ")


def test_row_24_chunks_outweigh_a_length_beside_them(site: Site) -> None:
    """As the standard wants it: where a proxy in front does too, nothing can be smuggled."""
    request = (
        b"POST /theme/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    )
    with connect(site) as connection:
        connection.sendall(request)
        replies = b"".join(iter(lambda: connection.recv(65536), b""))

    assert re.findall(rb"HTTP/1.1 (\d+) ", replies) == [b"403", b"200"]


def open_files(site: Site) -> int:
    """Of the web process: sockets, and what it keeps of uploads meanwhile."""
    return len(os.listdir(f"/proc/{site.process.pid}/fd"))  # noqa: PTH208 (no paths are needed)


def bodies_on_disk(site: Site) -> int:
    """What the web process keeps of uploads: files that only it knows."""
    kept = 0
    for descriptor in Path(f"/proc/{site.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            kept += os.readlink(descriptor).endswith(" (deleted)")  # noqa: PTH115 (no real path)
    return kept


def test_row_25_memory_stays_flat_under_slow_clients(site: Site) -> None:
    before = memory(site)

    with dripping(site, 400, UPLOAD % 10_000_000 + b"--b\r\n"):
        time.sleep(2 * DRIP_SECONDS)
        during = memory(site)

    assert during - before < 60  # megabytes, for 400 of them
    assert children_of(site.process.pid) == {}


def memory(site: Site) -> float:
    """Of the web process, in megabytes."""
    pages = int(Path(f"/proc/{site.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
