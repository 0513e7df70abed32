"""Our web server: waitress, with limits that survive slow and greedy clients."""

from __future__ import annotations

import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from types import FrameType
from typing import Any

import waitress
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from . import bodies, connections
from .lanes import Lanes

CONNECTIONS = 1000
OPEN_FILES = 4096
"""Each connection may hold a second file: bodies above half a megabyte wait on disk."""

HEADER_BYTES = 64 * 1024
UNREAD_BYTES = 2**40
"""What may wait to be read by one client before waitress has a thread wait too: more than there
ever is, for a handful of clients that read nothing would leave no thread to the others."""
FINISH_SECONDS = 10
BACKLOG = 1024


Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on; port 0 takes any free one.

    Raises OSError when the address is taken or not ours.
    """
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def serve(listener: socket.socket, *, on_ready: Callable[[], None]) -> None:
    """Answer requests until SIGTERM or SIGINT; those being answered then are finished first."""
    _allow_open_files(OPEN_FILES)
    server = waitress.create_server(
        no_body_for_head(get_wsgi_application()),
        sockets=[listener],
        _dispatcher=Lanes(),
        outbuf_high_watermark=UNREAD_BYTES,
        connection_limit=CONNECTIONS,
        backlog=BACKLOG,
        channel_timeout=connections.IDLE_SECONDS,
        cleanup_interval=connections.TIDY_SECONDS,
        max_request_body_size=bodies.REQUEST_BYTES,
        max_request_header_size=HEADER_BYTES,
        asyncore_use_poll=True,  # select() ends at 1024 files
        ident=None,
        **_proxy_options(),
    )
    server.channel_class = connections.Connection
    server.maintenance = partial(connections.tidy, server)
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()
        server.pull_trigger()  # wakes the loop

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    on_ready()
    _run(server, stopping)


def no_body_for_head(application: Application) -> Application:
    """Waitress leaves it to the application; a client takes such a body for the next answer."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []

    return answer


def _run(server: Any, stopping: threading.Event) -> None:
    """Waitress's own loop, but for its end: there it drops answers that are not sent yet."""

    def turn(*, seconds: float) -> None:
        server.asyncore.loop(timeout=seconds, use_poll=True, map=server._map, count=1)
        server.task_dispatcher.go_on()

    while not stopping.is_set():
        turn(seconds=1)
    server.accepting = False
    deadline = time.monotonic() + FINISH_SECONDS
    while _is_answering(server) and time.monotonic() < deadline:
        turn(seconds=0.1)
    server.task_dispatcher.shutdown()


def _is_answering(server: Any) -> bool:
    channels = list(server.active_channels.values())
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


def _proxy_options() -> dict[str, Any]:
    """Whom to believe about the client's address: one proxy in front of us, or nobody."""
    if not settings.BEHIND_PROXY:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": settings.PROXY_ADDRESS,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto",
        "clear_untrusted_proxy_headers": True,
    }


def _allow_open_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
