"""Why a detector could not answer. None of this is ever the photo's fault.

DetectionError
├── DetectorUnreachable   refused, DNS, connect timeout, 5xx before an answer    retryable
├── DetectorBusy          throttled; may carry how long to pause                 retryable
├── AnswerLost            sent, then silence or a cut: maybe charged             retryable once
├── DetectorRefusedUs     key, account, debt, quota, model                       for the operator
├── PhotoUnreachable      the service could not download the photo from us       retryable twice
├── RequestNotUnderstood  this one request made no sense to it: a fault of ours  not retryable
└── UnreadableAnswer      not JSON, missing boxes, unknown shape                 not retryable
"""

from __future__ import annotations


class DetectionError(Exception):
    """The detector could not answer.

    `detail` is for admins and logs, never for visitors. `maybe_paid` means the service may have
    charged for the call. `raw` is the start of the reply as received, if there was one.
    `retryable` and `max_retries` narrow what the kind says of itself, where one code says more.
    """

    kind = "unexpected"
    retryable = False
    max_retries: int | None = None
    """How often at most this kind may be retried for one portrait; None = as often as any."""

    def __init__(
        self,
        detail: str,
        *,
        code: str = "",
        request_id: str = "",
        raw: bytes = b"",
        maybe_paid: bool = False,
        retry_after: float | None = None,
        retryable: bool | None = None,
        max_retries: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.request_id = request_id
        self.raw = raw
        self.maybe_paid = maybe_paid
        self.retry_after = retry_after
        """Seconds the service asked us to wait, if it did."""
        if retryable is not None:
            self.retryable = retryable
        if max_retries is not None:
            self.max_retries = max_retries


class DetectorUnreachable(DetectionError):
    kind = "unreachable"
    retryable = True


class DetectorBusy(DetectionError):
    kind = "busy"
    retryable = True


class AnswerLost(DetectionError):
    kind = "answer_lost"
    retryable = True
    max_retries = 1


class DetectorRefusedUs(DetectionError):
    kind = "refused_us"


class PhotoUnreachable(DetectionError):
    kind = "photo_unreachable"
    retryable = True
    max_retries = 2


class RequestNotUnderstood(DetectionError):
    kind = "request_not_understood"


class UnreadableAnswer(DetectionError):
    kind = "unreadable_answer"
