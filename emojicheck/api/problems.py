"""What goes wrong before the API itself is asked, told in the API's own shape.

An address where there is nothing, a method that is not taken, a host that is not ours: other parts
of the site answer those, with pages for people.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import add_never_cache_headers

from emojicheck.bodies import REQUEST_BYTES
from emojicheck.pictures.limits import DEFAULT as LIMITS
from emojicheck.presentation import wording

from .schemas import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

PREFIX = "/api/"

_WORDS = {
    400: ("bad_request", "The request cannot be read: its host, address or headers are malformed."),
    404: ("not_found", "There is nothing at this address. /api/v1/docs tells what there is."),
    405: ("method", "This method is not taken here; Allow tells which are."),
    413: (
        "too_many_bytes",
        f"The request is larger than {wording.weight(REQUEST_BYTES)}; "
        f"a photo may have at most {wording.weight(LIMITS.max_bytes)}.",
    ),
}


def tell_as_json(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware. The outermost, so that no page gets past it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not request.path.startswith(PREFIX) or response.status_code not in _WORDS:
            return response
        told = response.headers.get("Content-Type", "").startswith("application/json")
        return response if told else _problem(response)

    return middleware


def _problem(page: HttpResponseBase) -> HttpResponse:
    """In place of a page; what that says to browsers and proxies still holds."""
    code, message = _WORDS[page.status_code]
    facts: dict[str, Any] = {}
    if allowed := page.headers.get("Allow"):
        facts["allow"] = sorted(allowed.split(", "))
    if page.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        facts["limit"] = REQUEST_BYTES
    problem = Problem(code=code, message=message, facts=facts)
    response = JsonResponse(problem.model_dump(), status=page.status_code)
    for name, value in page.headers.items():
        if name not in {"Content-Type", "Content-Length", "Content-Language"}:
            response.headers[name] = value
    response.headers["Content-Length"] = str(len(response.content))
    add_never_cache_headers(response)
    return response
