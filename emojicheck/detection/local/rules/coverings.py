"""Whether anything is in front of the face."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from emojicheck.detection.verdicts import Reason

from .finding import Finding, Rank, finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emojicheck.detection.local.jitter import Part
    from emojicheck.detection.local.limits import Limits
    from emojicheck.detection.local.traits import NearHand, Traits

BELOW: frozenset[Part] = frozenset({"mouth", "upper lip", "low cheek", "jaw", "chin"})
WHERE_BEARDS_GROW: frozenset[Part] = BELOW | {"face", "cheek", "outline"}
TINY = 1e-4
"""Face widths added before taking logarithms, so that a perfectly still part stays finite."""
UNSURE = 1.1
"""Of the limit: beards and shadows come this near."""


def hand_near_face(t: Traits, limits: Limits) -> Finding:
    """`hand_near_face`: nearest hand from the face's edge, in face widths; none if no hand."""
    near = nearest_hand(t, limits)
    return finding(
        "hand_near_face",
        near.away if near else None,
        low=limits.hand_away,
        certain=near is not None
        and near.presence > limits.certain_hand_presence
        and near.away < limits.certain_hand_away,
        reason=Reason.HAND_NEAR_FACE,
        rank=Rank.HAND,
    )


def nearest_hand(t: Traits, limits: Limits) -> NearHand | None:
    hands = [hand for hand in t.hands if _is_hand(hand, t, limits)]
    return min(hands, key=lambda hand: hand.away, default=None)


def hands_near(t: Traits, limits: Limits) -> list[int]:
    """Which of the hands are too near, by their place in `t.hands`."""
    return [
        index
        for index, hand in enumerate(t.hands)
        if hand.away < limits.hand_away and _is_hand(hand, t, limits)
    ]


def _is_hand(hand: NearHand, t: Traits, limits: Limits) -> bool:
    if hand.presence < limits.hand_presence or hand.wandering > limits.hand_wandering:
        return False
    # A hand right in the face hides something of it.
    deep_inside = hand.away < -limits.deep_inside
    return not deep_inside or strongest_sign(t, limits).index > limits.hand_hides


def covered(t: Traits, limits: Limits) -> Finding:
    """`covered`: the strongest sign of something in front of the face; 1 is the limit."""
    sign = strongest_sign(t, limits)
    plain = sign.index > limits.plainly_covered or (sign.of == "lenses" and sign.index > 1)
    return finding(
        "covered",
        sign.index,
        high=1.0,
        certain=sign.index > limits.certainly_covered,
        unsure=sign.index < UNSURE,
        reason=Reason.FACE_COVERED,
        rank=Rank.PLAINLY_COVERED if plain else Rank.COVERED,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Of something in front of a part of the face."""

    of: Part | Literal["lenses", "colour"]
    index: float
    """1 is the limit."""


def strongest_sign(t: Traits, limits: Limits) -> Sign:
    signs = [*_unsteady_parts(t, limits), _dark_lenses(t, limits), _foreign_colour(t, limits)]
    return max(signs, key=lambda sign: sign.index)


def _unsteady_parts(t: Traits, limits: Limits) -> Iterable[Sign]:
    full = limits.full_beard - limits.beard
    beard = min(max((t.appearance.beard - limits.beard) / full, 0.0), 1.0)
    for part in limits.jitter:
        allowed = limits.steadiness_below if part in BELOW else limits.steadiness
        if part in WHERE_BEARDS_GROW:
            allowed += beard * limits.beard_allowance
        yield Sign(of=part, index=unsteadiness(t, part, limits) / allowed)


def unsteadiness(t: Traits, part: Part, limits: Limits) -> float:
    """How far a part's jitter is above the ordinary, in spreads."""
    return limits.jitter[part].above(math.log(t.jitter.amount[part] + TINY))


def _dark_lenses(t: Traits, limits: Limits) -> Sign:
    """Dark glasses keep the mesh steady; they show in how dark it is below the eyes."""
    step = limits.under_eyes - limits.under_eyes_certain
    darker = (limits.under_eyes - t.appearance.under_eyes) / step
    return Sign(of="lenses", index=max(0.0, 1 + darker * (limits.certainly_covered - 1)))


def _foreign_colour(t: Traits, limits: Limits) -> Sign:
    """Coloured cloth on cheeks or chin, which may leave the mesh steady too. Never certain."""
    index = t.appearance.foreign_colour / limits.foreign_colour
    return Sign(of="colour", index=min(index, limits.plainly_covered))
