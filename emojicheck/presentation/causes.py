"""Coarse answers of the service: what one code may mean, likeliest first, with our own evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emojicheck.detection.catalogue import reasons_behind

from . import checks
from .guidance import Guidance, guidance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emojicheck.detection.verdicts import Measurement, Reason

Text = str | Promise

_TITLES: dict[str, tuple[Text, Text]] = {
    "InvalidFile.FacePose": (_("Pose of the face"), _("The pose of the face is not right yet")),
    "InvalidFile.FullFace": (_("Face not complete"), _("The face does not show completely")),
    "InvalidFile.BodyProportion": (
        _("Size of the face"),
        _("Your face seems too small or too large"),
    ),
    "InvalidFile.Value": (_("Not clear enough"), _("The photo is too dark or not clear enough")),
}
"""For a code with several meanings, none of which we can see ourselves: name and title."""
_OTHERWISE: tuple[Text, Text] = (_("Not accepted"), _("This photo was not accepted"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One of the things a code may mean."""

    guidance: Guidance
    seen_here: bool
    """Our own measurements say the same."""


def likely_causes(code: str, measurements: Iterable[Measurement]) -> tuple[Cause, ...]:
    """All that a code of the service may mean: what we measured ourselves first."""
    measurements = tuple(measurements)
    seen = [checks.reason_of(measured) for measured in measurements if not measured.passed]
    found = [
        Cause(guidance=guidance(reason, measurements), seen_here=reason in seen)
        for reason in reasons_behind(code)
    ]
    return tuple(sorted(found, key=lambda cause: not cause.seen_here))


def name_of(reason: Reason, code: str) -> str:
    """Two or three words for a list: of the reason, or of the whole code when it is coarse."""
    if len(reasons_behind(code)) > 1:
        return str(_TITLES.get(code, _OTHERWISE)[0])
    return guidance(reason).name


def title_of(code: str) -> str:
    return str(_TITLES.get(code, _OTHERWISE)[1])
