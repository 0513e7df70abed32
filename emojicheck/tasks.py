"""The only module that knows the queue.

A queued task merely wakes a worker: the portrait's row is the truth, and the sweep wakes a worker
again for every portrait that the queue has forgotten.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from types import FrameType
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import default_task_backend, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from . import judging, timekeeping
from .models import Portrait

logger = logging.getLogger(__name__)

DATABASE_QUEUE = "django_tasks_db.DatabaseBackend"
SWEEP_AT_MOST = 500
FORGOTTEN_AFTER = timedelta(seconds=60)
"""How overdue a portrait must be when we cannot see what the queue holds."""


LINKS_PRIORITY = -10
"""Below photos that are here: a hundred links to slow servers make links wait, and nobody else."""


@task()
def judge_portrait(portrait_id: str) -> None:
    again_at = judging.judge(UUID(portrait_id))
    if again_at is not None:
        enqueue(UUID(portrait_id), at=again_at)


def enqueue(portrait_id: UUID, *, at: datetime | None = None) -> None:
    """Wake a worker for this portrait, now or at a later time."""
    wake = judge_portrait
    if default_task_backend.supports_priority and _has_to_be_downloaded(portrait_id):
        wake = wake.using(priority=LINKS_PRIORITY)
    if at is not None:
        if not default_task_backend.supports_defer:
            return  # the sweep will wake a worker when it is time
        wake = wake.using(run_after=at)
    if settings.TASKS_BACKEND == DATABASE_QUEUE:
        wake.enqueue(str(portrait_id))  # a row beside the portrait's, in the same transaction
    else:
        transaction.on_commit(partial(wake.enqueue, str(portrait_id)))


def _has_to_be_downloaded(portrait_id: UUID) -> bool:
    return Portrait.objects.filter(pk=portrait_id, photo="").exclude(image_url="").exists()


def sweep() -> int:
    """Wake a worker for every portrait that is due and that the queue has forgotten.

    Those are the portraits of workers that died. Returns how many were woken.
    """
    timekeeping.set_right()
    due = Portrait.objects.due()
    queued = _queued()
    if queued is None:
        due = due.filter(next_try_at__lt=timezone.now() - FORGOTTEN_AFTER)
    forgotten = [
        pk
        for pk in due.order_by("created").values_list("pk", flat=True)[:SWEEP_AT_MOST]
        if str(pk) not in (queued or ())
    ]
    for pk in forgotten:
        enqueue(pk)
    if forgotten:
        logger.warning("sweep: %d portraits were forgotten and go on", len(forgotten))
    return len(forgotten)


def _queued() -> set[str] | None:
    """The portraits that the queue wakes a worker for by now; None when it cannot tell."""
    if settings.TASKS_BACKEND != DATABASE_QUEUE:
        return None
    waiting = DBTaskResult.objects.ready().filter(task_path=judge_portrait.module_path)
    return {arguments["args"][0] for arguments in waiting.values_list("args_kwargs", flat=True)}


class _Worker(Worker):
    """The queue's worker, but one that never ends in the middle of a database transaction."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        if not self.running:
            super().shutdown(signum, frame)
        self.running = False  # the loop sees it within its interval


def work(*, name: str, interval: float, batch: bool = False) -> None:
    """Judge portraits until told to stop (or, as a batch, until none is left).

    The first SIGTERM or SIGINT ends the work after the current portrait, a second one gives the
    portrait back into the line.
    """
    worker = _Worker(
        queue_names=["default"],
        interval=interval,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    worker.configure_signals()
    worker.run()
