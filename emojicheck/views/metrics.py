"""Numbers for Prometheus, read from the database: they are right however many processes run.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from emojicheck import pacing, vitals
from emojicheck.delivery.public import site_is_public
from emojicheck.models import Detection, Portrait, State

from .visitors import STAFF_PERMISSION, address_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from decimal import Decimal

    Labels = dict[str, str]
    Sample = tuple[Labels, int | float | Decimal]

WITHDRAWN = Portrait.Trouble.DELETED.value
"""Beside the states: what was deleted in the line did not fail."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        return HttpResponse("See METRICS_TOKEN.\n", status=403, content_type="text/plain")
    return HttpResponse("\n".join([*_lines(), ""]), content_type=CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and constant_time_compare(token, settings.METRICS_TOKEN):
        return True
    # Behind a proxy that we were not told of, everybody seems to come from this machine.
    if _is_loopback(address_of(request)) and not site_is_public(settings.SITE_URL):
        return True
    return request.user.has_perm(STAFF_PERMISSION)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _lines() -> Iterator[str]:
    for name, kind, words, samples in METRICS:
        yield f"# HELP emojicheck_{name} {words}"
        yield f"# TYPE emojicheck_{name} {kind}"
        for labels, value in samples():
            inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
            yield f"emojicheck_{name}{{{inside}}} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _portraits() -> Iterator[Sample]:
    withdrawn = Q(state=State.FAILED, trouble=Portrait.Trouble.DELETED)
    told = Case(When(withdrawn, then=Value(WITHDRAWN)), default=F("state"))
    rows = Portrait.objects.order_by().annotate(told=told).values_list("told")
    counts: dict[str, int] = dict(rows.annotate(count=Count("pk")))
    for state in (*State.values, WITHDRAWN):
        yield {"state": state}, counts.get(state, 0)


def _detections() -> Iterator[Sample]:
    names = ("detector", "model", "outcome", "error_kind")
    groups = Detection.objects.order_by(*names).values_list(*names).annotate(count=Count("pk"))
    for *values, count in groups:
        yield dict(zip(names, values, strict=True)), count


def _spent() -> Decimal | int:
    return Detection.objects.aggregate(total=Sum("price"))["total"] or 0


def _stopped() -> Iterator[Sample]:
    for model, is_open in vitals.open_gates().items():
        yield {"model": model}, int(is_open)


METRICS: tuple[tuple[str, str, str, Callable[[], Iterable[Sample]]], ...] = (
    ("portraits", "gauge", "Portraits by state.", _portraits),
    (
        "overdue_seconds",
        "gauge",
        "For how long the portrait that waits longest could have been judged.",
        lambda: [({}, vitals.oldest_overdue().total_seconds())],
    ),
    (
        "workers",
        "gauge",
        "Workers that gave a sign of life lately.",
        lambda: [({}, vitals.living_workers())],
    ),
    ("detections_total", "counter", "Calls of detectors by outcome.", _detections),
    ("spent_yuan_total", "counter", "Charged, or maybe charged.", lambda: [({}, _spent())]),
    (
        "spent_today_yuan",
        "gauge",
        "The same since midnight.",
        lambda: [({}, pacing.spent_today())],
    ),
    ("stopped", "gauge", "Whether calls of a model are stopped.", _stopped),
    (
        "disk_free_bytes",
        "gauge",
        "Room for photos and the database.",
        lambda: [({}, vitals.free_bytes())],
    ),
)
