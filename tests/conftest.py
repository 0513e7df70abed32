"""What holds for all tests."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Give Ctrl-C back its meaning.

    Shells let what they run in the background ignore it, and so would every process that a test
    starts in order to interrupt it.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
