"""The program behind the live hints: what it is not given, what it may take, and its end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from emojicheck.hints.line import HintsAway, ask, new_line, open_line
from emojicheck.hints.program import DATA_BYTES, NICENESS
from tests.hinting import HintsProgram, frame
from tests.running import HINTS, Site, children_of, eventually, get, is_alive, running_site

pytestmark = pytest.mark.django_db


class Camera:
    """An open camera page, as a browser has it."""

    def __init__(self, address: str) -> None:
        self._address = address
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        with self._opener.open(f"{address}/camera/", timeout=30) as reply:
            page = reply.read().decode()
        [self._token] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))

    def ask(self) -> tuple[int, dict[str, object]]:
        headers = {"Content-Type": "image/jpeg", "X-CSRFToken": self._token}
        wish = urllib.request.Request(f"{self._address}/hints/", frame(), headers)
        try:
            with self._opener.open(wish, timeout=30) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def wait_for_hints(self) -> bool:
        def hinted() -> bool:
            time.sleep(0.5)
            return bool(self.ask()[1].get("hints"))

        return eventually(hinted, seconds=60)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Site]:
    secrets = {"SECRET_KEY": "secret" * 10, "DASHSCOPE_API_KEY": "sk-secret"}
    place = tmp_path_factory.mktemp("site")
    with running_site(place, DETECTOR="local", **secrets) as running:
        running.wait_until_ready()
        yield running


def program_of(site: Site) -> int:
    assert eventually(lambda: "hints" in children_of(site.process.pid))
    [pid] = children_of(site.process.pid)["hints"]
    return pid


def test_program_is_given_no_secrets(site: Site) -> None:
    environment = Path(f"/proc/{program_of(site)}/environ").read_text()

    names = {line.partition("=")[0] for line in environment.split("\0") if line}
    assert "secret" not in environment
    assert names <= {
        "PATH",
        "LD_LIBRARY_PATH",
        "PYTHONPATH",
        "PYTHONUNBUFFERED",
        "PYTHONDONTWRITEBYTECODE",
    }


def test_program_has_limits_that_it_cannot_lift(site: Site) -> None:
    pid = program_of(site)
    limits = Path(f"/proc/{pid}/limits").read_text()

    found = dict(re.findall(r"^(Max [a-z ]+?)  +(\d+ +\d+) ", limits, re.MULTILINE))
    assert found["Max file size"].split() == ["0", "0"]
    assert found["Max core file size"].split() == ["0", "0"]
    assert found["Max open files"].split() == ["64", "64"]
    assert found["Max data size"].split() == [str(DATA_BYTES)] * 2
    assert os.getpriority(os.PRIO_PROCESS, pid) == NICENESS


def test_only_the_program_loads_models(site: Site) -> None:
    camera = Camera(site.address)
    assert camera.wait_for_hints()
    [web] = children_of(site.process.pid)["serve"]

    libraries = {pid: Path(f"/proc/{pid}/maps").read_text() for pid in (web, program_of(site))}

    assert "mediapipe" in libraries[program_of(site)]
    assert "mediapipe" not in libraries[web]


def test_program_is_missed_and_found_again_while_pages_go_on(site: Site) -> None:
    camera = Camera(site.address)
    assert camera.wait_for_hints()
    victim = program_of(site)

    os.kill(victim, signal.SIGSTOP)  # it is there and does not answer
    status, told = camera.ask()
    pages = [get(f"{site.address}/camera/")[0] for _ in range(3)]
    os.kill(victim, signal.SIGKILL)

    assert (status, told["again_ms"]) == (503, 3000)
    assert pages == [200, 200, 200]
    site.wait_for("hints ended with status -9 and starts again in ")
    assert camera.wait_for_hints()
    assert not is_alive(victim)


def test_frames_and_who_sent_them_are_in_no_log(site: Site) -> None:
    camera = Camera(site.address)
    camera.ask()
    camera.ask()
    camera.ask()

    assert [line for line in site.lines if "/hints/" in line] == []


def test_site_without_hints_has_no_program(tmp_path: Path) -> None:
    with running_site(tmp_path, LIVE_HINTS="false") as quiet:
        address = quiet.wait_until_ready()

        assert set(children_of(quiet.process.pid)) == {"serve", "worker"}
        assert Camera(address).ask()[0] == 503


def test_program_starts_without_django_and_without_models() -> None:
    script = (
        f"import sys, {HINTS}; "
        "print([name for name in ('django', 'cv2', 'numpy', 'mediapipe') if name in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert said.stdout == b"[]\n"


def test_program_gives_its_memory_back_when_nobody_poses_any_more() -> None:
    program = HintsProgram()
    try:
        program.start("--idle", "1")
        assert program.process is not None
        pid = program.process.pid
        program.wake()
        awake = resident(pid)

        assert eventually(lambda: resident(pid) < awake / 4)
        program.wake()
        assert program.process.poll() is None
    finally:
        program.kill()
        open_line(None)
        program.ours.close()
        program.theirs.close()


def resident(pid: int) -> int:
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(kilobytes)


def test_frames_that_nobody_takes_do_not_hold_anybody_up() -> None:
    ours, theirs = new_line()
    open_line(ours)
    began = time.monotonic()
    try:
        for _ in range(5):
            with pytest.raises(HintsAway):
                ask(frame())
    finally:
        open_line(None)
        ours.close()
        theirs.close()

    assert time.monotonic() - began < 3
