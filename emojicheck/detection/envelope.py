"""What stands around a verdict in a reply: codes, request id, bill, announced trouble."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from .catalogue import UNKNOWN, failure_at, known_failure
from .untrusted import Unparsable, number, parse_object, text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .errors import DetectionError

logger = logging.getLogger(__name__)

MAX_CODE_CHARS = 100
MAX_REQUEST_ID_CHARS = 100
MAX_MESSAGE_CHARS = 1000
MAX_RAW_BYTES = 4096
MAX_PAUSE_SECONDS = 3600.0
MAX_BILLED_IMAGES = 100

CODE_KEYS = ("code", "error_code")
MESSAGE_KEYS = ("message", "error_message", "msg")
REQUEST_ID_HEADERS = (
    "x-request-id",
    "request-id",
    "x-dashscope-request-id",
    "x-acs-request-id",
)

_NO_CODE = frozenset({"", "0", "200"})
"""What stands in a `code` field when nothing is wrong; the numbers come from relays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One reply, parsed, with its evidence."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    fields: Mapping[str, Any]

    @classmethod
    def opened(cls, status: int, headers: Mapping[str, str], body: bytes) -> Envelope:
        """Parse a reply. Raises DetectionError, chosen by the status, when it is no JSON object."""
        lowered = {name.lower(): value for name, value in headers.items()}
        try:
            fields = parse_object(body)
        except Unparsable as error:
            closed = cls(status=status, headers=lowered, body=body, fields={})
            raise closed.trouble("", f"not a JSON object: {error}") from error
        return cls(status=status, headers=lowered, body=body, fields=fields)

    @property
    def output(self) -> Mapping[str, Any]:
        output = self.fields.get("output")
        return output if isinstance(output, dict) else {}

    @property
    def is_error(self) -> bool:
        """Whether the reply calls itself a failed request."""
        return bool(self.error[0] or self.fields.get("error"))

    @property
    def error(self) -> tuple[str, str]:
        """Code and message of a failed request: at the top, or inside a relay's `error`."""
        code, message = code_and_message(self.fields)
        inner = self.fields.get("error")
        if code or not inner:
            return code, message
        if isinstance(inner, dict):
            code, message = code_and_message(inner)
            return code or text(inner.get("type"), limit=MAX_CODE_CHARS), message
        return "", text(inner, limit=MAX_MESSAGE_CHARS) or message

    @property
    def request_id(self) -> str:
        candidates = [self.fields.get("request_id")]
        candidates += [self.headers.get(name) for name in REQUEST_ID_HEADERS]
        cleaned = (text(value, limit=MAX_REQUEST_ID_CHARS) for value in candidates)
        return next((value for value in cleaned if value), "")

    @property
    def billed_images(self) -> int:
        """How many images the reply says it charges, or what to assume when it does not say."""
        usage = self.fields.get("usage")
        count = number(usage.get("image_count")) if isinstance(usage, dict) else None
        if count is not None and count == int(count) and 0 <= count <= MAX_BILLED_IMAGES:
            return int(count)
        return 1 if 200 <= self.status < 300 else 0

    @property
    def retry_after_seconds(self) -> float | None:
        """The pause asked for, in seconds. A date is read against the reply's own clock."""
        value = self.headers.get("retry-after", "")
        seconds = number(value)
        if seconds is None:
            until, now = _moment(value), _moment(self.headers.get("date", ""))
            seconds = (until - now).total_seconds() if until and now else None
        if seconds is None or seconds < 0:
            return None
        return min(seconds, MAX_PAUSE_SECONDS)

    def trouble(self, code: str, message: str) -> DetectionError:
        """The error to raise for a code; without a known one, the status decides."""
        failure = known_failure(code, message)
        if code and failure is None:
            logger.warning("The service failed with an unknown code %s: %s", code, message)
        failure = failure or failure_at(self.status) or UNKNOWN
        return failure.kind(
            f"HTTP {self.status} {code}: {message}" if code else f"HTTP {self.status}: {message}",
            code=code,
            request_id=self.request_id,
            raw=self.body[:MAX_RAW_BYTES],
            maybe_paid=self._maybe_paid(code),
            retry_after=self.retry_after_seconds,
            retryable=failure.retryable,
            max_retries=failure.max_retries,
        )

    def _maybe_paid(self, code: str) -> bool:
        """Whether a reply without a verdict may be on the bill all the same.

        A failed request with a code is free unless it comes with a bill. A gateway that gave up
        waiting (504 without a code) does not know whether the service went on to answer.
        """
        if code:
            return "usage" in self.fields and self.billed_images > 0
        return 200 <= self.status < 300 or self.status == 504


def code_and_message(fields: Mapping[str, Any]) -> tuple[str, str]:
    """The first real code and the first message among `fields`, clean; "" for none."""
    codes = (text(fields.get(key), limit=MAX_CODE_CHARS) for key in CODE_KEYS)
    messages = (text(fields.get(key), limit=MAX_MESSAGE_CHARS) for key in MESSAGE_KEYS)
    return (
        next((code for code in codes if code not in _NO_CODE), ""),
        next((message for message in messages if message), ""),
    )


def _moment(date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None
