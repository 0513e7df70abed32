"""Several worker processes, one paid service with its limiter on: nothing lost, nothing paid twice.

EMOJICHECK_FULL=1 runs the full sizes; otherwise smaller ones that show the same.
"""

from __future__ import annotations

import io
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from PIL import Image

from emojicheck import intake
from emojicheck.detection.verdicts import BBox
from emojicheck.edits import Level
from emojicheck.models import Detection, Portrait, State
from tests.standin import StandIn, steps
from tests.worker import wait_until, workers

pytestmark = pytest.mark.django_db(transaction=True)

FULL = bool(os.environ.get("EMOJICHECK_FULL"))
SETTLED = [State.ACCEPTED, State.REJECTED, State.FAILED]


def noise(seed: int) -> bytes:
    """A small PNG that no other seed makes."""
    pixels = random.Random(seed).randbytes(20 * 20 * 3)
    buffer = io.BytesIO()
    Image.frombytes("RGB", (20, 20), pixels).resize((400, 400)).save(buffer, "PNG")
    return buffer.getvalue()


def submit(visitor: int, photo: bytes, model: str = "emoji-detect-v1") -> Portrait:
    try:
        return intake.receive(
            owner=f"visitor:{visitor}", source="upload", model=model, ratio="1:1", photo=photo
        )
    finally:
        connection.close()


def settled() -> int:
    return Portrait.objects.filter(state__in=SETTLED).count()


def ledger() -> list[str]:
    """Every paid call as our books have it: answered, or maybe charged."""
    paid = Detection.objects.filter(detector="dashscope", price__gt=0)
    return sorted(paid.values_list("digest", flat=True))


def bill(standin: StandIn) -> list[str]:
    return sorted(call.digest for call in standin.paid_calls)


@pytest.fixture
def site(live_server: Any) -> Iterator[tuple[StandIn, dict[str, str]]]:
    with StandIn(limit=True) as standin:
        yield (
            standin,
            {
                "DETECTOR": "dashscope",
                "DASHSCOPE_API_KEY": standin.key,
                "DASHSCOPE_HTTP_BASE_URL": standin.base_url,
                "PHOTO_DELIVERY": "public",
                "SITE_URL": live_server.url,
                "PRECHECK": "off",
                "LEASE_SECONDS": "3",
                "SWEEP_SECONDS": "0.5",
                "LOG_LEVEL": "ERROR",
            },
        )


def test_three_workers_stay_below_the_limit_and_close_to_it(site) -> None:
    standin, environment = site
    count = 60 if FULL else 12
    photos = [noise(seed) for seed in range(count)]

    with workers(3, **environment):
        with ThreadPoolExecutor(8) as clients:
            list(clients.map(submit, range(count), photos))
        wait_until(lambda: settled() == count, seconds=30 + 1.5 * count)

    first, last = standin.calls[0].at, standin.calls[-1].at
    utilisation = (count - 1) / (last - first)  # of 1 call a second
    print(f"\n{count} portraits, {utilisation:.3f} calls a second of 1 allowed")  # noqa: T201 (a figure to quote)
    assert [call.status for call in standin.calls] == [200] * count
    assert utilisation >= 0.85
    assert ledger() == bill(standin)


def test_equal_photos_of_many_clients_are_paid_for_once_each(site) -> None:
    standin, environment = site
    distinct, times = (20, 10) if FULL else (5, 8)
    photos = [noise(seed) for seed in range(distinct)] * times
    random.Random(7).shuffle(photos)

    with workers(3, **environment):
        with ThreadPoolExecutor(10) as clients:
            list(clients.map(submit, range(len(photos)), photos))
        wait_until(lambda: settled() == len(photos), seconds=60 + 2 * distinct)

    assert len(standin.paid_calls) == distinct
    assert ledger() == bill(standin)
    assert Portrait.objects.filter(state=State.ACCEPTED).count() == len(photos)


def test_workers_killed_at_random_lose_nothing_and_every_paid_call_is_on_record(site) -> None:
    standin, environment = site
    count = 100 if FULL else 15
    pick = random.Random(3)
    standin.limit = False
    standin.script(steps.slow(0.15), times=None)
    quick = environment | {"EMOJI_CALLS_PER_SECOND": "4"}
    kills = 0

    with workers(3, **quick) as running, ThreadPoolExecutor(1) as visitors:
        visitors.map(submit, range(count), [noise(seed) for seed in range(count)])
        deadline = time.monotonic() + 120 + 3 * count
        while settled() < count and time.monotonic() < deadline:
            time.sleep(pick.uniform(1.5, 3.5))  # a worker takes a second or two to start
            victim = pick.choice(running)
            if victim.process.poll() is None:
                victim.kill()
                kills += 1
                victim.start()

    assert settled() == count
    print(f"\n{count} portraits, {kills} kills, {len(standin.paid_calls)} paid calls")  # noqa: T201 (a figure to quote)
    assert Portrait.objects.filter(state=State.ACCEPTED).count() == count
    assert kills > 0
    assert len(standin.paid_calls) <= count + kills
    assert Counter(bill(standin)) <= Counter(ledger())


def test_fixes_of_killed_workers_are_made_all_the_same(site) -> None:
    standin, environment = site
    standin.limit = False
    count = 20 if FULL else 4
    originals = [submit(seed, noise(seed)) for seed in range(count)]
    Portrait.objects.update(state=State.FAILED, trouble=Portrait.Trouble.OURS, next_try_at=None)
    edit = Level(roll=20.0, face=BBox(150, 150, 250, 250))
    fixes = [intake.fix(original, edit).pk for original in originals]
    pick = random.Random(5)

    def are_made() -> bool:
        return Portrait.objects.filter(pk__in=fixes, state=State.ACCEPTED).count() == count

    with workers(2, **environment) as running:
        for _ in range(3):
            time.sleep(pick.uniform(1.5, 3))
            victim = pick.choice(running)
            victim.kill()
            victim.start()
        wait_until(are_made, seconds=120)

    made = Portrait.objects.filter(pk__in=fixes)
    assert {fix.photo.storage.exists(fix.photo.name) for fix in made} == {True}
    assert Counter(bill(standin)) <= Counter(ledger())
    assert len(standin.paid_calls) <= count + 3


def test_broken_account_loses_no_portrait_and_is_asked_three_times_at_most(site) -> None:
    standin, environment = site
    broken_seconds = 20 if FULL else 4
    count = 6
    standin.script(steps.failed("Arrearage"), times=None)

    with workers(2, **environment):
        for seed in range(count):
            submit(seed, noise(seed))
        wait_until(lambda: bool(standin.calls), seconds=60)
        time.sleep(broken_seconds)
        asked = len(standin.calls)
        standin.clear()  # the bill is paid
        wait_until(lambda: settled() == count, seconds=90)

    assert 1 <= asked <= 3
    assert Portrait.objects.filter(state=State.ACCEPTED).count() == count
    assert ledger() == bill(standin)
