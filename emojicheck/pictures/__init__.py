"""From a stranger's bytes, or a stranger's address, to a safe picture. Knows no Django."""

from __future__ import annotations

from .decoder import Repair
from .errors import DecoderUnavailable, FetchCode, FetchError, PictureCode, PictureError
from .limits import Limits
from .picture import Picture, read_picture

__all__ = [
    "DecoderUnavailable",
    "FetchCode",
    "FetchError",
    "Limits",
    "Picture",
    "PictureCode",
    "PictureError",
    "Repair",
    "read_picture",
]
