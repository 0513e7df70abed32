"""The detector that judges a portrait on this machine, for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emojicheck.detection.errors import DetectionError
from emojicheck.detection.verdicts import Accepted, Answer, Reason, Rejected

from .engine import forget_thread_engine, thread_engine
from .faceframe import FaceFrame
from .limits import LIMITS
from .looking import look
from .photo import read_photo
from .rules import judge, leading
from .service_boxes import extended_box, face_box, visible_face
from .spots import Pencil
from .traits import Traits

if TYPE_CHECKING:
    from emojicheck.detection.verdicts import BBox, Subject

    from .limits import Limits
    from .observation import Observation
    from .photo import Photo
    from .rules.finding import Finding


class LocalDetector:
    """Judges with MediaPipe's bundled models and rules of our own; needs no network.

    Safe to share between threads. The same photo gets the same answer in any thread or process.
    """

    name = "local"
    needs_url = False

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits

    def warm_up(self) -> None:
        """Load the models into the calling thread, so that its first photo is as quick as any."""
        thread_engine()

    def detect(self, subject: Subject) -> Answer:
        """Look at one photo and answer.

        Raises DetectionError when the photo cannot be read or the models fail.
        """
        try:
            with subject.open() as file:
                photo = read_photo(file)
        except (OSError, ValueError) as error:
            raise DetectionError(f"stored photo cannot be decoded: {error}") from error
        try:
            seen = look(thread_engine(), photo.rgb)
        except RuntimeError as error:
            forget_thread_engine()
            raise DetectionError(f"model failed: {error}") from error
        return self._answer(subject, photo, seen)

    def _answer(self, subject: Subject, photo: Photo, seen: Observation) -> Answer:
        if seen.main is None:
            findings = judge(None, self._limits)
            return Answer(
                verdict=_rejected(findings, Reason.NO_PERSON, face=None),
                measurements=tuple(finding.measurement for finding in findings),
            )
        traits = Traits.of(seen, seen.main, photo.rgb)
        findings = judge(traits, self._limits)
        told = leading(findings)
        frame = FaceFrame.of(seen.main.mesh.points).scaled(photo.scale)
        if told is None:
            return Answer(
                verdict=_accepted(subject, photo, frame),
                measurements=tuple(finding.measurement for finding in findings),
            )
        face = visible_face(frame, width=photo.width, height=photo.height)
        pencil = Pencil(seen, seen.main, traits, self._limits, photo.scale)
        return Answer(
            verdict=_rejected(findings, told.reason, face=face),
            measurements=tuple(finding.measurement for finding in findings),
            spots=pencil.mark(told),
        )


def _accepted(subject: Subject, photo: Photo, frame: FaceFrame) -> Accepted:
    face = face_box(frame, width=photo.width, height=photo.height)
    extended = extended_box(
        face,
        model=subject.model,
        ratio=subject.ratio,
        width=photo.width,
        height=photo.height,
    )
    return Accepted(face=face, extended=extended)


def _rejected(findings: tuple[Finding, ...], reason: Reason, *, face: BBox | None) -> Rejected:
    return Rejected(
        reason=reason,
        # Any certain fault makes the rejection certain, whichever is told.
        certain=any(finding.certain for finding in findings),
        face=None if reason is Reason.NO_PERSON else face,
    )
