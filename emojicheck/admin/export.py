"""Portraits as CSV, row by row, harmless to whatever spreadsheet opens it."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from emojicheck.models import Portrait

COLUMNS = {
    "id": "id",
    "created": "created",
    "source": "source",
    "model": "model",
    "ratio": "ratio",
    "state": "state",
    "reason": "reason",
    "trouble": "trouble",
    "detector": "verdict__detector",
    "code": "verdict__code",
    "request_id": "verdict__request_id",
    "took_ms": "verdict__took_ms",
    "cost_yuan": "cost",
    "width": "width",
    "height": "height",
    "digest": "digest",
    "objection": "objection",
    "deleted": "deleted_at",
}
"""What each column is called, and where it comes from."""
ROWS_AT_A_TIME = 500
BYTE_ORDER_MARK = "\ufeff"  # or spreadsheets take Chinese for something else
SIGNS = "[=+\\-@|＝＋－＠]"
FORMULA_START = re.compile(rf"^\s*(?={SIGNS})|^(?=[\t\r\n])|[;\t\r\n]\s*(?={SIGNS})")
"""Where a formula could begin: in front, or behind what is a border of cells in some countries."""


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(portraits: QuerySet[Portrait]) -> Iterator[str]:
    """The lines of a CSV file. `portraits` must have been annotated with their `cost`."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow(COLUMNS)
    for row in portraits.values_list(*COLUMNS.values()).iterator(chunk_size=ROWS_AT_A_TIME):
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> str:
    """Text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return FORMULA_START.sub(_disarmed, text)


def _disarmed(start: re.Match[str]) -> str:
    return f"{start[0]}'" if start.start() else f"'{start[0]}"
