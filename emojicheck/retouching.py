"""Makes the photo of a fix from the photo it was derived from. For workers: it loads OpenCV."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from .edits import Brighten, Crop, Edit, Level, edit_from
from .pictures import PictureError, read_picture
from .pictures.limits import DEFAULT, MIB

if TYPE_CHECKING:
    from .models import Portrait
    from .pictures import Picture

LIMITS = replace(DEFAULT, quality=95, usual_bytes=200 * MIB, max_bytes=200 * MIB)
"""The retouched photo comes as good as unpacked, and is the second generation: be gentle."""


class OriginalGone(Exception):
    """The photo to start from was deleted, or its time is over."""


class NotMade(Exception):
    """The edit does not go with its photo, which is our fault."""


def retouched(portrait: Portrait) -> Picture:
    """The picture that `portrait.edit` makes of the photo of `portrait.derived_from`.

    The same each time. Raises OriginalGone, NotMade, and what reading a photo and a picture raise
    when we are short of something.
    """
    edit = edit_from(portrait.edit)
    if edit is None:
        raise NotMade(f"no edit that we know: {portrait.edit}")
    content = _applied(edit, _content(portrait.derived_from))
    try:
        return read_picture(content, limits=LIMITS)
    except PictureError as error:
        raise NotMade(str(error)) from error


def _content(original: Portrait | None) -> bytes:
    if original is None or not original.photo or original.expires_at <= timezone.now():
        raise OriginalGone
    try:
        with original.photo.open("rb") as file:
            return bytes(file.read())
    except FileNotFoundError as error:
        raise OriginalGone from error


def _applied(edit: Edit, content: bytes) -> bytes:
    # Imported here: the web server knows this module, and must not load OpenCV.
    from .detection.local import remedies

    pixels = remedies.decoded(content)
    match edit:
        case Level():
            pixels = remedies.level(pixels, edit.face, roll=edit.roll)
        case Crop():
            pixels = remedies.crop(pixels, edit.frame)
        case Brighten():
            pixels = remedies.brighten(pixels, gain=edit.gain)
    return remedies.encoded(pixels)
