"""When something of ours is broken: what passes is told as such, in words and with a status."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.defaults import server_error

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RETRY_SECONDS = 30
NOT_MIGRATED = {"42P01", "42703"}
"""PostgreSQL's states for a table or a column that is not there (yet)."""
STORAGE_CLIENTS = {"botocore", "boto3", "s3transfer"}


def trouble(request: HttpRequest) -> HttpResponse:
    """The last handler of all: 503 while the database or the storage is away, else 500."""
    for_programs = request.path.startswith("/api/")
    if not passes(sys.exc_info()[1]):
        return _broken() if for_programs else server_error(request)
    if for_programs:
        response = _unavailable()
    else:
        # No request: whatever pages need for their frame may be what is broken.
        response = render(None, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    return response


def _unavailable() -> HttpResponse:
    message = "That was us, not your photo. Please try again in a moment."
    facts = {"retry_after_seconds": RETRY_SECONDS}
    problem = {"code": "unavailable", "message": message, "facts": facts}
    return JsonResponse(problem, status=HTTPStatus.SERVICE_UNAVAILABLE)


def _broken() -> HttpResponse:
    message = "Something went wrong on our side, and it has been written down."
    problem = {"code": "broken", "message": message, "facts": {}}
    return JsonResponse(problem, status=HTTPStatus.INTERNAL_SERVER_ERROR)


def passes(error: BaseException | None) -> bool:
    """Whether it is worth coming back: locked, full, away, or about to be migrated."""
    if isinstance(error, ProgrammingError):
        return getattr(error.__cause__, "sqlstate", None) in NOT_MIGRATED
    if isinstance(error, OperationalError | InterfaceError | OSError):
        return True
    return type(error).__module__.partition(".")[0] in STORAGE_CLIENTS
