"""Whether the face can be seen clearly. Only extremes fail: light is no measure of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import Reason

from .finding import Finding, Rank, finding

if TYPE_CHECKING:
    from emojicheck.detection.local.limits import Limits
    from emojicheck.detection.local.traits import Traits


def light(t: Traits, limits: Limits) -> Finding:
    """`light`: lightness of the face's brightest parts, 0 (black) to 100 (white)."""
    return finding(
        "light",
        t.appearance.light,
        low=limits.light,
        certain=t.appearance.light < limits.certain_dark,
        reason=Reason.TOO_DARK,
        rank=Rank.DARK,
    )


def blur(t: Traits, limits: Limits) -> Finding:
    """`blur`: fine detail for each part of coarse detail in the face, 0 to about 1."""
    return finding(
        "blur",
        10**t.appearance.sharpness,
        low=10**limits.sharpness,
        certain=t.appearance.sharpness < limits.certain_blur,
        reason=Reason.TOO_BLURRED,
        rank=Rank.BLURRED,
    )
