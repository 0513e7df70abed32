"""`manage.py worker`: real processes that judge what waits."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from emojicheck import tasks
from emojicheck.management.commands import worker as command
from emojicheck.models import Heartbeat, Portrait, State
from tests.factories import make_portrait
from tests.running import Running, eventually, running
from tests.standin import StandIn, steps
from tests.worker import database_environment

pytestmark = pytest.mark.django_db(transaction=True)

READY = "the worker is ready"


@contextmanager
def worker(*arguments: str, **variables: str) -> Iterator[Running]:
    with running("worker", *arguments, **(database_environment() | variables)) as process:
        yield process


def state_of(portrait: Portrait) -> str:
    return Portrait.objects.values_list("state", flat=True).get(pk=portrait.pk)


def test_worker_as_a_batch_judges_what_waits_and_ends() -> None:
    portraits = [make_portrait() for _ in range(3)]

    with worker("--batch") as process:
        assert process.wait(seconds=60) == 0

    assert [state_of(portrait) for portrait in portraits] == [State.REJECTED] * 3
    assert set(Portrait.objects.values_list("reason", flat=True)) == {"no_person"}


def test_worker_finds_what_a_dead_one_left_behind() -> None:
    past = timezone.now() - timedelta(seconds=1)
    orphan = make_portrait(state=State.JUDGING, lease_until=past)

    with worker("--batch") as process:
        process.wait(seconds=60)

    assert state_of(orphan) == State.REJECTED


def test_worker_sweeps_while_it_works() -> None:
    with worker(SWEEP_SECONDS="0.2") as process:
        process.wait_for(READY)
        forgotten = make_portrait()  # in no queue

        assert eventually(lambda: state_of(forgotten) == State.REJECTED)


def test_worker_gives_signs_of_life_until_it_stops() -> None:
    with worker(SWEEP_SECONDS="0.2") as process:
        process.wait_for(READY)
        [name] = Heartbeat.objects.values_list("worker", flat=True)
        first = Heartbeat.objects.get().at
        beats = eventually(lambda: Heartbeat.objects.get().at > first)
        process.signal(signal.SIGTERM)
        process.wait(seconds=60)

    assert beats
    assert str(process.process.pid) in name
    assert not Heartbeat.objects.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_without_work_stops_at_once(number: int) -> None:
    with worker() as process:
        process.wait_for(READY)
        started = time.monotonic()

        process.signal(number)

        assert process.wait() == 0
        assert time.monotonic() - started < 5
        assert "Traceback" not in process.log


@pytest.fixture
def slow_service(live_server: Any) -> Iterator[dict[str, str]]:
    """A service that takes its time over each answer."""
    with StandIn(limit=False) as standin:
        standin.script(steps.slow(2.0), times=None)
        yield {
            "DETECTOR": "dashscope",
            "DASHSCOPE_API_KEY": standin.key,
            "DASHSCOPE_HTTP_BASE_URL": standin.base_url,
            "PHOTO_DELIVERY": "public",
            "SITE_URL": live_server.url,
            "PRECHECK": "off",
            "SWEEP_SECONDS": "0.5",
        }


def test_worker_asked_once_to_stop_finishes_the_portrait(slow_service: dict[str, str]) -> None:
    portrait = make_portrait()
    with worker(**slow_service) as process:
        assert eventually(lambda: portrait.detections.exists())

        process.signal(signal.SIGTERM)

        assert process.wait() == 0
    assert state_of(portrait) == State.ACCEPTED


def test_worker_asked_twice_to_stop_loses_nothing(slow_service: dict[str, str]) -> None:
    portrait = make_portrait()
    with worker(**slow_service) as process:
        assert eventually(lambda: portrait.detections.exists())
        process.signal(signal.SIGTERM)
        time.sleep(0.2)
        process.signal(signal.SIGTERM)
        process.wait()
    assert state_of(portrait) in {State.WAITING, State.JUDGING, State.ACCEPTED}

    with worker(**slow_service, LEASE_SECONDS="2") as process:
        assert eventually(lambda: state_of(portrait) == State.ACCEPTED)


def test_sweeping_survives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SWEEP_SECONDS = 0.01
    done = threading.Event()
    calls: list[int] = []

    def sweep() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise DatabaseError("away")
        done.set()
        return 0

    monkeypatch.setattr(tasks, "sweep", sweep)
    sweeper = threading.Thread(target=command._sweep_until, args=(done, "one"))
    sweeper.start()
    sweeper.join(10)

    assert len(calls) == 2
    assert caplog.messages == ["the sweep failed and will be tried again"]
