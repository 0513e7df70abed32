"""A folder of labelled pictures: `labels.tsv` beside them says what is right about each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import Reason

from .inputs import PICTURE_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE = "labels.tsv"
COLUMNS = ("file", "label", "note")
OK = "ok"

RIGHT_REASONS: dict[str, frozenset[Reason]] = {
    "none": frozenset({Reason.NO_PERSON}),
    "multiple": frozenset({Reason.SEVERAL_PEOPLE}),
    "pose": frozenset({Reason.HEAD_TURNED, Reason.HEAD_TILTED}),
    "expression": frozenset({Reason.STRONG_EXPRESSION}),
    "occlusion": frozenset({Reason.FACE_COVERED, Reason.HAND_NEAR_FACE, Reason.NO_PERSON}),
    "hand": frozenset({Reason.HAND_NEAR_FACE, Reason.FACE_COVERED}),
    "cropped": frozenset({Reason.FACE_CUT_OFF, Reason.NO_PERSON, Reason.FACE_TOO_LARGE}),
    "small": frozenset({Reason.FACE_TOO_SMALL, Reason.NO_PERSON}),
    "blurred": frozenset({Reason.TOO_BLURRED, Reason.NO_PERSON}),
    "dark": frozenset({Reason.TOO_DARK, Reason.NO_PERSON}),
}
"""What is wrong with a picture, by its label -> every reason that tells a person so."""
LABELS = (OK, *RIGHT_REASONS)


class LabelsError(Exception):
    """The folder cannot be used; the text says why and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One picture of the table."""

    file: str
    """Its path inside the folder."""
    label: str
    note: str = ""
    source: str = ""

    @property
    def synthetic(self) -> bool:
        """The note says that the fault was made by us, which is easier to see than a real one."""
        return "synthetic" in self.note.lower()


def labelled(folder: Path) -> tuple[Labelled, ...]:
    """The table's rows in its order. Raises LabelsError at the first thing that is not right."""
    path = folder / TABLE
    if not folder.is_dir():
        raise LabelsError(f"{folder} is not a folder.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = tuple(_rows(csv.DictReader(file, delimiter="\t"), folder))
    except FileNotFoundError:
        raise LabelsError(
            f"There is no {TABLE} in {folder}. It has one line per picture: "
            f"{', '.join(COLUMNS)} and, if you like, source, with tabs between them."
        ) from None
    except OSError as error:
        raise LabelsError(f"{path}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise LabelsError(f"{path} is not text in UTF-8.") from error
    except csv.Error as error:
        raise LabelsError(f"{path} cannot be read as a table: {error}.") from error
    if not rows:
        raise LabelsError(f"{path} names no picture.")
    return rows


def without_label(folder: Path, rows: tuple[Labelled, ...]) -> int:
    """How many pictures lie in the folder that the table does not name."""
    named = {(folder / row.file).resolve() for row in rows}
    return sum(
        path.suffix.lower() in PICTURE_SUFFIXES and path.resolve() not in named
        for path in folder.iterdir()
    )


def _rows(table: csv.DictReader[str], folder: Path) -> Iterator[Labelled]:
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        raise LabelsError(f"{TABLE} has no column {' and no column '.join(missing)}.")
    seen: set[str] = set()
    for fields in table:
        row = Labelled(
            **{name: (fields.get(name) or "").strip() for name in (*COLUMNS, "source")},
        )
        if problem := _problem(row, seen, folder):
            raise LabelsError(f"{TABLE}, line {table.line_num}: {problem}")
        seen.add(row.file)
        yield row


def _problem(row: Labelled, seen: set[str], folder: Path) -> str:
    if not row.file:
        return "no file is named."
    if row.file in seen:
        return f"{row.file!r} is named twice."
    if not (folder / row.file).resolve().is_relative_to(folder.resolve()):
        return f"{row.file!r} lies outside the folder."
    if row.label not in LABELS:
        return f"{row.label!r} is no label; there are {', '.join(LABELS)}."
    return ""
