"""From a stranger's bytes to a safe picture."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from .decoder import Repair, decode
from .errors import PictureCode, PictureError
from .formats import Format, recognise
from .limits import DEFAULT, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A photo that is safe to store, to serve and to send on: our own JPEG, not the upload.

    Upright, opaque, 8-bit sRGB, without metadata or comments; the same bytes in give the same
    bytes out, so that `digest` tells whether a photo was seen before.
    """

    data: bytes
    width: int
    height: int
    digest: str
    """SHA-256 of `data`, in hexadecimal digits."""
    thumbnail: bytes
    """The same picture as a JPEG whose longest side is at most 360 pixels."""
    original_format: str
    """JPEG, PNG, WEBP, BMP or HEIC."""
    repairs: tuple[Repair, ...]
    """What had to be done, in the order it was done; see Repair."""


def read_picture(data: bytes, *, limits: Limits = DEFAULT) -> Picture:
    """Make a Picture of an uploaded or downloaded file, whatever its name or type claims.

    Raises PictureError when the file cannot be used, DecoderUnavailable when we cannot decode
    just now. Takes seconds for the largest files, and one file at a time.
    """
    found = _screen(data, limits)
    decoded = decode(data, found, limits)
    repairs = decoded.repairs
    if len(data) > limits.usual_bytes and Repair.SHRUNK_BYTES not in repairs:
        repairs = (*repairs, Repair.SHRUNK_BYTES)
    return Picture(
        data=decoded.photo,
        width=decoded.width,
        height=decoded.height,
        digest=hashlib.sha256(decoded.photo).hexdigest(),
        thumbnail=decoded.thumbnail,
        original_format=found,
        repairs=repairs,
    )


def _screen(data: bytes, limits: Limits) -> Format:
    """What can be told without decoding anything."""
    if not data:
        raise PictureError(PictureCode.EMPTY)
    found = recognise(data)
    if found is None:
        raise PictureError(PictureCode.NOT_A_PICTURE, {"bytes": len(data)})
    if not isinstance(found, Format):
        raise PictureError(PictureCode.UNSUPPORTED_FORMAT, {"found": found})
    if len(data) > limits.max_bytes:
        # How many there are is not known: whoever read them may have stopped at one too many.
        raise PictureError(PictureCode.TOO_MANY_BYTES, {"limit": limits.max_bytes})
    return found
