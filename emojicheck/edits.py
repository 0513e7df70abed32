"""How one photo is made from another: the closed list of edits, and how they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from .detection.verdicts import BBox

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["level", "crop", "brighten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Turned back around the face until the eyes are level."""

    kind: ClassVar[Kind] = "level"
    roll: float
    """Degrees that the head leans clockwise."""
    face: BBox

    def stored(self) -> dict[str, Any]:
        return {"kind": self.kind, "roll": self.roll, "face": list(self.face)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """Cut out."""

    kind: ClassVar[Kind] = "crop"
    frame: BBox

    def stored(self) -> dict[str, Any]:
        frame = self.frame
        return {
            "kind": self.kind,
            "left": frame.x1,
            "top": frame.y1,
            "width": frame.width,
            "height": frame.height,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Brighten:
    """As if it had been exposed for longer."""

    kind: ClassVar[Kind] = "brighten"
    gain: float
    """How many times as much light; the brightest parts get less of it."""

    def stored(self) -> dict[str, Any]:
        return {"kind": self.kind, "gain": self.gain}


Edit = Level | Crop | Brighten


def edit_from(stored: Mapping[str, Any]) -> Edit | None:
    """An edit as a portrait stores it; None if there is none that we know."""
    try:
        match stored.get("kind"):
            case "level":
                return Level(roll=float(stored["roll"]), face=BBox(*map(int, stored["face"])))
            case "crop":
                left, top = int(stored["left"]), int(stored["top"])
                right, bottom = left + int(stored["width"]), top + int(stored["height"])
                return Crop(frame=BBox(left, top, right, bottom))
            case "brighten":
                return Brighten(gain=float(stored["gain"]))
    except (KeyError, TypeError, ValueError):
        return None
    return None
