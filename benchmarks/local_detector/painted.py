"""Coverings painted onto ok portraits: hair, dark glasses, cloth, patches. No limit was found on
them, so they tell what the rules see beyond the photos they were made on."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from emojicheck.detection.local.engine import thread_engine
from emojicheck.detection.local.limits import LIMITS
from emojicheck.detection.local.looking import look
from emojicheck.detection.local.regions import EYE_INNER, EYE_OUTER, FOREHEAD_TOP

from .labelled import OK, measure, pixels
from .scoring import verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from emojicheck.detection.local.sightings import Pixels, Points

    from .labelled import Example

    Mask = NDArray[np.float32]
    Paint = Callable[[Pixels, "Face", random.Random], Pixels]

PATCHES = {  # middle (a point of the mesh), width and height in distances between the eyes
    "cheek": (205, 0.7, 0.8),
    "tip of the nose": (4, 0.5, 0.6),
    "chin": (199, 1.0, 0.6),
    "mouth": (13, 0.8, 0.5),
    "one eye": (159, 0.75, 0.9),
    "brows": (9, 1.6, 0.75),
    "half the face": (234, 1.3, 1.9),
}
HAIR_COLOURS = ((30, 22, 18), (60, 40, 28), (120, 85, 50), (170, 135, 90), (95, 45, 30))
LENS_COLOURS = ((12, 12, 14), (35, 25, 18), (20, 28, 40), (50, 35, 25), (60, 60, 65))


class Face:
    """Places on one face, in its own directions."""

    def __init__(self, points: Points) -> None:
        self.points = points[:, :2]
        across = self.points[EYE_OUTER[1]] - self.points[EYE_OUTER[0]]
        self.unit = float(np.linalg.norm(across))
        self.right = across / self.unit
        self.down = np.array([-self.right[1], self.right[0]])

    def at(self, point: int, right: float = 0, down: float = 0) -> Points:
        """A point of the mesh, moved by distances between the eyes."""
        step: Points = self.unit * (right * self.right + down * self.down)
        there: Points = self.points[point] + step
        return there


def hair(rgb: Pixels, face: Face, rng: random.Random) -> Pixels:
    """A strand from the top of the head over one eye."""
    side = rng.choice((0, 1))
    out = -1 if side == 0 else 1
    eye = (face.points[EYE_OUTER[side]] + face.points[EYE_INNER[side]]) / 2
    wide = rng.uniform(0.35, 0.55) * face.unit * out * face.right
    top = face.at(FOREHEAD_TOP, -out * rng.uniform(-0.1, 0.3), -0.25)
    low = face.at((205, 425)[side], out * rng.uniform(0.1, 0.4), rng.uniform(-0.1, 0.4))
    strand = np.array(
        [
            top - 0.3 * wide,
            eye - 0.6 * wide,
            low - 0.4 * wide,
            low + 0.9 * wide,
            eye + 1.4 * wide,
            top + 1.1 * wide,
        ]
    )
    along = math.atan2(*(low - top)[::-1])
    colour = np.array(rng.choice(HAIR_COLOURS)) * _brightness(rgb)
    grain = _smeared(rgb.shape[:2], along, rng)
    return _paint(rgb, _polygon(rgb, strand), colour * (1 + 0.35 * grain[..., None]), face)


def dark_glasses(rgb: Pixels, face: Face, rng: random.Random) -> Pixels:
    mask = np.zeros(rgb.shape[:2], np.float32)
    width, height = rng.uniform(0.46, 0.64) * face.unit, rng.uniform(0.32, 0.52) * face.unit
    angle = math.degrees(math.atan2(face.right[1], face.right[0]))
    for outer, inner in zip(EYE_OUTER, EYE_INNER, strict=True):
        x, y = (face.points[outer] + face.points[inner]) / 2 + 0.03 * face.unit * face.down
        lens = ((float(x), float(y)), (width, height), angle)
        if rng.random() < 0.6:
            cv2.ellipse(mask, lens, 1.0, -1)
        else:
            cv2.fillConvexPoly(mask, cv2.boxPoints(lens).astype(np.int32), 1.0)
    colour = np.broadcast_to(np.array(rng.choice(LENS_COLOURS)), rgb.shape)
    return _paint(rgb, mask * rng.uniform(0.78, 1.0), colour, face)


def cloth_from(point: int, down: float) -> Paint:
    """Everything below a line through a point of the mesh."""

    def paint(rgb: Pixels, face: Face, rng: random.Random) -> Pixels:
        across = np.linspace(-1.3, 1.3, 9)
        sag = rng.uniform(0.13, 0.26)
        edge = [face.at(point, u, down - sag * u * u + rng.uniform(-0.03, 0.03)) for u in across]
        hem = [face.at(point, 1.3 * u, down + 3) for u in across[::-1]]
        colour = np.array([rng.uniform(20, 235) for _ in range(3)]) * _brightness(rgb)
        folds = _folds(rgb.shape[:2], 0.12 * face.unit, rng)
        mask = _polygon(rgb, np.array(edge + hem))
        return _paint(rgb, mask, colour * (1 + 0.18 * folds[..., None]), face)

    return paint


def patch(name: str, other: Pixels) -> Paint:
    """A shape cut out of another photo."""
    point, wide, high = PATCHES[name]

    def paint(rgb: Pixels, face: Face, rng: random.Random) -> Pixels:
        edge = [
            face.at(
                point,
                wide / 2 * math.cos(turn) * rng.uniform(0.8, 1.2),
                high / 2 * math.sin(turn) * rng.uniform(0.8, 1.2),
            )
            for turn in np.linspace(0, 2 * math.pi, 14, endpoint=False)
        ]
        height, width = other.shape[:2]
        top, left = rng.randrange(height // 2), rng.randrange(width // 2)
        piece = other[top : top + height // 2, left : left + width // 2]
        return _paint(rgb, _polygon(rgb, np.array(edge)), cv2.resize(piece, rgb.shape[1::-1]), face)

    return paint


def painted(folder: Path, examples: list[Example]) -> Iterable[str]:
    """Lines: the share of ok portraits rejected once this is painted on them."""
    hits: dict[str, list[bool]] = defaultdict(list)
    portraits = [e for e in examples if e.label == OK]
    for number, example in enumerate(portraits):
        rgb = pixels(folder / example.file)
        main = look(thread_engine(), rgb).main
        if main is None:
            continue
        face = Face(main.mesh.points)
        other = pixels(folder / portraits[(number + 7) % len(portraits)].file)
        paints: dict[str, Paint] = {
            "hair over an eye": hair,
            "dark glasses": dark_glasses,
            "cloth from the nose": cloth_from(4, 0),
            "cloth from above the lip": cloth_from(0, -0.03),
            "collar up to the chin": cloth_from(152, -0.12),
            **{f"patch: {name}": patch(name, other) for name in PATCHES},
        }
        for name, paint in paints.items():
            rng = random.Random(f"{name} {example.file}")  # noqa: S311 - must be repeatable
            reason, _ = verdict(measure(paint(rgb, face, rng)), LIMITS)
            hits[name].append(reason is not None)
    for name, found in hits.items():
        yield f"{name:<28}{sum(found) / len(found):8.1%}"


def _polygon(rgb: Pixels, corners: Points) -> Mask:
    mask = np.zeros(rgb.shape[:2], np.float32)
    cv2.fillPoly(mask, [corners.round().astype(np.int32)], 1.0)
    return mask


def _paint(rgb: Pixels, mask: Mask, colour: NDArray[Any], face: Face) -> Pixels:
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.5, 0.008 * face.unit))[..., None]
    return np.clip(rgb * (1 - soft) + colour * soft, 0, 255).astype(np.uint8)


def _brightness(rgb: Pixels) -> float:
    return float(np.clip(np.median(rgb) / 110, 0.4, 1.2))


def _smeared(shape: tuple[int, ...], along: float, rng: random.Random) -> Mask:
    """Noise drawn out in one direction, like hair."""
    noise = np.random.default_rng(rng.randrange(2**31)).random(shape[:2]).astype(np.float32)
    length = max(9, int(0.08 * min(shape[:2])))
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    step = middle * np.array([math.cos(along), math.sin(along)])
    start, end = (middle - step).astype(int).tolist(), (middle + step).astype(int).tolist()
    cv2.line(kernel, start, end, 1.0)
    return _standard(cv2.filter2D(noise, -1, kernel))


def _folds(shape: tuple[int, ...], width: float, rng: random.Random) -> Mask:
    noise = np.random.default_rng(rng.randrange(2**31)).standard_normal(shape[:2])
    smooth = cv2.GaussianBlur(noise.astype(np.float32), (0, 0), width, sigmaY=width / 3)
    return _standard(smooth)


def _standard(values: NDArray[Any]) -> Mask:
    return np.asarray((values - values.mean()) / (values.std() or 1), np.float32)
