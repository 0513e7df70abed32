"""Values out of a stranger's JSON, made safe to compute with and to store.

Python's own parser is too kind (NaN, repeated keys) and too brittle (5000-digit numbers, deep
nesting) for bytes that came over the network.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

MAX_REPLY_BYTES = 1_000_000
MAX_NUMBER = 1_000_000_000
MAX_DIGITS = 20

_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{0,20})?")
_API_KEY = re.compile(r"\bsk-[A-Za-z0-9_-]{6,}")


class Unparsable(ValueError):
    """The bytes are not one JSON object; the text says why."""


def parse_object(body: bytes) -> dict[str, Any]:
    """Read one JSON object.

    Text that is not UTF-8 is patched rather than refused, because an answer was paid for. A key
    that occurs twice in one object is refused: which of the two is true cannot be known.
    Raises Unparsable, whatever the bytes are.
    """
    if len(body) > MAX_REPLY_BYTES:
        raise Unparsable(f"longer than {MAX_REPLY_BYTES} bytes")
    try:
        value = json.loads(
            body.decode("utf-8-sig", errors="replace"),
            object_pairs_hook=_without_repeats,
            parse_int=_integer,
        )
    except RecursionError as error:
        raise Unparsable("nested too deeply") from error
    except ValueError as error:
        raise Unparsable(str(error)) from error
    if not isinstance(value, dict):
        raise Unparsable(f"a JSON {type(value).__name__} instead of an object")
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unparsable("the same key twice in one object")
    return found


def _integer(digits: str) -> int | float:
    # int() refuses more than 4300 digits, which would lose the whole reply for one odd field.
    return int(digits) if len(digits) <= MAX_DIGITS else math.inf


def number(value: object) -> float | None:
    """A finite number of sane size from a JSON number or a plain decimal string, else None."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= MAX_NUMBER else None  # false for NaN, too


def text(value: object, *, limit: int) -> str:
    """One printable line of at most `limit` characters, without anything like an API key.

    Any database stores it and any log file keeps it on one line: NUL, lone surrogates, control
    and direction characters are gone. Anything but text or a number becomes "".
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    shown = "".join(char if char.isprintable() else " " for char in str(value)[: 4 * limit])
    return _API_KEY.sub("sk-…", " ".join(shown.split()))[:limit].rstrip()
