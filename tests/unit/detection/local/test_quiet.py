from __future__ import annotations

import os
import subprocess
import sys

import pytest

from emojicheck.detection.local.quiet import quiet_stderr


def test_native_chatter_is_silenced_and_the_rest_is_kept(
    capfd: pytest.CaptureFixture[str],
) -> None:
    os.write(2, b"before\n")
    with quiet_stderr():
        os.write(2, b"chatter\n")
    os.write(2, b"after\n")

    assert capfd.readouterr().err == "before\nafter\n"


def test_stderr_comes_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), quiet_stderr():
        raise RuntimeError

    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_process_without_stderr_works_too() -> None:
    code = (
        "import os; os.close(2)\n"
        "from emojicheck.detection.local.quiet import quiet_stderr\n"
        "with quiet_stderr(): print('fine')"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "fine\n"
