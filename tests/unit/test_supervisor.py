"""Keeping programs running: starting, restarting, stopping them together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from emojicheck import supervisor
from emojicheck.supervisor import Program, Supervisor, pause_after

PREAMBLE = """
import os, pathlib, signal, sys, time
from emojicheck.supervisor import tether
diary = pathlib.Path(os.environ["DIARY"])
def note(line):
    with diary.open("a") as out:
        out.write(line + "\\n")
say_ready = tether(int(sys.argv[-1]), stop_seconds=0.2)
"""
LASTING = PREAMBLE + (
    "signal.signal(signal.SIGTERM, lambda *_: (note('asked'), sys.exit(0)))\n"
    "note('started'); say_ready(); time.sleep(30)"
)
STUBBORN = PREAMBLE + (
    "signal.signal(signal.SIGTERM, lambda *_: note('asked'))\n"
    "note('started'); say_ready(); end = time.time() + 30\n"
    "while time.time() < end: time.sleep(0.1)"
)
MORTAL = PREAMBLE + "note('started'); sys.exit(3)"


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    return tmp_path / "diary"


def python(source: str, *, name: str = "program", **options: object) -> Program:
    return Program(name=name, command=[sys.executable, "-c", source], **options)  # type: ignore[arg-type]


def supervise(
    *programs: Program,
    diary: Path,
    on_ready: Callable[[], None] = lambda: None,
    stop_seconds: float = 10,
) -> None:
    environment = os.environ | {"DIARY": str(diary), "PYTHONPATH": str(Path.cwd())}
    Supervisor(
        programs, environment=environment, stop_seconds=stop_seconds, on_ready=on_ready
    ).run()


def stop_us(number: int = signal.SIGTERM) -> None:
    os.kill(os.getpid(), number)


def when(diary: Path, line: str, *, count: int, do: Callable[[], None]) -> threading.Thread:
    """Do something as soon as the line has been noted so often."""

    def watch() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and notes(diary).count(line) < count:
            time.sleep(0.02)
        do()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def notes(diary: Path) -> list[str]:
    return diary.read_text().split("\n")[:-1] if diary.exists() else []


def test_supervisor_tells_once_when_every_program_is_ready(diary: Path) -> None:
    told: list[float] = []

    def on_ready() -> None:
        told.append(time.monotonic())
        threading.Timer(0.3, stop_us).start()

    supervise(python(LASTING, name="a"), python(LASTING, name="b"), diary=diary, on_ready=on_ready)

    assert len(told) == 1
    assert sorted(notes(diary)) == ["asked", "asked", "started", "started"]


def test_supervisor_is_ready_with_the_first_of_programs_of_one_name(diary: Path) -> None:
    hopeless = python("import time; time.sleep(30)", name="worker")

    supervise(python(LASTING, name="worker"), hopeless, diary=diary, on_ready=stop_us)

    assert notes(diary) == ["started", "asked"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_supervisor_asks_each_program_once_to_stop(diary: Path, number: int) -> None:
    def press_twice() -> None:
        stop_us(number)
        stop_us(signal.SIGTERM)

    supervise(python(LASTING), diary=diary, on_ready=press_twice)

    assert notes(diary) == ["started", "asked"]


def test_supervisor_kills_what_does_not_stop_in_time(
    diary: Path, caplog: pytest.LogCaptureFixture
) -> None:
    started = time.monotonic()

    supervise(python(STUBBORN), diary=diary, on_ready=stop_us, stop_seconds=0.3)

    assert time.monotonic() - started < 5
    assert notes(diary) == ["started", "asked"]
    assert "program did not stop in time and is killed" in caplog.messages


def test_supervisor_kills_at_once_when_interrupted_again(diary: Path) -> None:
    started = time.monotonic()

    def press_twice() -> None:
        when(diary, "asked", count=1, do=lambda: stop_us(signal.SIGINT))
        stop_us(signal.SIGINT)

    supervise(python(STUBBORN), diary=diary, on_ready=press_twice, stop_seconds=20)

    assert time.monotonic() - started < 10


def test_supervisor_restarts_what_dies(diary: Path, caplog: pytest.LogCaptureFixture) -> None:
    watcher = when(diary, "started", count=3, do=stop_us)

    supervise(python(MORTAL), diary=diary)
    watcher.join()

    assert notes(diary) == ["started"] * 3
    assert caplog.messages[:2] == [
        "program ended with status 3 and starts again in 0.5 s",
        "program ended with status 3 and starts again in 1 s",
    ]


def test_supervisor_restarts_a_healthy_program_at_once(
    diary: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "HEALTHY_SECONDS", 0.0)
    watcher = when(diary, "started", count=2, do=stop_us)

    supervise(python(MORTAL), diary=diary)
    watcher.join()

    assert caplog.messages[0] == "program ended with status 3 and starts again in 0 s"


def test_supervisor_runs_a_chore_again_and_again(
    diary: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    note = "open(__import__('os').environ['DIARY'], 'a').write('swept\\n')"
    watcher = when(diary, "swept", count=3, do=stop_us)

    supervise(python(note, name="chore", every_seconds=0.1), diary=diary)
    watcher.join()

    assert len(notes(diary)) >= 3
    assert caplog.messages == []


def test_supervisor_may_wait_before_the_first_chore(diary: Path) -> None:
    note = "open(__import__('os').environ['DIARY'], 'a').write('swept\\n')"
    later = python(note, name="chore", every_seconds=60, first_after_seconds=60)

    supervise(python(LASTING), later, diary=diary, on_ready=stop_us)

    assert notes(diary) == ["started", "asked"]


def test_supervisor_tells_of_a_chore_that_fails(
    diary: Path, caplog: pytest.LogCaptureFixture
) -> None:
    threading.Timer(1.0, stop_us).start()

    supervise(python("raise SystemExit(4)", name="chore", every_seconds=60), diary=diary)

    assert caplog.messages == ["chore failed with status 4"]


def test_supervisor_gives_signals_back(diary: Path) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    supervise(python(LASTING), diary=diary, on_ready=stop_us)

    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


@pytest.mark.parametrize("program", [LASTING, STUBBORN], ids=["willing", "stubborn"])
def test_programs_stop_when_their_supervisor_is_killed(diary: Path, program: str) -> None:
    source = (
        "import os, sys\n"
        "from emojicheck.supervisor import Program, Supervisor\n"
        "child = Program(name='child', command=[sys.executable, '-c', sys.argv[1]])\n"
        "Supervisor([child], environment=os.environ, stop_seconds=10,\n"
        "           on_ready=lambda: os.kill(os.getpid(), 9)).run()\n"
    )
    recording = program.replace("note('started')", "note(str(os.getpid()))")
    environment = os.environ | {"DIARY": str(diary)}

    subprocess.run([sys.executable, "-c", source, recording], env=environment, check=False)

    pid, _ = notes(diary)[0], when(diary, "asked", count=1, do=lambda: None).join()
    assert notes(diary)[1:] == ["asked"]
    assert dies_within(int(pid), seconds=5)


def dies_within(pid: int, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":  # dead, and nobody has asked for its status yet
            return True
        time.sleep(0.05)
    return False


def test_pauses_double_up_to_a_limit() -> None:
    assert [pause_after(failures) for failures in range(9)] == [0, 0.5, 1, 2, 4, 8, 16, 30, 30]
    assert pause_after(10_000) == 30
