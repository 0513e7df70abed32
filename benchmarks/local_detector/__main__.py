"""usage: python -m benchmarks.local_detector FOLDER

FOLDER holds photos and a `labels.tsv` (file, label, note, source). Nothing is written to it.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from emojicheck.detection.local.limits import LIMITS

from .baselines import compare
from .fitting import fit
from .folds import cross_validate
from .labelled import examples
from .painted import painted
from .robustness import altered, rotated
from .scoring import score

if TYPE_CHECKING:
    from collections.abc import Iterable


def main(folder: Path) -> None:
    measured = examples(folder)
    _section("The limits as they are", score(measured, LIMITS).lines())
    crossed = cross_validate(measured)
    _section("Five folds, every limit found anew in each", crossed.lines())
    print("wrong:", *(f"{file} ({answer})" for file, answer in sorted(crossed.wrong)))
    _section("Beside face detectors alone: ok accepted, others rejected, balanced", compare(folder))
    _section("Altered copies of the ok portraits: accepted", altered(folder, measured))
    _section("Coverings painted onto the ok portraits: rejected", painted(folder, measured))
    _section("Turned copies of the ok portraits", rotated(folder, measured))
    found = fit(measured)
    _section(
        "Limits found on all photos, beside those in use",
        (
            f"{field.name:<30}{getattr(found, field.name):10.3f}{getattr(LIMITS, field.name):10.3f}"
            for field in fields(LIMITS)
            if isinstance(getattr(LIMITS, field.name), float)
            and getattr(found, field.name) != getattr(LIMITS, field.name)
        ),
    )
    _section(
        "Ordinary jitter found on all photos, beside that in use: mean, spread",
        (
            f"{part:<30}{ordinary.mean:8.2f}{ordinary.spread:6.2f}"
            f"{LIMITS.jitter[part].mean:10.2f}{LIMITS.jitter[part].spread:6.2f}"
            for part, ordinary in found.jitter.items()
        ),
    )


def _section(title: str, lines: Iterable[str]) -> None:
    print(f"\n== {title}")
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
