"""What was looked at, rule by rule: label, measured value, what would be fine, who looked.

The rules and their units are those of `detection.local.rules`. A rule that is not listed here is
shown under its own id, so that a new one never breaks a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from emojicheck.detection.verdicts import Measurement, Reason

from . import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from emojicheck.models import Detection

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule that was looked at, in words."""

    id: str
    label: str
    value: str
    limit: str
    passed: bool
    source: str
    """local or service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    label: Text
    write: Callable[[float], str]
    nothing: Text = "–"
    """Shown when there was nothing to measure."""
    reasons: tuple[Reason, ...] = ()
    """What a failure means: for a value below the limits, then for one above (or for both)."""


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _faces_away(value: float) -> str:
    if value < 0.05:
        return _("at the face")
    return _("%(number)s faces away") % {"number": f"{value:.1f}"}


_RULES: dict[str, _Rule] = {
    "faces": _Rule(
        label=gettext_lazy("One face"),
        write=_whole,
        reasons=(Reason.NO_PERSON, Reason.SEVERAL_PEOPLE),
    ),
    "face_width": _Rule(
        label=gettext_lazy("Face width"),
        write=wording.percent,
        reasons=(Reason.FACE_TOO_SMALL, Reason.FACE_TOO_LARGE),
    ),
    "face_cut_off": _Rule(
        label=gettext_lazy("Face outside the photo"),
        write=wording.percent,
        reasons=(Reason.FACE_CUT_OFF,),
    ),
    "blur": _Rule(label=gettext_lazy("Sharpness"), write=_number, reasons=(Reason.TOO_BLURRED,)),
    "light": _Rule(
        label=gettext_lazy("Light on the face"), write=_whole, reasons=(Reason.TOO_DARK,)
    ),
    "yaw": _Rule(
        label=gettext_lazy("Facing front"),
        write=wording.degrees,
        reasons=(Reason.HEAD_TURNED,),
    ),
    "pitch": _Rule(
        label=gettext_lazy("Chin neither up nor down"),
        write=wording.degrees,
        reasons=(Reason.HEAD_TURNED,),
    ),
    "roll": _Rule(
        label=gettext_lazy("Head level"), write=wording.degrees, reasons=(Reason.HEAD_TILTED,)
    ),
    "hand_near_face": _Rule(
        label=gettext_lazy("No hand near"),
        write=_faces_away,
        nothing=gettext_lazy("no hand"),
        reasons=(Reason.HAND_NEAR_FACE,),
    ),
    "covered": _Rule(
        label=gettext_lazy("Nothing over the face"),
        write=_number,
        reasons=(Reason.FACE_COVERED,),
    ),
    "mouth_open": _Rule(
        label=gettext_lazy("Mouth at rest"),
        write=wording.percent,
        reasons=(Reason.STRONG_EXPRESSION,),
    ),
    "eyes_open": _Rule(
        label=gettext_lazy("Eyes open"),
        write=wording.percent,
        reasons=(Reason.STRONG_EXPRESSION,),
    ),
    "wink": _Rule(
        label=gettext_lazy("Both eyes alike"),
        write=wording.percent,
        reasons=(Reason.STRONG_EXPRESSION,),
    ),
    "brows_up": _Rule(
        label=gettext_lazy("Brows at rest"),
        write=wording.percent,
        reasons=(Reason.STRONG_EXPRESSION,),
    ),
    "mouth_shape": _Rule(
        label=gettext_lazy("Lips at rest"),
        write=_number,
        reasons=(Reason.STRONG_EXPRESSION,),
    ),
}


def measurements_from(stored: Iterable[Mapping[str, Any]]) -> tuple[Measurement, ...]:
    """Measurements as a detection stores them."""
    return tuple(
        Measurement(
            id=str(fields["id"]),
            value=fields.get("value"),
            low=fields.get("low"),
            high=fields.get("high"),
            passed=bool(fields["passed"]),
            source=fields.get("source", "local"),
            certainty=fields.get("certainty", "likely"),
        )
        for fields in stored
    )


def looked_at(detections: Sequence[Detection], verdict: Detection) -> list[Detection]:
    """The latest look of our own at this photo, and the verdict if it is the service's."""
    own = [d for d in detections if d.is_local and d.outcome != "failed"]
    if verdict.is_local:
        return [verdict]
    return [*own[-1:], verdict]


def checks(detections: Iterable[Detection]) -> tuple[Check, ...]:
    """Everything looked at in these detections, what failed first."""
    rows = []
    for detection in detections:
        rows += [check(measured) for measured in measurements_from(detection.measurements)]
        if not detection.is_local and detection.outcome in {"accepted", "rejected"}:
            rows.append(_verdict(detection))
    return tuple(sorted(rows, key=lambda row: row.passed))


def check(measured: Measurement) -> Check:
    rule = _RULES.get(measured.id) or _Rule(label=measured.id, write=_number)
    value = rule.nothing if measured.value is None else rule.write(measured.value)
    return Check(
        id=measured.id,
        label=str(rule.label),
        value=str(value),
        limit=_limit(measured, rule.write),
        passed=measured.passed,
        source=measured.source,
    )


def reason_of(measured: Measurement) -> Reason | None:
    """What it means that this rule failed; None for an unknown rule."""
    rule = _RULES.get(measured.id)
    if rule is None or not rule.reasons:
        return None
    below = measured.low is not None and (measured.value or 0) < measured.low
    return rule.reasons[0] if below else rule.reasons[-1]


def own_limit(measured: Measurement) -> str:
    """The single limit on the side where the value lies: 17°, 12 %."""
    rule = _RULES.get(measured.id) or _Rule(label=measured.id, write=_number)
    below = measured.low is not None and (measured.value or 0) < measured.low
    limit = measured.low if below or measured.high is None else measured.high
    return rule.write(limit) if limit is not None else ""


def summary(rows: Iterable[Check]) -> str:
    """How many were fine: 8 of 9 fine."""
    rows = tuple(rows)
    fine = sum(row.passed for row in rows)
    return ngettext("%(fine)s of %(all)s fine", "%(fine)s of %(all)s fine", len(rows)) % {
        "fine": fine,
        "all": len(rows),
    }


def _limit(measured: Measurement, write: Callable[[float], str]) -> str:
    low, high = measured.low, measured.high
    if low is not None and low == high:
        return _("exactly %s") % write(low)
    if low is not None and high is not None and low < 0:
        # An angle: to which side decides which limit counts.
        return _("up to %s") % write(high if (measured.value or 0) >= 0 else low)
    if low is not None and high is not None:
        return _("%(low)s to %(high)s") % {"low": write(low), "high": write(high)}
    if high is not None:
        return _("up to %s") % write(high)
    if low is not None:
        return _("from %s") % write(low)
    return ""


def _verdict(detection: Detection) -> Check:
    accepted = detection.outcome == "accepted"
    return Check(
        id="verdict",
        label=_("Verdict"),
        value=_("accepted") if accepted else _("not accepted"),
        limit=_("accepted"),
        passed=accepted,
        source="service",
    )
