"""Why there is no camera picture, and what helps: for each kind that the page can tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .camera_permission import steps as permission_steps

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraTrouble:
    """What to say in place of the picture; choosing a photo is offered beside it anyway."""

    kind: str
    """As the script of the page calls it."""
    title: str
    steps: tuple[str, ...]


def camera_troubles(user_agent: str) -> tuple[CameraTrouble, ...]:
    """All of them, in the language of the page and the words of the visitor's browser."""
    return tuple(
        CameraTrouble(kind=kind, title=title, steps=steps)
        for kind, title, steps in _all(user_agent)
    )


def _all(user_agent: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    again = _("Then press “Use the camera” again.")
    yield (
        "refused",
        _("The camera is not allowed for this page"),
        permission_steps(user_agent),
    )
    yield (
        "missing",
        _("There seems to be no camera"),
        (_("Connect one, or switch it on: some laptops have a key or a slider for it."), again),
    )
    yield (
        "busy",
        _("Something else seems to use the camera"),
        (_("Close video calls and other pages or programs that use it."), again),
    )
    yield (
        "black",
        _("The picture stays black"),
        (
            _("Open the slider in front of the lens, or take off what covers it."),
            _("Is the room dark? Switch on a light."),
            _("Close other programs that use the camera."),
            again,
        ),
    )
    yield (
        "ended",
        _("The camera was switched off"),
        (_("Was it unplugged, or stopped in the browser? Connect or allow it again."), again),
    )
    yield (
        "insecure",
        _("Browsers give the camera to secure pages alone"),
        (
            _("Open this site at its address that begins with https://, if it has one."),
            _("Or take a picture with the phone’s own camera, and choose it here."),
        ),
    )
    yield (
        "unsupported",
        _("This browser keeps the camera from pages"),
        (_("Open this page in Safari, Chrome, Edge or Firefox."),),
    )
    yield (
        "other",
        _("The camera did not start"),
        (_("Load this page again."), _("Close other programs that use the camera.")),
    )
