"""Looks at one frame with the local detector's own models and rules.

The whole look of a verdict, and not a quicker one: it takes no longer than 60 ms for a frame with a
face (100 ms without), and hints that are easier to please than the verdict would be no help.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from emojicheck.detection.local.engine import forget_thread_engine, thread_engine
from emojicheck.detection.local.faceframe import FaceFrame
from emojicheck.detection.local.limits import LIMITS
from emojicheck.detection.local.looking import look
from emojicheck.detection.local.photo import read_photo
from emojicheck.detection.local.rules import judge
from emojicheck.detection.local.traits import Traits

from .sight import Sight

if TYPE_CHECKING:
    from emojicheck.detection.local.observation import Observation
    from emojicheck.detection.local.sightings import Pixels


def wake() -> None:
    """Load the models, which takes a second and 250 MB."""
    thread_engine()


def sight_of(frame: bytes) -> Sight:
    """What is to be seen in a frame whose header has been checked."""
    try:
        rgb = read_photo(BytesIO(frame)).rgb
    except (OSError, ValueError):
        return Sight(unreadable=True)
    try:
        seen = look(thread_engine(), rgb)
    except RuntimeError:
        forget_thread_engine()
        raise
    return _told(seen, rgb)


def _told(seen: Observation, rgb: Pixels) -> Sight:
    traits = Traits.of(seen, seen.main, rgb) if seen.main else None
    measurements = tuple(finding.measurement for finding in judge(traits, LIMITS))
    if seen.main is None or traits is None:
        return Sight(measurements=measurements)
    frame = FaceFrame.of(seen.main.mesh.points)
    return Sight(
        measurements=measurements,
        across=(frame.x - seen.width / 2) / seen.width,
        down=(frame.y - seen.height / 2) / seen.width,
        share=traits.width_share,
    )
