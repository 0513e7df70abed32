"""Time and memory of one judgement, beside the bare time of its model calls."""

from __future__ import annotations

import resource
import statistics
import time
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image

from emojicheck.detection.local import LocalDetector, graphs
from tests import portraits

if TYPE_CHECKING:
    from collections.abc import Callable

    from emojicheck.detection.verdicts import Subject

SIDE_PIXELS = 1280
ROUNDS = 30


class Stopwatch:
    """Adds up the time spent inside the models while it is installed."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._run = graphs.Graph.run

    def __enter__(self) -> Stopwatch:
        run = self._run

        def timed(graph: graphs.Graph, **packets: Any) -> dict[str, Any]:
            start = time.perf_counter()
            try:
                return run(graph, **packets)
            finally:
                self.seconds += time.perf_counter() - start

        setattr(graphs.Graph, "run", timed)  # noqa: B010 - mypy will not have a method assigned
        return self

    def __exit__(self, *_: object) -> None:
        setattr(graphs.Graph, "run", self._run)  # noqa: B010


def report() -> list[str]:
    """Lines to print: milliseconds a photo, as multiples of the model calls, and megabytes."""
    cv2.setNumThreads(1)
    detector = LocalDetector()
    warm_up = _seconds(detector.warm_up)
    lines = [f"warm-up {warm_up * 1000:.0f} ms", f"{'photo':<24}{'ms':>8}{'models':>9}{'ratio':>8}"]
    for name, rgb in (
        ("accepted", portraits.portrait()),
        ("two people", portraits.two_people()),
        ("mask", portraits.masked()),
        ("nobody", portraits.nobody()),
    ):
        total, models = _measure(detector, portraits.subject(_enlarged(rgb)))
        lines.append(f"{name:<24}{total * 1000:8.1f}{models * 1000:9.1f}{total / models:8.2f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*lines, f"peak memory {peak:.0f} MB"]


def _measure(detector: LocalDetector, subject: Subject) -> tuple[float, float]:
    detector.detect(subject)
    totals, models = [], []
    with Stopwatch() as watch:
        for _ in range(ROUNDS):
            watch.seconds = 0.0
            totals.append(_seconds(lambda: detector.detect(subject)))
            models.append(watch.seconds)
    return statistics.median(totals), statistics.median(models)


def _seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def _enlarged(rgb: portraits.Pixels) -> portraits.Pixels:
    """As large as the largest picture the models are shown."""
    image = Image.fromarray(rgb)
    scale = SIDE_PIXELS / max(image.size)
    size = (round(image.width * scale), round(image.height * scale))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC))
