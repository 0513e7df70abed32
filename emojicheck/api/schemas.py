"""What the API takes and gives; closed lists are told as such, for generated clients."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from emojicheck.detection.base import MODELS
from emojicheck.detection.verdicts import Reason, Source
from emojicheck.models import Portrait, State

KEY_CHARS = 255
Model = Literal["emoji-detect-v1", "emo-detect-v1"]
Ratio = Literal["1:1", "3:4"]
Detector = Literal["local", "dashscope"]
Box = Annotated[
    list[int],
    Field(
        min_length=4, max_length=4, description="[x1, y1, x2, y2] in pixels of the checked photo"
    ),
]


class Wish(Schema):
    """What to judge, when the photo is linked."""

    image_url: str = Field(max_length=4096)
    model: Model = "emoji-detect-v1"
    ratio: Ratio = "1:1"


class Received(Schema):
    """Taken in. Ask at `url` until the state is accepted, rejected or failed."""

    id: UUID
    state: State
    url: str


class Range(Schema):
    """What would be fine; null where there is no limit."""

    low: float | None
    high: float | None


class Check(Schema):
    """One rule that was looked at; it passes while low <= value <= high."""

    id: str = Field(description="the name of the rule; there may be new ones")
    label: str
    passed: bool
    value: float | None
    limit: Range
    source: Source


class Guidance(Schema):
    """What to tell the person."""

    title: str
    seen: str
    actions: list[str]


class Failure(Schema):
    """Why there is no verdict; never the photo's fault."""

    code: Portrait.Trouble
    message: str


class NextStep(Schema):
    """The request to the service that makes the video."""

    url: str
    body: dict[str, Any]


class Result(Schema):
    """A portrait as it is now. Boxes are [x1, y1, x2, y2] in pixels of the checked photo."""

    id: UUID
    state: State
    url: str
    created: datetime
    model: Model
    ratio: Ratio
    photo: str | None = Field(
        description="where the checked photo is, a JPEG of width × height; null when there is none"
    )
    width: int | None = Field(
        description="of the checked photo: upright, and smaller where what was sent is too large"
    )
    height: int | None
    place: int | None = Field(description="in the line, while waiting; 1 is next")
    wait_seconds: float | None = Field(
        description="expected until the verdict, while waiting; null while nobody knows"
    )
    detector: Detector | None = Field(description="who decided")
    reason: Reason | None
    trouble: Failure | None
    face: Box | None
    extended: Box | None
    checks: list[Check]
    guidance: Guidance | None
    cost: str = Field(pattern=r"^\d+\.\d{4}$", description="in yuan, as a decimal number")
    next_step: NextStep | None


class Problem(Schema):
    """Why a request was not served: a code for programs, a sentence for people."""

    code: str = Field(description="there may be new ones")
    message: str
    facts: dict[str, Any] = Field({}, description="the numbers in the sentence")


CHOICES = {
    "model": {"type": "string", "enum": list(MODELS), "default": "emoji-detect-v1"},
    "ratio": {
        "type": "string",
        "enum": ["1:1", "3:4"],
        "default": "1:1",
        "description": "3:4 for emo-detect-v1 alone",
    },
}
_UPLOAD = {
    "type": "object",
    "required": ["photo"],
    "properties": {"photo": {"type": "string", "format": "binary"}, **CHOICES},
}
_LINK = {
    "type": "object",
    "required": ["image_url"],
    "properties": {
        "image_url": {"type": "string", "format": "uri", "maxLength": 4096},
        **CHOICES,
    },
}
BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": _UPLOAD},
        "application/json": {"schema": _LINK},
    },
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "maxLength": KEY_CHARS},
    "description": "The same key with the same content gives the same portrait again.",
}
