"""How the head is held. All angles in degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import Reason

from .finding import Finding, Rank, finding

if TYPE_CHECKING:
    from emojicheck.detection.local.limits import Limits
    from emojicheck.detection.local.traits import Traits


def yaw(t: Traits, limits: Limits) -> Finding:
    """`yaw`: turned to a side; positive = to the viewer's right."""
    angle = abs(t.pose.yaw)
    profile = is_profile(t, limits)
    if angle > limits.extreme_yaw and t.presence > limits.sure_presence:
        rank = Rank.TURNED_AWAY
    elif profile:
        rank = Rank.PROFILE
    elif angle > limits.far_yaw:
        rank = Rank.TURNED_FAR
    else:
        rank = Rank.TURNED_WELL if angle > limits.well_turned else Rank.TURNED
    return finding(
        "yaw",
        t.pose.yaw,
        low=-limits.yaw,
        high=limits.yaw,
        failed=profile or angle > limits.yaw,
        certain=angle > limits.certain_yaw and t.presence > limits.sure_presence,
        reason=Reason.HEAD_TURNED,
        rank=rank,
    )


def is_profile(t: Traits, limits: Limits) -> bool:
    """A full profile loses the mesh; the detector's own six points still tell it."""
    edge_on = t.eyes_apart < limits.profile_eyes_apart or t.nose_off > limits.profile_nose_off
    mesh_lost = t.presence < 0.95 or t.jitter.amount["face"] > 0.03 or abs(t.pose.yaw) > 40
    return edge_on and mesh_lost and t.score > 0.6


def pitch(t: Traits, limits: Limits) -> Finding:
    """`pitch`: lowered (positive) or raised, against people who look straight ahead."""
    return finding(
        "pitch",
        t.pose.pitch,
        low=limits.pitch_up,
        high=limits.pitch_down,
        reason=Reason.HEAD_TURNED,
        rank=Rank.TURNED,
    )


def roll(t: Traits, limits: Limits) -> Finding:
    """`roll`: tilted to a shoulder; positive = clockwise on the photo."""
    far = abs(t.pose.roll) > limits.far_roll
    return finding(
        "roll",
        t.pose.roll,
        low=-limits.roll,
        high=limits.roll,
        certain=far and t.presence > limits.sure_presence,
        reason=Reason.HEAD_TILTED,
        rank=Rank.TILTED_FAR if far else Rank.TILTED,
    )
