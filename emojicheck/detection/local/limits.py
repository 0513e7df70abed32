"""Every number the rules compare with, in one place, each with its unit and its reason.

"ok" below means the ordinary portraits of the measured set; `docs/local-detector.md` tells how the
numbers were found and how far they can be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    # Is there a person
    score: float = 0.5
    """A detector score below this needs a very sure presence beside it."""
    sure_presence: float = 0.9
    presence: float = 0.5
    """True faces in any light and expression have 0.99 and more."""
    tile_score: float = 0.7
    animal_full: float = 0.3
    """The full-range detector does not take animals for people; the short-range one does."""
    animal_jitter: float = 0.018
    animal_eye_jitter: float = 0.015
    """Keeps masks out: they silence the full-range detector too, but leave the eyes steady."""
    ghost_jitter: float = 0.06
    ghost_eye_jitter: float = 0.03

    # Is it one person
    other_size: float = 0.42
    """Of the main face: people in groups have 0.70 and more."""
    other_away: float = 0.6
    """In main faces: nearer ones are the same face seen twice."""
    other_presence: float = 0.9
    other_score: float = 0.65
    other_score_alone: float = 0.75

    # Size and place
    small: float = 0.12
    """Of the photo's width: between the largest small face (0.084) and the smallest ok (0.175)."""
    certainly_small: float = 0.09
    large: float = 0.85
    """Of the photo's width: ok faces reach 0.70; above there is no room for hair and shoulders."""
    certainly_large: float = 1.0
    outside: float = 0.04
    """Share of the face's points: cut-off faces have 0.11 and more, all others at most 0.017."""
    certainly_outside: float = 0.15

    # Light and sharpness
    sharpness: float = -1.3
    """Blurred faces have -1.45 and less, ok ones -0.91 and more."""
    certain_blur: float = -1.6
    light: float = 28.0
    """Dark faces have 13 and less, ok ones 52 and more: far below any skin in ordinary light."""
    certain_dark: float = 20.0

    # How the head is held, degrees
    roll: float = 15.0
    far_roll: float = 22.0
    yaw: float = 17.0
    far_yaw: float = 30.0
    certain_yaw: float = 28.0
    extreme_yaw: float = 45.0
    pitch_up: float = -26.0
    pitch_down: float = 24.0
    profile_eyes_apart: float = 0.27
    profile_nose_off: float = 0.145

    # Hands
    hand_presence: float = 0.8
    certain_hand_presence: float = 0.95
    hand_away: float = 0.5
    """Face widths: hands on top of the head are at 0.41."""
    certain_hand_away: float = 0.25

    # Coverings: jitter, in face widths
    jitter_overall: float = 0.0148
    jitter_mouth: float = 0.0145
    jitter_eye: float = 0.0120
    jitter_nose: float = 0.0215
    jitter_outline: float = 0.045
    strongly_covered: float = 1.8
    certainly_covered: float = 2.0
    lens_glint: float = 0.5
    lens_detail: float = 0.17
    lens_under_eyes: float = 0.68
    certain_lens_glint: float = 0.42
    certain_lens_under_eyes: float = 0.5

    # Expression
    mouth_open: float = 0.33
    wide_open: float = 0.38
    certain_mouth_open: float = 0.45
    eyes_open: float = 0.16
    """Shut eyes have 0.09, laughing ok ones 0.21. Keep it wide: narrow eyes are no fault."""
    certain_eyes_shut: float = 0.12
    wink: float = 0.11
    wink_narrower: float = 0.15
    brows_up: float = 0.35
    corners_down: float = 0.058
    corners_uneven: float = 0.065
    pursed_width: float = 0.43
    pursed_lip: float = 0.125


LIMITS = Limits()
