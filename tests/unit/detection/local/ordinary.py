"""Numbers of an ordinary portrait, to be changed one at a time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from emojicheck.detection.local.appearance import Appearance
from emojicheck.detection.local.expression import Expression
from emojicheck.detection.local.jitter import Jitter, Part
from emojicheck.detection.local.limits import LIMITS
from emojicheck.detection.local.pose import Pose
from emojicheck.detection.local.traits import NearHand, OtherFace, Traits

JITTER = Jitter(
    amount={part: math.exp(ordinary.mean) for part, ordinary in LIMITS.jitter.items()},
    worse=dict.fromkeys(LIMITS.jitter, 0),
)

ORDINARY = Traits(
    found="at once",
    full=0.88,
    short=0.95,
    first_presence=1.0,
    presence=1.0,
    width_share=0.35,
    outside=0.0,
    eyes_apart=0.45,
    nose_off=0.02,
    pose=Pose(yaw=1.0, pitch=0.0, roll=-1.0, axes=np.eye(3)),
    jitter=JITTER,
    expression=Expression(
        mouth_open=0.02,
        mouth_width=0.58,
        corners_down=0.0,
        corners_uneven=0.01,
        upper_lip=0.095,
        nose_to_lip=0.158,
        eyes_open=0.31,
        eye_narrower=0.29,
        brows_up=0.285,
        brows_in=0.33,
    ),
    appearance=Appearance(
        light=81.0,
        lightness=63.0,
        sharpness=-0.6,
        under_eyes=1.0,
        beard=0.07,
        foreign_colour=3.0,
        foreign_part=0,
    ),
)

SOMEBODY = OtherFace(size=0.9, away=2.0, presence=1.0, full=0.9, short=0.9)
HAND = NearHand(presence=0.98, wandering=0.02, away=0.0)


def traits(**changes: object) -> Traits:
    """An ordinary portrait but for these traits."""
    return replace(ORDINARY, **changes)  # type: ignore[arg-type]


def posed(**angles: float) -> Traits:
    return traits(pose=replace(ORDINARY.pose, **angles))


def making(**measures: float) -> Traits:
    """With this on the face."""
    return traits(expression=replace(ORDINARY.expression, **measures))


def looking(**measures: float) -> Traits:
    """With this appearance."""
    return traits(appearance=replace(ORDINARY.appearance, **measures))


def unsteady(spreads: float, *parts: Part) -> Traits:
    """Parts that wander so many spreads more than is ordinary; all of them if none is named."""
    amount = dict(JITTER.amount)
    for part in parts or LIMITS.jitter:
        ordinary = LIMITS.jitter[part]
        amount[part] = math.exp(ordinary.mean + spreads * ordinary.spread)
    return traits(jitter=replace(JITTER, amount=amount))
