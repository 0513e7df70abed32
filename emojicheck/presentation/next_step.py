"""The request that makes the video from an accepted portrait, ready to paste.

https://help.aliyun.com/zh/model-studio/emoji-api and https://help.aliyun.com/zh/model-studio/emo-api
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emojicheck.detection.verdicts import BBox

BASE_URL = "https://dashscope.aliyuncs.com/api/v1"
"""The service's own public address: which relay this site goes through is its own business."""
PATH = "/services/aigc/image2video/video-synthesis"
PHOTO_PLACEHOLDER = "https://your-site.example/portrait.jpg"
AUDIO_PLACEHOLDER = "https://your-site.example/voice.mp3"
EXPRESSION = "mengwa_kaixin"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """One request to the service."""

    model: str
    url: str
    body: dict[str, Any]

    @property
    def json(self) -> str:
        """The body, one field a line and every box on one line."""
        lists = {id(box): json.dumps(box) for box in self._boxes()}
        text = json.dumps(self.body, indent=2, ensure_ascii=False)
        for box in self._boxes():
            spread = json.dumps(box, indent=2).replace("\n", "\n    ")
            text = text.replace(spread, lists[id(box)])
        return text

    @property
    def curl(self) -> str:
        """A shell command; whatever the address holds, it stays one argument."""
        return " \\\n  ".join(
            [
                f"curl {shlex.quote(self.url)}",
                '-H "Authorization: Bearer $DASHSCOPE_API_KEY"',
                "-H 'X-DashScope-Async: enable'",
                "-H 'Content-Type: application/json'",
                f"-d {shlex.quote(self.json)}",
            ]
        )

    def _boxes(self) -> list[list[int]]:
        return [self.body["input"]["face_bbox"], self.body["input"]["ext_bbox"]]


def next_step(
    model: str, *, face: BBox, extended: BBox, image_url: str = PHOTO_PLACEHOLDER
) -> NextStep:
    """The request for the video model that belongs to a detection model.

    The photo at `image_url` must be the stored one, pixel for pixel: the video is cut out of it
    by the extended box.
    """
    boxes = {"face_bbox": list(face), "ext_bbox": list(extended)}
    body: dict[str, Any]
    if model == "emo-detect-v1":
        body = {
            "model": "emo-v1",
            "input": {"image_url": image_url, "audio_url": AUDIO_PLACEHOLDER, **boxes},
            "parameters": {"style_level": "normal"},
        }
    else:
        body = {
            "model": "emoji-v1",
            "input": {"image_url": image_url, "driven_id": EXPRESSION, **boxes},
        }
    return NextStep(model=body["model"], url=f"{BASE_URL}{PATH}", body=body)
