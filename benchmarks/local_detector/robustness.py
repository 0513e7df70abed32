"""Whether an ok portrait stays ok when it is altered, and turns once when it is turned."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from emojicheck.detection.local.limits import LIMITS

from .alterations import ALTERATIONS, turned
from .labelled import OK, measure, pixels
from .scoring import verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from emojicheck.detection.local.traits import Traits

    from .labelled import Example

ANGLES = range(0, 61, 5)
CLOSE_DEGREES = 3
TERCILES = ("darkest third", "middle third", "lightest third")


def altered(folder: Path, examples: list[Example]) -> Iterable[str]:
    """Lines: acceptance of altered ok portraits by alteration and by lightness of the face."""
    portraits = [(e, e.traits) for e in examples if e.label == OK and e.traits]
    lightness = {e.file: traits.appearance.lightness for e, traits in portraits}
    edges = np.quantile(list(lightness.values()), [1 / 3, 2 / 3])
    by_kind: dict[str, list[bool]] = defaultdict(list)
    by_tercile: dict[str, list[bool]] = defaultdict(list)
    as_they_are: dict[str, list[bool]] = defaultdict(list)
    certain = 0
    for example, traits in portraits:
        rgb = pixels(folder / example.file)
        tercile = TERCILES[int(np.searchsorted(edges, lightness[example.file]))]
        as_they_are[tercile].append(verdict(traits, LIMITS)[0] is None)
        for kind, alter in ALTERATIONS.items():
            reason, sure = verdict(measure(alter(rgb, traits.width_share)), LIMITS)
            by_kind[kind].append(reason is None)
            by_tercile[tercile].append(reason is None)
            certain += sure
    for kind, hits in by_kind.items():
        yield f"{kind:<24}{_share(hits):8.1%}"
    for tercile in TERCILES:
        yield (
            f"{tercile:<24}{_share(as_they_are[tercile]):8.1%} as they are,"
            f" {_share(by_tercile[tercile]):.1%} altered"
        )
    total = [hit for hits in by_kind.values() for hit in hits]
    yield f"{'all altered copies':<24}{_share(total):8.1%}, {certain} certainly rejected"


def rotated(folder: Path, examples: list[Example]) -> Iterable[str]:
    """Lines: how often the verdict changes just once, and the error of the measured roll."""
    once, errors = [], []
    for example in examples:
        if example.label != OK:
            continue
        rgb = pixels(folder / example.file)
        looks = [measure(turned(rgb, angle)) for angle in ANGLES]
        accepted = [verdict(traits, LIMITS)[0] is None for traits in looks]
        changes = sum(a != b for a, b in pairwise(accepted))
        once.append(changes == 1)
        errors += _roll_errors(looks)
    yield f"verdict changes once from 0 to 60 degrees: {_share(once):.1%}"
    close = [error <= CLOSE_DEGREES for error in errors]
    yield (
        f"roll within {CLOSE_DEGREES} degrees: {_share(close):.1%},"
        f" median error {np.median(errors):.2f}, largest {max(errors):.1f}"
    )


def _roll_errors(looks: list[Traits | None]) -> list[float]:
    level = looks[0]
    if level is None:
        return [180.0] * len(looks)
    return [
        abs(traits.pose.roll - level.pose.roll - angle) if traits else 180.0
        for angle, traits in zip(ANGLES, looks, strict=True)
    ]


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
