"""How large and how long: every number a picture is held against."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on what is read, on what comes out, and on the process that does the work."""

    min_side_px: int = 400
    max_side_px: int = 7000
    """Sides of the upright picture. Longer pictures are shrunk if their shape allows it."""

    usual_bytes: int = 10 * MIB
    """Files above this are taken, with the repair noted."""
    max_bytes: int = 30_000_000
    """Files above this are refused unread; thirty megabytes, as pages and refusals count them."""
    max_photo_bytes: int = 10_000_000
    """The result; ten million is under ten megabytes whichever way they are counted."""

    max_pixels: int = 50_000_000
    """Pixels that may be decoded; 7000 x 7000 fits."""
    max_jpeg_pixels: int = 205_000_000
    """Pixels a JPEG may announce, since it is reduced while it is decoded. Phones reach 201 M."""
    max_progressive_pixels: int = 100_000_000
    """The same for progressive JPEGs, which are held as coefficients first (8 bytes a pixel)."""

    quality: int = 92
    thumbnail_side_px: int = 360
    thumbnail_quality: int = 55
    """So small that it comes with the first packets on a phone's slow line: it is seen first."""

    memory_bytes: int = 1_200_000_000
    """Address space of the decoder; see `decoder` for what was measured."""
    cpu_seconds: int = 20
    """Several times what the largest legal picture takes; a file that needs more is hostile."""
    wall_seconds: float = 45
    """For one picture, on a busy machine."""
    queue_seconds: float = 30
    """How long a picture waits for its turn before we say that we are busy."""


DEFAULT = Limits()
