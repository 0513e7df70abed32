"""Keeps out of the log whatever opens a door: keys, passwords, signed and shared addresses.

Our own lines never hold any of these; those of libraries and tracebacks might.
"""

from __future__ import annotations

import logging
import re

_SECRETS = (
    (re.compile(r"(/(?:photos|shared)/)[^/\s'\"?]{8,}"), r"\1…"),
    (re.compile(r"(https?://)[^\s/@'\"]+@"), r"\1…@"),
    (re.compile(r"(\bhttps?://[^\s?#'\"]*)\?[^\s'\"]*"), r"\1?…"),
    (re.compile(r"\bsk-[\w-]{4,}"), "sk-…"),
    (re.compile(r"(?i)(\bbearer\s+)[\w.~+/=-]+"), r"\1…"),
)


def redacted(text: str) -> str:
    """The text without its secrets."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class RedactingFilter(logging.Filter):
    """For loggers that repeat what visitors asked for: every handler gets the record redacted."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), None
        return True


class RedactingFormatter(logging.Formatter):
    """The last gate: whole lines, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))
