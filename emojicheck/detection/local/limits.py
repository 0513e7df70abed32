"""Every number the rules compare with, in one place, each with its unit and its reason.

"ok" below means the ordinary portraits of the measured set; `docs/local-detector.md` tells how the
numbers were found and how far they can be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .jitter import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinary:
    """How a number is spread over ok portraits."""

    mean: float
    spread: float
    """Standard deviation."""

    def above(self, value: float) -> float:
        """Spreads above the mean."""
        return (value - self.mean) / self.spread


ORDINARY_JITTER: Mapping[Part, Ordinary] = {
    "face": Ordinary(mean=-4.81, spread=0.20),
    "mouth": Ordinary(mean=-5.23, spread=0.31),
    "upper lip": Ordinary(mean=-4.60, spread=0.29),
    "eye": Ordinary(mean=-5.27, spread=0.28),
    "brow": Ordinary(mean=-4.62, spread=0.42),
    "nose": Ordinary(mean=-4.52, spread=0.27),
    "nose tip": Ordinary(mean=-4.44, spread=0.30),
    "cheek": Ordinary(mean=-4.41, spread=0.18),
    "low cheek": Ordinary(mean=-4.26, spread=0.24),
    "jaw": Ordinary(mean=-4.08, spread=0.36),
    "chin": Ordinary(mean=-3.96, spread=0.31),
    "outline": Ordinary(mean=-3.93, spread=0.26),
}
"""Natural logarithm of the jitter in face widths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    # Is there a person
    score: float = 0.5
    """A detector score below this needs a very sure presence beside it."""
    sure_presence: float = 0.9
    presence: float = 0.5
    """True faces in any light and expression have 0.99 and more."""
    tile_score: float = 0.7
    full_score: float = 0.5

    # Is it one person
    other_size: float = 0.42
    """Of the main face: people in groups have 0.70 and more."""
    other_away: float = 0.6
    """In main faces: nearer ones are the same face seen twice."""
    other_presence: float = 0.9
    other_score: float = 0.65
    other_score_both: float = 0.5

    # Size and place
    small: float = 0.12
    """Of the photo's width: between the largest small face (0.084) and the smallest ok (0.175)."""
    certainly_small: float = 0.09
    large: float = 0.84
    """Of the photo's width: ok faces reach 0.70; above there is no room for hair and shoulders."""
    certainly_large: float = 1.0
    outside: float = 0.04
    """Share of the face's points: cut-off faces have 0.11 and more, all others at most 0.017."""
    certainly_outside: float = 0.15

    # Light and sharpness
    sharpness: float = -1.3
    """Blurred faces have -1.45 and less, ok ones -0.91 and more."""
    certain_blur: float = -1.6
    light: float = 25.0
    """Dark faces have 13 and less, ok ones 52 and more: far below any skin in ordinary light."""
    certain_dark: float = 20.0

    # How the head is held, degrees
    roll: float = 15.0
    far_roll: float = 22.0
    yaw: float = 17.0
    well_turned: float = 24.0
    """Told before a covering: so far turned, everything wanders a little."""
    far_yaw: float = 30.0
    certain_yaw: float = 28.0
    extreme_yaw: float = 45.0
    pitch_up: float = -26.0
    pitch_down: float = 24.0
    profile_eyes_apart: float = 0.27
    profile_nose_off: float = 0.145

    # Hands
    hand_presence: float = 0.75
    """In both looks: real hands have 0.9 and more."""
    hand_wandering: float = 0.10
    """Over its size: real hands move by at most 0.06 between the looks, ghosts by 0.08 to 0.4."""
    deep_inside: float = 0.2
    """Face widths inside the edge of the face..."""
    hand_hides: float = 0.5
    """...where a hand must show at least so much of a covering."""
    certain_hand_presence: float = 0.95
    hand_away: float = 0.5
    """Face widths: hands on top of the head are at 0.41."""
    certain_hand_away: float = 0.25

    # Coverings
    jitter: Mapping[Part, Ordinary] = field(default_factory=lambda: ORDINARY_JITTER)
    steadiness: float = 3.6
    """Spreads above the ordinary: ok faces reach 3.1, hair over an eye and dark glasses start
    at 4.5."""
    steadiness_below: float = 4.2
    """The same for mouth, jaw and chin, where beards of any length hide the edge: masks and
    dummies start at 5."""
    certain_no_person_steadiness: float = 6.0
    beard: float = 0.13
    """Gradients over lightness, all around the mouth; smooth chins have 0.12 and less."""
    full_beard: float = 0.18
    beard_allowance: float = 2.2
    """Spreads more that mouth and cheeks may wander in a full beard."""
    no_person_steadiness: float = 4.3
    """Spreads above the ordinary of even the steadiest of face, eyes and mouth: animals have 5 and
    more, covered people at most 3."""
    under_eyes: float = 0.60
    """Lightness below the eyes over that of the skin: dark glasses have at most 0.57, ok faces at
    least 0.74, their darkened copies 0.64."""
    under_eyes_certain: float = 0.42
    foreign_colour: float = 32.0
    """Units of a*, b*: ok faces reach 12, their discoloured copies 18, faces in blue light 28."""
    plainly_covered: float = 1.45
    """Of the limit: from here on a covering is told before a moderate turn or expression."""
    certainly_covered: float = 1.75

    # Expression
    mouth_open: float = 0.20
    """Over the width of the mouth, without a smile; ok faces reach 0.16."""
    mouth_open_smiling: float = 0.34
    """The same with a full smile, which shows teeth; ok faces reach 0.29."""
    full_smile: float = 0.05
    """How far the corners of the mouth are up in one."""
    wide_open: float = 0.39
    certain_mouth_open: float = 0.45
    eyes_open: float = 0.16
    """Shut eyes have 0.09, laughing ok ones 0.21. Keep it wide: narrow eyes are no fault."""
    certain_eyes_shut: float = 0.12
    wink: float = 0.115
    wink_narrower: float = 0.15
    brows_up: float = 0.37
    corners_down: float = 0.060
    corners_uneven: float = 0.066
    pursed: float = 0.30
    """Height of the upper lip over the width of the mouth."""
    corners_at_rest: Ordinary = Ordinary(mean=0.010, spread=0.014)
    nose_to_lip_at_rest: Ordinary = Ordinary(mean=0.159, spread=0.024)
    sullen: float = 3.7
    """Spreads of the two added up: a mouth drawn down below a lip drawn up."""


LIMITS = Limits()
