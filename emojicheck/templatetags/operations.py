"""What the operator must know before anything else: calls have stopped, or money is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.utils import timezone

from emojicheck import pacing
from emojicheck.models import Gate
from emojicheck.presentation import wording

if TYPE_CHECKING:
    from django.template.context import Context

register = template.Library()


@register.inclusion_tag("admin/emojicheck/notices.html", takes_context=True)
def operator_notices(context: Context) -> dict[str, Any]:
    """Open breakers and a spent budget, for staff who may see the site's affairs."""
    if not context["request"].user.has_module_perms("emojicheck"):
        return {}
    return {
        "open_gates": Gate.objects.filter(open_until__gt=timezone.now()).order_by("model"),
        "budget": wording.yuan(settings.DAILY_BUDGET) if pacing.budget_is_spent() else "",
    }


@register.filter
def percent(share: float) -> str:
    return wording.percent(share)


@register.filter
def yuan(amount: Any) -> str:
    return wording.yuan(amount)
