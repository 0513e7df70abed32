"""What a download may do."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from .addresses import Network, is_public, is_within
from .limits import DEFAULT

Resolver = Callable[[str], Sequence[str]]


def look_up(host: str) -> list[str]:
    """Every address of a host, in numeric form, from the system's resolver.

    Raises OSError or UnicodeError when there is none. Knows no limit of time.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """Limits and permissions of a download. The defaults are for the public internet.

    Raises ValueError for a proxy that is not written as one.
    """

    max_bytes: int = DEFAULT.max_bytes
    total_seconds: float = 20
    """For all of it: names, connections, redirects, headers and body."""
    connect_seconds: float = 5
    """For one connection."""
    max_redirects: int = 3
    ports: frozenset[int] = frozenset({80, 443})
    allow: tuple[Network, ...] = ()
    """Networks that may be reached although they are not public."""
    deny: tuple[Network, ...] = ()
    """Networks that may not be reached although they are public, such as our own."""
    deny_hosts: frozenset[str] = frozenset()
    """Names, in lower case, that may not be asked for, such as our own; one that begins with a dot
    stands for all names below it too."""
    proxy: str = ""
    """http://[user:password@]host:port of a filtering proxy, which looks names up itself."""
    ca_file: str = ""
    """Certificates to trust instead of the usual ones."""
    user_agent: str = "emojicheck"
    resolve: Resolver = look_up

    def __post_init__(self) -> None:
        if not self.proxy:
            return
        parts = urlsplit(self.proxy)
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise ValueError("a proxy is written as http://[user:password@]host:port")

    def denies(self, host: str) -> bool:
        """Whether a name, in lower case and without a dot at its end, may not be asked for."""
        parents = (host[at:] for at, character in enumerate(host) if character == ".")
        return not self.deny_hosts.isdisjoint({host, f".{host}", *parents})

    def permits(self, address: str) -> bool:
        """Whether a numeric address may be connected to."""
        number = ip_address(address)
        if is_within(number, self.deny):
            return False
        return is_within(number, self.allow) or is_public(address)


PUBLIC = FetchPolicy()
