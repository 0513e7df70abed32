"""For load balancers and monitors: is the process alive, can it do its work."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from emojicheck import vitals

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the site can take photos in, 503 when it cannot; and how the work behind goes on.

    Portraits that nobody judges and stopped calls do not turn it red: visitors are still served,
    and a load balancer could not help.
    """
    works = {
        "database": _works(_database_works),
        "migrations": _works(_database_is_up_to_date),
        "photos": _works(_photos_work),
        "disk": _works(_disk_has_room),
    }
    status = 200 if all(works.values()) else 503
    return JsonResponse(works | _work_behind(), status=status)


def _works(look: Callable[[], bool]) -> bool:
    try:
        return look()
    except (DatabaseError, OSError):
        logger.exception("readyz: %s", look.__name__.strip("_"))
        return False


def _database_works() -> bool:
    vitals.probe_database()
    return True


def _database_is_up_to_date() -> bool:
    return vitals.missing_migrations() == 0


def _photos_work() -> bool:
    vitals.probe_photo_folder()
    return True


def _disk_has_room() -> bool:
    return vitals.free_bytes() >= vitals.LEAST_FREE_BYTES


def _work_behind() -> dict[str, Any]:
    try:
        overdue, gates = vitals.oldest_overdue(), vitals.open_gates()
        workers = vitals.living_workers()
    except DatabaseError:
        return {"workers": None, "overdue_seconds": None, "stopped": None}
    return {
        "workers": workers,
        "overdue_seconds": round(overdue.total_seconds(), 1),
        "stopped": [model for model, is_open in gates.items() if is_open],
    }
