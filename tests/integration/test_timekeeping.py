"""Clocks that jump, or differ between machines: nothing waits for long, nothing is judged twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from emojicheck import pacing, tasks, timekeeping
from emojicheck.lease import Lease, LeaseLost
from emojicheck.models import Gate, Portrait, State
from tests.factories import make_portrait

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
MODEL = "emoji-detect-v1"
Judged = Callable[[Portrait], Portrait]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-20 12:00:00Z", tick=True) as clock:
        yield clock


def woken() -> list[str]:
    return [task.args_kwargs["args"][0] for task in DBTaskResult.objects.ready()]


@pytest.mark.usefixtures("service")
def test_waiting_portrait_does_not_wait_for_the_old_time(
    clock: time_machine.Traveller, judged: Judged
) -> None:
    portrait = make_portrait()
    tasks.enqueue(portrait.pk, at=timezone.now())
    Gate.objects.create(model=MODEL, next_at=timezone.now() + timedelta(seconds=1))

    clock.shift(-HOUR)
    tasks.sweep()

    assert woken() == [str(portrait.pk)]
    assert judged(portrait).is_settled


def test_portrait_of_a_dead_worker_does_not_wait_for_the_old_time(
    clock: time_machine.Traveller,
) -> None:
    portrait = make_portrait()
    assert Lease(portrait.pk).take()

    clock.shift(-HOUR)
    tasks.sweep()
    clock.shift(timedelta(seconds=20))
    tasks.sweep()

    assert woken() == [str(portrait.pk)]
    assert Lease(portrait.pk).take()


def test_worker_that_lives_keeps_its_lease_when_the_clock_is_put_back(
    clock: time_machine.Traveller,
) -> None:
    portrait = make_portrait()
    lease = Lease(portrait.pk)
    lease.take()

    clock.shift(-HOUR)
    timekeeping.set_right()
    lease.renew()

    assert Lease(portrait.pk).take() is None


def test_closed_gate_does_not_stay_closed_until_the_old_time(
    clock: time_machine.Traveller,
) -> None:
    pacing.refused(MODEL, cause="Arrearage", detail="")

    clock.shift(-HOUR)
    timekeeping.set_right()

    pacing.stop_at_open_gate(MODEL)


@pytest.mark.parametrize("jump", [HOUR, timedelta(seconds=30)], ids=["an hour", "another machine"])
def test_verdict_is_written_once_although_a_clock_runs_ahead(
    clock: time_machine.Traveller, jump: timedelta
) -> None:
    portrait = make_portrait()
    first, second = Lease(portrait.pk), Lease(portrait.pk)
    first.take()

    clock.shift(jump)
    taken = second.take()
    clock.shift(-jump)
    with pytest.raises(LeaseLost):
        first.release(state=State.WAITING)
    second.release(state=State.WAITING)

    assert taken is not None
    portrait.refresh_from_db()
    assert portrait.attempt == 2


@pytest.mark.parametrize(
    "ordinary",
    [
        {"next_try_at": timedelta(minutes=5)},
        {"state": State.JUDGING, "lease_until": timedelta(seconds=15)},
    ],
)
def test_ordinary_times_are_left_alone(ordinary: dict[str, Any]) -> None:
    times = {
        name: timezone.now() + value
        for name, value in ordinary.items()
        if isinstance(value, timedelta)
    }
    make_portrait(**(ordinary | times))
    pacing.refused(MODEL, cause="Arrearage", detail="")

    assert timekeeping.set_right() == 0
