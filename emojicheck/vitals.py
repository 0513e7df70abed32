"""Signs of life: what monitors, operators and load balancers want to know about this site."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Case, DateTimeField, F, Min, When
from django.utils import timezone

from .models import Bucket, Gate, Heartbeat, Portrait, State

if TYPE_CHECKING:
    from datetime import datetime

LEAST_FREE_BYTES = 100 * 1024 * 1024
"""Below this nothing should be taken in: a few large photos and the database needs it itself."""
PROBE_BYTES = 4096
SILENT_SECONDS = 30
"""A worker that has been silent for so long, and for three of its rounds, is taken for dead."""


def probe_database() -> None:
    """Raises DatabaseError when the database cannot be written to: away, locked or read-only."""
    Bucket.objects.filter(pk=0).update(taken=0)  # touches no row


def missing_migrations() -> int:
    """How many migrations the database lacks. Raises DatabaseError when it does not answer."""
    return len(_migrations() - set(MigrationRecorder(connection).applied_migrations()))


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    return frozenset(loader.disk_migrations or {})


def free_bytes() -> int:
    """Room on the disk that holds the data. Raises OSError when there is no such disk."""
    folder = settings.DATA_DIR
    place: Path = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(place).free


def probe_photo_folder() -> None:
    """Raises OSError when a photo could not be written. An object store is not asked each time."""
    if not isinstance(default_storage._wrapped, FileSystemStorage):  # type: ignore[attr-defined]
        return
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as file:
        file.write(bytes(PROBE_BYTES))  # a full disk lets itself be opened


def oldest_overdue() -> timedelta:
    """For how long the portrait that waits longest could have been judged; nothing if none does.

    A worker that lives takes what is due within moments, unless all are busy.
    """
    since = Case(
        When(state=State.JUDGING, then=F("lease_until")),
        default=F("next_try_at"),
        output_field=DateTimeField(),
    )
    oldest: datetime | None = Portrait.objects.due().aggregate(oldest=Min(since))["oldest"]
    return max(timedelta(0), timezone.now() - oldest) if oldest else timedelta(0)


def beat(worker: str) -> None:
    """A worker's sign of life."""
    Heartbeat.objects.update_or_create(worker=worker, defaults={"at": timezone.now()})


def forget(worker: str) -> None:
    """One that ends as it should."""
    Heartbeat.objects.filter(worker=worker).delete()


def living_workers() -> int:
    """How many workers gave a sign of life lately, on whatever machine."""
    lately = timedelta(seconds=max(SILENT_SECONDS, 3 * settings.SWEEP_SECONDS))
    now = timezone.now()
    return Heartbeat.objects.filter(at__gt=now - lately, at__lt=now + lately).count()


def open_gates() -> dict[str, bool]:
    """Whether calls of each model are stopped, by the breaker or at the service's wish."""
    now = timezone.now()
    return {
        gate.model: bool(gate.open_until and gate.open_until > now)
        for gate in Gate.objects.order_by("model")
    }
