"""Replies as they really are; a test makes the portraits and asks for them."""

from __future__ import annotations

from typing import Any

from emojicheck.presentation import next_step

ID = "3f0c2c1e-5a0b-4d52-9a3e-0d5f6f1b7c44"
URL = f"https://emojicheck.example/api/v1/portraits/{ID}"

WISH = {
    "image_url": "https://your-site.example/portrait.jpg",
    "model": "emo-detect-v1",
    "ratio": "3:4",
}

RECEIVED = {"id": ID, "state": "waiting", "url": URL}

_FACE, _EXTENDED = [326, 312, 698, 684], [103, 67, 921, 885]

_WIDTH_FITS = {
    "id": "face_width",
    "label": "Face width",
    "passed": True,
    "value": 0.36,
    "limit": {"low": 0.12, "high": 0.85},
    "source": "local",
}
_TILTED = {
    "id": "roll",
    "label": "Head level",
    "passed": False,
    "value": 25.6,
    "limit": {"low": -15.0, "high": 15.0},
    "source": "local",
}

WAITING: dict[str, Any] = {
    "id": ID,
    "state": "waiting",
    "url": URL,
    "created": "2026-11-27T10:00:00Z",
    "model": "emoji-detect-v1",
    "ratio": "1:1",
    "photo": f"{URL}/photo.jpg",
    "width": 1024,
    "height": 1024,
    "place": 1,
    "wait_seconds": 0.3,
    "detector": None,
    "reason": None,
    "trouble": None,
    "face": None,
    "extended": None,
    "checks": [],
    "guidance": None,
    "cost": "0.0000",
    "next_step": None,
}
_SETTLED = {**WAITING, "place": None, "wait_seconds": None}

ACCEPTED = {
    **_SETTLED,
    "state": "accepted",
    "detector": "dashscope",
    "face": _FACE,
    "extended": _EXTENDED,
    "checks": [_WIDTH_FITS],
    "cost": "0.0040",
    "next_step": {
        "url": f"{next_step.BASE_URL}{next_step.PATH}",
        "body": {
            "model": "emoji-v1",
            "input": {
                "image_url": next_step.PHOTO_PLACEHOLDER,
                "driven_id": next_step.EXPRESSION,
                "face_bbox": _FACE,
                "ext_bbox": _EXTENDED,
            },
        },
    },
}

REJECTED = {
    **_SETTLED,
    "state": "rejected",
    "detector": "local",
    "reason": "head_tilted",
    "checks": [_WIDTH_FITS, _TILTED],
    "guidance": {
        "title": "Your head seems to lean to one side",
        "seen": "The line through your eyes is 26° off level; up to 15° usually passes. "
        "Both eyes should be on one level line.",
        "actions": [
            "Hold the phone upright, as high as your eyes.",
            "Bring both eyes onto one level line.",
            "Show both ears equally.",
        ],
    },
}

FAILED = {
    **_SETTLED,
    "state": "failed",
    "trouble": {
        "code": "service",
        "message": "It has nothing to do with your photo. "
        "The photo is kept; try again in a moment.",
    },
}


def _problem(code: str, message: str, **facts: Any) -> dict[str, Any]:
    return {"code": code, "message": message, "facts": facts}


PROBLEMS: dict[int, dict[str, Any]] = {
    400: _problem("json", "The body is not JSON."),
    404: _problem("not_found", "There is no such portrait, or it was deleted."),
    409: _problem("idempotency_key", "This Idempotency-Key was used before, with other content."),
    413: _problem(
        "too_many_bytes",
        "Your photo is larger than 30 MB. Save it again as JPG, or choose a smaller one.",
        limit=30_000_000,
    ),
    415: _problem(
        "content_type",
        "Send multipart/form-data with a photo, or application/json with an image_url.",
    ),
    422: _problem(
        "too_small",
        "Your photo is 300 × 400 pixels; each side needs at least 400. "
        "Send the original photo. Enlarging a small one does not help.",
        width=300,
        height=400,
        limit=400,
    ),
    429: _problem(
        "line_full",
        "So many photos are waiting that we take no more just now. Try again in 1 min.",
        retry_after_seconds=60,
    ),
    503: _problem(
        "unavailable",
        "That was us, not your photo. Please try again in a moment.",
        retry_after_seconds=30,
    ),
}
"""One of each status; the others of a status look alike."""
