"""What to tell somebody whose photo was not accepted: what we see, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import Measurement, Reason

from . import checks, wording
from .advice import ADVICE

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_LESSON = {Reason.DECLINED, Reason.OTHER}
_ABOUT_THE_FILE = {Reason.WRONG_DIMENSIONS, Reason.UNREADABLE_FILE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """All sentences are in the language active when it was made."""

    reason: Reason
    name: str
    """Two or three words, for lists: Head tilted."""
    title: str
    seen: str
    """What we see, with our own numbers where they help."""
    spoken: str
    """The one thing to change, in a few words for those who listen, after the verdict's word."""
    actions: tuple[str, ...]
    """One to three things to do."""
    note: str
    """The usual false alarm, or what is fine after all; may be empty."""
    icon: str
    lesson: str
    """Where the guide shows how it should look: an anchor there; nothing for its beginning."""


def guidance(reason: Reason, measurements: Iterable[Measurement] = ()) -> Guidance:
    """What to say about a rejection.

    `measurements` of the same photo lend their numbers to the words; without any, or with those
    of other rules, the words do without.
    """
    advice = ADVICE[reason]
    return Guidance(
        reason=reason,
        name=str(advice.name),
        title=str(advice.title),
        seen=wording.joined(*_with_numbers(reason, measurements), str(advice.seen)),
        spoken=str(advice.spoken),
        actions=tuple(str(action) for action in advice.actions),
        note=str(advice.note),
        icon=advice.icon,
        lesson=_lesson(reason),
    )


def _lesson(reason: Reason) -> str:
    if reason in _NO_LESSON:
        return ""
    return "file" if reason in _ABOUT_THE_FILE else str(reason)


def _with_numbers(reason: Reason, measurements: Iterable[Measurement]) -> list[str]:
    """At most one sentence: more numbers would not make it clearer.

    None where the failed rule means something else, and where rounding hides the difference.
    """
    numbers = ADVICE[reason].numbers or {}
    for measured in measurements:
        sentence = numbers.get(measured.id)
        if not sentence or measured.passed or checks.reason_of(measured) != reason:
            continue
        value, limit = checks.check(measured).value, checks.own_limit(measured)
        if value != limit:
            shown = {"value": wording.unbroken(value), "limit": wording.unbroken(limit)}
            return [str(sentence) % shown]
    return []
