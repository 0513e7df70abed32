"""Every part of the look in every state, from the real templates, for those who work on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from emojicheck.detection.verdicts import BBox, Measurement, Spot
from emojicheck.models import Portrait

from . import checks
from .comparison import Change
from .cost import Cost
from .listing import Entry
from .overlay import overlay
from .page import Head, Page
from .progress import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

SIDE = 1024
"""Of every drawing, as a photo, in pixels."""
FACE, EXTENDED = BBox(326, 312, 698, 684), BBox(103, 67, 921, 885)

_MASK = ((372, 520), (512, 486), (652, 520), (640, 640), (512, 716), (386, 640))
_HAND = ((630, 390), (700, 362), (860, 420), (872, 500), (820, 700), (720, 750), (606, 610))
_SPOTS: tuple[tuple[str, Spot], ...] = (
    ("head-tilted", Spot(kind="line", points=((470, 410), (610, 478)), value=25.6)),
    ("head-turned", Spot(kind="arrow", points=((512, 500), (640, 510)), value=26.4)),
    ("hand-near-face", Spot(kind="outline", points=_HAND)),
    ("face-covered", Spot(kind="area", points=_MASK)),
    ("several-people", Spot(kind="ring", points=((620, 380), (860, 660)))),
    ("face-too-large", Spot(kind="span", points=((20, 560), (1004, 560)), value=0.96)),
    ("face-cut-off", Spot(kind="edge", points=((0, 20), (0, 360)))),
)
_HEADS = (
    Head(tone="", icon="clock", tag="Waiting", title="", lead=""),
    Head(tone="yes", icon="check", tag="Accepted", title="", lead=""),
    Head(tone="no", icon="tilt", tag="Not accepted", title="", lead=""),
    Head(tone="ours", icon="warning", tag="Our fault", title="", lead=""),
)
_MEASURED = (
    Measurement(id="roll", value=25.6, low=-15, high=15, passed=False),
    Measurement(id="face_width", value=0.36, low=0.12, high=0.85, passed=True),
    Measurement(id="hand_near_face", value=None, low=0.5, passed=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A drawing with marks on it, as a page shows a photo."""

    drawing: str
    name: str
    page: Page


def styleguide() -> dict[str, Any]:
    """All that the template shows. Nothing of it is stored, and nobody's photo is in it."""
    return {
        "heads": _HEADS,
        "exhibits": tuple(_exhibits()),
        "page": _page(),
        "changes": tuple(_changes()),
        "entries": tuple(_entries()),
        "states": ("waiting", "accepted", "rejected", "failed"),
        "colours": _tokens(r"#\w+"),
        "lengths": _tokens(r"[\d.]+(?:rem|px)"),
        "icons": re.findall(r'<symbol id="([\w-]+)"', _static("img", "icons.svg")),
        "drawings": sorted(path.stem for path in _folder("img", "portraits").glob("*.svg")),
    }


def _exhibits() -> Iterable[Exhibit]:
    for drawing, spot in _SPOTS:
        yield Exhibit(drawing=drawing, name=spot.kind, page=_page(spots=(spot,), face=None))
    yield Exhibit(drawing="ok", name="boxes", page=_page(extended=EXTENDED))
    yield Exhibit(drawing="no-person", name="nothing", page=_page(face=None))


def _page(
    *,
    face: BBox | None = FACE,
    extended: BBox | None = None,
    spots: tuple[Spot, ...] = (),
) -> Page:
    rows = tuple(checks.check(measured) for measured in _MEASURED)
    statuses = (("done", "check"), ("current", "clock"), ("ahead", "eye"))
    return Page(
        portrait=Portrait(width=SIDE, height=SIDE, photo_bytes=412_000, state="rejected"),
        template="",
        head=_HEADS[2],
        cost=Cost(amount=Decimal("0.004"), short="¥0.004", text="The service was asked once."),
        keeps_for="3 h 21 min",
        keeps_seconds=12_060,
        request_ids=("0e7c1a52-7a3c-9d0e-8c55-1f6b2f7a9d10",),
        overlay=overlay(SIDE, SIDE, face=face, extended=extended, spots=spots),
        checks=rows,
        checks_summary=checks.summary(rows),
        steps=tuple(
            Step(title=status, aside="aside", text="What it means.", status=status, icon=icon)  # type: ignore[arg-type]
            for status, icon in statuses
        ),
    )


def _changes() -> Iterable[Change]:
    said = {"label": "Head level", "was": "26°", "now": "12°", "limit": "up to 15°"}
    yield Change(**said, turn="fine", word="fine now")
    yield Change(**said, turn="broken", word="not fine any more")


def _entries() -> Iterable[Entry]:
    told = (("Not accepted", "no", "Head tilted"), ("Passes here", "yes", ""))
    for word, tone, name in told:
        yield Entry(
            portrait=Portrait(created=timezone.now()),
            word=word,
            tone=tone,
            name=name,
            ago="9 min ago",
        )


def _tokens(kind: str) -> list[tuple[str, str]]:
    """Names and values of the light theme."""
    light = _static("css", "tokens.css").split("@media")[0]
    return re.findall(rf"(--[\w-]+): ({kind});", light)


def _static(*parts: str) -> str:
    return _folder(*parts).read_text(encoding="utf-8")


def _folder(*parts: str) -> Path:
    return Path(settings.BASE_DIR, "static", *parts)
