"""Threads of the web server, kept apart by what they do: slow work never holds up quick pages.

Requests wait for their lane without a thread of their own, so that a hundred photos at once make
photos wait, and nobody else. Nor does a client get its next answer made while it has not taken the
one before: those who ask and do not read fill neither lanes nor memory.
"""

from __future__ import annotations

import threading
from typing import Any

from waitress.task import ThreadedTaskDispatcher

PAGES, PHOTOS, DRAWINGS, ANSWERS, HINTS = "pages", "photos", "drawings", "answers", "hints"
STOP_SECONDS = 1
"""For what is still being served after the server has stopped waiting for it."""

THREADS = {
    PAGES: 8,
    PHOTOS: 4,  # one is decoded at a time; the others are being taken apart meanwhile
    DRAWINGS: 1,  # up to half a gigabyte while a large photo is drawn on
    ANSWERS: 4,  # each waits for a worker, for up to half a minute
    HINTS: 2,  # one frame is looked at at a time; the other is told that it is busy
}


def lane_of(method: str, path: str) -> str:
    """Which lane serves a request; `path` as it was sent, without the query."""
    if path.endswith("/face-detect"):
        return ANSWERS
    if path.endswith("/annotated.png"):
        return DRAWINGS
    if path.rstrip("/") == "/hints":
        return HINTS
    takes_photo = path in {"", "/"} or path.rstrip("/").endswith("/portraits")
    return PHOTOS if method == "POST" and takes_photo else PAGES


class Lanes:
    """Stands in for waitress's dispatcher, which has one queue for everything."""

    def __init__(self) -> None:
        self._dispatchers = {lane: ThreadedTaskDispatcher() for lane in THREADS}
        for lane, threads in THREADS.items():
            self._dispatchers[lane].set_thread_count(threads)
        self._held: set[Any] = set()
        self._lock = threading.Lock()

    def add_task(self, channel: Any) -> None:
        """Have a channel's next request served, once it has taken the answer before."""
        if _is_reading(channel):
            with self._lock:
                self._held.add(channel)
        else:
            self._dispatch(channel)

    def go_on(self) -> None:
        """Serve the next request of those who have taken their answer meanwhile, or are gone."""
        with self._lock:
            ready = {channel for channel in self._held if not _is_reading(channel)}
            self._held -= ready
        for channel in ready:
            self._dispatch(channel)

    def _dispatch(self, channel: Any) -> None:
        request = channel.requests[0]
        # Not what could not even be parsed: that is answered at once.
        lane = PAGES if request.error else lane_of(request.command, request.path)
        self._dispatchers[lane].add_task(channel)

    def shutdown(self) -> None:
        for dispatcher in self._dispatchers.values():
            dispatcher.shutdown(timeout=STOP_SECONDS)


def _is_reading(channel: Any) -> bool:
    return bool(channel.connected and channel.total_outbufs_len)
