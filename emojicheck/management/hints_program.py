"""Starts the program behind the live hints: `serve` runs it, and runs it again when it dies.

It is no `manage.py` command, because it must not know what one knows: it is started with an empty
environment, without Django, its settings, the secret key or the database.
"""

from __future__ import annotations

import os
import socket
import sys
from argparse import ArgumentParser

from emojicheck.hints import program
from emojicheck.supervisor import tether

STOP_SECONDS = 2.0


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--line", type=int, required=True)
    parser.add_argument("--tether", type=int, required=True)
    parser.add_argument("--idle", type=float, default=program.IDLE_SECONDS)
    options = parser.parse_args()
    end = socket.socket(fileno=options.line)
    end.set_inheritable(False)
    program.confine()
    tether(options.tether, stop_seconds=STOP_SECONDS)()
    program.serve(end, idle_seconds=options.idle)
    # As small again as at the start, in the same process and with the same descriptors.
    for descriptor in (options.line, options.tether):
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - its one argument
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - ourselves


if __name__ == "__main__":
    main()
