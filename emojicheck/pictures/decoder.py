"""Run the decoder in a process of its own, and believe nothing it says.

One picture at a time per process of ours: the memory below is per decode, and a site with eight
threads must not need eight times as much.

Measured with Pillow 13 (address space of the child at its highest): 12 MP JPEG 84 MB, 7000 x 7000
JPEG 240 MB, progressive 505 MB, PNG 330 MB, HEIC 450 MB, and the worst, WEBP with transparency,
850 MB. JPEGs above 50 MP come out reduced: 200 MP 545 MB, progressive 99 MP 715 MB, the same in
CMYK 915 MB. The ceiling, `Limits.memory_bytes`, leaves a quarter on top.

This is a limit on resources and on faults, not a jail: a decoder that is taken over by a file still
has the rights of our user, until it is killed.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .errors import DecoderUnavailable, PictureCode, PictureError
from .jpeg import plain_jpeg_size

if TYPE_CHECKING:
    from .formats import Format
    from .limits import Limits

CHILD = Path(__file__).with_name("child.py")

MAGIC = b"PICTURE\0"
LENGTH_BYTES = 4
MAX_HEAD_BYTES = 4_096
MAX_THUMBNAIL_BYTES = 1_000_000
CHUNK_BYTES = 262_144
COMPLAINT_CHARS = 400
EXIT_SECONDS = 5

# What the child is told; the names are those of `child.Task`.
TOLD = (
    "min_side_px",
    "max_side_px",
    "max_pixels",
    "max_jpeg_pixels",
    "max_progressive_pixels",
    "max_photo_bytes",
    "quality",
    "thumbnail_side_px",
    "thumbnail_quality",
    "memory_bytes",
    "cpu_seconds",
    "wall_seconds",
)

# Ends that a file can bring about. Any other, SIGKILL above all, may come from the machine.
FAULTS_OF_THE_FILE = frozenset(
    {
        signal.SIGXCPU,
        signal.SIGSEGV,
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGFPE,
        signal.SIGILL,
        signal.SIGTRAP,
    }
)

_turn = threading.Lock()


class Repair(StrEnum):
    """What was done to a picture to make it a photo: a closed list."""

    FIRST_FRAME = "first_frame"
    """The file holds several pictures; the first was taken."""
    SHRUNK_PIXELS = "shrunk_pixels"
    """A side or the number of pixels was above the limit."""
    SHRUNK_BYTES = "shrunk_bytes"
    """The file was above the usual limit, or the photo needed more compression to stay below."""
    RECOLOURED = "recoloured"
    """Print colours, 16 bits or a wide colour profile became 8-bit sRGB."""
    FLATTENED = "flattened"
    """Transparent parts were laid on white."""
    TURNED = "turned"
    """The picture was turned or mirrored as its metadata asked for. Not noted for HEIC, whose
    decoder does it unasked."""
    CONVERTED = "converted"
    """The file was not a JPEG."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A decoder's answer, after it was looked at."""

    photo: bytes
    thumbnail: bytes
    width: int
    height: int
    repairs: tuple[Repair, ...]


class _Nonsense(Exception):
    """The child's answer is not one that our script gives."""


def decode(data: bytes, found: Format, limits: Limits) -> Decoded:
    """Decode a file of the recognised format.

    Raises PictureError when the file does not allow it, DecoderUnavailable when we do not.
    """
    if not _turn.acquire(timeout=limits.queue_seconds):
        raise DecoderUnavailable("too many pictures are waiting")
    try:
        answer = _run(data, found, limits)
        return _read_answer(answer, limits)
    except _Nonsense as error:
        raise PictureError(
            PictureCode.DECODER_FAILED, {"found": found}, detail=str(error)
        ) from error
    finally:
        _turn.release()


def _run(data: bytes, found: Format, limits: Limits) -> bytes:
    """Everything the child wrote before it ended well."""
    task = {"format": found, **{name: getattr(limits, name) for name in TOLD}}
    deadline = time.monotonic() + limits.wall_seconds
    try:
        with _scratch() as file, _scratch() as complaints:
            file.write(data)
            file.seek(0)
            with subprocess.Popen(
                [sys.executable, "-I", str(CHILD), json.dumps(task)],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=_environment(),
                cwd="/",
                start_new_session=True,
            ) as process:
                answer = _follow(process, _answer_limit(limits), deadline)
            if process.returncode == 0:
                return answer
            raise _end(process.returncode, found, _last_words(complaints))
    except OSError as error:
        raise DecoderUnavailable(f"could not be started: {error}") from error


def _follow(process: subprocess.Popen[bytes], most: int, deadline: float) -> bytes:
    """Read the answer until its end; whatever happens, the child is gone afterwards."""
    assert process.stdout is not None  # noqa: S101 - for the type checker: it was asked for
    try:
        answer = _read_within(process.stdout, most, deadline)
        process.wait(EXIT_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise DecoderUnavailable("out of time") from error
    finally:
        if process.returncode is None:  # not reaped, so its group cannot be anybody else's
            os.killpg(process.pid, signal.SIGKILL)
    return answer


def _read_within(pipe: IO[bytes], most: int, deadline: float) -> bytes:
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            chunk = os.read(pipe.fileno(), CHUNK_BYTES)
            if not chunk:
                return bytes(answer)
            answer += chunk
            if len(answer) > most:
                raise _Nonsense("too long an answer")
    raise DecoderUnavailable("out of time")


def _end(returncode: int, found: Format, last_words: str) -> PictureError | DecoderUnavailable:
    if -returncode in FAULTS_OF_THE_FILE:
        detail = f"ended by {signal.Signals(-returncode).name}"
        return PictureError(PictureCode.DECODER_FAILED, {"found": found}, detail=detail)
    return DecoderUnavailable(f"ended with {returncode}: {last_words}")


def _read_answer(answer: bytes, limits: Limits) -> Decoded:
    start = len(MAGIC) + LENGTH_BYTES
    length = int.from_bytes(answer[len(MAGIC) : start])
    if not answer.startswith(MAGIC) or length > MAX_HEAD_BYTES:
        raise _Nonsense("not framed")
    try:
        head = json.loads(answer[start : start + length])
        match head:
            case {"error": code, "facts": facts, "detail": detail}:
                raise PictureError(
                    PictureCode(code), _checked_facts(facts), detail=_one_line(detail)
                )
            case {"unavailable": why}:
                raise DecoderUnavailable(_one_line(why))
        return _checked_pictures(head, answer[start + length :], limits)
    except (ValueError, TypeError, KeyError) as error:
        raise _Nonsense(f"{type(error).__name__}: {error}") from error


def _checked_facts(facts: Any) -> dict[str, int | str]:
    if not isinstance(facts, dict):
        raise TypeError("facts that are no table")
    if not all(isinstance(value, int | str) for value in facts.values()):
        raise TypeError("facts that are neither numbers nor names")
    return facts


def _checked_pictures(head: Any, body: bytes, limits: Limits) -> Decoded:
    photo_bytes, thumbnail_bytes = head["photo_bytes"], head["thumbnail_bytes"]
    photo, thumbnail = body[:photo_bytes], body[photo_bytes:]
    if len(photo) != photo_bytes or len(thumbnail) != thumbnail_bytes:
        raise ValueError("other lengths than announced")
    width, height = plain_jpeg_size(photo)
    sides = sorted((width, height))
    if (width, height) != (head["width"], head["height"]):
        raise ValueError("another size than announced")
    if sides[0] < limits.min_side_px or sides[1] > limits.max_side_px:
        raise ValueError("sides outside the limits")
    if max(plain_jpeg_size(thumbnail)) > limits.thumbnail_side_px:
        raise ValueError("too large a thumbnail")
    return Decoded(
        photo=photo,
        thumbnail=thumbnail,
        width=width,
        height=height,
        repairs=tuple(Repair(name) for name in head["repairs"]),
    )


def _answer_limit(limits: Limits) -> int:
    head_bytes = len(MAGIC) + LENGTH_BYTES + MAX_HEAD_BYTES
    return head_bytes + limits.max_photo_bytes + MAX_THUMBNAIL_BYTES


def _scratch() -> IO[bytes]:
    """A file without a name, in memory where the system has that: photos do not touch the disk."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("picture"), "w+b")
    return tempfile.TemporaryFile()


def _last_words(complaints: IO[bytes]) -> str:
    """The end of what the child wrote about its failure, which names the cause."""
    complaints.seek(0)
    return _one_line(complaints.read()[-COMPLAINT_CHARS:].decode(errors="replace"))


def _one_line(text: object) -> str:
    """Fit for a log, whoever wrote it."""
    line = "".join(c if c.isprintable() else " " for c in str(text))
    return line.strip()[:COMPLAINT_CHARS]


def _environment() -> dict[str, str]:
    """Nothing, but for what Python may need to find its own libraries."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
