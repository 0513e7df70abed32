"""A portrait beside the visitor's try before it: both verdicts, and the rules that came out new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from . import checks
from .listing import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from emojicheck.detection.verdicts import Measurement
    from emojicheck.models import Detection, Portrait

    from .listing import Entry

Turn = Literal["fine", "better", "worse", "broken"]
_ORDER: tuple[Turn, ...] = ("fine", "better", "worse", "broken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One rule, then and now."""

    label: str
    was: str
    now: str
    limit: str
    turn: Turn
    """Fine now, better but not fine, worse, or fine no longer."""
    word: str

    @property
    def is_better(self) -> bool:
        return self.turn in {"fine", "better"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    title: str
    earlier: Entry
    later: Entry
    changes: tuple[Change, ...]
    """What got better first."""
    summary: str


def comparison(
    portrait: Portrait,
    detections: Sequence[Detection],
    earlier: Portrait,
    earlier_detections: Sequence[Detection],
    *,
    now: datetime,
) -> Comparison:
    """Both portraits have a verdict; detections are all of their own, oldest first."""
    before = {m.id: m for m in _measured(earlier, earlier_detections)}
    after = tuple(_measured(portrait, detections))
    changed = (_change(before[m.id], m) for m in after if m.id in before)
    changes = tuple(
        sorted((c for c in changed if c is not None), key=lambda c: _ORDER.index(c.turn))
    )
    # A rule that was looked at only once may be the very one that decided.
    comparable = {m.id for m in before.values() if not m.passed} <= {m.id for m in after} and {
        m.id for m in after if not m.passed
    } <= set(before)
    was, is_ = entries([earlier, portrait], now=now)
    made_of_it = portrait.derived_from_id == earlier.pk
    return Comparison(
        title=_("Compared with the photo before")
        if made_of_it
        else _("Compared with your last try"),
        earlier=was,
        later=is_,
        changes=changes,
        summary=_summary(changes, comparable=comparable),
    )


def _measured(portrait: Portrait, detections: Sequence[Detection]) -> Iterable[Measurement]:
    if portrait.verdict is None:
        return
    for detection in checks.looked_at(detections, portrait.verdict):
        yield from checks.measurements_from(detection.measurements)


def _change(was: Measurement, now: Measurement) -> Change | None:
    """Nothing where both are fine: a degree more or less is chance."""
    turn = _turn(was, now)
    if turn is None:
        return None
    then, this = checks.check(was), checks.check(now)
    if then.value == this.value and was.passed == now.passed:
        return None
    return Change(
        label=this.label,
        was=then.value,
        now=this.value,
        limit=this.limit,
        turn=turn,
        word={
            "fine": _("fine now"),
            "better": _("better, not enough yet"),
            "worse": _("further off"),
            "broken": _("not fine any more"),
        }[turn],
    )


def _turn(was: Measurement, now: Measurement) -> Turn | None:
    if was.passed and now.passed:
        return None
    if was.passed != now.passed:
        return "fine" if now.passed else "broken"
    return "better" if _off(now) < _off(was) else "worse"


def _off(measured: Measurement) -> float:
    """How far a value lies outside its limits."""
    value = measured.value or 0.0
    below = measured.low - value if measured.low is not None else 0.0
    above = value - measured.high if measured.high is not None else 0.0
    return max(below, above, 0.0)


def _summary(changes: Sequence[Change], *, comparable: bool) -> str:
    if not changes and not comparable:
        return _("Not the same rules were looked at both times.")
    if not changes:
        return _("The same rules came out fine, and the same did not.")
    better = sum(change.is_better for change in changes)
    if better == len(changes):
        return _("What changed got better.")
    if not better:
        return _("What changed is further from passing.")
    return _("Some got better, some did not.")
