"""What the operator sees: the history of portraits, what it cost, and the gate to the service."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .gates import GateAdmin
from .portraits import PortraitAdmin

admin.site.site_header = _("emojicheck: administration")
admin.site.site_title = _("emojicheck")
# The lists are wide, and there are few of them.
admin.site.enable_nav_sidebar = False
admin.site.index_title = _("What happened, and what it cost")

__all__ = ["GateAdmin", "PortraitAdmin"]
