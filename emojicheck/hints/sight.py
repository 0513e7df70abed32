"""What was seen in one frame, as it goes from the program to the web server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from emojicheck.detection.untrusted import number, parse_object, text
from emojicheck.detection.verdicts import Measurement

MAX_MEASUREMENTS = 40
MAX_ID = 40
_NUMBERS = ("value", "low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Rules as a verdict has them, and where the face is.

    `across` and `down` are distances of the face's centre from the middle of the frame, in widths
    of the frame; `share` is the face's width in the same unit. None without a face.
    """

    measurements: tuple[Measurement, ...] = ()
    across: float | None = None
    down: float | None = None
    share: float | None = None
    waking: bool = False
    """The models are only being loaded: ask again in a moment."""
    unreadable: bool = False
    """It only looked like a JPEG."""

    def to_json(self) -> bytes:
        rules = [
            {name: getattr(measured, name) for name in ("id", "passed", *_NUMBERS)}
            for measured in self.measurements
        ]
        place = {name: getattr(self, name) for name in ("across", "down", "share")}
        told = {"rules": rules, "waking": self.waking, "unreadable": self.unreadable, **place}
        return json.dumps(told).encode()

    @classmethod
    def from_json(cls, told: bytes) -> Sight:
        """Believes nothing: what decodes strangers' pictures may be taken over by one.

        Raises ValueError when this is no sight.
        """
        fields = parse_object(told)
        rules = fields.get("rules")
        if not isinstance(rules, list) or len(rules) > MAX_MEASUREMENTS:
            raise ValueError("no list of rules")
        return cls(
            measurements=tuple(_measurement(rule) for rule in rules),
            across=number(fields.get("across")),
            down=number(fields.get("down")),
            share=number(fields.get("share")),
            waking=fields.get("waking") is True,
            unreadable=fields.get("unreadable") is True,
        )


def _measurement(rule: Any) -> Measurement:
    if not isinstance(rule, dict):
        raise ValueError("a rule that is no object")  # noqa: TRY004 - one kind for all nonsense
    value, low, high = (number(rule.get(name)) for name in _NUMBERS)
    return Measurement(
        id=text(rule.get("id"), limit=MAX_ID),
        value=value,
        low=low,
        high=high,
        passed=rule.get("passed") is True,
    )
