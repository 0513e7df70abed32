"""What an operator can have done to many portraits at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from emojicheck import intake
from emojicheck.models import Portrait

from .export import csv_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


@admin.action(
    description=gettext_lazy("Judge again those without a verdict"), permissions=["judge_again"]
)
def judge_again(model_admin: Any, request: HttpRequest, queryset: QuerySet[Portrait]) -> None:
    _back_into_the_line(model_admin, request, queryset, intake.retry)


@admin.action(
    description=gettext_lazy("Ask the service again, and pay for it"), permissions=["judge_again"]
)
def ask_again(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Portrait]
) -> HttpResponse | None:
    if "confirmed" not in request.POST:
        return confirmation(
            model_admin,
            request,
            queryset,
            title=_("Ask the service again?"),
            text=_("Each portrait is paid for once more, although its answer is known."),
        )
    _back_into_the_line(model_admin, request, queryset, intake.ask_again)
    return None


@admin.action(description=gettext_lazy("Delete photos now"), permissions=["erase"])
def erase(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Portrait]
) -> HttpResponse | None:
    if "confirmed" not in request.POST:
        return confirmation(
            model_admin,
            request,
            queryset,
            title=_("Delete these photos?"),
            text=_("The photos are gone for good. What was decided about them stays on record."),
        )
    erased = 0
    for pk in queryset.filter(deleted_at=None).values_list("pk", flat=True):
        with transaction.atomic():
            portrait = Portrait.objects.select_for_update().filter(deleted_at=None, pk=pk).first()
            if portrait:
                portrait.erase()
                model_admin.log_change(request, portrait, "Photo deleted.")
                erased += 1
    sentence = ngettext("%(count)s photo is deleted.", "%(count)s photos are deleted.", erased)
    model_admin.message_user(request, sentence % {"count": erased}, messages.SUCCESS)
    return None


@admin.action(description=gettext_lazy("Export as CSV"), permissions=["view"])
def export(_admin: Any, _request: Any, queryset: QuerySet[Portrait]) -> StreamingHttpResponse:
    return csv_response(queryset)


def csv_response(portraits: QuerySet[Portrait]) -> StreamingHttpResponse:
    name = f"portraits-{timezone.localtime():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_lines(portraits),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def confirmation(
    model_admin: Any,
    request: HttpRequest,
    queryset: QuerySet[Portrait],
    *,
    title: str,
    text: str,
) -> TemplateResponse:
    """A page that asks first, and sends the same form again with `confirmed`."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "text": text,
        "count": queryset.count(),
        "action": request.POST["action"],
        "chosen": request.POST.getlist("_selected_action"),
        "across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, "admin/emojicheck/portrait/confirmation.html", context)


def _back_into_the_line(
    model_admin: Any,
    request: HttpRequest,
    queryset: QuerySet[Portrait],
    send: Callable[[Portrait], bool],
) -> None:
    moved = skipped = 0
    for portrait in queryset:
        if send(portrait):
            model_admin.log_change(request, portrait, "Judged again.")
            moved += 1
        else:
            skipped += 1
    if moved:
        sentence = ngettext(
            "%(count)s portrait is judged again.", "%(count)s portraits are judged again.", moved
        )
        model_admin.message_user(request, sentence % {"count": moved}, messages.SUCCESS)
    if skipped:
        sentence = ngettext(
            "%(count)s portrait was left as it is: it has a verdict, is under way, or is deleted.",
            "%(count)s portraits were left as they are: they have a verdict, are under way, or are"
            " deleted.",
            skipped,
        )
        model_admin.message_user(request, sentence % {"count": skipped}, messages.WARNING)
