"""A folder of labelled photos: `labels.tsv` (file, label, note, source) beside the pictures."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from emojicheck.detection.local.engine import thread_engine
from emojicheck.detection.local.looking import look
from emojicheck.detection.local.photo import read_photo
from emojicheck.detection.local.traits import Traits
from emojicheck.detection.verdicts import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emojicheck.detection.local.sightings import Pixels

OK = "ok"

RIGHT_REASONS: dict[str, set[Reason]] = {
    "none": {Reason.NO_PERSON},
    "multiple": {Reason.SEVERAL_PEOPLE},
    "pose": {Reason.HEAD_TURNED, Reason.HEAD_TILTED},
    "expression": {Reason.STRONG_EXPRESSION},
    "occlusion": {Reason.FACE_COVERED, Reason.HAND_NEAR_FACE, Reason.NO_PERSON},
    "hand": {Reason.HAND_NEAR_FACE, Reason.FACE_COVERED},
    "cropped": {Reason.FACE_CUT_OFF, Reason.NO_PERSON, Reason.FACE_TOO_LARGE},
    "small": {Reason.FACE_TOO_SMALL, Reason.NO_PERSON},
    "blurred": {Reason.TOO_BLURRED, Reason.NO_PERSON},
    "dark": {Reason.TOO_DARK, Reason.NO_PERSON},
}
"""Label -> the reasons that say so."""

_SCATTERED_SOURCE = "balajisrinivas/Face-Mask-Detection"
"""Gathered from many places itself, so its photos have nothing in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled photo and what was measured on it."""

    file: str
    label: str
    note: str
    group: str
    """Photos of one group share people or circumstances and must stay in one fold."""
    traits: Traits | None


def labelled(folder: Path) -> Iterator[dict[str, str]]:
    with (folder / "labels.tsv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter="\t")


def pixels(path: Path) -> Pixels:
    """The photo as the detector would look at it."""
    with path.open("rb") as file:
        return read_photo(file).rgb


def measure(rgb: Pixels) -> Traits | None:
    seen = look(thread_engine(), rgb)
    return Traits.of(seen, seen.main, rgb) if seen.main else None


def examples(folder: Path) -> list[Example]:
    cv2.setNumThreads(1)
    return [
        Example(
            file=row["file"],
            label=row["label"],
            note=row["note"],
            group=_group(row),
            traits=measure(pixels(folder / row["file"])),
        )
        for row in labelled(folder)
    ]


def _group(row: dict[str, str]) -> str:
    source = row["source"].split(" | ")[0]
    return f"{source}:{row['file']}" if source == _SCATTERED_SOURCE else source
