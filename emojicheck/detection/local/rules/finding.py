"""One rule's outcome: the measurement people see, and what it would mean if it failed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from emojicheck.detection.verdicts import Certainty, Measurement, Reason


class Rank(IntEnum):
    """Which fault to tell first: what makes the rest meaningless, then what strikes most.

    Masks, laughs and dark glasses often come with a head turned by 15 to 25 degrees; a person is
    helped by the striking fault.
    """

    NOBODY = 0
    SEVERAL_PEOPLE = 1
    FACE_SIZE = 2
    CUT_OFF = 3
    TURNED_AWAY = 4
    BLURRED = 5
    DARK = 6
    PROFILE = 7
    HAND = 8
    TILTED_FAR = 9
    TURNED_FAR = 10
    PLAIN_EXPRESSION = 11
    TURNED_WELL = 12
    PLAINLY_COVERED = 13
    TILTED = 14
    TURNED = 15
    EXPRESSION = 16
    COVERED = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    measurement: Measurement
    reason: Reason
    rank: Rank

    @property
    def failed(self) -> bool:
        return not self.measurement.passed

    @property
    def certain(self) -> bool:
        return self.failed and self.measurement.certainty == "certain"


def finding(
    rule_id: str,
    value: float | None,
    *,
    low: float | None = None,
    high: float | None = None,
    failed: bool | None = None,
    certain: bool = False,
    unsure: bool = False,
    reason: Reason,
    rank: Rank,
) -> Finding:
    """A finding that fails outside low..high, or when told so by `failed`."""
    if failed is None:
        failed = value is not None and (
            (low is not None and value < low) or (high is not None and value > high)
        )
    certainty: Certainty = "certain" if certain else "unsure" if unsure else "likely"
    measurement = Measurement(
        id=rule_id, value=value, low=low, high=high, passed=not failed, certainty=certainty
    )
    return Finding(measurement=measurement, reason=reason, rank=rank)
