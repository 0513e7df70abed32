"""The gate in front of the paid service."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from itertools import chain

import pytest
from django.db import connection
from django.utils import timezone

from emojicheck import pacing
from emojicheck.models import Detection, Gate, Outcome, State
from tests.factories import make_detection, make_portrait

MODEL = "emoji-detect-v1"


@pytest.fixture
def per_second(settings):
    def set_pace(calls: float) -> None:
        settings.CALLS_PER_SECOND = {**settings.CALLS_PER_SECOND, MODEL: calls}

    return set_pace


@pytest.mark.django_db(transaction=True)
def test_gate_lets_calls_pass_no_quicker_than_the_pace_however_many_ask(per_second) -> None:
    per_second(20)
    pacing.gate_of(MODEL)

    def pass_three_times(_: int) -> list[float]:
        try:
            moments = []
            for _ in range(3):
                pacing.pass_gate(MODEL)
                moments.append(time.monotonic())
            return moments
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        moments = sorted(chain.from_iterable(pool.map(pass_three_times, range(4))))

    # 12 calls at 20 a second are 11 intervals of 50 ms; threads may report a little late.
    assert moments[-1] - moments[0] > 11 * 0.05 - 0.05


@pytest.mark.django_db
def test_gate_turns_away_when_the_next_slot_is_far(per_second) -> None:
    next_at = timezone.now() + timedelta(seconds=60)
    Gate.objects.create(model=MODEL, next_at=next_at)

    with pytest.raises(pacing.NotNow) as turned_away:
        pacing.pass_gate(MODEL)

    assert turned_away.value.until == next_at


@pytest.mark.django_db
def test_breaker_stays_open_twice_as_long_after_each_refusal() -> None:
    now = timezone.now()

    pauses = [
        (pacing.refused(MODEL, cause="InvalidApiKey", detail="wrong key") - now).total_seconds()
        for _ in range(3)
    ]

    assert [round(pause) for pause in pauses] == [8, 16, 32]


@pytest.mark.django_db
def test_open_breaker_lets_nobody_pass_and_says_when_to_return() -> None:
    until = pacing.refused(MODEL, cause="Arrearage", detail="unpaid")

    with pytest.raises(pacing.NotNow) as turned_away:
        pacing.pass_gate(MODEL)

    assert turned_away.value.until == until


@pytest.mark.django_db
def test_half_open_breaker_lets_exactly_one_probe_pass() -> None:
    pacing.refused(MODEL, cause="Arrearage", detail="unpaid")
    Gate.objects.update(open_until=timezone.now() - timedelta(seconds=1))

    pacing.pass_gate(MODEL)

    with pytest.raises(pacing.NotNow):
        pacing.pass_gate(MODEL)


@pytest.mark.django_db
def test_answer_closes_the_breaker() -> None:
    pacing.refused(MODEL, cause="Arrearage", detail="unpaid")

    pacing.answered(MODEL)

    gate = Gate.objects.get(model=MODEL)
    assert (gate.failures, gate.open_until, gate.cause) == (0, None, "")


@pytest.mark.django_db
def test_throttling_moves_the_next_slot_for_everyone_but_never_forward() -> None:
    far = timezone.now() + timedelta(seconds=50)
    Gate.objects.create(model=MODEL, next_at=far)

    pacing.slow_down(MODEL, seconds=5)

    assert Gate.objects.get(model=MODEL).next_at == far


@pytest.mark.django_db
def test_spent_today_counts_todays_calls_also_those_maybe_charged() -> None:
    make_detection(detector="dashscope", price=Decimal("0.004"))
    make_detection(
        detector="dashscope", outcome=Outcome.FAILED, price=Decimal("0.004"), maybe_paid=True
    )
    make_detection(
        detector="dashscope",
        price=Decimal("0.004"),
        created=timezone.now() - timedelta(days=2),
    )

    assert pacing.spent_today() == Decimal("0.008")


@pytest.mark.django_db
@pytest.mark.parametrize(("budget", "spent"), [("0", False), ("0.007", True), ("0.008", False)])
def test_budget_is_spent_when_one_more_call_would_exceed_it(settings, budget, spent) -> None:
    settings.DAILY_BUDGET = Decimal(budget)
    make_detection(detector="dashscope", price=Decimal("0.004"))

    assert pacing.budget_is_spent() is spent


@pytest.mark.django_db
def test_place_in_line_counts_those_who_came_before_with_the_same_model(settings) -> None:
    settings.DETECTOR = "dashscope"
    settings.CALLS_PER_SECOND = {MODEL: 0.5}
    for _ in range(2):
        make_portrait(model=MODEL)
    make_portrait(model="emo-detect-v1")
    mine = make_portrait(model=MODEL)
    make_portrait(model=MODEL)

    place = pacing.place_in_line(mine)

    assert (place.position, place.seconds) == (3, 6.0)


@pytest.mark.django_db
def test_place_in_line_includes_the_wait_for_an_open_breaker(settings) -> None:
    settings.DETECTOR = "dashscope"
    settings.CALLS_PER_SECOND = {MODEL: 1.0}
    Gate.objects.create(model=MODEL, open_until=timezone.now() + timedelta(seconds=30))

    assert round(pacing.place_in_line(make_portrait(model=MODEL)).seconds) == 31


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "late"), [(5, False), (20, True), (-20, False)])
def test_portrait_that_no_worker_takes_is_late_after_a_while(seconds: int, *, late: bool) -> None:
    mine = make_portrait(next_try_at=timezone.now() - timedelta(seconds=seconds))

    place = pacing.place_in_line(mine)

    assert (place.late, place.is_stuck) == (late, late)


@pytest.mark.django_db
def test_portrait_left_behind_by_a_dead_worker_is_late_when_its_lease_is_over() -> None:
    left = make_portrait(state=State.JUDGING, lease_until=timezone.now() - timedelta(seconds=20))

    assert pacing.place_in_line(left).late is True


@pytest.mark.django_db
def test_nobody_is_late_while_a_worker_is_at_a_slow_call_or_download() -> None:
    long_ago = timezone.now() - timedelta(minutes=1)
    running = make_portrait(state=State.JUDGING, next_try_at=long_ago)
    Detection.objects.filter(pk=make_detection(running).pk).update(created=long_ago)
    mine = make_portrait(next_try_at=long_ago)

    late = [pacing.place_in_line(portrait).late for portrait in (running, mine)]
    assert late == [False, False]


@pytest.mark.django_db
def test_portrait_in_a_long_line_is_not_late_while_others_are_looked_at() -> None:
    make_detection(make_portrait(state=State.JUDGING))
    mine = make_portrait(next_try_at=timezone.now() - timedelta(minutes=1))

    assert pacing.place_in_line(mine).late is False
