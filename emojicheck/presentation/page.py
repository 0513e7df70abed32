"""What the page of one portrait consists of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from emojicheck.detection.base import MODELS
from emojicheck.pictures.limits import DEFAULT as LIMITS

from . import wording

if TYPE_CHECKING:
    from emojicheck.models import Portrait

    from .causes import Cause
    from .checks import Check
    from .cost import Cost
    from .fixing import Offer
    from .guidance import Guidance
    from .next_step import NextStep
    from .overlay import Overlay
    from .progress import Step

SHOWN_WIDTH = 496
SHOWN_HEIGHT = 640
"""The largest a photo is shown, in CSS pixels; it fits into both."""
PHONE_HEIGHT = 344
"""The same where the words stand below it: what to do has to be seen soon."""
NARROW = 1.8
"""From this height to a width on, a photo is enlarged less: it is as wide as its paper then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The verdict in one word with its sign, then the heading and the first sentence."""

    tone: str
    """yes, no, ours, or nothing while waiting."""
    icon: str
    tag: str
    title: str
    lead: str
    spoken: str = ""
    """The verdict and the one thing to change, in one sentence for those who listen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Parts that a state does not have are empty."""

    portrait: Portrait
    template: str
    """The partial template of this state."""
    head: Head
    cost: Cost
    keeps_for: str
    """How long the photo will still be kept."""
    keeps_seconds: int
    overlay: Overlay | None = None
    checks: tuple[Check, ...] = ()
    checks_summary: str = ""
    checked_here: bool = False
    """The verdict is our own check's, and must not pass for the service's."""
    guidance: Guidance | None = None
    causes: tuple[Cause, ...] = ()
    """When the service's code means several things."""
    code: str = ""
    """The service's own code, for support."""
    request_ids: tuple[str, ...] = ()
    next_step: NextStep | None = None
    json: str = ""
    steps: tuple[Step, ...] = ()
    look_again_ms: int = 0
    """While waiting: when to ask again how far it is."""
    ask: Literal["", "anyway", "again"] = ""
    """Whether the visitor may have the service asked: anyway, again, or not at all."""
    ask_price: str = ""
    may_retry: bool = False
    fixes: tuple[Offer, ...] = ()
    """What we can do about it ourselves."""
    fix_note: str = ""
    """What a press on one of these leads to, and what it may cost."""
    may_crop: bool = False
    made: str = ""
    """For a fix: what was done to the photo it was made from."""

    @property
    def size(self) -> str:
        portrait = self.portrait
        if not (portrait.width and portrait.height):
            return ""
        return wording.dimensions(portrait.width, portrait.height)

    @property
    def weight(self) -> str:
        return wording.weight(self.portrait.photo_bytes) if self.portrait.photo_bytes else ""

    @property
    def code_meanings(self) -> str:
        """What the service's code can mean, when that is several things, and what we think."""
        if not (self.guidance and self.causes):
            return ""
        names = pgettext("between names", ", ").join(one.guidance.name for one in self.causes)
        return wording.joined(
            _("This code can mean several things: %(names)s.") % {"names": names},
            _("Our own look at your photo points to: %(name)s.") % {"name": self.guidance.name},
        )

    @property
    def is_fix_next(self) -> bool:
        """The fix is the next thing to do, before any other photo."""
        return any(offer.likely for offer in self.fixes)

    @property
    def look_again_seconds(self) -> int:
        """The same without script, where every look loads the whole page anew."""
        return max(2, math.ceil(self.look_again_ms / 1000))

    @property
    def shown_width(self) -> int:
        return self._fitting(SHOWN_HEIGHT)[0]

    @property
    def shown_height(self) -> int:
        return self._fitting(SHOWN_HEIGHT)[1]

    @property
    def phone_width(self) -> int:
        return self._fitting(PHONE_HEIGHT)[0]

    @property
    def phone_height(self) -> int:
        return self._fitting(PHONE_HEIGHT)[1]

    @property
    def has_small_copy(self) -> bool:
        """Whether there is one that is smaller than the photo itself."""
        longest = max(self.portrait.width or 1, self.portrait.height or 1)
        return bool(self.portrait.thumbnail) and longest > LIMITS.thumbnail_side_px

    @property
    def same_choice(self) -> str:
        """For the address of the form: the video that was asked about; empty for the usual one."""
        model, ratio = self.portrait.model, self.portrait.ratio
        return "" if model == next(iter(MODELS)) else f"?model={model}&ratio={ratio}"

    @property
    def is_narrow(self) -> bool:
        return (self.portrait.height or 1) > NARROW * (self.portrait.width or 1)

    def _fitting(self, highest: int) -> tuple[int, int]:
        return fitting(self.portrait.width, self.portrait.height, highest)


def fitting(width: int | None, height: int | None, highest: int = SHOWN_HEIGHT) -> tuple[int, int]:
    """How large a photo is shown, in CSS pixels.

    Known before the photo has loaded, so that nothing on the page moves when it comes.
    """
    width, height = width or 1, height or 1
    scale = min(SHOWN_WIDTH / width, highest / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
