"""What a person names on the command line: files, folders, links."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PICTURE_SUFFIXES = {".bmp", ".heic", ".heif", ".jpeg", ".jpg", ".png", ".webp"}
"""What is taken from a folder; a file that is named itself may be called anything."""
LONGEST_STEM = 60
NOT_IN_NAMES = set('/\\:*?"<>|')


def is_address(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


def expanded(names: Iterable[str], *, without: str) -> Iterator[str]:
    """The names with every folder replaced by the pictures in it, in order of their paths.

    Pictures whose stem ends with `without` are left out: we made them.
    """
    for name in names:
        if is_address(name) or not Path(name).is_dir():
            yield name
            continue
        for path in sorted(Path(name).rglob("*")):
            wanted = path.suffix.lower() in PICTURE_SUFFIXES and not path.stem.endswith(without)
            if wanted and path.is_file():
                yield str(path)


def stem(name: str) -> str:
    """The stem of a path, or of a link's path, as a harmless file name."""
    path = unquote(urlsplit(name).path) if is_address(name) else name
    harmless = (
        character if character.isprintable() and character not in NOT_IN_NAMES else "-"
        for character in Path(path).stem
    )
    return "".join(harmless)[:LONGEST_STEM] or "photo"
