"""Whether mouth, eyes and brows are at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import Reason

from .finding import Finding, Rank, finding

if TYPE_CHECKING:
    from emojicheck.detection.local.limits import Limits
    from emojicheck.detection.local.traits import Traits

UNSURE = 1.15
"""Of the limit: faces at rest differ this much."""


def mouth_open(t: Traits, limits: Limits) -> Finding:
    """`mouth_open`: gap between the lips over the width of the mouth.

    A smile may show teeth, so its limit is higher.
    """
    value = t.expression.mouth_open
    smile = min(max(-t.expression.corners_down / limits.full_smile, 0.0), 1.0)
    return finding(
        "mouth_open",
        value,
        high=limits.mouth_open + smile * (limits.mouth_open_smiling - limits.mouth_open),
        certain=value > limits.certain_mouth_open,
        reason=Reason.STRONG_EXPRESSION,
        rank=Rank.PLAIN_EXPRESSION if value > limits.wide_open else Rank.EXPRESSION,
    )


def eyes_open(t: Traits, limits: Limits) -> Finding:
    """`eyes_open`: lid distance over the width of the wider eye."""
    value = t.expression.eyes_open
    return finding(
        "eyes_open",
        value,
        low=limits.eyes_open,
        certain=value < limits.certain_eyes_shut,
        reason=Reason.STRONG_EXPRESSION,
        rank=Rank.PLAIN_EXPRESSION,
    )


def wink(t: Traits, limits: Limits) -> Finding:
    """`wink`: how much wider one eye is open than the other, if that one is nearly shut."""
    e = t.expression
    apart = e.eyes_open - e.eye_narrower
    return finding(
        "wink",
        apart,
        high=limits.wink,
        failed=apart > limits.wink and e.eye_narrower < limits.wink_narrower,
        reason=Reason.STRONG_EXPRESSION,
        rank=Rank.EXPRESSION,
    )


def brows_up(t: Traits, limits: Limits) -> Finding:
    """`brows_up`: from the eyes to the brows, in distances between the outer eye corners."""
    return finding(
        "brows_up",
        t.expression.brows_up,
        high=limits.brows_up,
        reason=Reason.STRONG_EXPRESSION,
        rank=Rank.EXPRESSION,
    )


def mouth_shape(t: Traits, limits: Limits) -> Finding:
    """`mouth_shape`: the furthest the mouth is pulled down, askew or together; 1 is the limit."""
    e = t.expression
    sullen = limits.corners_at_rest.above(e.corners_down) - limits.nose_to_lip_at_rest.above(
        e.nose_to_lip
    )
    index = max(
        e.corners_down / limits.corners_down,
        e.corners_uneven / limits.corners_uneven,
        e.upper_lip / e.mouth_width / limits.pursed,
        sullen / limits.sullen,
    )
    return finding(
        "mouth_shape",
        index,
        high=1.0,
        unsure=index < UNSURE,
        reason=Reason.STRONG_EXPRESSION,
        rank=Rank.EXPRESSION,
    )
