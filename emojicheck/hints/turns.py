"""How often somebody may ask: counted in memory, in a table that cannot grow."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST_KEYS = 2000


class Turns:
    """A steady pace for each key, with a few turns in advance.

    Whoever has been away the longest is forgotten first when the table is full: a flood of new
    keys may win turns that way, but never memory.
    """

    def __init__(
        self,
        *,
        a_second: float,
        ahead: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gap = 1 / a_second
        self._slack = (ahead - 1) / a_second
        self._clock = clock
        self._due: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable) -> float:
        """0 if it is their turn, which is then taken; else the seconds until it is."""
        now = self._clock()
        with self._lock:
            due = max(now, self._due.get(key, now))
            early = due - self._slack - now
            if early > 0:
                return early
            self._due[key] = due + self._gap
            self._due.move_to_end(key)
            if len(self._due) > MOST_KEYS:
                self._due.popitem(last=False)
        return 0.0

    def __len__(self) -> int:
        return len(self._due)
