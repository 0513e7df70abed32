"""The history of portraits: a list to search and filter, one page each, what it all cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import DecimalField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from emojicheck.detection.verdicts import Reason
from emojicheck.models import Detection, Portrait
from emojicheck.pacing import place_in_line
from emojicheck.presentation import repairs, wording
from emojicheck.presentation.guidance import guidance
from emojicheck.presentation.portrait_page import portrait_page

from . import actions
from .agreement import agreement
from .figures import figures
from .filters import DETECTORS, FILTERS
from .history import HistoryAdmin
from .replies import Told
from .search import matching

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

HEAVY = ("raw", "measurements", "spots", "message", "error")
"""What a list need not load of the detections that decided."""


@admin.register(Portrait)
class PortraitAdmin(HistoryAdmin):
    list_display = [
        "picture",
        "when",
        "verdict_tag",
        "why",
        "asked_as",
        "decided_by",
        "took",
        "cost",
    ]
    list_display_links = ["picture", "when"]
    list_filter = (*FILTERS,)
    list_select_related = ["verdict"]
    date_hierarchy = "created"
    search_fields = ["id", "digest", "detections__request_id"]
    search_help_text = _("Id of a portrait, id of a request, or digest of a photo")
    actions = [actions.judge_again, actions.ask_again, actions.erase, actions.export]

    def has_judge_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("emojicheck.judge_again_portrait")

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("emojicheck.delete_portrait")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Portrait]:
        prices = (
            Detection.objects.filter(portrait=OuterRef("pk"))
            .order_by()
            .values("portrait")
            .annotate(total=Sum("price"))
            .values("total")
        )
        cost = Coalesce(
            Subquery(prices), Decimal(0), output_field=DecimalField(max_digits=10, decimal_places=4)
        )
        portraits: QuerySet[Portrait] = super().get_queryset(request)
        return (
            portraits.select_related("verdict")
            .defer(*(f"verdict__{name}" for name in HEAVY))
            .annotate(cost=cost)
        )

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Portrait], search_term: str
    ) -> tuple[QuerySet[Portrait], bool]:
        return matching(queryset, search_term), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        offered = super().get_actions(request)
        if settings.DETECTOR == "local":
            offered.pop("ask_again", None)
        return offered

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("figures/", view(self.figures_view), name="emojicheck_portrait_figures"),
            path("agreement/", view(self.agreement_view), name="emojicheck_portrait_agreement"),
            path("export.csv", view(self.export_view), name="emojicheck_portrait_export"),
            *super().get_urls(),
        ]

    @admin.display(description=_("photo"))
    def picture(self, portrait: Portrait) -> str:
        if not portrait.thumbnail:
            return "–"
        return format_html(
            '<img class="thumbnail" src="{}" width="64" height="64" loading="lazy" alt="{}">',
            reverse("portrait_thumbnail", args=[portrait.pk]),
            _("Portrait"),
        )

    @admin.display(description=_("when"), ordering="created")
    def when(self, portrait: Portrait) -> str:
        return f"{timezone.localtime(portrait.created):%Y-%m-%d %H:%M}"

    @admin.display(description=_("state"), ordering="state")
    def verdict_tag(self, portrait: Portrait) -> str:
        state, word = portrait.state, portrait.get_state_display()
        if portrait.was_withdrawn:
            return format_html('<span class="state">{}</span>', _("Deleted"))
        return format_html('<span class="state {}">{}</span>', state, word)

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, portrait: Portrait) -> str:
        reason = guidance(Reason(portrait.reason)).name if portrait.reason else ""
        reason = reason or portrait.get_trouble_display()
        if portrait.objection:
            return format_html("{}<br><q>{}</q>", reason, portrait.objection)
        return reason

    @admin.display(description=_("asked as"), ordering="model")
    def asked_as(self, portrait: Portrait) -> str:
        return f"{portrait.model.removesuffix('-detect-v1')} {portrait.ratio}"

    @admin.display(description=_("decided by"), ordering="verdict__detector")
    def decided_by(self, portrait: Portrait) -> str:
        name = portrait.verdict.detector if portrait.verdict else "–"
        return str(DETECTORS.get(name, name))

    @admin.display(description=_("took"), ordering="verdict__took_ms")
    def took(self, portrait: Portrait) -> str:
        ms = portrait.verdict.took_ms if portrait.verdict else None
        return "–" if ms is None else wording.took(ms)

    @admin.display(description=_("cost"), ordering="cost")
    def cost(self, portrait: Any) -> str:
        return wording.yuan(portrait.cost) if portrait.cost else "–"

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Without anything to narrow the list down, "show all" would show the same."""
        shown = super().get_changelist_instance(request)
        if not shown.query and not shown.get_filters_params():
            shown.full_result_count = shown.result_count
        return shown

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        portrait: Portrait = kwargs["obj"]
        detections = list(portrait.detections.all())
        portrait.verdict = next((d for d in detections if d.pk == portrait.verdict_id), None)
        page = portrait_page(
            portrait,
            detections,
            now=timezone.now(),
            place=None if portrait.is_settled else place_in_line(portrait),
        )
        context |= {
            "title": _("Portrait"),
            "page": page,
            "repairs": repairs.in_words(portrait.repairs),
            "told": [Told(detection) for detection in detections],
            "may": self.get_actions(request),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def figures_view(self, request: HttpRequest) -> HttpResponse:
        self._only_for_viewers(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Figures"),
            "figures": figures(),
        }
        return TemplateResponse(request, "admin/emojicheck/portrait/figures.html", context)

    def agreement_view(self, request: HttpRequest) -> HttpResponse:
        self._only_for_viewers(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Agreement with the service"),
            "agreement": agreement(),
        }
        return TemplateResponse(request, "admin/emojicheck/portrait/agreement.html", context)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Everything that the list shows with the same filters and search."""
        self._only_for_viewers(request)
        try:
            shown = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:emojicheck_portrait_changelist") + "?e=1")
        return actions.csv_response(shown)

    def _only_for_viewers(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
