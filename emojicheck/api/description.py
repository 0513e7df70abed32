"""What the API says of itself beyond its schemas: who may ask, what answers mean, examples."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security.base import AuthBase

from . import examples
from .reading import owner_of
from .schemas import BODY, KEY

TAG = "Portraits"
TAGS = [{"name": TAG, "description": "Photos that somebody asked about, with their verdicts."}]

_RETRY_AFTER = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "in how many seconds to return"}
}
_MEANINGS: dict[int, str] = {
    400: "The request cannot be read",
    404: "There is no such portrait, or it is somebody else's, or it was deleted",
    409: "The Idempotency-Key was used before, with other content",
    413: "The photo, or the rest of the request, is too large",
    415: "Neither a form nor JSON",
    422: "The photo, the link or a field will not do",
    429: "A limit is reached",
    503: "Our trouble; it passes",
}


class Secret(AuthBase):
    """Tells programs apart; asks nobody for a password."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = (
        "A secret of your own making: nobody without it sees the portraits that were sent with it. "
        "There is nothing to sign up for. Without one, a portrait's unguessable id is the key."
    )

    def __call__(self, request: HttpRequest) -> str:
        return owner_of(request)


def _json(**told: Any) -> dict[str, Any]:
    examples_by_name = {name: {"value": value} for name, value in told.items()}
    return {"application/json": {"examples": examples_by_name}}


def _problems(*statuses: int) -> dict[int, Any]:
    told: dict[int, Any] = {}
    for status in statuses:
        problem = examples.PROBLEMS[status]
        told[status] = {
            "description": _MEANINGS[status],
            "content": _json(**{problem["code"]: problem}),
        }
        if status in {429, 503}:
            told[status]["headers"] = _RETRY_AFTER
    return told


# An empty requirement beside the secret's: it may be left out.
_ANYBODY: dict[str, Any] = {"security": [{}]}

SUBMIT = {
    **_ANYBODY,
    "parameters": [KEY],
    "requestBody": BODY,
    "responses": {
        202: {"description": "Taken in, to be judged", "content": _json(taken=examples.RECEIVED)},
        **_problems(400, 409, 413, 415, 422, 429, 503),
    },
}
RESULT = {
    **_ANYBODY,
    "responses": {
        200: {
            "description": "The portrait as it is now",
            "content": _json(
                waiting=examples.WAITING,
                accepted=examples.ACCEPTED,
                rejected=examples.REJECTED,
                failed=examples.FAILED,
            ),
        },
        **_problems(404, 503),
    },
}
PHOTO = {
    **_ANYBODY,
    "responses": {
        200: {
            "description": "The photo that was checked",
            "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        },
        **_problems(404, 503),
    },
}
DELETE = {
    **_ANYBODY,
    "responses": {204: {"description": "It is gone"}, **_problems(404, 503)},
}
