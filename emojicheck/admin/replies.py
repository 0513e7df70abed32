"""One detection as the operator reads it, with the service's own words."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import Reason
from emojicheck.presentation import wording
from emojicheck.presentation.guidance import guidance

if TYPE_CHECKING:
    from emojicheck.models import Detection

SHOWN_CHARACTERS = 8000


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that is in the detection's row; only `raw` is cut."""

    row: Detection

    @property
    def reason(self) -> str:
        return guidance(Reason(self.row.reason)).name if self.row.reason else ""

    @property
    def price(self) -> str:
        return wording.yuan(self.row.price) if self.row.price else ""

    @property
    def raw(self) -> str:
        """The reply as it came, laid out if it is JSON, and cut if it is long."""
        text = bytes(self.row.raw).decode(errors="replace")
        with suppress(ValueError, RecursionError):  # what is no JSON is shown as it came
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        text = text.encode(errors="replace").decode()  # JSON can spell half of a character
        return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]} …"
