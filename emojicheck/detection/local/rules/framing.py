"""How much of the photo the face takes up, and whether it is all there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import Reason

from .finding import Finding, Rank, finding

if TYPE_CHECKING:
    from emojicheck.detection.local.limits import Limits
    from emojicheck.detection.local.traits import Traits


def face_width(t: Traits, limits: Limits) -> Finding:
    """`face_width`: width of the face over the width of the photo."""
    small = t.width_share < limits.small
    return finding(
        "face_width",
        t.width_share,
        low=limits.small,
        high=limits.large,
        certain=t.width_share < limits.certainly_small or t.width_share > limits.certainly_large,
        reason=Reason.FACE_TOO_SMALL if small else Reason.FACE_TOO_LARGE,
        rank=Rank.FACE_SIZE,
    )


def face_cut_off(t: Traits, limits: Limits) -> Finding:
    """`face_cut_off`: share of the face outside the photo. The mesh is drawn on beyond the edge."""
    return finding(
        "face_cut_off",
        t.outside,
        high=limits.outside,
        certain=t.outside > limits.certainly_outside,
        reason=Reason.FACE_CUT_OFF,
        rank=Rank.CUT_OFF,
    )
