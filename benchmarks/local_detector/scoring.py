"""Counts how many photos were judged rightly."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emojicheck.detection.local.rules import judge, leading

from .labelled import OK, RIGHT_REASONS

if TYPE_CHECKING:
    from emojicheck.detection.local.limits import Limits
    from emojicheck.detection.local.traits import Traits
    from emojicheck.detection.verdicts import Reason

    from .labelled import Example


@dataclass(slots=True)
class Score:
    """Grows with every judged photo; several rounds add up."""

    right: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    reasons: list[bool] = field(default_factory=list)
    certain: list[bool] = field(default_factory=list)
    """Of the photos that are not ok."""
    certain_but_ok: list[str] = field(default_factory=list)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, example: Example, *, reason: Reason | None, certain: bool) -> None:
        ok = example.label == OK
        accepted = reason is None
        self.right[example.label].append(accepted == ok)
        if accepted != ok:
            self.wrong[example.file, reason or "accepted"] += 1
        self.confusion[example.label, reason or "accepted"] += 1
        if ok:
            if certain:
                self.certain_but_ok.append(example.file)
            return
        self.certain.append(certain)
        if reason is not None:
            self.reasons.append(reason in RIGHT_REASONS[example.label])

    @property
    def ok(self) -> float:
        return _share(self.right[OK])

    @property
    def others(self) -> float:
        return _share([hit for label, hits in self.right.items() if label != OK for hit in hits])

    @property
    def balanced(self) -> float:
        return (self.ok + self.others) / 2

    def lines(self) -> list[str]:
        labels = sorted(self.right, key=lambda label: (label != OK, label))
        return [
            *(f"{label:<11}{_share(self.right[label]):7.1%}" for label in labels),
            f"ok accepted {self.ok:.1%}, others rejected {self.others:.1%}, "
            f"balanced {self.balanced:.3f}, right reason {_share(self.reasons):.1%}, "
            f"certain {_share(self.certain):.1%} of the others, "
            f"certain but ok: {sorted(set(self.certain_but_ok))}",
        ]


def verdict(traits: Traits | None, limits: Limits) -> tuple[Reason | None, bool]:
    """The reason told, None when accepted, and whether it is certain."""
    findings = judge(traits, limits)
    told = leading(findings)
    return (told.reason, any(f.certain for f in findings)) if told else (None, False)


def score(examples: list[Example], limits: Limits) -> Score:
    total = Score()
    for example in examples:
        reason, certain = verdict(example.traits, limits)
        total.add(example, reason=reason, certain=certain)
    return total


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
