"""What common face detectors alone would answer: accepted when they find exactly one face."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from emojicheck.detection.local.engine import thread_engine

from .labelled import OK, labelled, pixels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emojicheck.detection.local.sightings import Pixels

MIN_SCORE = 0.5
"""MediaPipe's own default."""


def haar(rgb: Pixels) -> bool:
    """OpenCV's frontal cascade with its usual settings."""
    folder = Path(cv2.__file__).parent / "data"
    cascade = cv2.CascadeClassifier(str(folder / "haarcascade_frontalface_default.xml"))
    grey = cv2.equalizeHist(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))
    return len(cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=5)) == 1


def short_range(rgb: Pixels) -> bool:
    faces = thread_engine().view(rgb).faces()
    return sum(face.short >= MIN_SCORE for face in faces) == 1


def full_range(rgb: Pixels) -> bool:
    faces = thread_engine().view(rgb).faces()
    return sum(face.full >= MIN_SCORE for face in faces) == 1


BASELINES: dict[str, Callable[[Pixels], bool]] = {
    "OpenCV Haar cascade": haar,
    "MediaPipe short range": short_range,
    "MediaPipe full range": full_range,
}


def compare(folder: Path) -> Iterable[str]:
    """One line a baseline: ok accepted, others rejected, balanced."""
    photos = [(row["label"] == OK, pixels(folder / row["file"])) for row in labelled(folder)]
    for name, accepts in BASELINES.items():
        answers = [(ok, accepts(rgb)) for ok, rgb in photos]
        accepted = _share(answer for ok, answer in answers if ok)
        rejected = _share(not answer for ok, answer in answers if not ok)
        yield f"{name:<24}{accepted:8.1%}{rejected:9.1%}{(accepted + rejected) / 2:8.3f}"


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else 0.0
