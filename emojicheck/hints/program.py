"""The program behind the live hints: one frame at a time, within limits, keeping nothing.

It is the one place where frames are decoded. It is given neither settings nor keys nor a database,
and asks for no more than it needs: see `confine`.
"""

from __future__ import annotations

import os
import resource
import signal
from typing import TYPE_CHECKING

from .line import wishes
from .sight import Sight

if TYPE_CHECKING:
    import socket

FRAME_SECONDS = 5.0
IDLE_SECONDS = 600.0
NICENESS = 7
"""After pages, before photos that wait in line: somebody holds a pose at this moment."""
DATA_BYTES = 1_500_000_000
"""With all models it takes 570 MB, of which 250 are really used; more cores take more."""
OPEN_FILES = 64


def confine() -> None:
    """Give up memory, files and core dumps for good."""
    limits = {
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_DATA: DATA_BYTES,
    }
    for name, value in limits.items():
        _, most = resource.getrlimit(name)
        least = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(name, (least, least))
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends us, wherever we hang


def serve(end: socket.socket, *, idle_seconds: float = IDLE_SECONDS) -> None:
    """Answer until there has been nothing to look at for a long while.

    The models are loaded for the first frame, which is answered before: nobody holds a pose for
    so long. Returning gives their memory back, if the caller begins anew.
    """
    awake = False
    for wish in wishes(end, idle_seconds=idle_seconds):
        if wish is None:
            if awake:
                return
            continue
        if wish.is_stale:
            continue
        if not awake:
            wish.answer(Sight(waking=True))
            _wake()
            awake = True
            continue
        wish.answer(_look(wish.frame))


def _wake() -> None:
    from . import judge

    judge.wake()


def _look(frame: bytes) -> Sight:
    from . import judge

    signal.setitimer(signal.ITIMER_REAL, FRAME_SECONDS)
    try:
        return judge.sight_of(frame)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
