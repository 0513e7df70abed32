"""The page on which a frame is put around a face: shapes, limits, and what to say of a frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from emojicheck.detection.frames import MIN_SIDE_PIXELS, is_free, nearest, widest
from emojicheck.detection.verdicts import BBox
from emojicheck.fixes import known_face, suggested_frame
from emojicheck.models import State

from . import wording
from .cost import price_of_another
from .page import PHONE_HEIGHT, fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emojicheck.models import Detection, Portrait

LEAST_PERCENT, MOST_PERCENT = 20, 65
"""Of the width: less is looked at too closely, more has no room to move."""
START_SHARE = 0.8
"""Of the largest frame, where no better one is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CropPage:
    portrait: Portrait
    photo: BBox
    frame: BBox
    suggested: BBox
    face: BBox | None

    def showing(self, frame: BBox) -> CropPage:
        return replace(self, frame=frame)

    @property
    def price_note(self) -> str:
        return price_of_another(self.portrait)

    @property
    def size(self) -> str:
        return wording.dimensions(self.frame.width, self.frame.height)

    @property
    def photo_size(self) -> str:
        return wording.dimensions(self.photo.width, self.photo.height)

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height of the photo on the page, in CSS pixels."""
        return fitting(self.photo.width, self.photo.height)

    @property
    def on_phones(self) -> tuple[int, int]:
        return fitting(self.photo.width, self.photo.height, PHONE_HEIGHT)

    @property
    def least(self) -> int:
        return MIN_SIDE_PIXELS

    @property
    def most(self) -> int:
        return widest(self.portrait.ratio, width=self.photo.width, height=self.photo.height)

    @property
    def most_left(self) -> int:
        return self.photo.width - self.frame.width

    @property
    def most_top(self) -> int:
        return self.photo.height - self.frame.height

    @property
    def shade(self) -> str:
        """All of the photo but the frame, as a path."""
        f = self.frame
        inner = f"M{f.x1} {f.y1}V{f.y2}H{f.x2}V{f.y1}Z"
        return f"M0 0H{self.photo.width}V{self.photo.height}H0Z{inner}"

    @property
    def thirds(self) -> str:
        f = self.frame
        third, down = f.width // 3, f.height // 3
        upright = "".join(f"M{f.x1 + n * third} {f.y1}V{f.y2}" for n in (1, 2))
        level = "".join(f"M{f.x1} {f.y1 + n * down}H{f.x2}" for n in (1, 2))
        return upright + level

    @property
    def words(self) -> str:
        """What the face will be in the new photo."""
        if self.face is None:
            return _("Leave a hand’s width above the hair and on both sides.")
        # Rounded first, as the page's script does: what is judged is the number that is told.
        percent = round(100 * self.face.width / self.frame.width)
        return self.sentences[self._judged(self.face, percent)].replace("{n}", str(percent))

    def _judged(self, face: BBox, percent: int) -> str:
        f = self.frame
        if face.x1 < f.x1 or face.x2 > f.x2 or face.y1 < f.y1 or face.y2 > f.y2:
            return "cut"
        if percent < LEAST_PERCENT:
            return "small"
        return "large" if percent > MOST_PERCENT else "fine"

    @property
    def sentences(self) -> dict[str, str]:
        """For every case one, {n} being the share in percent."""
        share = {"share": _("%(number)s %%") % {"number": "{n}"}}
        return {
            "cut": _("The frame leaves a part of the face out."),
            "small": _(
                "The face fills %(share)s of the width. A smaller frame would be better: "
                "20 to 65 %% is fine."
            )
            % share,
            "fine": _("The face fills %(share)s of the width, which is fine.") % share,
            "large": _(
                "The face fills %(share)s of the width. A larger frame would be better: "
                "20 to 65 %% is fine."
            )
            % share,
        }


def may_crop(portrait: Portrait) -> bool:
    """Whether there is a photo with a verdict, and room for a frame in it."""
    if portrait.state not in {State.ACCEPTED, State.REJECTED} or not portrait.photo:
        return False
    return is_free(portrait.ratio, width=portrait.width or 0, height=portrait.height or 0)


def crop_page(portrait: Portrait, detections: Sequence[Detection]) -> CropPage | None:
    """The page with the frame that we suggest; None where nothing can be cropped."""
    if not may_crop(portrait):
        return None
    photo = BBox(0, 0, portrait.width or 0, portrait.height or 0)
    face = known_face(detections)
    frame = suggested_frame(portrait, detections) or _somewhere(portrait.ratio, photo, face)
    return CropPage(portrait=portrait, photo=photo, frame=frame, suggested=frame, face=face)


def _somewhere(ratio: str, photo: BBox, face: BBox | None) -> BBox:
    """A frame to start from, around the face if there is one."""
    around = face or photo
    width = round(START_SHARE * widest(ratio, width=photo.width, height=photo.height))
    left = (around.x1 + around.x2 - width) // 2
    top = (around.y1 + around.y2 - width) // 2
    return nearest(left, top, width, ratio=ratio, within=photo)
