"""A progress bar on a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tqdm import tqdm  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .checking import Checked


def with_progress(results: Iterable[Checked], total: int) -> Iterator[Checked]:
    hidden = not sys.stderr.isatty()
    yield from tqdm(results, total=total, unit="photo", disable=hidden, leave=False)
