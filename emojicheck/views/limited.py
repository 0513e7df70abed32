"""Pages that count as a submission although they take no new photo."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.conf import settings
from django.shortcuts import render

from emojicheck.limits import TooManySubmissions, admitted
from emojicheck.presentation.refusals import limit_refusal

from .visitors import address_of, owner_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")


def limited(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer in words, with the time to return, when the visitor has done enough for now."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        may_cost = settings.DETECTOR == "dashscope"
        try:
            with admitted(owner=owner_of(request), address=address_of(request), may_cost=may_cost):
                return view(request, *args, **kwargs)
        except TooManySubmissions as error:
            return too_many(request, error)

    return wrapped


def too_many(request: HttpRequest, error: TooManySubmissions) -> HttpResponse:
    refusal = limit_refusal(error.limit, error.retry_after_seconds)
    status = HTTPStatus.TOO_MANY_REQUESTS
    response = render(request, "429.html", {"refusal": refusal}, status=status)
    response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response
