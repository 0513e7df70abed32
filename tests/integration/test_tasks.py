"""The queue: a task wakes a worker, the sweep finds what the queue forgot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from emojicheck import tasks
from emojicheck.models import State
from tests.factories import make_portrait

pytestmark = pytest.mark.django_db(transaction=True)


def woken() -> list[str]:
    return [task.args_kwargs["args"][0] for task in DBTaskResult.objects.all()]


def test_sweep_wakes_a_worker_for_the_portrait_of_a_dead_one() -> None:
    orphan = make_portrait(state=State.JUDGING, lease_until=timezone.now() - timedelta(seconds=1))

    assert tasks.sweep() == 1
    assert woken() == [str(orphan.id)]


def test_links_wait_behind_photos_also_when_they_are_tried_again() -> None:
    first, later = (
        make_portrait(photo=b"", image_url="https://a.test/x.jpg", source="url") for _ in range(2)
    )
    photo = make_portrait()

    tasks.enqueue(first.id)
    tasks.enqueue(later.id, at=timezone.now())
    tasks.enqueue(photo.id)

    ready = [task.args_kwargs["args"][0] for task in DBTaskResult.objects.ready()]
    assert ready[0] == str(photo.id)
    assert set(ready[1:]) == {str(first.id), str(later.id)}


def test_sweep_leaves_alone_what_the_queue_knows() -> None:
    portrait = make_portrait()
    tasks.enqueue(portrait.id)

    assert tasks.sweep() == 0
    assert len(woken()) == 1


def test_sweep_twice_wakes_once() -> None:
    make_portrait()

    assert [tasks.sweep(), tasks.sweep()] == [1, 0]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": State.ACCEPTED},
        {"state": State.JUDGING},
        {"next_try_at": timezone.now() + timedelta(minutes=10)},
        {"deleted_at": timezone.now()},
    ],
)
def test_sweep_leaves_alone_what_is_not_due(fields: dict[str, Any]) -> None:
    make_portrait(**fields)

    assert tasks.sweep() == 0


def test_sweep_waits_longer_when_it_cannot_see_the_queue(settings: Any) -> None:
    settings.TASKS_BACKEND = "some.other.Backend"
    make_portrait()
    late = make_portrait(next_try_at=timezone.now() - timedelta(minutes=2))

    assert tasks.sweep() == 1
    assert woken() == [str(late.id)]


def test_task_that_must_come_back_is_queued_for_then(
    service: Any, coloured: Any, settings: Any
) -> None:
    settings.DASHSCOPE_BASE_URL = "http://127.0.0.1:9"  # nobody listens there
    portrait = coloured("#aabbcc")
    tasks.enqueue(portrait.id)

    tasks.work(name="one", interval=0, batch=True)

    portrait.refresh_from_db()
    again = DBTaskResult.objects.get(status="READY")
    assert (portrait.state, portrait.attempt) == (State.WAITING, 1)
    assert abs(again.run_after - portrait.next_try_at) < timedelta(milliseconds=1)


def test_work_in_a_batch_judges_all_that_waits_and_ends(service: Any, coloured: Any) -> None:
    portraits = [coloured(f"#0000{number:02x}") for number in range(3)]
    for portrait in portraits:
        tasks.enqueue(portrait.id)

    tasks.work(name="one", interval=0, batch=True)

    for portrait in portraits:
        portrait.refresh_from_db()
    assert [portrait.state for portrait in portraits] == [State.ACCEPTED] * 3
