"""Whether anything is in front of the face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from emojicheck.detection.verdicts import Reason

from .finding import Finding, Rank, finding

if TYPE_CHECKING:
    from emojicheck.detection.local.limits import Limits
    from emojicheck.detection.local.traits import NearHand, Traits

Part = Literal["mouth", "eye", "nose", "outline", "face", "eyes"]


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
    hands = [hand for hand in t.hands if hand.presence > limits.hand_presence]
    return min(hands, key=lambda hand: hand.away, default=None)


def hands_near(t: Traits, limits: Limits) -> list[int]:
    """Which of the hands are too near, by their place in `t.hands`."""
    return [
        index
        for index, hand in enumerate(t.hands)
        if hand.presence > limits.hand_presence and hand.away < limits.hand_away
    ]


def covered(t: Traits, limits: Limits) -> Finding:
    """`covered`: unsteadiness of the worst part over what is ordinary there; 1 is the limit."""
    _, index = worst_part(t, limits)
    plain = index > limits.strongly_covered
    return finding(
        "covered",
        index,
        high=1.0,
        certain=index > limits.certainly_covered,
        reason=Reason.FACE_COVERED,
        rank=Rank.PLAINLY_COVERED if plain else Rank.COVERED,
    )


def worst_part(t: Traits, limits: Limits) -> tuple[Part, float]:
    """The part most likely to be covered, with its index."""
    parts: dict[Part, float] = {
        "mouth": t.jitter.mouth / limits.jitter_mouth,
        "eye": t.jitter.eye / limits.jitter_eye,
        "nose": t.jitter.nose / limits.jitter_nose,
        "outline": t.jitter.outline / limits.jitter_outline,
        "face": t.jitter.overall / limits.jitter_overall,
        "eyes": _dark_lenses(t, limits),
    }
    worst = max(parts, key=lambda part: parts[part])
    return worst, parts[worst]


def _dark_lenses(t: Traits, limits: Limits) -> float:
    """Dark glasses keep the mesh steady: they show in how dark and flat the eyes are."""
    a = t.appearance
    if a.eye_glint < limits.certain_lens_glint and a.under_eyes < limits.certain_lens_under_eyes:
        return limits.certainly_covered + 0.1
    if (
        a.eye_glint < limits.lens_glint
        and a.eye_detail < limits.lens_detail
        and a.under_eyes < limits.lens_under_eyes
    ):
        return limits.strongly_covered + 0.1
    return 0.0
