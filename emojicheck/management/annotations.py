"""Annotated photos in a folder, each under a name of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emojicheck.presentation.annotate import annotated_png

from .inputs import is_address, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .checking import Checked

SUFFIX = "-annotated"


class Annotations:
    """Writes `<stem>-annotated.png` into `folder`, which is made if need be.

    Inputs of the same stem get numbers, and no input is ever overwritten; what an earlier run
    wrote is. Raises OSError when the folder or a file cannot be written.
    """

    def __init__(self, folder: Path, inputs: Iterable[str]) -> None:
        self.folder = folder
        self.taken = {Path(name).resolve() for name in inputs if not is_address(name)}
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, checked: Checked) -> None:
        """Write one photo with its spots, or with its boxes if there are none."""
        if not checked.photo:
            return
        png = annotated_png(
            checked.photo,
            face=None if checked.spots else checked.face,
            extended=checked.extended,
            spots=checked.spots,
        )
        self._free_path(stem(checked.input)).write_bytes(png)

    def _free_path(self, wanted: str) -> Path:
        number, name = 1, wanted
        while (path := (self.folder / f"{name}{SUFFIX}.png").resolve()) in self.taken:
            number += 1
            name = f"{wanted}-{number}"
        self.taken.add(path)
        return path
