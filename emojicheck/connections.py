"""Connections of the web server that are cut when the other side takes its time on purpose.

Waitress has a limit for silence alone, and none while an answer waits to be read: whoever sends or
takes a byte now and then would keep a connection for ever, and a thousand of them the whole site.
"""

from __future__ import annotations

import math
import time
from typing import Any

from waitress.channel import HTTPChannel

from . import bodies

IDLE_SECONDS = 60
"""For how long a connection may be silent between two requests."""
CROWDED_SECONDS = 5
"""The same, and the patience below, when there is no room for further connections."""
PATIENCE_SECONDS = 60
SLOWEST_BYTES_PER_SECOND = 1_000
"""A request must be sent, and an answer taken, at this speed after an initial patience."""
HEADER_SECONDS = 30
READ_PAST_SECONDS = 10 * 60
"""For a body that is too large, of which nothing is kept."""
TIDY_SECONDS = 5
BODY_BYTES = 2 * 1024**3
"""Of all requests together that are here or coming in: bodies wait on the disk."""


class Connection(HTTPChannel):  # type: ignore[misc]  # waitress tells no types
    """Waitress's channel, which also knows since when it sends or takes what."""

    parser_class = bodies.Parser
    error_task_class = staticmethod(bodies.answer_to_an_error)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._request: object = None
        self._request_since = 0.0
        self._answer_since = 0.0
        self._taken = 0
        super().__init__(*args, **kwargs)

    def received(self, data: bytes) -> bool:
        more = bool(super().received(data))
        if self.request is not self._request:
            self._request, self._request_since = self.request, time.time()
        return more

    def send(self, data: bytes, *args: Any, **kwargs: Any) -> int:
        sent = int(super().send(data, *args, **kwargs))
        self._taken += sent
        return sent

    @property
    def incoming_bytes(self) -> int:
        """Of the body that is still coming in."""
        return int(self.request.body_bytes_received) if self.request is not None else 0

    @property
    def body_bytes(self) -> int:
        """Of all bodies that are kept for this connection."""
        here = sum(int(request.body_bytes_received) for request in list(self.requests))
        return self.incoming_bytes + here

    def is_over(self, now: float, *, crowded: bool) -> bool:
        """Whether the other side has had its time."""
        patience = CROWDED_SECONDS if crowded else PATIENCE_SECONDS
        if self.total_outbufs_len:
            if not self._answer_since:
                self._answer_since, self._taken = now, 0
            return now - self._answer_since > patience + self._taken / SLOWEST_BYTES_PER_SECOND
        self._answer_since = 0.0
        if self.request is not None:
            return now - self._request_since > self._time_to_send(patience)
        silent = now - self.last_activity
        return not self.requests and silent > (CROWDED_SECONDS if crowded else IDLE_SECONDS)

    def _time_to_send(self, patience: float) -> float:
        """For the request that is coming in."""
        if not self.request.headers_finished:
            return min(patience, HEADER_SECONDS)
        sent = int(self.request.body_bytes_received + self.request.read_past_bytes)
        longest = READ_PAST_SECONDS if self.request.unread_bytes else math.inf
        return min(longest, patience + sent / SLOWEST_BYTES_PER_SECOND)


def tidy(server: Any, now: float) -> None:
    """Cut what has had its time. Takes the place of waitress's own maintenance."""
    connections = list(server.active_channels.values())
    crowded = len(connections) >= server.adj.connection_limit * 0.9
    for connection in connections:
        if connection.is_over(now, crowded=crowded):
            connection.will_close = True
    _make_room(connections)


def _make_room(connections: list[Connection]) -> None:
    """Cut the largest of what is coming in, until bodies leave room on the disk again."""
    surplus = sum(connection.body_bytes for connection in connections) - BODY_BYTES
    for connection in sorted(connections, key=lambda one: one.incoming_bytes, reverse=True):
        if surplus <= 0 or not connection.incoming_bytes:
            return
        connection.will_close = True
        surplus -= connection.incoming_bytes
