from __future__ import annotations

import socket
import time

import pytest

from emojicheck.pictures.deadline import Deadline


def test_time_that_is_left_runs_out() -> None:
    deadline = Deadline(0.05)

    assert 0 < deadline.left() <= 0.05
    time.sleep(0.06)
    assert deadline.is_over
    with pytest.raises(TimeoutError):
        deadline.left()


def test_silent_connection_is_cut_at_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    begun = time.monotonic()

    with ours, theirs, Deadline(0.1).cutting(ours):
        received = ours.recv(10)

    assert received == b""
    assert time.monotonic() - begun < 2


def test_connection_lives_on_before_the_deadline() -> None:
    ours, theirs = socket.socketpair()

    with ours, theirs:
        with Deadline(60).cutting(ours):
            theirs.sendall(b"hello")
        assert ours.recv(10) == b"hello"


def test_connection_that_is_gone_is_cut_without_complaint() -> None:
    with socket.socket() as never_connected, Deadline(0.01).cutting(never_connected):
        time.sleep(0.05)
