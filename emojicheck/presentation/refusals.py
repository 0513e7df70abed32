"""A file or a link that could not be used: what was wrong, the limit, and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emojicheck.limits import Limit
from emojicheck.pictures.errors import FetchCode, PictureCode

from . import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Two sentences: the problem with its numbers, and the way out."""

    problem: str
    remedy: str

    def __str__(self) -> str:
        return wording.joined(self.problem, self.remedy)


_PICTURES: dict[PictureCode, tuple[Text, Text]] = {
    PictureCode.EMPTY: (
        _("The file is empty."),
        _("Choose it again, or take a new photo."),
    ),
    PictureCode.NOT_A_PICTURE: (
        _("This file is not a photo that we can read."),
        _("Choose a JPG, PNG, WEBP, BMP or HEIC photo."),
    ),
    PictureCode.UNSUPPORTED_FORMAT: (
        _("This file is of the kind %(found)s."),
        _("Choose a JPG, PNG, WEBP, BMP or HEIC photo."),
    ),
    PictureCode.ANIMATED: (
        _("This picture moves: it has %(frames)s frames."),
        _("Choose a still photo."),
    ),
    PictureCode.DAMAGED: (
        _("The file is damaged or was not copied to its end."),
        _("Open it on your device and save it again, or take a new photo."),
    ),
    PictureCode.TOO_SMALL: (
        _("Your photo is %(size)s pixels; each side needs at least %(limit)s."),
        _("Send the original photo. Enlarging a small one does not help."),
    ),
    PictureCode.TOO_LARGE_DIMENSIONS: (
        _("Your photo is %(size)s pixels; the longer side may have at most %(limit)s."),
        _("Crop it, so that no side is very much longer than the other."),
    ),
    PictureCode.TOO_MANY_BYTES: (
        _("Your photo is larger than %(limit_weight)s."),
        _("Save it again as JPG, or choose a smaller one."),
    ),
    PictureCode.TOO_MANY_PIXELS: (
        _("Your photo is %(size)s pixels, more than we can open."),
        _("Save it at half the size, or choose another one."),
    ),
    PictureCode.DECODER_FAILED: (
        _("We could not open this file."),
        _("Open it on your device and save it again as JPG, or take a new photo."),
    ),
}
_PICTURE_OTHERWISE: tuple[Text, Text] = _PICTURES[PictureCode.NOT_A_PICTURE]

_FILES: dict[str, Text] = {
    "text": _("This is a text file, not a photo."),
    "program": _("This is a program, not a photo."),
}
"""Of kinds of files whose names are words and not abbreviations."""

_UPLOAD_INSTEAD = _("Save the photo on your device and choose the file here.")
_LINKS: dict[FetchCode, tuple[Text, Text]] = {
    FetchCode.BAD_URL: (
        _("This is not a complete link to a photo."),
        _("It begins with http:// or https:// and names one file. Or choose the file itself."),
    ),
    FetchCode.UNREACHABLE: (_("No public web server answers at this link."), _UPLOAD_INSTEAD),
    FetchCode.NOT_FOUND: (
        _("The site says that there is no such file (%(status)s)."),
        _("Copy the link again, or choose the file itself."),
    ),
    FetchCode.REFUSED: (
        _("The site does not hand this file out (%(status)s)."),
        _UPLOAD_INSTEAD,
    ),
    FetchCode.TOO_MANY_REDIRECTS: (
        _("The link leads on and on, more than %(limit)s times."),
        _UPLOAD_INSTEAD,
    ),
    FetchCode.TOO_LARGE: (_("The file is larger than %(limit_weight)s."), _UPLOAD_INSTEAD),
    FetchCode.TOO_SLOW: (
        _("The download was not complete after %(limit)s seconds."),
        _UPLOAD_INSTEAD,
    ),
    FetchCode.INCOMPLETE: (_("The connection broke off in the middle."), _UPLOAD_INSTEAD),
    FetchCode.NOT_A_PICTURE: (
        _("There is a web page at this link, not a photo."),
        _("Open the page, press long (or right) on the photo and copy the photo’s own link."),
    ),
}
_BAD_LINKS: dict[str, Text] = {
    "port": _("Links with a port number are not fetched."),
    "user": _("Links with a user name or password are not fetched."),
}
_LINK_OTHERWISE: tuple[Text, Text] = (_("This link could not be downloaded."), _UPLOAD_INSTEAD)


_LIMITS: dict[Limit, Text] = {
    Limit.HOURLY: _("That was a lot of photos for one hour."),
    Limit.SHARE: _("Your share of today’s questions to the service is used up."),
    Limit.LINE: _("So many photos are waiting that we take no more just now."),
}


def limit_refusal(limit: Limit, retry_after_seconds: int) -> Refusal:
    """Words for a limit that was reached, and when to come back."""
    remedy = _("Try again in %(span)s.") % {"span": wording.span(retry_after_seconds)}
    return Refusal(problem=str(_LIMITS[limit]), remedy=str(remedy))


def picture_refusal(code: str, facts: Mapping[str, Any]) -> Refusal:
    """Words for a PictureError, or for what a portrait stores of one."""
    known = code in set(PictureCode)
    problem, remedy = _PICTURES[PictureCode(code)] if known else _PICTURE_OTHERWISE
    if code == PictureCode.UNSUPPORTED_FORMAT:
        problem = _FILES.get(str(facts.get("found")), problem)
    return _filled(problem, remedy, facts)


def link_refusal(code: str, facts: Mapping[str, Any]) -> Refusal:
    """Words for a FetchError, or for what a portrait stores of one."""
    known = code in set(FetchCode)
    problem, remedy = _LINKS[FetchCode(code)] if known else _LINK_OTHERWISE
    if code == FetchCode.BAD_URL and facts.get("found") in _BAD_LINKS:
        problem, remedy = _BAD_LINKS[facts["found"]], _UPLOAD_INSTEAD
    return _filled(problem, remedy, facts)


def _filled(problem: Text, remedy: Text, facts: Mapping[str, Any]) -> Refusal:
    shown: dict[str, Any] = {"found": "?", "frames": "?", "limit": "?", "status": "?", **facts}
    shown["size"] = wording.dimensions(facts.get("width", 0), facts.get("height", 0))
    limit = facts.get("limit", 0)
    shown["limit_weight"] = wording.weight(limit) if isinstance(limit, int) else "?"
    return Refusal(problem=str(problem) % shown, remedy=str(remedy) % shown)
