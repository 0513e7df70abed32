"""What the stand-in sends, and in what manner: whole, slowly, halfway, or not at all."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from . import geometry

if TYPE_CHECKING:
    from .catalogue import Row

Manner = Literal["whole", "hang", "drop", "reset", "cut", "drip", "flood"]
"""flood sends the body over and over up to its declared length."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was asked about which picture, as far as it could be understood."""

    model: str = "emoji-detect-v1"
    ratio: str = "1:1"
    width: int = 1000
    height: int = 1000


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One reply."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    paid: bool = False
    manner: Manner = "whole"
    declared_bytes: int | None = None
    """Content-Length, where it is not the body's; negative for none at all."""
    problem: str = ""
    """Why the call was refused, for whoever reads the log."""


def of_json(status: int, body: dict[str, Any], **details: Any) -> Sent:
    whole = {**body, "request_id": str(uuid.uuid4())}
    return Sent(status=status, body=json.dumps(whole).encode(), **details)


def failed(row: Row, *, headers: dict[str, str] | None = None, problem: str = "") -> Sent:
    """A failed request: free, and without usage."""
    return of_json(
        row.status,
        {"code": row.code, "message": row.message},
        headers=headers or {},
        problem=problem or row.message,
    )


def accepted(question: Question, **changes: Any) -> Sent:
    """The documented acceptance; `changes` replace fields of its output, None removes one."""
    face, extended = geometry.boxes(question.model, question.ratio, question.width, question.height)
    if question.model == "emoji-detect-v1":
        output: dict[str, Any] = {"bbox_face": face, "ext_bbox_face": extended}
    else:
        output = {"check_pass": True, "humanoid": True, "face_bbox": face, "ext_bbox": extended}
    output = {key: value for key, value in {**output, **changes}.items() if value is not None}
    return of_json(200, {"output": output, "usage": {"image_count": 1}}, paid=True)


def rejected(question: Question, row: Row) -> Sent:
    """The documented rejection: HTTP 200, and charged."""
    output: dict[str, Any] = {"code": row.code, "message": row.message}
    if question.model != "emoji-detect-v1":
        output = {"check_pass": False, "humanoid": True, **output}
    return of_json(
        200, {"output": output, "usage": {"image_count": 1}}, paid=True, problem=row.code
    )


def store_error(status: int, code: str, message: str) -> Sent:
    """The object store speaks XML."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n'
        f"  <Code>{code}</Code>\n  <Message>{message}</Message>\n"
        f"  <RequestId>{uuid.uuid4().hex[:24].upper()}</RequestId>\n</Error>\n"
    )
    return Sent(status=status, body=body.encode(), content_type="application/xml", problem=message)
