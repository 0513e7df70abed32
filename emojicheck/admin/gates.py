"""The gate to the service, and how to open it again after the operator has acted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from emojicheck import pacing
from emojicheck.models import Gate

from .history import HistoryAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Gate)
class GateAdmin(HistoryAdmin):
    """While a breaker is open no call is made for its model, and portraits wait."""

    list_display = ["name", "lets_through", "until", "why", "said", "refusals"]
    list_display_links = None
    ordering = ["model"]
    actions = ["close_breaker"]

    def has_close_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("emojicheck.change_gate")

    @admin.display(description=_("model"), ordering="model")
    def name(self, gate: Gate) -> str:
        return gate.model

    @admin.display(description=_("lets calls through"), boolean=True)
    def lets_through(self, gate: Gate) -> bool:
        return not gate.open_until or gate.open_until <= timezone.now()

    @admin.display(description=_("next attempt"), ordering="open_until")
    def until(self, gate: Gate) -> object:
        return gate.open_until

    @admin.display(description=_("cause"))
    def why(self, gate: Gate) -> str:
        return gate.cause

    @admin.display(description=_("the service’s words"))
    def said(self, gate: Gate) -> str:
        return gate.detail

    @admin.display(description=_("refusals in a row"))
    def refusals(self, gate: Gate) -> int:
        return gate.failures

    @admin.action(
        description=_("Close the breaker: the account is in order again"), permissions=["close"]
    )
    def close_breaker(self, request: HttpRequest, queryset: QuerySet[Gate]) -> None:
        for gate in queryset:
            pacing.answered(gate.model)
            self.log_change(request, gate, "Breaker closed.")
        self.message_user(
            request,
            ngettext(
                "%(count)s breaker is closed. Portraits go on within a few minutes.",
                "%(count)s breakers are closed. Portraits go on within a few minutes.",
                len(queryset),
            )
            % {"count": len(queryset)},
            messages.SUCCESS,
        )
