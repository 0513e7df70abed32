"""HTTP towards the service, against servers that really stall, cut and lie."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from typing import TYPE_CHECKING

import pytest

from emojicheck.detection import transport
from emojicheck.detection.errors import (
    AnswerLost,
    DetectionError,
    DetectorRefusedUs,
    DetectorUnreachable,
    UnreadableAnswer,
)
from emojicheck.detection.incoming import TimedReader
from emojicheck.detection.transport import FormFile, Reply

from .raw_server import RawServer, hear, saying

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def post(url: str, *, read_seconds: float = 5.0, max_reply_bytes: int = 1000) -> Reply:
    return transport.post_json(
        url,
        {"Authorization": "Bearer sk-1"},
        {"a": "ü"},
        connect_seconds=5.0,
        read_seconds=read_seconds,
        max_reply_bytes=max_reply_bytes,
    )


def trouble(url: str, *, read_seconds: float = 5.0) -> DetectionError:
    with pytest.raises(DetectionError) as caught:
        post(url, read_seconds=read_seconds)
    return caught.value


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_request_is_plain_http_with_our_name() -> None:
    heard: list[bytes] = []

    def behave(connection: socket.socket, _: threading.Event) -> None:
        heard.append(hear(connection))
        connection.sendall(OK)

    with RawServer(behave) as server:
        reply = post(server.url + "api?x=1")

    head, _, body = heard[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /api?x=1 HTTP/1.1"
    assert sorted(lines[1:]) == [
        "Accept-Encoding: identity",
        "Accept: application/json",
        "Authorization: Bearer sk-1",
        "Connection: close",
        f"Content-Length: {len(body)}",
        "Content-Type: application/json",
        f"Host: {server.url.split('/')[2]}",
        "User-Agent: emojicheck/1.0",
    ]
    assert json.loads(body) == {"a": "ü"}
    assert (reply.status, reply.body, reply.headers) == (200, b"{}", {"content-length": "2"})


def test_get_sends_no_body() -> None:
    heard: list[bytes] = []

    def behave(connection: socket.socket, _: threading.Event) -> None:
        heard.append(hear(connection))
        connection.sendall(OK)

    with RawServer(behave) as server:
        transport.get_json(server.url, {}, connect_seconds=5.0, read_seconds=5.0)

    assert heard[0].startswith(b"GET / HTTP/1.1\r\n")
    assert b"transfer-encoding" not in heard[0].lower()


def test_every_status_but_a_redirect_is_a_reply() -> None:
    statuses = (200, 201, 400, 401, 429, 500, 503)
    found = []

    for status in statuses:
        with saying(f"HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\n{{}}".encode()) as server:
            found.append(post(server.url).status)

    assert tuple(found) == statuses


def test_reply_in_chunks_is_joined() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"

    with saying(chunked) as server:
        assert post(server.url).body == b"{}"


def test_reply_without_length_ends_with_the_connection() -> None:
    with saying(b"HTTP/1.0 200 OK\r\n\r\n{", b"}") as server:
        assert post(server.url).body == b"{}"


def test_reply_is_never_unpacked() -> None:
    packed = gzip.compress(b"0" * 10_000_000)[:900]
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"

    with saying(head.encode() + packed) as server:
        assert post(server.url).body == packed


def test_time_taken_is_told() -> None:
    with saying(OK[:10], OK[10:], every_seconds=0.2) as server:
        assert 200 <= post(server.url).took_ms < 5000


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(status: int) -> None:
    head = f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:1/x?secret=1\r\n\r\n"

    with saying(head.encode()) as server:
        error = trouble(server.url)

    assert type(error) is DetectorRefusedUs
    assert "http://127.0.0.1:1/x" in error.detail
    assert "secret" not in error.detail
    assert not error.maybe_paid


def test_refused_connection_is_tried_three_times_and_is_free() -> None:
    started = time.monotonic()

    error = trouble(f"http://127.0.0.1:{closed_port()}/")

    assert (type(error), error.maybe_paid) == (DetectorUnreachable, False)
    assert time.monotonic() - started >= sum(transport.QUICK_PAUSES_SECONDS)


def test_server_that_is_just_starting_is_reached() -> None:
    port = closed_port()

    def serve_later() -> None:
        time.sleep(0.1)
        with socket.create_server(("127.0.0.1", port)) as listener:
            connection, _ = listener.accept()
            with connection:
                hear(connection)
                connection.sendall(OK)

    thread = threading.Thread(target=serve_later)
    thread.start()
    reply = post(f"http://127.0.0.1:{port}/")
    thread.join()

    assert reply.body == b"{}"


@pytest.fixture
def deaf_url() -> Iterator[str]:
    """Connections to it stay in the queue of the kernel for ever, unanswered."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for caller in waiting:
            caller.settimeout(0)
            caller.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for caller in waiting:
            caller.close()


def test_connecting_too_long_is_free(deaf_url: str) -> None:
    with pytest.raises(DetectorUnreachable) as caught:
        transport.post_json(deaf_url, {}, {}, connect_seconds=0.1, read_seconds=5.0)

    assert not caught.value.maybe_paid


def test_unknown_host_is_free_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = []

    def fail(host: str, *_: object, **__: object) -> None:
        looked_up.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    error = trouble("http://nowhere.example/")

    assert (type(error), error.maybe_paid) == (DetectorUnreachable, False)
    assert looked_up == ["nowhere.example"]


def test_host_that_is_no_name_is_free() -> None:
    error = trouble(f"http://{'a' * 64}.example/")

    assert (type(error), error.maybe_paid) == (DetectorUnreachable, False)


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")

    with saying(OK) as server:
        assert post(server.url).body == b"{}"


def bytewise(content: bytes) -> list[bytes]:
    return [content[i : i + 1] for i in range(len(content))]


@pytest.mark.parametrize(
    "pieces",
    [
        [b""],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", b""],
        bytewise(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000),
        [b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", *bytewise(b" " * 900)],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 100,
    ],
    ids=["silence", "silence in the body", "slow headers", "slow body", "100 Continue"],
)
def test_silence_and_dripping_end_at_the_deadline_and_may_have_cost_money(
    pieces: list[bytes],
) -> None:
    started = time.monotonic()

    with saying(*pieces, every_seconds=0.1 if len(pieces) > 2 else 9) as server:
        error = trouble(server.url, read_seconds=0.5)

    assert (type(error), error.maybe_paid, error.max_retries) == (AnswerLost, True, 1)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["nothing", "short body", "short chunk", "no chunk size", "no chunk"],
)
def test_answer_that_was_cut_off_may_have_cost_money(said: bytes) -> None:
    with saying(said) as server:
        error = trouble(server.url)

    assert (type(error), error.maybe_paid) == (AnswerLost, True)


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/9 200\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n{}",
    ],
    ids=["ssh", "status", "version", "binary", "200 headers", "long header"],
)
def test_what_is_not_http_is_unreadable(said: bytes) -> None:
    with saying(said) as server:
        error = trouble(server.url)

    assert (type(error), error.retryable, error.maybe_paid) == (UnreadableAnswer, False, True)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n",
    ],
    ids=["length", "no length", "chunked"],
)
def test_reply_that_is_too_long_is_let_go_with_its_beginning(head: bytes) -> None:
    with saying(head + b"x" * 5000) as server:
        error = trouble(server.url)

    assert type(error) is UnreadableAnswer
    assert error.raw.startswith(b"xxx")
    assert len(error.raw) <= 4096


def test_server_that_answers_before_it_has_heard_everything_is_understood() -> None:
    def behave(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass

    with RawServer(behave) as server:
        reply = form(server.url, b"x" * 5_000_000)

    assert reply.status == 413


def test_server_that_hangs_up_while_we_send_leaves_the_answer_lost() -> None:
    def behave(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(1000)  # closing with data unread resets the connection

    with RawServer(behave) as server, pytest.raises(AnswerLost):
        form(server.url, b"x" * 5_000_000)


def test_server_that_never_listens_is_left_at_the_deadline() -> None:
    def behave(_: socket.socket, over: threading.Event) -> None:
        over.wait(9)

    with RawServer(behave) as server, pytest.raises(AnswerLost) as caught:
        form(server.url, b"x" * 20_000_000, read_seconds=0.5)

    assert caught.value.detail == "the request could not be sent in time"


def form(url: str, content: bytes, *, read_seconds: float = 5.0) -> Reply:
    return transport.post_form(
        url,
        {"key": "a/b"},
        FormFile(name="b.jpg", content_type="image/jpeg", content=content),
        connect_seconds=5.0,
        read_seconds=read_seconds,
    )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody has signed."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("needs openssl")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )  # fmt: skip
    with path.open("ab") as both:
        both.write(path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def tls_url(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def behave(connection: socket.socket, _: threading.Event) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            hear(secure)
            secure.sendall(OK)

    with RawServer(behave) as server:
        yield server.url.replace("http:", "https:")


def test_certificate_nobody_signed_is_refused_before_anything_is_sent(tls_url: str) -> None:
    error = trouble(tls_url)

    assert (type(error), error.maybe_paid) == (DetectorUnreachable, False)
    assert "CERTIFICATE_VERIFY_FAILED" in error.detail


def test_trusted_certificate_is_taken(
    tls_url: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate.with_suffix(".crt")))
    monkeypatch.setattr(transport, "_tls", lambda: trusting)

    assert post(tls_url).body == b"{}"


def test_silence_in_the_handshake_is_free() -> None:
    with saying(b"", every_seconds=9) as server, pytest.raises(DetectorUnreachable) as caught:
        transport.post_json(
            server.url.replace("http:", "https:"), {}, {}, connect_seconds=0.2, read_seconds=5.0
        )

    assert not caught.value.maybe_paid


def test_no_byte_is_waited_for_after_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"x")
        late = TimedReader(ours, time.monotonic() - 1)

        with pytest.raises(TimeoutError):
            late.readinto(bytearray(1))
