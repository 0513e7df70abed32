"""The detector that judges a portrait on this machine, for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emojicheck.detection.errors import DetectionError
from emojicheck.detection.verdicts import Accepted, Answer, BBox, Reason, Rejected

from .engine import forget_thread_engine, thread_engine
from .faceframe import FaceFrame
from .limits import LIMITS
from .looking import look
from .photo import read_photo
from .rules import judge, leading
from .service_boxes import extended_box, face_box
from .spots import Pencil
from .traits import Traits

if TYPE_CHECKING:
    from emojicheck.detection.verdicts import Spot, Subject, Verdict

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
        traits = Traits.of(seen, seen.main, photo.rgb) if seen.main else None
        findings = judge(traits, self._limits)
        told = leading(findings)
        face = _face_in_photo(seen, photo)
        spots: tuple[Spot, ...] = ()
        if told and seen.main and traits:
            spots = Pencil(seen, seen.main, traits, self._limits, photo.scale).mark(told)
        return Answer(
            verdict=_verdict(subject, photo, findings, told, face),
            measurements=tuple(finding.measurement for finding in findings),
            spots=spots,
        )


def _verdict(
    subject: Subject,
    photo: Photo,
    findings: tuple[Finding, ...],
    told: Finding | None,
    face: BBox | None,
) -> Verdict:
    if told:
        # Any certain fault makes the rejection certain, whichever is told.
        certain = any(finding.certain for finding in findings)
        shown = None if told.reason is Reason.NO_PERSON else face
        return Rejected(reason=told.reason, certain=certain, face=shown)
    if face is None:  # every rule passed, yet the face lies outside: believe neither
        return Rejected(reason=Reason.NO_PERSON)
    extended = extended_box(
        face,
        model=subject.model,
        ratio=subject.ratio,
        width=photo.width,
        height=photo.height,
    )
    return Accepted(face=face, extended=extended)


def _face_in_photo(seen: Observation, photo: Photo) -> BBox | None:
    if seen.main is None:
        return None
    frame = FaceFrame.of(seen.main.mesh.points).scaled(photo.scale)
    return face_box(frame, width=photo.width, height=photo.height)
