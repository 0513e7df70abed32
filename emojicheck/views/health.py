"""For load balancers and monitors: is the process alive, can it do its work."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from emojicheck.models import Gate

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """What the site cannot do without works: 200, or 503 with what does not."""
    works = {"database": _database_works(), "photos": _photos_work()}
    return JsonResponse(works, status=200 if all(works.values()) else 503)


def _database_works() -> bool:
    try:
        Gate.objects.exists()
    except DatabaseError:
        logger.exception("readyz: the database does not answer")
        return False
    return True


def _photos_work() -> bool:
    """Whether the photo folder can be written to. An object store is not asked each time."""
    if not isinstance(default_storage._wrapped, FileSystemStorage):  # type: ignore[attr-defined]
        return True
    try:
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT):
            return True
    except OSError:
        logger.exception("readyz: the photo folder cannot be written to")
        return False
