"""Keeps the chatter of native libraries off our standard error."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STDERR = 2
_one_at_a_time = threading.Lock()


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Send file descriptor 2 to nowhere for the length of the block.

    MediaPipe writes from C++ before Python can catch it, so the descriptor itself must move. It
    belongs to the whole process: use this around building graphs only, never around judging.
    """
    with _one_at_a_time:
        sys.stderr.flush()
        try:
            kept = os.dup(_STDERR)
        except OSError:  # no standard error at all: nothing to keep quiet
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, _STDERR)
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
            os.close(nowhere)
