"""What the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from emojicheck.detection.base import MODELS

KEY_CHARS = 255
Model = Literal["emoji-detect-v1", "emo-detect-v1"]
Ratio = Literal["1:1", "3:4"]


class Wish(Schema):
    """What to judge, when the photo is linked."""

    image_url: str = Field(max_length=4096)
    model: Model = "emoji-detect-v1"
    ratio: Ratio = "1:1"


class Received(Schema):
    id: UUID
    state: str
    url: str


class Check(Schema):
    """One rule that was looked at; it passes while low <= value <= high."""

    id: str
    label: str
    passed: bool
    value: float | None
    limit: dict[str, float | None]
    source: str


class Guidance(Schema):
    title: str
    seen: str
    actions: list[str]


class Result(Schema):
    """A portrait as it is now. Boxes are [x1, y1, x2, y2] in pixels of the photo."""

    id: UUID
    state: Literal["waiting", "judging", "accepted", "rejected", "failed"]
    url: str
    created: datetime
    model: Model
    ratio: Ratio
    width: int | None
    height: int | None
    place: int | None
    wait_seconds: float | None
    detector: str | None
    reason: str | None
    trouble: dict[str, str] | None
    face: list[int] | None
    extended: list[int] | None
    checks: list[Check]
    guidance: Guidance | None
    cost: str
    next_step: dict[str, Any] | None


class Problem(Schema):
    """Why a request was not served: a code for programs, a sentence for people."""

    code: str
    message: str
    facts: dict[str, Any] = {}


CHOICES = {
    "model": {"type": "string", "enum": list(MODELS), "default": "emoji-detect-v1"},
    "ratio": {"type": "string", "enum": ["1:1", "3:4"], "default": "1:1"},
}
_UPLOAD = {
    "type": "object",
    "required": ["photo"],
    "properties": {"photo": {"type": "string", "format": "binary"}, **CHOICES},
}
_LINK = {
    "type": "object",
    "required": ["image_url"],
    "properties": {"image_url": {"type": "string", "format": "uri"}, **CHOICES},
}
SUBMISSION = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _UPLOAD},
            "application/json": {"schema": _LINK},
        },
    },
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "schema": {"type": "string", "maxLength": KEY_CHARS},
            "description": "The same key with the same content gives the same portrait again.",
        }
    ],
}
