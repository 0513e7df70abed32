"""The interface every detector keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .verdicts import Answer, Subject

MODELS: dict[str, tuple[str, ...]] = {
    "emoji-detect-v1": ("1:1",),
    "emo-detect-v1": ("1:1", "3:4"),
}
"""Every model with the ratios it can be asked for."""


class Detector(Protocol):
    name: str
    """Stored with every detection."""

    needs_url: bool
    """Whether the detector fetches the photo itself, so that it must be delivered first."""

    def detect(self, subject: Subject) -> Answer:
        """Look at one photo and answer.

        Raises DetectionError, and nothing else for foreseeable trouble, when there is no answer.
        """
        ...
