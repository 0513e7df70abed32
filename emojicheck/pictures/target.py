"""What an address typed or pasted by a stranger asks for, decided from its spelling alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit

import idna

from .errors import FetchCode, FetchError

MAX_URL_CHARS = 4_096
DEFAULT_PORTS = {"http": 80, "https": 443}

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\Z")

# What may stand in a path or a query as it is; anything else is percent-encoded.
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?[]{}|^`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One GET request, in parts that need no further parsing by anybody."""

    scheme: str
    """http or https."""
    host: str
    """An ASCII name or a numeric address, in lower case, IPv6 without brackets."""
    port: int
    path: str
    """Path and query: printable ASCII without spaces."""

    @property
    def authority(self) -> str:
        """Host and port as they stand in a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    def join(self, location: str, ports: frozenset[int]) -> Target:
        """Where a redirect leads. Raises FetchError (bad_url) like `parse_target`."""
        try:
            return parse_target(urljoin(self.url, location), ports)
        except ValueError as error:
            raise _bad(f"cannot be joined: {error!r}") from error


def parse_target(url: str, ports: frozenset[int]) -> Target:
    """Take an http or https address apart.

    Raises FetchError (bad_url) for other schemes and ports, user names and passwords, control
    characters, backslashes, names that cannot be looked up, and anything overlong.
    """
    url = url.strip()
    if len(url) > MAX_URL_CHARS:
        raise _bad("too long")
    if _FORBIDDEN.search(url):
        raise _bad("control characters or backslashes")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _host(parts.hostname or "")
    except (ValueError, UnicodeError) as error:
        raise _bad(repr(error)) from error
    if parts.scheme not in DEFAULT_PORTS:
        raise _bad("not http or https")
    if "@" in parts.netloc:
        raise _bad("user name or password", found="user")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in ports:
        raise _bad("another port", found="port")
    path = quote(parts.path, safe=_PATH_SAFE) or "/"
    if parts.query:
        path += "?" + quote(parts.query, safe=_QUERY_SAFE)
    return Target(scheme=parts.scheme, host=host, port=port, path=path)


def _host(host: str) -> str:
    """The name as DNS wants it, or the IPv6 address. Raises ValueError if it is neither."""
    if ":" in host:
        return str(IPv6Address(host)) if "%" not in host else _refuse(host)
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()
    host = host.removesuffix(".")
    return host if _HOST.match(host) else _refuse(host)


def _refuse(host: str) -> str:
    raise ValueError(f"not a host: {host[:100]!r}")


def _bad(detail: str, **facts: str) -> FetchError:
    return FetchError(FetchCode.BAD_URL, facts, detail=detail)
