"""How often a detector is right about labelled pictures. Pure: judgements in, figures out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from emojicheck.presentation.proportion import Proportion

from .labelled import LABELS, OK, RIGHT_REASONS

if TYPE_CHECKING:
    from emojicheck.detection.verdicts import Reason

    from .labelled import Labelled

ACCEPTED = "accepted"
"""Stands where a reason would, in the table of labels and reasons."""
THIRDS = ("darkest third", "middle third", "lightest third")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled picture, and what the detector said about it."""

    example: Labelled
    reason: Reason | None
    """None: accepted."""
    certain: bool = False
    light: float | None = None
    """The measurement `light`: lightness inside the face, 0 to 100; None if not measured."""
    took_ms: int

    @property
    def ok(self) -> bool:
        """What the label says."""
        return self.example.label == OK

    @property
    def accepted(self) -> bool:
        """What the detector says."""
        return self.reason is None

    @property
    def right(self) -> bool:
        return self.accepted == self.ok

    @property
    def right_reason(self) -> bool:
        """Rejected rightly, and for what is wrong with it."""
        return not self.ok and self.reason in RIGHT_REASONS[self.example.label]

    @property
    def said(self) -> str:
        return self.reason or ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFigure:
    label: str
    right: Proportion
    natural: Proportion
    """The same without pictures whose fault was made by us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LightFigure:
    """How many of a third of the ok pictures are accepted."""

    name: str
    darkest: float
    lightest: float
    accepted: Proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    judged: tuple[Judged, ...]

    @property
    def wrong(self) -> tuple[Judged, ...]:
        return tuple(one for one in self.judged if not one.right)

    @property
    def wrong_reason(self) -> tuple[Judged, ...]:
        """Rejected rightly, but for something else than what is wrong."""
        return tuple(
            one for one in self.judged if one.right and not one.ok and not one.right_reason
        )

    @property
    def labels(self) -> tuple[LabelFigure, ...]:
        """In a fixed order, those of which there is a picture."""
        found = []
        for label in LABELS:
            of_it = [one for one in self.judged if one.example.label == label]
            if of_it:
                natural = [one.right for one in of_it if not one.example.synthetic]
                found.append(
                    LabelFigure(
                        label=label,
                        right=Proportion.of(one.right for one in of_it),
                        natural=Proportion.of(natural),
                    )
                )
        return tuple(found)

    @property
    def confusion(self) -> dict[str, dict[str, int]]:
        """Label -> what was said -> how often, commonest first."""
        counts = Counter((one.example.label, one.said) for one in self.judged)
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return {
            label.label: {said: count for (of, said), count in ordered if of == label.label}
            for label in self.labels
        }

    @property
    def ok_accepted(self) -> Proportion:
        return Proportion.of(one.accepted for one in self.judged if one.ok)

    @property
    def others_rejected(self) -> Proportion:
        return Proportion.of(not one.accepted for one in self.judged if not one.ok)

    @property
    def balanced_accuracy(self) -> float | None:
        """The mean of both shares, so that neither kind counts more by its number."""
        accepted, rejected = self.ok_accepted.share, self.others_rejected.share
        return None if accepted is None or rejected is None else (accepted + rejected) / 2

    @property
    def right_reasons(self) -> Proportion:
        """Of the pictures rejected rightly."""
        return Proportion.of(
            one.right_reason for one in self.judged if not one.ok and not one.accepted
        )

    @property
    def certain_precision(self) -> Proportion:
        """How many of the certain rejections are right: what stops a paid call should be."""
        return Proportion.of(not one.ok for one in self.judged if one.certain)

    @property
    def certain_coverage(self) -> Proportion:
        """How many of the pictures that are not ok are rejected for certain."""
        return Proportion.of(one.certain for one in self.judged if not one.ok)

    @property
    def by_light(self) -> tuple[LightFigure, ...]:
        """Ok pictures in thirds by `light`, darkest first; empty with fewer than three."""
        lit = sorted(
            (one.light, one.accepted) for one in self.judged if one.ok and one.light is not None
        )
        if len(lit) < len(THIRDS):
            return ()
        edges = [round(len(lit) * n / len(THIRDS)) for n in range(len(THIRDS) + 1)]
        return tuple(
            LightFigure(
                name=name,
                darkest=lit[start][0],
                lightest=lit[end - 1][0],
                accepted=Proportion.of(accepted for _light, accepted in lit[start:end]),
            )
            for name, start, end in zip(THIRDS, edges[:-1], edges[1:], strict=True)
        )

    @property
    def unlit(self) -> Proportion:
        """Acceptance of the ok pictures in which no light was measured: no face was found."""
        return Proportion.of(one.accepted for one in self.judged if one.ok and one.light is None)

    @property
    def median_ms(self) -> float:
        """Of the detector's work on one picture."""
        return median(one.took_ms for one in self.judged) if self.judged else 0.0

    @property
    def p95_ms(self) -> int:
        times = sorted(one.took_ms for one in self.judged)
        return times[min(len(times) - 1, int(len(times) * 0.95))] if times else 0
