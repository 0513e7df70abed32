from __future__ import annotations

import ipaddress
import string
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emojicheck.pictures import FetchCode, FetchError
from emojicheck.pictures.target import Target, parse_target

PORTS = frozenset({80, 443})


def target(url: str) -> Target:
    return parse_target(url, PORTS)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://good.test", ("http", "good.test", 80, "/")),
        ("https://good.test/a/b.jpg?x=1&y=2", ("https", "good.test", 443, "/a/b.jpg?x=1&y=2")),
        ("  http://good.test/a \n", ("http", "good.test", 80, "/a")),
        ("HTTP://Good.TEST./A", ("http", "good.test", 80, "/A")),
        ("http://good.test:443/", ("http", "good.test", 443, "/")),
        ("http://good.test:/", ("http", "good.test", 80, "/")),
        ("https://good.test/a#part", ("https", "good.test", 443, "/a")),
        ("https://good.test?x", ("https", "good.test", 443, "/?x")),
        ("https://good.test/a%20b%2Fc", ("https", "good.test", 443, "/a%20b%2Fc")),
        ("https://good.test/a b", ("https", "good.test", 443, "/a%20b")),
        ("https://good.test/照片.jpg", ("https", "good.test", 443, "/%E7%85%A7%E7%89%87.jpg")),
        ("https://good.test/%0d%0aX: y", ("https", "good.test", 443, "/%0d%0aX:%20y")),
        ("https://good.test/a@b", ("https", "good.test", 443, "/a@b")),
        ("https://bücher.example/", ("https", "xn--bcher-kva.example", 443, "/")),
        ("https://例え.テスト/", ("https", "xn--r8jz45g.xn--zckzah", 443, "/")),
        ("http://127.1/", ("http", "127.1", 80, "/")),
        ("http://127。0。0。1/", ("http", "127.0.0.1", 80, "/")),
        ("http://①②⑦.⓪.⓪.①/", ("http", "127.0.0.1", 80, "/")),
        ("http://[2001:DB8:0::1]/", ("http", "2001:db8::1", 80, "/")),
        ("http://my_host/", ("http", "my_host", 80, "/")),
    ],
)
def test_ordinary_address_is_taken_apart(url: str, expected: tuple[str, str, int, str]) -> None:
    found = target(url)

    assert (found.scheme, found.host, found.port, found.path) == expected


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://good.test/", "good.test"),
        ("https://good.test:443/", "good.test"),
        ("http://good.test:443/", "good.test:443"),
        ("http://[::1]/", "[::1]"),
        ("https://[::1]:80/", "[::1]:80"),
    ],
)
def test_host_header_names_the_port_only_if_it_is_unusual(url: str, authority: str) -> None:
    assert target(url).authority == authority
    assert target(url).url == f"{url.split(':')[0]}://{authority}/"


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "good.test/a.jpg",
        "//good.test/a.jpg",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://good.test/",
        "gopher://good.test/",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "http:good.test/",
        "http:/good.test/",
        "http:///good.test/",
        "http://:80/",
        "http://good.test:22/",
        "http://good.test:0/",
        "http://good.test:6379/",
        "http://good.test:8080/",
        "http://good.test:99999/",
        "http://good.test:-80/",
        "http://good.test:8 0/",
        "http://user@good.test/",
        "http://user:password@good.test/",
        "http://good.test:80@127.0.0.1:80/",
        "http://127.0.0.1%2f@good.test/",
        "http://@good.test/",
        "http://good.test\\@127.0.0.1/",
        "http://127.0.0.1\\@good.test/",
        "http://good.test/\r\nX: y",
        "http://good.test\r\nHost: evil/",
        "http://good.test/\tx",
        "http://good.test/\x00",
        "http://good.test/\x7f",
        "http://good.test/\ud83d",
        "http://good test/",
        "http://good%2etest/",
        "http://.test/",
        "http://a..test/",
        "http://-a.test/",
        "http://a-.test/",
        "http://xn--/",
        "http://xn--\u00fc/",
        "http://" + "a" * 64 + ".test/",
        "http://" + "a." * 127 + "test/",
        "http://good.test／evil/",
        "http://[::1/",
        "http://::1/",
        "http://[fe80::1%25lo]/",
        "http://[v1.fe80::1]/",
        "http://[127.0.0.1]/",
        "http://good.test/" + "a" * 5_000,
    ],
)
def test_any_other_address_is_bad(url: str) -> None:
    with pytest.raises(FetchError) as raised:
        target(url)

    assert (raised.value.code, raised.value.retryable) == (FetchCode.BAD_URL, False)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("b.jpg", "http://good.test/a/b.jpg"),
        ("/b.jpg", "http://good.test/b.jpg"),
        ("?x=1", "http://good.test/a/?x=1"),
        ("//other.test/b", "http://other.test/b"),
        ("https://other.test/b", "https://other.test/b"),
        ("#part", "http://good.test/a/"),
    ],
)
def test_redirect_is_joined(location: str, expected: str) -> None:
    assert target("http://good.test/a/").join(location, PORTS).url == expected


@pytest.mark.parametrize("location", ["file:///x", "http://good.test:22/", "http://[::1"])
def test_redirect_to_a_bad_address_is_bad(location: str) -> None:
    with pytest.raises(FetchError) as raised:
        target("http://good.test/a/").join(location, PORTS)

    assert raised.value.code is FetchCode.BAD_URL


URLS = st.one_of(
    st.text(),
    st.text().map("http://".__add__),
    st.text(string.printable).map("https://good.test".__add__),
    st.builds(
        "{}{}{}{}{}".format,
        st.sampled_from(["http://", "https://", "http:", "//", "HTTP://", "ftp://"]),
        st.sampled_from(["", "user@", "user:pw@", "127.0.0.1@", "\\", "%40"]),
        st.one_of(
            st.sampled_from(["good.test", "[::1]", "127.1", "0x7f.1", "localhost"]), st.text()
        ),
        st.sampled_from(["", ":80", ":22", ":", ":x"]),
        st.text().map("/".__add__),
    ),
)


@settings(deadline=None)  # other tests run at the same time
@given(URLS)
def test_whatever_is_typed_is_bad_or_safe_to_ask_for(url: str) -> None:
    try:
        found = target(url)
    except FetchError:
        return

    assert found.scheme in {"http", "https"}
    assert found.port in PORTS
    assert set(found.path) <= set(string.printable) - set(string.whitespace)
    assert found.path.startswith("/")
    assert set(found.host) <= set(string.ascii_lowercase + string.digits + ".-_:")


@settings(deadline=None)  # other tests run at the same time
@given(URLS)
def test_what_is_asked_for_reads_the_same_to_others(url: str) -> None:
    try:
        found = target(url)
    except FetchError:
        return

    again = urlsplit(found.url)

    assert (again.scheme, again.hostname) == (found.scheme, found.host)
    assert again.username is None
    assert target(found.url) == found


@settings(deadline=None)  # other tests run at the same time
@given(st.ip_addresses(v=6))
def test_any_ipv6_address_is_a_host(address: ipaddress.IPv6Address) -> None:
    assert ipaddress.ip_address(target(f"http://[{address}]/").host) == address
