"""Scripted steps: what the stand-in does instead of answering as documented.

Every function here returns a Step for `StandIn.script`. `named` reads one from a command line:
the function's name and its arguments with colons, `rejected:InvalidFile.FacePose:top_400`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from . import catalogue, replies
from .replies import Question, Sent, of_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from .catalogue import Row

Shape = Literal["documented", "output_400", "top_400", "relay", "empty"]
HUGE_BYTES = 50_000_000
DEEP_LEVELS = 50_000


@dataclass(frozen=True, kw_only=True)
class Step:
    """One answer to one call."""

    name: str
    answer: Callable[[Question], Sent]
    looks: bool = True
    """Whether the picture is fetched and checked first, and a bad one refused as usual."""
    delay_seconds: float = 0.0


def accepted(**changes: Any) -> Step:
    """The documented acceptance, with fields of its output replaced (None removes one)."""
    return Step(name="accepted", answer=lambda question: replies.accepted(question, **changes))


def rejected(code: str = "InvalidFile.FacePose", shape: Shape = "documented") -> Step:
    """A rejection in one of the shapes it is known to come in."""
    try:
        row = catalogue.row(code)
    except KeyError:
        row = catalogue.Row(400, code, "The image is invalid for a reason nobody has heard of.")

    def answer(question: Question) -> Sent:
        said = {"code": row.code, "message": row.message}
        match shape:
            case "documented":
                return replies.rejected(question, row)
            case "output_400":
                return of_json(400, {"output": said}, problem=code)
            case "top_400":
                return of_json(400, said, problem=code)
            case "relay":
                return of_json(400, {"error": {**said, "type": "upstream_error", "param": ""}})
            case "empty":
                output = {"check_pass": False, "humanoid": False, "code": "", "message": ""}
                return of_json(200, {"output": output, "usage": {"image_count": 1}}, paid=True)

    return Step(name=f"rejected:{code}:{shape}", answer=answer)


def failed(
    code: str = "InternalError",
    containing: str = "",
    *,
    status: int | None = None,
    retry_after: str = "",
    shape: Literal["top", "relay", "output"] = "top",
) -> Step:
    """A failed request, with the words and the status that go with its code."""
    try:
        row = catalogue.row(code, containing=containing)
    except KeyError:
        row = catalogue.Row(400, code, "Something nobody has heard of.")
    return _failed(row._replace(status=status or row.status), retry_after, shape)


def _failed(row: Row, retry_after: str, shape: str) -> Step:
    said = {"code": row.code, "message": row.message}
    shapes: dict[str, dict[str, Any]] = {
        "top": {**said},
        "relay": {"error": {**said, "type": "upstream_error"}},
        "output": {"output": said},
    }
    body = shapes[shape]
    headers = {"Retry-After": retry_after} if retry_after else {}
    return Step(
        name=f"failed:{row.code}",
        answer=lambda _: of_json(row.status, body, headers=headers, problem=row.message),
        looks=False,
    )


def slow(seconds: float | str = 3.0) -> Step:
    """The documented acceptance, late."""
    return Step(name="slow", answer=replies.accepted, delay_seconds=float(seconds))


def hang() -> Step:
    """Takes the request and never says a word."""
    return Step(name="hang", answer=lambda _: Sent(manner="hang", paid=True))


def drop() -> Step:
    """Takes the request and closes the connection."""
    return Step(name="drop", answer=lambda _: Sent(manner="drop", paid=True))


def reset() -> Step:
    """Resets the connection in the middle of the body."""
    return _in_manner("reset")


def cut() -> Step:
    """Closes the connection politely in the middle of the body."""
    return _in_manner("cut")


def drip() -> Step:
    """Sends one byte now and then, headers included."""
    return _in_manner("drip")


def _in_manner(manner: replies.Manner) -> Step:
    def answer(question: Question) -> Sent:
        whole = replies.accepted(question)
        return Sent(body=whole.body, paid=True, manner=manner)

    return Step(name=manner, answer=answer)


def raw(
    body: bytes | str,
    *,
    status: int = 200,
    content_type: str = "application/json",
    name: str = "raw",
) -> Step:
    """Any bytes at all."""
    content = body.encode() if isinstance(body, str) else body
    sent = Sent(status=status, body=content, content_type=content_type, paid=status == 200)
    return Step(name=name, answer=lambda _: sent)


def html(status: int | str = 502) -> Step:
    """The error page of some gateway on the way."""
    page = "<!doctype html><title>Bad Gateway</title><h1>Bad Gateway</h1><hr>openresty"
    return raw(page, status=int(status), content_type="text/html", name=f"html:{status}")


def empty(status: int | str = 200) -> Step:
    return raw(b"", status=int(status), name="empty")


def truncated() -> Step:
    """Half of the JSON, with a length that says it is all."""

    def answer(question: Question) -> Sent:
        whole = replies.accepted(question).body
        return Sent(body=whole[: len(whole) // 2], paid=True)

    return Step(name="truncated", answer=answer)


def huge() -> Step:
    """50 MB of spaces, which are JSON as far as they go."""
    sent = Sent(body=b" " * 65_536, manner="flood", declared_bytes=HUGE_BYTES, paid=True)
    return Step(name="huge", answer=lambda _: sent)


def deep() -> Step:
    """More brackets than any parser likes."""
    return raw(b'{"output":' + b"[" * DEEP_LEVELS + b"]" * DEEP_LEVELS + b"}", name="deep")


def duplicate_keys() -> Step:
    """Two boxes of the same name: which is true?"""

    def answer(question: Question) -> Sent:
        whole = replies.accepted(question).body
        twice = whole.replace(b'{"output": {', b'{"output": {"code": "", "code": "x", ')
        return Sent(body=twice, paid=True)

    return Step(name="duplicate_keys", answer=answer)


def empty_code() -> Step:
    """The documented acceptance with an empty code beside the boxes."""
    return replace(accepted(code="", message=""), name="empty_code")


def boxes(kind: str = "swapped") -> Step:
    """An acceptance whose boxes are odd in one of the ways of BOX_ODDITIES."""
    change = BOX_ODDITIES[kind]

    def answer(question: Question) -> Sent:
        whole = json.loads(replies.accepted(question).body)
        output = whole["output"]
        for key, value in output.items():
            if isinstance(value, list):
                output[key] = change(value)
        return Sent(body=json.dumps(whole).encode(), paid=True)

    return Step(name=f"boxes:{kind}", answer=answer)


BOX_ODDITIES: dict[str, Callable[[list[int]], object]] = {
    "swapped": lambda box: [box[2], box[3], box[0], box[1]],
    "overhanging": lambda box: [box[0] - 9000, box[1] - 9000, box[2] + 9000, box[3] + 9000],
    "floats": lambda box: [value + 0.4 for value in box],
    "strings": lambda box: [str(value) for value in box],
    "outside": lambda box: [value + 100_000 for value in box],
    "flat": lambda box: [box[0], box[1], box[0], box[3]],
    "nan": lambda box: [float("nan"), *box[1:]],
    "infinite": lambda box: [*box[:3], float("inf")],
    "booleans": lambda _: [True, False, True, True],
    "nested": lambda box: [box],
    "nulls": lambda _: [None] * 4,
    "short": lambda box: box[:3],
    "words": lambda _: ["left", "top", "right", "bottom"],
    "enormous": lambda box: [*box[:3], 10**30],
    "object": lambda box: dict(zip("ltrb", box, strict=True)),
}


def redirect(to: str = "/elsewhere") -> Step:
    sent = Sent(status=307, headers={"Location": to})
    return Step(name="redirect", answer=lambda _: sent, looks=False)


NAMED: dict[str, Callable[..., Step]] = {
    step.__name__: step
    for step in (
        accepted, rejected, failed, slow, hang, drop, reset, cut, drip, html, empty, truncated,
        huge, deep, duplicate_keys, empty_code, boxes, redirect,
    )
}  # fmt: skip


def named(text: str) -> Step:
    """The step a command line asks for. Raises ValueError when there is none like it."""
    name, *arguments = text.split(":")
    try:
        return NAMED[name](*arguments)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no step like {text!r}; there are: {', '.join(NAMED)}") from error
