"""Keep the promise that photos live for hours, and sweep up what was left behind."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from axes.models import AccessAttempt
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from emojicheck.models import Bucket, Heartbeat, Portrait

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

logger = logging.getLogger(__name__)

PHOTOS = "photos"
ORPHAN_AFTER = timedelta(days=1)
"""A younger file may belong to a portrait whose row is just being written."""
NAMES_AT_A_TIME = 500
ADDRESSES_KEPT = timedelta(days=1)
"""As long as the day they are counted in."""
WORKERS_KEPT = timedelta(days=1)
"""Those that died without taking their leave."""
KEEP_TASKS_DAYS, KEEP_FAILED_TASKS_DAYS = 1, 7

End = Literal["erased", "being judged", "failed"]


class Command(BaseCommand):
    help = (
        "Erase photos past RETENTION_HOURS and files that belong to no portrait; clear expired "
        "sessions and finished tasks. To be run every few minutes, on one machine or on many. "
        "Exit status: 1 if a photo could not be erased."
    )

    def handle(self, *, verbosity: int, **_options: Any) -> None:
        expired = list(Portrait.objects.expired().values_list("pk", flat=True))
        ends = Counter(_erase(pk) for pk in expired)
        Bucket.objects.stale().delete()
        Heartbeat.objects.filter(at__lt=timezone.now() - WORKERS_KEPT).delete()
        _forget_addresses()
        AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - ADDRESSES_KEPT).delete()
        call_command("clearsessions", verbosity=0)
        if settings.TASKS_BACKEND == "django_tasks_db.DatabaseBackend":
            call_command(
                "prune_db_task_results",
                queue_name="*",
                min_age_days=KEEP_TASKS_DAYS,
                failed_min_age_days=KEEP_FAILED_TASKS_DAYS,
                verbosity=0,
            )
        # Last: it asks the storage for all that it has, and the storage may be away.
        orphans = sum(_remove_orphans(names) for names in _old_files(PHOTOS))
        if verbosity:
            counts = ", ".join(f"{number} {end}" for end, number in sorted(ends.items())) or "none"
            self.stdout.write(f"Photos past their time: {counts}. Orphans removed: {orphans}.")
        if ends["failed"]:
            sys.exit(1)


def _erase(pk: UUID) -> End:
    """Erase one portrait's photo. One that a worker is looking at waits for the next time."""
    try:
        with transaction.atomic():
            portrait = Portrait.objects.select_for_update().get(pk=pk)
            if portrait.lease_until and portrait.lease_until > timezone.now():
                return "being judged"
            if not portrait.deleted_at:
                portrait.erase(unjudged=Portrait.Trouble.OURS)
    except Exception:
        # The row still names the files, so that the next run tries again.
        logger.exception("portrait %s: the photo could not be erased", pk)
        return "failed"
    return "erased"


def _forget_addresses() -> None:
    marked = Portrait.objects.exclude(address_mark="")
    marked.filter(created__lt=timezone.now() - ADDRESSES_KEPT).update(address_mark="")


def _old_files(folder: str) -> Iterator[list[str]]:
    """The names of old files in a folder of the photo storage and below, in batches."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    before = timezone.now() - ORPHAN_AFTER
    batch: list[str] = []
    for file in files:
        name = f"{folder}/{file}"
        try:
            old = default_storage.get_modified_time(name) < before
        except FileNotFoundError:  # erased meanwhile
            continue
        if old:
            batch.append(name)
        if len(batch) == NAMES_AT_A_TIME:
            yield batch
            batch = []
    yield batch
    for name in folders:
        yield from _old_files(f"{folder}/{name}")


def _remove_orphans(names: Sequence[str]) -> int:
    """Remove those files that no portrait names; returns how many."""
    owned = Portrait.objects.filter(Q(photo__in=names) | Q(thumbnail__in=names))
    kept = {name for pair in owned.values_list("photo", "thumbnail") for name in pair}
    orphans = [name for name in names if name not in kept]
    for name in orphans:
        logger.warning("removing %s, which belongs to no portrait", name)
        default_storage.delete(name)
    return len(orphans)
