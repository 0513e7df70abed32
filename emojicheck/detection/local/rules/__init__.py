"""From measured numbers to findings, and the order in which to tell them.

Pure: numbers in, findings out. One small function a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import clarity, coverings, framing, grimaces, people, posture
from .finding import Finding, Rank

if TYPE_CHECKING:
    from collections.abc import Callable

    from emojicheck.detection.local.limits import Limits
    from emojicheck.detection.local.traits import Traits

    Rule = Callable[[Traits, Limits], Finding]

FUNDAMENTALS: tuple[Rule, ...] = (
    people.one_person,
    framing.face_width,
    framing.face_cut_off,
    clarity.blur,
    clarity.light,
    posture.yaw,
    posture.pitch,
    posture.roll,
)
"""What must be right before anything finer can be measured."""

DETAILS: tuple[Rule, ...] = (
    coverings.hand_near_face,
    coverings.covered,
    grimaces.mouth_open,
    grimaces.eyes_open,
    grimaces.wink,
    grimaces.brows_up,
    grimaces.mouth_shape,
)


def judge(traits: Traits | None, limits: Limits) -> tuple[Finding, ...]:
    """Every rule that could be asked, in a fixed order.

    Rules whose numbers would be guesses, because something more fundamental failed, are left out.
    """
    if traits is None:
        return (people.no_face(),)
    nobody = (people.not_a_person(traits, limits),)
    if people.is_weak(traits, limits):
        return nobody
    fundamentals = tuple(rule(traits, limits) for rule in FUNDAMENTALS)
    first = leading(fundamentals)
    rank = first.rank if first else None
    if rank == Rank.FACE_SIZE and not people.is_small_person(traits, limits):
        return nobody
    if rank is not None and rank <= Rank.PROFILE:
        return fundamentals
    if not people.is_face(traits, limits):
        return nobody
    return (*fundamentals, *(rule(traits, limits) for rule in DETAILS))


def leading(findings: tuple[Finding, ...]) -> Finding | None:
    """The failed finding to tell first; None when all passed."""
    return min((f for f in findings if f.failed), key=lambda f: f.rank, default=None)
