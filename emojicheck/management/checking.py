"""Portraits judged outside the site: no rows, no queue, one detector, one after the other."""

from __future__ import annotations

import io
import logging
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from emojicheck.detection.errors import DetectionError
from emojicheck.detection.verdicts import Accepted, Reason, Rejected, Subject
from emojicheck.downloads import fetch_policy
from emojicheck.judging import WRONG_SIZE
from emojicheck.models import State
from emojicheck.pictures import (
    DecoderUnavailable,
    FetchError,
    PictureError,
    fetch_picture,
    read_picture,
)
from emojicheck.pictures.limits import DEFAULT as LIMITS
from emojicheck.presentation.refusals import link_refusal, picture_refusal

from .inputs import is_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from emojicheck.detection.base import Detector
    from emojicheck.detection.verdicts import Answer, BBox, Measurement, Spot
    from emojicheck.pictures import Picture

logger = logging.getLogger(__name__)

READERS = 2
"""Photos read ahead while one is judged: decoding happens in processes of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of one input. `state` is accepted, rejected or failed."""

    input: str
    state: State
    reason: str = ""
    certain: bool = False
    code: str = ""
    message: str = ""
    face: BBox | None = None
    extended: BBox | None = None
    measurements: tuple[Measurement, ...] = ()
    detector: str
    took_ms: int
    """Of the detector's work; of reading, for an input that no detector saw."""
    spots: tuple[Spot, ...] = ()
    photo: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    found: Picture | Exception
    took_ms: int


def check(
    sources: Iterable[str],
    *,
    detector: Detector,
    model: str,
    ratio: str,
    address: Callable[[str, Picture], str],
) -> Iterator[Checked]:
    """Judge files and web addresses in the order given; trouble with one never stops the rest.

    `address` says where a detector that fetches photos itself finds one; it may upload it first
    and may raise DetectionError.
    """
    pool = ThreadPoolExecutor(READERS)
    ahead: deque[tuple[str, Future[_Reading]]] = deque()
    try:
        for source in sources:
            ahead.append((source, pool.submit(_read, source)))
            if len(ahead) > READERS:
                yield _check(*ahead.popleft(), detector, model, ratio, address)
        while ahead:
            yield _check(*ahead.popleft(), detector, model, ratio, address)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _read(source: str) -> _Reading:
    started = time.monotonic()
    found: Picture | Exception
    try:
        found = read_picture(_bytes_of(source))
    except Exception as error:  # noqa: BLE001 (told apart where the result is made)
        found = error
    return _Reading(found=found, took_ms=_ms_since(started))


def _bytes_of(source: str) -> bytes:
    if is_address(source):
        return fetch_picture(source, policy=fetch_policy())
    with Path(source).open("rb") as file:
        return file.read(LIMITS.max_bytes + 1)  # one more than is allowed tells that it is too many


def _check(
    source: str,
    reading: Future[_Reading],
    detector: Detector,
    model: str,
    ratio: str,
    address: Callable[[str, Picture], str],
) -> Checked:
    read = reading.result()
    if isinstance(read.found, Exception):
        return _no_answer(source, read.found, detector.name, read.took_ms)
    picture = read.found
    started = time.monotonic()
    try:
        subject = Subject(
            open=lambda: io.BytesIO(picture.data),
            width=picture.width,
            height=picture.height,
            model=model,
            ratio=ratio,
            url=address(source, picture) if detector.needs_url else "",
        )
        answer = detector.detect(subject)
    except Exception as error:  # noqa: BLE001 (one photo's trouble must not stop the others)
        return _no_answer(source, error, detector.name, _ms_since(started))
    return _answered(source, answer, picture, detector.name, _ms_since(started))


def _answered(
    source: str, answer: Answer, picture: Picture, detector: str, took_ms: int
) -> Checked:
    found = Checked(
        input=source,
        state=State.ACCEPTED,
        measurements=answer.measurements,
        detector=detector,
        took_ms=took_ms,
        photo=picture.data,
    )
    match answer.verdict:
        case Accepted(face=face, extended=extended):
            return replace(found, face=face, extended=extended)
        case Rejected() as rejected:
            return replace(
                found,
                state=State.REJECTED,
                reason=rejected.reason,
                certain=rejected.certain,
                code=rejected.code,
                message=rejected.message,
                face=rejected.face,
                spots=answer.spots,
            )


def _no_answer(source: str, error: Exception, detector: str, took_ms: int) -> Checked:
    """A refused picture is an answer all the same; everything else means that there is none."""
    found = Checked(input=source, state=State.FAILED, detector=detector, took_ms=took_ms)
    match error:
        case PictureError():
            wrong_size = error.code in WRONG_SIZE
            return replace(
                found,
                state=State.REJECTED,
                reason=Reason.WRONG_DIMENSIONS if wrong_size else Reason.UNREADABLE_FILE,
                certain=True,
                code=str(error.code),
                message=picture_refusal(error.code, error.facts).problem,
            )
        case FetchError():
            message = link_refusal(error.code, error.facts).problem
            return replace(found, code=str(error.code), message=message)
        case DetectionError():
            return replace(found, code=error.code, message=error.detail)
        case DecoderUnavailable():
            return replace(found, message=f"The decoder is not available: {error}.")
        case OSError():
            return replace(found, message=f"Not read: {error.strerror or error}.")
    logger.error("%s: unexpected trouble", source, exc_info=error)
    return replace(found, message=f"Unexpected trouble: {type(error).__name__}: {error}")


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
