"""The program behind the live hints as a real process, and frames to show it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image

from emojicheck.hints.line import HintsAway, ask, new_line, open_line
from emojicheck.supervisor import READY
from tests.portraits import Pixels, upright
from tests.running import HINTS, READY_SECONDS


def frame(pixels: Pixels | None = None, *, side: int = 480) -> bytes:
    """What the camera page sends of these pixels."""
    picture = Image.fromarray(upright() if pixels is None else pixels)
    picture.thumbnail((side, side))
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


class HintsProgram:
    """Asked by this process as a web server asks it, and started as `serve` starts it."""

    def __init__(self) -> None:
        self.ours, self.theirs = new_line()
        open_line(self.ours)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> None:
        mine, its = socket.socketpair()
        line, tether = str(self.theirs.fileno()), str(its.fileno())
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", HINTS, "--line", line, "--tether", tether, *more],
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            pass_fds=(self.theirs.fileno(), its.fileno()),
        )
        its.close()
        self.tether = mine
        mine.settimeout(READY_SECONDS)
        assert mine.recv(len(READY)) == READY

    def wake(self) -> None:
        """Until the models are loaded and a frame is answered."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                if not ask(frame()).waking:
                    return
            except HintsAway:
                time.sleep(0.2)
        raise AssertionError("the hints program never woke")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.tether.close()


@contextmanager
def hints_program() -> Iterator[HintsProgram]:
    program = HintsProgram()
    try:
        program.start()
        yield program
    finally:
        program.kill()
        open_line(None)
        program.ours.close()
        program.theirs.close()
