"""A verdict in one sentence for those who listen: what it is, and the one thing to change."""

from __future__ import annotations

from django.utils.translation import gettext as _


def accepted(verdict: str) -> str:
    return _("%(verdict)s: nothing has to be changed.") % {"verdict": verdict}


def rejected(verdict: str, change: str) -> str:
    """`change` is what guidance calls spoken."""
    return _("%(verdict)s: please %(change)s.") % {"verdict": verdict, "change": change}


def failed(*, about_the_photo: bool) -> str:
    if about_the_photo:
        return _("No verdict: please choose the photo again.")
    return _("No verdict: nothing has to be changed about the photo.")
