from __future__ import annotations

import contextlib
import socket
import threading
import time
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest

from emojicheck.pictures import (
    FetchCode,
    FetchError,
    FetchPolicy,
    check_address,
    fetch_picture,
    policy,
)
from tests import pictures
from tests.standin.picture_host import LOOPBACK, PictureHost

from .certificates import certify
from .egress_proxy import EgressProxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def internet() -> Iterator[PictureHost]:
    with PictureHost() as host:
        yield host


@pytest.fixture
def host(internet: PictureHost) -> PictureHost:
    internet.requests.clear()
    return internet


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that somebody tries to connect to; nobody gets through."""
    tried: list[Any] = []

    def refuse(_: socket.socket, address: Any) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    return tried


def error_of(url: str, rules: FetchPolicy) -> FetchError:
    with pytest.raises(FetchError) as raised:
        fetch_picture(url, policy=rules)
    return raised.value


def answers(*lists: list[str]) -> Callable[[str], Sequence[str]]:
    """A resolver that says something else each time; the last answer is repeated."""
    waiting = list(lists)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


# Well


@pytest.mark.parametrize("path", ["/picture.jpg", "/no-length", "/chunked", "/long"])
def test_picture_is_downloaded(host: PictureHost, path: str) -> None:
    assert fetch_picture(host.url(path), policy=host.policy()) == host.picture


def test_request_says_as_little_as_it_can(
    host: PictureHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine pictures.test login bob password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))

    fetch_picture(host.url("/picture.jpg?a=1#part"), policy=host.policy())

    (request,) = host.requests
    assert (request.method, request.path) == ("GET", "/picture.jpg?a=1")
    assert request.headers == {
        "host": f"pictures.test:{host.port}",
        "user-agent": "emojicheck",
        "accept": "image/jpeg,image/png,image/webp;q=0.9,*/*;q=0.5",
        "accept-encoding": "identity",
        "connection": "close",
    }


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_proxy_of_the_environment_is_not_used(
    host: PictureHost, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert fetch_picture(host.url(), policy=host.policy()) == host.picture


@pytest.mark.parametrize(
    "location", ["/picture.jpg", "picture.jpg", "//other.test:{port}/picture.jpg"]
)
def test_redirect_is_followed(host: PictureHost, location: str) -> None:
    url = host.url("/redirect?" + location.format(port=host.port))

    assert fetch_picture(url, policy=host.policy()) == host.picture


@pytest.mark.parametrize("sent", ["%C3%BC", "%FC"], ids=["utf-8", "latin-1"])
def test_redirect_need_not_be_ascii(host: PictureHost, sent: str) -> None:
    url = host.url(f"/redirect-raw?/picture.jpg%3F{sent}")

    fetch_picture(url, policy=host.policy())

    assert host.requests[-1].path == "/picture.jpg?%C3%BC"


def test_three_redirects_are_followed_and_a_fourth_is_not(host: PictureHost) -> None:
    three = "/redirect?/redirect-307?/redirect?/picture.jpg"

    assert fetch_picture(host.url(three), policy=host.policy()) == host.picture

    error = error_of(host.url("/redirect?" + three), host.policy())
    assert (error.code, error.facts) == (FetchCode.TOO_MANY_REDIRECTS, {"limit": 3})


def test_second_address_is_tried_when_the_first_refuses(host: PictureHost) -> None:
    rules = host.policy(
        allow=(*LOOPBACK, ip_network("::1/128")), resolve=answers(["::1", "127.0.0.1"])
    )

    assert fetch_picture(host.url(), policy=rules) == host.picture


# Not a way in

SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "0",
    "0.0.0.0",  # noqa: S104 - nothing is bound
    "localhost",
    "LOCALHOST.",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "[::ffff:169.254.169.254]",
    "169.254.170.2",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "10.0.0.1",
    "10.1",
    "172.16.0.1",
    "192.168.1.1",
    "192.168.257",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_socket_is_opened_to_an_address_that_is_not_public(
    connections: list[Any], scheme: str, spelling: str
) -> None:
    error = error_of(f"{scheme}://{spelling}/", FetchPolicy())

    assert (error.code, error.facts, error.retryable) == (FetchCode.UNREACHABLE, {}, False)
    assert connections == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1%lo"]
)
def test_no_socket_is_opened_for_a_name_that_leads_inside(
    connections: list[Any], address: str
) -> None:
    error = error_of("http://evil.test/", FetchPolicy(resolve=answers([address])))

    assert error.code is FetchCode.UNREACHABLE
    assert connections == []


@pytest.mark.parametrize(
    "found",
    [["93.184.216.34", "127.0.0.1"], ["10.0.0.1", "93.184.216.34"], ["93.184.216.34", "::1"]],
)
def test_one_private_address_among_several_is_enough_to_refuse(
    connections: list[Any], found: list[str]
) -> None:
    error = error_of("http://evil.test/", FetchPolicy(resolve=answers(found)))

    assert error.code is FetchCode.UNREACHABLE
    assert connections == []


def test_public_address_is_connected_to_as_it_was_checked(connections: list[Any]) -> None:
    resolve = answers(["93.184.216.34", "2606:2800:220:1::1"], ["127.0.0.1"])

    error = error_of("https://good.test/", FetchPolicy(resolve=resolve))

    assert connections == [("93.184.216.34", 443), ("2606:2800:220:1::1", 443)]
    assert (error.code, error.retryable) == (FetchCode.UNREACHABLE, True)


def test_name_that_changes_its_mind_is_looked_up_once(host: PictureHost) -> None:
    rules = host.policy(resolve=answers(["127.0.0.1"], ["10.0.0.1"]))

    assert fetch_picture(host.url(), policy=rules) == host.picture


def test_name_that_changes_its_mind_is_looked_up_again_for_a_redirect(host: PictureHost) -> None:
    rules = host.policy(resolve=answers(["127.0.0.1"], ["10.0.0.1"]))

    error = error_of(host.url("/redirect?/picture.jpg"), rules)

    assert error.code is FetchCode.UNREACHABLE
    assert len(host.requests) == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1:{port}/",
        "http://169.254.169.254:{port}/latest/meta-data/",
        "http://[::1]:{port}/",
        "http://2852039166:{port}/",
        "//127.0.0.2:{port}/",
        "http://127.0.0.1:22/",
        "http://user:password@pictures.test:{port}/",
        "file:///etc/passwd",
        "ftp://pictures.test/",
        "gopher://pictures.test/",
        "javascript:alert(1)",
        "http://[::1",
    ],
)
def test_redirect_to_where_one_may_not_go_is_unreachable(host: PictureHost, location: str) -> None:
    error = error_of(host.url("/redirect?" + location.format(port=host.port)), host.policy())

    assert (error.code, error.facts, error.retryable) == (FetchCode.UNREACHABLE, {}, False)
    assert len(host.requests) == 1


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_row_31_redirect_inside_opens_no_second_socket(
    host: PictureHost, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    """A public host sends us on, under the rules that hold in earnest."""
    connect, tried = socket.socket.connect, []

    def note(wire: socket.socket, address: Any) -> None:
        tried.append(address)
        connect(wire, ("127.0.0.1", host.port))

    monkeypatch.setattr(socket.socket, "connect", note)
    rules = FetchPolicy(
        resolve=lambda name: ["93.184.216.34"] if name == "public.test" else policy.look_up(name)
    )

    error = error_of(f"http://public.test/redirect?http://{spelling}/", rules)

    assert (error.code, error.facts, error.retryable) == (FetchCode.UNREACHABLE, {}, False)
    assert tried == [("93.184.216.34", 80)]
    assert len(host.requests) == 1


def test_private_address_looks_like_a_name_that_is_not_there(connections: list[Any]) -> None:
    def nowhere(_: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    private = error_of("http://a.test/", FetchPolicy(resolve=answers(["10.0.0.1"])))
    missing = error_of("http://a.test/", FetchPolicy(resolve=nowhere))

    assert (private.code, private.facts, private.retryable) == (
        missing.code,
        missing.facts,
        missing.retryable,
    )
    assert connections == []


def test_own_name_may_be_denied(host: PictureHost) -> None:
    rules = host.policy(deny_hosts=frozenset({"pictures.test"}))

    assert error_of(host.url(), rules).code is FetchCode.UNREACHABLE
    assert error_of(host.url(host="PICTURES.test."), rules).code is FetchCode.UNREACHABLE
    assert host.requests == []


def test_own_address_may_be_denied(connections: list[Any]) -> None:
    rules = FetchPolicy(deny=(ip_network("93.184.216.0/24"),), resolve=answers(["93.184.216.34"]))

    assert error_of("http://good.test/", rules).code is FetchCode.UNREACHABLE
    assert connections == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://good.test:22/", "http://a:b@good.test/"]
)
def test_bad_address_is_told_apart(connections: list[Any], url: str) -> None:
    assert error_of(url, FetchPolicy()).code is FetchCode.BAD_URL
    assert connections == []


def test_address_is_checked_without_looking_anything_up() -> None:
    def ask(_: str) -> list[str]:
        raise AssertionError

    rules = FetchPolicy(resolve=ask)

    check_address("https://evil.test/a.jpg", policy=rules)
    with pytest.raises(FetchError) as raised:
        check_address("https://evil.test:22/a.jpg", policy=rules)
    assert raised.value.code is FetchCode.BAD_URL


# What servers do


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [
        (404, FetchCode.NOT_FOUND, False),
        (410, FetchCode.NOT_FOUND, False),
        (204, FetchCode.REFUSED, False),
        (206, FetchCode.REFUSED, False),
        (304, FetchCode.REFUSED, False),
        (401, FetchCode.REFUSED, False),
        (403, FetchCode.REFUSED, False),
        (429, FetchCode.REFUSED, True),
        (500, FetchCode.REFUSED, True),
        (503, FetchCode.REFUSED, True),
    ],
)
def test_only_ok_is_ok(host: PictureHost, status: int, code: FetchCode, *, retryable: bool) -> None:
    error = error_of(host.url(f"/status/{status}"), host.policy())

    assert (error.code, error.facts, error.retryable) == (code, {"status": status}, retryable)


def test_redirect_to_nowhere_is_a_refusal(host: PictureHost) -> None:
    error = error_of(host.url("/redirect-blank"), host.policy())

    assert (error.code, error.facts) == (FetchCode.REFUSED, {"status": 302})


@pytest.mark.parametrize(
    ("path", "facts"), [("/page", {"found": "HTML"}), ("/json", {"found": "text"}), ("/empty", {})]
)
def test_what_is_plainly_no_picture_is_said_so(
    host: PictureHost, path: str, facts: dict[str, str]
) -> None:
    error = error_of(host.url(path), host.policy())

    assert (error.code, error.facts) == (FetchCode.NOT_A_PICTURE, facts)


@pytest.mark.parametrize("path", ["/announces-too-much", "/endless"])
def test_too_much_is_cut_off(host: PictureHost, path: str) -> None:
    error = error_of(host.url(path), host.policy(max_bytes=MIB))

    assert (error.code, error.facts) == (FetchCode.TOO_LARGE, {"limit": MIB})


@pytest.mark.parametrize(("limit_offset", "fits"), [(0, True), (-1, False)])
@pytest.mark.parametrize("path", ["/picture.jpg", "/no-length", "/chunked"])
def test_limit_of_bytes_is_exact(
    host: PictureHost, path: str, limit_offset: int, *, fits: bool
) -> None:
    rules = host.policy(max_bytes=len(host.picture) + limit_offset)

    if fits:
        assert fetch_picture(host.url(path), policy=rules) == host.picture
    else:
        assert error_of(host.url(path), rules).code is FetchCode.TOO_LARGE


def test_nothing_is_unpacked(host: PictureHost) -> None:
    body = fetch_picture(host.url("/gzip-bomb"), policy=host.policy())

    assert body.startswith(b"\x1f\x8b")
    assert len(body) < MIB


@pytest.mark.parametrize("path", ["/short", "/cut-chunks"])
def test_part_of_a_picture_is_never_taken(host: PictureHost, path: str) -> None:
    error = error_of(host.url(path), host.policy())

    assert (error.code, error.retryable) == (FetchCode.INCOMPLETE, True)


@pytest.mark.parametrize("path", ["/hang-up", "/not-http", "/many-headers", "/long-header"])
def test_answer_that_is_none_is_unreachable(host: PictureHost, path: str) -> None:
    assert error_of(host.url(path), host.policy()).code is FetchCode.UNREACHABLE


def test_port_where_nobody_listens_is_unreachable() -> None:
    with PictureHost() as gone:
        url, rules = gone.url(), gone.policy()

    error = error_of(url, rules)

    assert (error.code, error.retryable) == (FetchCode.UNREACHABLE, True)


# Time


@pytest.mark.parametrize("path", ["/drip", "/drip-headers", "/silence", "/redirect?/silence"])
def test_slow_server_is_given_up_at_the_deadline(host: PictureHost, path: str) -> None:
    begun = time.monotonic()

    error = error_of(host.url(path), host.policy(total_seconds=0.6))

    assert (error.code, error.facts, error.retryable) == (FetchCode.TOO_SLOW, {"limit": 1}, True)
    assert 0.5 < time.monotonic() - begun < 3


def test_slow_look_up_is_given_up_at_the_deadline(host: PictureHost) -> None:
    done = threading.Event()

    def ponder(_: str) -> list[str]:
        done.wait(10)
        return ["127.0.0.1"]

    begun = time.monotonic()

    error = error_of(host.url(), host.policy(total_seconds=0.3, resolve=ponder))

    done.set()
    assert error.code is FetchCode.TOO_SLOW
    assert time.monotonic() - begun < 3
    assert host.requests == []


def test_temporary_failure_of_the_look_up_is_worth_another_try(host: PictureHost) -> None:
    def fail(_: str) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    error = error_of(host.url(), host.policy(resolve=fail))

    assert (error.code, error.retryable) == (FetchCode.UNREACHABLE, True)


def test_name_that_leads_nowhere_is_unreachable(host: PictureHost) -> None:
    assert error_of(host.url(), host.policy(resolve=answers([]))).code is FetchCode.UNREACHABLE


# TLS


def test_picture_is_downloaded_over_tls(tmp_path: Path) -> None:
    certified = certify(tmp_path, "pictures.test")

    with PictureHost(certificate=certified.server) as host:
        rules = host.policy(ca_file=certified.authority)
        assert fetch_picture(host.url(), policy=rules) == host.picture


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "SSL_CERT_FILE"])
def test_row_33_environment_changes_nothing_over_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    certified = certify(tmp_path, "pictures.test")
    monkeypatch.setenv(name, "/nowhere" if "FILE" in name else "http://127.0.0.1:9")

    with PictureHost(certificate=certified.server) as host:
        rules = host.policy(ca_file=certified.authority)
        assert fetch_picture(host.url(), policy=rules) == host.picture


def test_row_33_authority_of_the_environment_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certified = certify(tmp_path, "pictures.test")
    monkeypatch.setenv("SSL_CERT_FILE", str(certified.authority))

    with PictureHost(certificate=certified.server) as host:
        assert error_of(host.url(), host.policy()).code is FetchCode.UNREACHABLE


@pytest.mark.parametrize(
    ("name", "days", "trusted"),
    [("other.test", 1, True), ("pictures.test", -1, True), ("pictures.test", 1, False)],
    ids=["another name", "expired", "signed by itself"],
)
def test_bad_certificate_is_unreachable(
    tmp_path: Path, name: str, days: int, *, trusted: bool
) -> None:
    certified = certify(tmp_path, name, days=days)

    with PictureHost(certificate=certified.server) as host:
        rules = host.policy(ca_file=certified.authority if trusted else "")
        error = error_of(host.url(), rules)

    assert (error.code, error.retryable) == (FetchCode.UNREACHABLE, False)
    assert "CERTIFICATE_VERIFY_FAILED" in error.detail
    assert host.requests == []


@pytest.mark.parametrize("path", ["/drip", "/drip-headers"])
def test_slow_server_over_tls_is_given_up_at_the_deadline(tmp_path: Path, path: str) -> None:
    certified = certify(tmp_path, "pictures.test")
    begun = time.monotonic()

    with PictureHost(certificate=certified.server) as host:
        rules = host.policy(ca_file=certified.authority, total_seconds=0.6)
        error = error_of(host.url(path), rules)

    assert error.code is FetchCode.TOO_SLOW
    assert time.monotonic() - begun < 3


def test_dripping_handshake_is_given_up_at_the_deadline() -> None:
    done = threading.Event()

    def drip() -> None:
        client, _ = listener.accept()
        with client, contextlib.suppress(OSError):
            client.sendall(b"\x16\x03\x03\x20\x00")
            while not done.wait(0.1):
                client.sendall(b"\x02")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=drip)
        thread.start()
        rules = FetchPolicy(
            ports=frozenset({port}),
            allow=LOOPBACK,
            resolve=answers(["127.0.0.1"]),
            total_seconds=0.6,
        )
        begun = time.monotonic()

        error = error_of(f"https://good.test:{port}/", rules)

        assert time.monotonic() - begun < 3
        thread.join()
        done.set()
    assert error.code is FetchCode.TOO_SLOW


# Through a proxy of our own


def test_proxy_is_asked_by_name(host: PictureHost) -> None:
    with EgressProxy(host) as proxy:
        rules = FetchPolicy(proxy=f"http://127.0.0.1:{proxy.port}", total_seconds=5)
        body = fetch_picture("http://good.test/picture.jpg", policy=rules)

    assert body == host.picture
    (head,) = proxy.heads
    assert head.startswith("GET http://good.test/picture.jpg HTTP/1.1\r\n")
    assert "\r\nHost: good.test\r\n" in head


def test_proxy_makes_a_tunnel_for_tls(tmp_path: Path) -> None:
    certified = certify(tmp_path, "good.test")

    with PictureHost(certificate=certified.server) as host, EgressProxy(host) as proxy:
        rules = FetchPolicy(
            proxy=f"http://us:p%40ss@127.0.0.1:{proxy.port}", ca_file=certified.authority
        )
        body = fetch_picture("https://good.test/picture.jpg", policy=rules)

    assert body == host.picture
    (head,) = proxy.heads
    assert head.startswith("CONNECT good.test:443 HTTP/1.1\r\nHost: good.test:443\r\n")
    assert "Proxy-Authorization: Basic dXM6cEBzcw==" in head
    assert "proxy-authorization" not in host.requests[0].headers


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_that_refuses_is_believed(host: PictureHost, scheme: str) -> None:
    with EgressProxy(host, refuses=True) as proxy:
        rules = FetchPolicy(proxy=f"http://127.0.0.1:{proxy.port}")
        error = error_of(f"{scheme}://good.test/", rules)

    assert error.code in {FetchCode.UNREACHABLE, FetchCode.REFUSED}


@pytest.mark.parametrize("spelling", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "own.test"])
def test_proxy_is_not_asked_for_what_is_plainly_inside(
    connections: list[Any], spelling: str
) -> None:
    rules = FetchPolicy(proxy="http://127.0.0.1:3128", deny_hosts=frozenset({"own.test"}))

    assert error_of(f"http://{spelling}/", rules).code is FetchCode.UNREACHABLE
    assert connections == []


@pytest.mark.parametrize("proxy", ["proxy", "socks5://proxy:1", "http://proxy", "http://:3128"])
def test_proxy_that_is_misspelt_is_our_mistake(proxy: str) -> None:
    with pytest.raises(ValueError, match="a proxy is written as"):
        FetchPolicy(proxy=proxy)


# Defaults


def test_defaults_reach_the_public_internet_only() -> None:
    assert policy.PUBLIC.permits("93.184.216.34")
    assert not policy.PUBLIC.permits("127.0.0.1")
    assert (policy.PUBLIC.ports, policy.PUBLIC.proxy) == (frozenset({80, 443}), "")


def test_picture_of_the_host_may_be_chosen() -> None:
    picture = pictures.make_picture(500, 500, file_format="PNG")

    with PictureHost(picture=picture) as host:
        assert fetch_picture(host.url(), policy=host.policy()) == picture
