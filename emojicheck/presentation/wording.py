"""Numbers as people read them: shares, degrees, money, spans of time, weights of files; names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from decimal import Decimal

MINUTE_SECONDS = 60
HOUR_SECONDS = 60 * MINUTE_SECONDS
JUST_NOW_SECONDS = 5
NAME_LENGTH = 40
NAME_END = 10
"""Marks kept at the end of a long name of a file: it tells the kind."""


def joined(*sentences: str) -> str:
    """Sentences one after the other: with a space between, except after a Chinese full stop."""
    return " ".join(sentence for sentence in sentences if sentence).replace("。 ", "。")


def percent(share: float) -> str:
    """0.364 -> 36 %."""
    return _("%(number)s %%") % {"number": round(share * 100)}


def unbroken(number: str) -> str:
    """The same for running text, where no line may end between a number and its sign."""
    return number.replace(" %", "\N{NO-BREAK SPACE}%")


def degrees(angle: float) -> str:
    """Without a sign: the words or the picture say to which side."""
    return f"{abs(angle):.0f}°"


def yuan(amount: Decimal) -> str:
    """An exact price with at least two decimals, never rounded to nothing."""
    exact = amount.normalize()
    decimals = max(2, -int(exact.as_tuple().exponent))
    return _("¥%(amount)s") % {"amount": f"{amount:.{decimals}f}"}


def span(seconds: float) -> str:
    """How long something takes, rounded up, in at most two units: 3 s, 9 min, 23 h 41 min."""
    whole = max(1, math.ceil(seconds))
    if whole < MINUTE_SECONDS:
        return _("%(seconds)s s") % {"seconds": whole}
    minutes = math.ceil(whole / MINUTE_SECONDS)
    if minutes < MINUTE_SECONDS:
        return _("%(minutes)s min") % {"minutes": minutes}
    hours, rest = divmod(minutes, 60)
    if not rest or hours >= 48:
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


class SpanForms(NamedTuple):
    """What a script fills in where `span` is to stay true while somebody looks."""

    minutes: str
    hours: str
    whole_hours: str


def span_forms() -> SpanForms:
    gaps = {"hours": "{h}", "minutes": "{m}"}
    return SpanForms(
        minutes=_("%(minutes)s min") % gaps,
        hours=_("%(hours)s h %(minutes)s min") % gaps,
        whole_hours=ngettext("%(hours)s hour", "%(hours)s hours", 2) % gaps,
    )


def ago(seconds: float) -> str:
    """How long something is past, rounded down, in one unit."""
    if seconds < JUST_NOW_SECONDS:
        return _("just now")
    unit = next((u for u in (HOUR_SECONDS, MINUTE_SECONDS) if seconds >= u), 1)
    return _("%(span)s ago") % {"span": span(seconds // unit * unit)}


def took(milliseconds: int) -> str:
    """How long something took, in seconds with as many decimals as are worth reading."""
    seconds = milliseconds / 1000
    return _("%(seconds)s s") % {"seconds": f"{seconds:.1f}" if seconds >= 0.1 else "0.1"}


def weight(size_bytes: int) -> str:
    """The size of a file: 412 KB, 5.6 MB, 30 MB."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} KB"
    return f"{size_bytes / 1_000_000:.1f}".removesuffix(".0") + " MB"


def file_name(name: str) -> str:
    """A stranger's name for a file, fit to be shown: on one line, in one direction, cut short."""
    letters = "".join(" " if category(mark)[0] in "CZ" else mark for mark in name)
    plain = " ".join(letters.split())
    if len(plain) > NAME_LENGTH:
        plain = f"{plain[: NAME_LENGTH - NAME_END - 1]}…{plain[-NAME_END:]}"
    return plain or _("a file without a name")


def dimensions(width: int, height: int) -> str:
    return f"{width} × {height}"
