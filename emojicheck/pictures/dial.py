"""Open a connection to an address that was checked, and to no other.

The usual clients look a name up again when they connect, after any check one can make before;
a name that changes its mind in between leads them anywhere.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import queue
import socket
import ssl
import threading
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import certifi

from .errors import FetchCode, FetchError
from .policy import look_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .deadline import Deadline
    from .policy import FetchPolicy, Resolver
    from .target import Target

MAX_ADDRESSES = 4


@contextlib.contextmanager
def dialled(target: Target, policy: FetchPolicy, deadline: Deadline) -> Iterator[socket.socket]:
    """A connection over which the request can be sent, closed afterwards.

    With a proxy it leads there, for https by a tunnel to the target. Raises FetchError
    (unreachable) or OSError; the deadline holds for everything sent and received over it.
    """
    connect = _connect_to_proxy if policy.proxy else _connect_to_target
    wire = connect(target, policy, deadline)
    with wire, deadline.cutting(wire):
        wire.settimeout(deadline.left())
        if target.scheme == "http":
            yield wire
            return
        if policy.proxy:
            _tunnel(wire, target, policy.proxy)
        context = ssl.create_default_context(cafile=policy.ca_file or certifi.where())
        with context.wrap_socket(wire, server_hostname=target.host) as secure:
            secure.settimeout(deadline.left())
            yield secure


def proxy_headers(proxy: str) -> dict[str, str]:
    """What the proxy wants to hear: its own password, if it has one."""
    parts = urlsplit(proxy)
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _connect(
    addresses: Sequence[str], port: int, policy: FetchPolicy, deadline: Deadline
) -> socket.socket:
    failure = OSError("no address")
    for address in addresses[:MAX_ADDRESSES]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        wire = socket.socket(family, socket.SOCK_STREAM)
        try:
            wire.settimeout(min(policy.connect_seconds, deadline.left()))
            wire.connect((address, port))
        except OSError as error:
            wire.close()
            failure = error
        else:
            return wire
    raise failure


def _connect_to_target(target: Target, policy: FetchPolicy, deadline: Deadline) -> socket.socket:
    addresses = _checked_addresses(target, policy, deadline)
    return _connect(addresses, target.port, policy, deadline)


def _connect_to_proxy(target: Target, policy: FetchPolicy, deadline: Deadline) -> socket.socket:
    """Names are for the proxy to look up and check; what is plainly an address is checked here."""
    if is_numeric(target.host) or policy.denies(target.host):
        _checked_addresses(target, policy, deadline)
    proxy = urlsplit(policy.proxy)
    addresses = _look_up_within(proxy.hostname or "", look_up, deadline)
    return _connect(addresses, proxy.port or 0, policy, deadline)


def _checked_addresses(target: Target, policy: FetchPolicy, deadline: Deadline) -> Sequence[str]:
    """Every address of the host, if each of them may be connected to."""
    if policy.denies(target.host):
        raise FetchError(FetchCode.UNREACHABLE, detail=f"denied host {target.host}")
    resolve = look_up if is_numeric(target.host) else policy.resolve
    addresses = _look_up_within(target.host, resolve, deadline)
    if not all(policy.permits(address) for address in addresses):
        raise FetchError(
            FetchCode.UNREACHABLE, detail=f"denied address: {target.host} at {addresses}"
        )
    return addresses


def _look_up_within(host: str, resolve: Resolver, deadline: Deadline) -> Sequence[str]:
    """Look a name up in a thread, because the system's resolver knows no limit of time."""
    outcome: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcome.put(resolve(host))
        except (OSError, UnicodeError) as error:
            outcome.put(error)

    threading.Thread(target=work, name="look-up", daemon=True).start()
    try:
        found = outcome.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError("looking up the name took too long") from None
    if isinstance(found, OSError | UnicodeError):
        # Not to be retried, so that a name that is not there looks exactly like one that leads
        # to a private address.
        again = isinstance(found, socket.gaierror) and found.errno == socket.EAI_AGAIN
        raise FetchError(
            FetchCode.UNREACHABLE, detail=f"{host}: {found!r}", retryable=again
        ) from found
    return found


def is_numeric(host: str) -> bool:
    """Whether the resolver would read the host as a number, in any of the old spellings."""
    if ":" in host:
        return True
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return True


def _tunnel(wire: socket.socket, target: Target, proxy: str) -> None:
    """Ask the proxy to connect us to the target."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    authority = f"{host}:{target.port}"
    headers = {"Host": authority, **proxy_headers(proxy)}
    lines = (f"CONNECT {authority} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items()), "", "")
    wire.sendall("\r\n".join(lines).encode())
    with contextlib.closing(http.client.HTTPResponse(wire, method="CONNECT")) as response:
        response.begin()
        if response.status != http.client.OK:
            raise FetchError(FetchCode.UNREACHABLE, detail=f"proxy said {response.status}")
