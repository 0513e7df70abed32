"""One end of time for a whole download, whatever part of it is slow."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Deadline:
    """A moment, `seconds` from now, after which nothing may go on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left. Raises TimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    @contextlib.contextmanager
    def cutting(self, connection: socket.socket) -> Iterator[None]:
        """Shut the connection down at the deadline, even amid a read that gets a byte a second.

        A socket's own timeout starts anew with each byte. The cut works on a duplicate, because
        wrapping a socket in TLS takes the original away. Afterwards a cut answer can look
        complete: whoever reads must ask `is_over` before believing it.
        """
        duplicate = connection.dup()

        def cut() -> None:
            with contextlib.suppress(OSError):  # already closed by the other side
                duplicate.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(0.0, self._end - time.monotonic()), cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            duplicate.close()
