"""Finds the limits anew on some labelled photos, by a recipe that looks at no single picture.

Where a label has a number of its own the limit lies between it and the ordinary portraits; where
it has not, the limit lies a fixed part beyond the most extreme ordinary portrait. The limits of the
detector itself are these, found on all photos and rounded.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from emojicheck.detection.local.limits import LIMITS, Limits, Ordinary
from emojicheck.detection.local.rules.coverings import TINY, unsteadiness
from emojicheck.detection.local.rules.people import steadiest

from .labelled import OK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from emojicheck.detection.local.jitter import Part
    from emojicheck.detection.local.traits import Traits

    from .labelled import Example

T = TypeVar("T")

CLEAR_PRESENCE = 0.9
AT_REST = -0.02
"""Corners of the mouth lower than this are not smiling..."""
SMILING = -0.04
"""...and higher than this they are."""
SPREADS = 3.6
"""One face in some thousands, were they spread normally; one in some hundreds as they are."""


def fit(examples: Iterable[Example]) -> Limits:
    by_label: dict[str, list[Traits]] = {}
    for example in examples:
        if example.traits:
            by_label.setdefault(example.label, []).append(example.traits)
    return replace(
        LIMITS,
        **_framing(by_label),
        **_posture(by_label),
        **_expression(by_label[OK]),
        **_coverings(by_label),
        **_hands(by_label),
    )


def _values(things: Iterable[T], read: Callable[[T], float]) -> NDArray[np.float64]:
    return np.array([read(thing) for thing in things], np.float64)


def _ordinary(values: NDArray[np.float64]) -> Ordinary:
    return Ordinary(mean=float(values.mean()), spread=float(values.std()))


def _beyond(values: NDArray[np.float64], spreads: float = SPREADS) -> float:
    """So many spreads from the mean."""
    return float(values.mean() + spreads * values.std())


def _between(one: float, other: float) -> float:
    """Geometric middle."""
    return math.sqrt(one * other)


def _framing(photos: dict[str, list[Traits]]) -> dict[str, Any]:
    ok = photos[OK]
    widths = _values(ok, lambda t: t.width_share)
    small = _between(widths.min(), _values(photos["small"], lambda t: t.width_share).max())
    cut = np.quantile(_values(photos["cropped"], lambda t: t.outside), 0.05)
    outside = _between(max(0.01, _values(ok, lambda t: t.outside).max()), cut)
    # So far, because turned heads and soft lenses lie in between and are usable.
    sharpness = _beyond(_values(ok, lambda t: t.appearance.sharpness), -5.2)
    light = _between(
        _values(ok, lambda t: t.appearance.light).min(),
        _values(photos["dark"], lambda t: t.appearance.light).max(),
    )
    return {
        "small": small,
        "certainly_small": 0.75 * small,
        "large": _between(widths.max(), 1.0),
        "outside": outside,
        "certainly_outside": 4 * outside,
        "sharpness": sharpness,
        "certain_blur": sharpness - 0.3,
        "light": light,
        "certain_dark": 0.75 * light,
    }


def _posture(photos: dict[str, list[Traits]]) -> dict[str, Any]:
    ok, turned = photos[OK], photos["pose"]
    limits = {}
    for name, read in (
        ("yaw", lambda t: abs(t.pose.yaw)),
        ("roll", lambda t: abs(t.pose.roll)),
    ):
        most = _values(ok, read).max()
        wrong = _values(turned, read)
        # A pose photo is wrong in one angle and may be right in the other.
        limits[name] = most + 0.6 * (wrong[wrong > 1.5 * most].min() - most)
    pitch = _values(ok, lambda t: t.pose.pitch)
    return {
        **limits,
        "certain_yaw": 1.65 * limits["yaw"],
        "far_roll": 1.45 * limits["roll"],
        "pitch_up": pitch.min() - 6,
        "pitch_down": pitch.max() + 8,
    }


def _expression(ok: list[Traits]) -> dict[str, Any]:
    faces = [t.expression for t in ok]
    rest = [face for face in faces if face.corners_down > AT_REST]
    smiling = [face for face in faces if face.corners_down < SMILING]
    corners = _ordinary(_values(rest, lambda f: f.corners_down))
    nose_to_lip = _ordinary(_values(rest, lambda f: f.nose_to_lip))
    sullen = _values(
        rest, lambda f: corners.above(f.corners_down) - nose_to_lip.above(f.nose_to_lip)
    )
    uneven = _values(faces, lambda f: f.corners_uneven)
    wink = _values(faces, lambda f: f.eyes_open - f.eye_narrower)
    teeth = _beyond(_values(smiling, lambda f: f.mouth_open))
    eyes = 0.75 * _values(faces, lambda f: f.eyes_open).min()
    return {
        # Gaps are never negative and most are nearly nothing: their roots are spread evenly.
        "mouth_open": _beyond(np.sqrt(_values(rest, lambda f: f.mouth_open))) ** 2,
        "mouth_open_smiling": teeth,
        "wide_open": 1.15 * teeth,
        "certain_mouth_open": 1.36 * teeth,
        "eyes_open": eyes,
        "certain_eyes_shut": 0.75 * eyes,
        "wink": _beyond(np.concatenate([wink, -wink])),
        "brows_up": _beyond(_values(faces, lambda f: f.brows_up)),
        "corners_down": _beyond(_values(rest, lambda f: f.corners_down)),
        "corners_uneven": _beyond(np.concatenate([uneven, -uneven])),
        "pursed": _beyond(_values(faces, lambda f: f.upper_lip / f.mouth_width)),
        "corners_at_rest": corners,
        "nose_to_lip_at_rest": nose_to_lip,
        "sullen": _beyond(sullen, 2.9),
    }


def _coverings(photos: dict[str, list[Traits]]) -> dict[str, Any]:
    ok = photos[OK]
    jitter = {part: _ordinary(_values(ok, _log_jitter(part))) for part in LIMITS.jitter}
    limits = replace(LIMITS, jitter=jitter)
    worst = max(max(unsteadiness(t, part, limits) for part in jitter) for t in ok)
    under_eyes = 0.81 * _values(ok, lambda t: t.appearance.under_eyes).min()
    beards = _values(ok, lambda t: t.appearance.beard)
    return {
        "jitter": jitter,
        "steadiness": max(3.3, 1.13 * worst),
        "steadiness_below": max(3.3, 1.13 * worst) + 0.6,
        "no_person_steadiness": _no_person_steadiness(photos, limits),
        "under_eyes": under_eyes,
        "under_eyes_certain": 0.7 * under_eyes,
        "foreign_colour": 2.6 * _values(ok, lambda t: t.appearance.foreign_colour).max(),
        "beard": float(np.quantile(beards, 0.85)),
        "full_beard": float(np.quantile(beards, 0.97)),
    }


def _log_jitter(part: Part) -> Callable[[Traits], float]:
    return lambda t: math.log(t.jitter.amount[part] + TINY)


def _no_person_steadiness(photos: dict[str, list[Traits]], limits: Limits) -> float:
    """Half-way between the least steady people and the steadier ones of what is no person."""
    people = [
        steadiest(t, limits)
        for label in (OK, "occlusion", "expression", "hand", "multiple")
        for t in photos.get(label, [])
        if t.presence > CLEAR_PRESENCE
    ]
    nobody = [steadiest(t, limits) for t in photos["none"] if t.presence > LIMITS.presence]
    return (max(people) + float(np.quantile(nobody, 0.2))) / 2


def _hands(photos: dict[str, list[Traits]]) -> dict[str, Any]:
    def surest(t: Traits) -> float:
        near = (hand.presence for hand in t.hands if hand.away < LIMITS.hand_away)
        return max(near, default=0.0)

    ghosts = _values(photos[OK], surest)
    hands = _values(photos["hand"], surest)
    seen = hands[hands > 0.5]
    return {"hand_presence": min(0.85, (max(0.5, ghosts.max()) + np.quantile(seen, 0.05)) / 2)}
