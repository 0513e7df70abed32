"""What can be wrong with a picture or an address, as closed codes with numbers and no sentences.

PictureError          the file itself: an answer for the visitor
FetchError            the address it should come from: an answer for the visitor
DecoderUnavailable    our own machinery failed: never shown as the photo's fault
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class PictureCode(StrEnum):
    """Why a file is not taken, and which facts each code carries."""

    EMPTY = "empty"
    """No bytes at all. Facts: none."""
    NOT_A_PICTURE = "not_a_picture"
    """Nothing known begins like this. Facts: bytes."""
    UNSUPPORTED_FORMAT = "unsupported_format"
    """Recognised, but not on the list. Facts: found (a name as in "GIF", "PDF", "ZIP")."""
    ANIMATED = "animated"
    """A moving WEBP or PNG. Facts: found, frames."""
    DAMAGED = "damaged"
    """Begins as a picture but cannot be decoded to its end. Facts: found."""
    TOO_SMALL = "too_small"
    """A side is too short. Facts: width, height, limit (pixels, upright)."""
    TOO_LARGE_DIMENSIONS = "too_large_dimensions"
    """A side is too long and shrinking would make the other too short.
    Facts: width, height, limit (longest side), short_limit (shortest side)."""
    TOO_MANY_BYTES = "too_many_bytes"
    """Facts: bytes, limit."""
    TOO_MANY_PIXELS = "too_many_pixels"
    """More than can be decoded safely. Facts: width, height, limit (pixels in all)."""
    DECODER_FAILED = "decoder_failed"
    """The file brought the decoder down or kept it busy for ever. Facts: found."""


class PictureError(Exception):
    """The file cannot be used as a photo.

    `facts` holds the numbers and names a message needs, per code as listed at PictureCode.
    `detail` is for logs only.
    """

    def __init__(
        self,
        code: PictureCode,
        facts: Mapping[str, int | str] | None = None,
        *,
        detail: str = "",
    ) -> None:
        self.code = code
        self.facts: dict[str, int | str] = dict(facts or {})
        self.detail = detail
        super().__init__(f"{code}: {detail}" if detail else str(code))


class DecoderUnavailable(Exception):
    """A legal file could not be decoded for reasons of ours.

    The decoder could not be started, ran out of memory or of wall-clock time, or too many
    pictures were waiting for it. Trying again later is right; blaming the photo is not.
    """


class FetchCode(StrEnum):
    """Why nothing came from an address, and which facts each code carries."""

    BAD_URL = "bad_url"
    """Not an ordinary web address: no http(s), another port, a password, odd characters.
    Decided from its spelling alone. Facts: found (port, user), where one of these is why."""
    UNREACHABLE = "unreachable"
    """No such name, not a public address, refused, cut, no valid certificate: one code for all,
    so that nobody can explore a network through us. Facts: none."""
    NOT_FOUND = "not_found"
    """The site says it has no such file (404, 410). Facts: status."""
    REFUSED = "refused"
    """The site does not hand the file out (any other status). Facts: status."""
    TOO_MANY_REDIRECTS = "too_many_redirects"
    """Facts: limit."""
    TOO_LARGE = "too_large"
    """Facts: limit (bytes)."""
    TOO_SLOW = "too_slow"
    """Not complete when the time was over. Facts: limit (seconds)."""
    INCOMPLETE = "incomplete"
    """The connection ended before the file did. Facts: none."""
    NOT_A_PICTURE = "not_a_picture"
    """A web page, or nothing at all. Facts: found (a name as in "HTML"), when known."""


class FetchError(Exception):
    """Nothing usable came from an address.

    `facts` as listed at FetchCode. `detail` is for logs only and may name addresses.
    `retryable` says whether trying the same address again can help.
    """

    def __init__(
        self,
        code: FetchCode,
        facts: Mapping[str, int | str] | None = None,
        *,
        detail: str = "",
        retryable: bool = False,
    ) -> None:
        self.code = code
        self.facts: dict[str, int | str] = dict(facts or {})
        self.detail = detail
        self.retryable = retryable
        super().__init__(f"{code}: {detail}" if detail else str(code))
