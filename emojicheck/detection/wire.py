"""The service's language: what we ask and what its replies mean. Pure: no HTTP, no Django.

A rejected photo arrives in at least three shapes (HTTP 200 with `output.code`, HTTP 400 with
`output.code`, HTTP 400 with a top-level `code`), and a failed request may arrive with HTTP 200.
So the body decides, and the status is only asked when the body says nothing.

https://help.aliyun.com/zh/model-studio/emoji-detect-api
https://help.aliyun.com/zh/model-studio/emo-detect-api
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from .base import MODELS
from .catalogue import is_rejection, known_failure, reasons_behind
from .envelope import Envelope, code_and_message
from .errors import DetectionError
from .untrusted import number
from .verdicts import Accepted, Answer, BBox, Reason, Rejected, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)

FACE_KEYS = ("bbox_face", "face_bbox")
EXTENDED_KEYS = ("ext_bbox_face", "ext_bbox")
"""The emoji model's spelling, then the emo model's."""


def build_request(model: str, ratio: str, image_url: str) -> dict[str, Any]:
    """The body of a face-detect call. Raises ValueError for a model or ratio there is not."""
    if ratio not in MODELS.get(model, ()):
        raise ValueError(f"{model!r} cannot be asked for ratio {ratio!r}")
    return {"model": model, "input": {"image_url": image_url}, "parameters": {"ratio": ratio}}


def read_reply(
    status: int, headers: Mapping[str, str], body: bytes, *, width: int, height: int
) -> Answer:
    """What a reply says about a photo of width x height pixels.

    A rejection is returned like an acceptance. `billed_images` is `usage.image_count`; without
    that, an answer at a 2xx status counts as 1, because answered calls are charged, and one at
    any other status as 0, because the service leaves `usage` out of what it does not charge.
    Raises DetectionError, and nothing else whatever the bytes are, when the reply is no answer.
    """
    envelope = Envelope.opened(status, headers, body)
    return Answer(
        verdict=_verdict(envelope, width, height),
        request_id=envelope.request_id,
        billed_images=envelope.billed_images,
    )


def read_failure(status: int, headers: Mapping[str, str], body: bytes) -> DetectionError:
    """The trouble in a reply of which something other than a verdict was hoped for."""
    try:
        envelope = Envelope.opened(status, headers, body)
    except DetectionError as error:
        return error
    return envelope.trouble(*envelope.error)


def _verdict(envelope: Envelope, width: int, height: int) -> Verdict:
    code, message = envelope.error
    if is_rejection(code):
        return _rejected(code, message)
    if envelope.is_error:
        raise envelope.trouble(code, message)

    code, message = code_and_message(envelope.output)
    if known_failure(code, message) and not is_rejection(code):
        # A throttled or failed call says nothing about the photo, wherever in the reply it stands.
        raise envelope.trouble(code, message)
    if code or not _passed(envelope):
        return _rejected(code, message)
    return _accepted(envelope, width, height)


def _rejected(code: str, message: str) -> Rejected:
    reason = reasons_behind(code)[0]
    if code and reason is Reason.OTHER:
        logger.warning("The service rejected a photo with an unknown code %s: %s", code, message)
    return Rejected(reason=reason, code=code, message=message)


def _passed(envelope: Envelope) -> bool:
    """False when the reply says no. Only the emo model says yes in so many words."""
    said = [envelope.output.get(key) for key in ("check_pass", "pass")]
    readings = [_truth(value) for value in said if value is not None]
    if None in readings:
        raise envelope.trouble("", "check_pass is neither true nor false")
    return False not in readings


def _truth(value: object) -> bool | None:
    """True or false, also as a word or as 1 or 0; None for anything else."""
    if value in (True, "true", "True"):
        return True
    return False if value in (False, "false", "False") else None


def _accepted(envelope: Envelope, width: int, height: int) -> Accepted:
    face = _bbox(envelope.output, FACE_KEYS, width, height)
    extended = _bbox(envelope.output, EXTENDED_KEYS, width, height)
    if face is None or extended is None:
        missing = "face" if face is None else "extended"
        raise envelope.trouble("", f"no {missing} bbox within a photo of {width} x {height}")
    return Accepted(face=face, extended=extended)


def _bbox(output: Mapping[str, Any], keys: tuple[str, ...], width: int, height: int) -> BBox | None:
    """The bbox under one of the keys; None if it is none or lies outside the photo."""
    values = next((output[key] for key in keys if output.get(key) is not None), None)
    if not isinstance(values, list) or len(values) != 4:
        return None
    x1, y1, x2, y2 = map(number, values)
    if x1 is None or y1 is None or x2 is None or y2 is None:
        return None
    return BBox.clipped(x1, y1, x2, y2, width, height)
