"""Words for somebody who poses in front of the camera: what is right, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emojicheck.detection.verdicts import Measurement
    from emojicheck.hints.sight import Sight

Text = str | Promise

# Where the page draws its oval. All in widths of the frame, as in `Sight`.
OVAL_DOWN = -0.035
OFF_ACROSS = 0.12
OFF_DOWN = 0.13
# The face's width. Narrower than what the verdict allows: there is room for the video to move.
NEAR, FAR = 0.46, 0.24


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    id: str
    text: str
    """What is right when it passed, else what to do."""
    passed: bool | None
    """None: it cannot be told yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posing:
    """Everything that can be said about one frame, in the language active when it was made."""

    hints: tuple[Hint, ...]
    say: str
    """The one thing to do now, or that all is well."""
    ready: bool
    roll: float | None
    """Degrees that the head leans to a shoulder, clockwise in the frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One frame, as the rules below ask about it."""

    sight: Sight
    rules: Mapping[str, Measurement]
    back: bool
    """The camera at the back: somebody else holds it and reads the words."""

    def passed(self, *rules: str) -> bool | None:
        """Whether all of these rules passed; None if one of them could not be asked."""
        asked = [self.rules.get(rule) for rule in rules]
        if any(rule is not None and not rule.passed for rule in asked):
            return False
        return None if None in asked else True

    def value(self, rule: str) -> float:
        found = self.rules.get(rule)
        return (found.value if found else None) or 0.0


def posing(sight: Sight, *, back: bool) -> Posing:
    """What to tell about a frame."""
    rules = {measured.id: measured for measured in sight.measurements}
    seen = _Seen(sight=sight, rules=rules, back=back)
    hints = tuple(_hint(name, seen) for name in _HINTS)
    failed = next((hint for hint in hints if hint.passed is False), None)
    ready = all(hint.passed for hint in hints)
    say = failed.text if failed else _("Good. Hold still.") if ready else ""
    roll = rules.get("roll")
    return Posing(
        hints=hints,
        say=say,
        ready=ready,
        roll=roll.value if roll and seen.passed("faces") else None,
    )


def what_counts() -> tuple[Hint, ...]:
    """All hints before anything has been seen."""
    return tuple(Hint(id=name, text=str(_RIGHT[name]), passed=None) for name in _HINTS)


def _hint(name: str, seen: _Seen) -> Hint:
    look = _HINTS[name]
    passed, todo = look(seen)
    text = str(todo) if passed is False else str(_RIGHT[name])
    if name == "level" and passed is not None:
        text = _("%(what)s, %(degrees)s") % {
            "what": text,
            "degrees": wording.degrees(seen.value("roll")),
        }
    return Hint(id=name, text=text, passed=passed)


_Found = tuple[bool | None, Text]


def _face(seen: _Seen) -> _Found:
    if seen.value("faces") > 1:
        return False, _("Be alone in the picture")
    return seen.passed("faces") or False, _("Come into the picture")


def _place(seen: _Seen) -> _Found:
    sight = seen.sight
    if not seen.passed("faces") or sight.share is None:
        return None, ""
    if sight.share < FAR:
        return False, _("Go a little closer") if seen.back else _("A little closer")
    if sight.share > NEAR:
        return False, _("A little further away")
    across, down = sight.across or 0.0, (sight.down or 0.0) - OVAL_DOWN
    if abs(across) <= OFF_ACROSS and abs(down) <= OFF_DOWN:
        return seen.passed("face_width", "face_cut_off"), _("A little further away")
    side = (across > 0) if abs(across) > OFF_ACROSS else None
    return False, _moves(side=side, low=down > 0, back=seen.back)


def _moves(*, side: bool | None, low: bool, back: bool) -> str:
    """Which way to go. `side`: the face is at the frame's right, left, or neither too far."""
    # The right of the frame is the left of whoever is in it.
    ways = {
        (True, False): _("A little to your right"),
        (False, False): _("A little to your left"),
        (True, True): _("Point the camera a little to the right"),
        (False, True): _("Point the camera a little to the left"),
    }
    if side is not None:
        return ways[side, back]
    if back:
        return (
            _("Point the camera a little lower") if low else _("Point the camera a little higher")
        )
    return _("Bring your face a little higher") if low else _("Bring your face a little lower")


def _light(seen: _Seen) -> _Found:
    return seen.passed("light"), _("More light on the face")


def _sharp(seen: _Seen) -> _Found:
    # A face far away is small in a small frame, which says nothing about the photo.
    if (seen.sight.share or 0.0) < FAR:
        return None, ""
    return seen.passed("blur"), _("Hold still")


def _hands(seen: _Seen) -> _Found:
    return seen.passed("hand_near_face"), _("Hands away from the face")


def _level(seen: _Seen) -> _Found:
    return seen.passed("roll"), _("Hold the head level")


def _straight(seen: _Seen) -> _Found:
    if seen.passed("yaw") is False:
        # The nose points to the frame's right, which is the left of whoever is in it.
        to_their_left = seen.value("yaw") > 0
        return False, (
            _("Turn a little to your right") if to_their_left else _("Turn a little to your left")
        )
    lowered = seen.value("pitch") > 0
    return seen.passed("yaw", "pitch"), (
        _("Lift the chin a little") if lowered else _("Lower the chin a little")
    )


def _free(seen: _Seen) -> _Found:
    return seen.passed("covered"), _("Show the whole face: nothing over it")


_CALM: dict[str, Text] = {
    "mouth_open": gettext_lazy("Close the mouth"),
    "eyes_open": gettext_lazy("Open the eyes"),
    "wink": gettext_lazy("Open both eyes"),
    "brows_up": gettext_lazy("Relax the brows"),
    "mouth_shape": gettext_lazy("Relax the lips"),
}


def _calm(seen: _Seen) -> _Found:
    todo = next((words for rule, words in _CALM.items() if seen.passed(rule) is False), "")
    return seen.passed(*_CALM), todo


_HINTS: dict[str, Callable[[_Seen], _Found]] = {
    "face": _face,
    "place": _place,
    "light": _light,
    "sharp": _sharp,
    "hands": _hands,
    "level": _level,
    "straight": _straight,
    "free": _free,
    "calm": _calm,
}
"""In the order in which they are told: what makes the rest meaningless first."""

_RIGHT: dict[str, Text] = {
    "face": gettext_lazy("One face"),
    "place": gettext_lazy("In the oval"),
    "light": gettext_lazy("Enough light"),
    "sharp": gettext_lazy("Sharp"),
    "hands": gettext_lazy("Hands down"),
    "level": gettext_lazy("Level"),
    "straight": gettext_lazy("Facing the camera"),
    "free": gettext_lazy("Nothing over the face"),
    "calm": gettext_lazy("Face at rest"),
}
