"""From a stranger's bytes, or a stranger's address, to a safe picture. Knows no Django."""

from __future__ import annotations

from .decoder import Repair
from .errors import DecoderUnavailable, FetchCode, FetchError, PictureCode, PictureError
from .fetch import check_address, fetch_picture
from .limits import Limits
from .picture import Picture, read_picture
from .policy import FetchPolicy

__all__ = [
    "DecoderUnavailable",
    "FetchCode",
    "FetchError",
    "FetchPolicy",
    "Limits",
    "Picture",
    "PictureCode",
    "PictureError",
    "Repair",
    "check_address",
    "fetch_picture",
    "read_picture",
]
