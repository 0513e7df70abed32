"""An evaluation as one page that needs nothing else: a file to look at, never served by the site.

It shows the pictures that were judged, as small copies inside the page, so it is as private as
they are.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from PIL import Image

from emojicheck.presentation.checks import check

from .evaluation_text import interval, of_how_many, percent, told_whole, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from emojicheck.detection.verdicts import Measurement
    from emojicheck.presentation.checks import Check

    from .evaluation import Evaluation, Judged

THUMBNAIL_SIDE = 144
THUMBNAIL_QUALITY = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the page shows of one picture beside the judgement itself."""

    thumbnail: str
    """A data URI."""
    width: int
    height: int
    failed: tuple[Check, ...]
    """The rules that were not met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    title: str
    anchor: str
    cards: Sequence[tuple[Judged, Card]]


def card(photo: bytes, measurements: Iterable[Measurement]) -> Card:
    """A small copy of a photo (a clean JPEG of ours), and what was not met on it."""
    with Image.open(io.BytesIO(photo), formats=["JPEG"]) as image:
        image.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        small = image.convert("RGB")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=THUMBNAIL_QUALITY, optimize=True)
    return Card(
        thumbnail="data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode(),
        width=small.width,
        height=small.height,
        failed=tuple(check(measured) for measured in measurements if not measured.passed),
    )


def page(
    evaluation: Evaluation, cards: Mapping[str, Card], unread: Mapping[str, str], *, title: str
) -> str:
    """The whole report as HTML. `cards` are by file."""

    def section(name: str, anchor: str, judged: Iterable[Judged]) -> _Section:
        return _Section(
            title=name, anchor=anchor, cards=[(one, cards[one.example.file]) for one in judged]
        )

    sections = [
        section("Judged wrongly", "wrong", evaluation.wrong),
        section("Rejected for another reason", "reason", evaluation.wrong_reason),
        section("All pictures", "all", evaluation.judged),
    ]
    labels = [
        {
            "label": row.label,
            "right": percent(row.right),
            "total": row.right.total,
            "interval": interval(row.right),
            "natural": of_how_many(row.natural),
        }
        for row in evaluation.labels
    ]
    thirds = [
        {
            "name": third.name,
            "span": f"{third.darkest:.0f} to {third.lightest:.0f}",
            "accepted": told_whole(third.accepted),
        }
        for third in evaluation.by_light
    ]
    return render_to_string(
        "reports/evaluation.html",
        {
            "title": title,
            "evaluation": evaluation,
            "labels": labels,
            "totals": totals(evaluation),
            "thirds": thirds,
            "unlit": told_whole(evaluation.unlit),
            "sections": sections,
            "unread": dict(unread),
        },
    )
