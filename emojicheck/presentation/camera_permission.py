"""How to give a page the camera back, in the words of the browser that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

    Text = str | Promise

_AGAIN = _("Load this page again.")

_BROWSERS: tuple[tuple[tuple[str, ...], tuple[Text, ...]], ...] = (
    (
        ("MicroMessenger",),
        (
            _("Tap ··· at the top, then “Open in browser”."),
            _("Allow the camera there when you are asked."),
        ),
    ),
    (
        ("iPhone", "CriOS"),
        (
            _("Open the Settings of the phone, then Chrome, and switch Camera on."),
            _AGAIN,
        ),
    ),
    (
        ("iPhone",),
        (
            _("Tap the sign at the left of the address, then “Website Settings”."),
            _("Set Camera to “Allow”."),
            _("Not there? Open the Settings of the phone, then Apps, Safari, Camera: “Ask”."),
            _AGAIN,
        ),
    ),
    (
        ("Android", "Firefox"),
        (
            _("Tap the lock beside the address."),
            _("Tap “Camera: blocked”, so that it says “allowed”."),
            _AGAIN,
        ),
    ),
    (
        ("Android",),
        (
            _("Tap the sign at the left of the address, then “Permissions”."),
            _("Switch Camera on."),
            _("Not there? Open the Settings of the phone, then Apps, your browser, Permissions."),
            _AGAIN,
        ),
    ),
    (
        ("Firefox",),
        (
            _("Click the crossed-out camera at the left of the address."),
            _("Remove “Blocked” beside the camera with the ×."),
            _("Load this page again, and allow the camera when you are asked."),
        ),
    ),
    (
        ("Edg/",),
        (
            _("Click the lock at the left of the address, then “Permissions for this site”."),
            _("Set Camera to “Allow”."),
            _AGAIN,
        ),
    ),
    (
        ("Chrome",),
        (
            _("Click the sign at the left of the address."),
            _("Switch Camera on."),
            _("Not there? Your computer’s own privacy settings may keep the camera from browsers."),
            _AGAIN,
        ),
    ),
    (
        ("Macintosh", "Safari"),
        (
            _("Open the Safari menu, then “Settings for this website”."),
            _("Set Camera to “Allow”."),
            _AGAIN,
        ),
    ),
)
"""From the special to the general: the first whose words are all in the User-Agent is meant."""

_ANY: tuple[Text, ...] = (
    _("Press the sign beside the address of this page and allow the camera."),
    _("If that is not offered, look into the browser’s settings, under privacy."),
    _AGAIN,
)


def steps(user_agent: str) -> tuple[str, ...]:
    """What to press, in order. iPads call themselves Macs, whose steps are much the same."""
    agent = user_agent.replace("iPad", "iPhone")
    found = next((told for words, told in _BROWSERS if all(word in agent for word in words)), _ANY)
    return tuple(str(step) for step in found)
