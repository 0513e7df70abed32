"""Cross-validation: every photo judged by limits found without its group."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

from .fitting import fit
from .scoring import Score, verdict

if TYPE_CHECKING:
    from .labelled import Example

FOLDS = 5
SHUFFLES = 5


def cross_validate(examples: list[Example]) -> Score:
    total = Score()
    for seed in range(SHUFFLES):
        fold = _folds(examples, seed)
        for held_out in range(FOLDS):
            limits = fit(e for e in examples if fold[e.group] != held_out)
            for example in examples:
                if fold[example.group] == held_out:
                    reason, certain = verdict(example.traits, limits)
                    total.add(example, reason=reason, certain=certain)
    return total


def _folds(examples: list[Example], seed: int) -> dict[str, int]:
    """Groups dealt out so that the folds come out equally large."""
    sizes = Counter(example.group for example in examples)
    groups = sorted(sizes)
    random.Random(seed).shuffle(groups)  # noqa: S311 - must be repeatable, not secret
    load = [0] * FOLDS
    fold = {}
    for group in sorted(groups, key=lambda g: -sizes[g]):
        fold[group] = load.index(min(load))
        load[fold[group]] += sizes[group]
    return fold
