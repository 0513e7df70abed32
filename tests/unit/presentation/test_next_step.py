from __future__ import annotations

import json
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emojicheck.detection.verdicts import BBox
from emojicheck.presentation.next_step import next_step

FACE, EXTENDED = BBox(326, 312, 698, 684), BBox(103, 67, 921, 885)


def test_an_emoji_portrait_leads_to_an_emoji_video() -> None:
    step = next_step("emoji-detect-v1", face=FACE, extended=EXTENDED, image_url="https://a.b/c.jpg")

    assert step.body == {
        "model": "emoji-v1",
        "input": {
            "image_url": "https://a.b/c.jpg",
            "driven_id": "mengwa_kaixin",
            "face_bbox": [326, 312, 698, 684],
            "ext_bbox": [103, 67, 921, 885],
        },
    }


def test_an_emo_portrait_leads_to_an_emo_video() -> None:
    step = next_step("emo-detect-v1", face=FACE, extended=EXTENDED)

    assert step.model == "emo-v1"
    assert set(step.body["input"]) == {"image_url", "audio_url", "face_bbox", "ext_bbox"}
    assert step.body["parameters"] == {"style_level": "normal"}


def test_the_json_is_the_body_with_every_box_on_one_line() -> None:
    step = next_step("emoji-detect-v1", face=FACE, extended=EXTENDED)

    assert json.loads(step.json) == step.body
    assert '"face_bbox": [326, 312, 698, 684]' in step.json
    assert '"ext_bbox": [103, 67, 921, 885]' in step.json


def test_equal_boxes_are_both_written() -> None:
    step = next_step("emoji-detect-v1", face=FACE, extended=FACE)

    assert json.loads(step.json) == step.body


def arguments(command: str) -> list[str]:
    """What a shell makes of a command, with another program in the place of curl."""
    echo = command.replace("curl ", "printf '%s\\0' ", 1)
    said = subprocess.run(["/bin/sh", "-c", echo], capture_output=True, check=True, env={})
    return said.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("hostile", ["'; rm -rf /; '", "$(id)", "`id`", '"\\', "a\nb", "'\"'\"'"])
def test_whatever_the_address_holds_it_stays_one_argument(hostile: str) -> None:
    step = next_step(
        "emoji-detect-v1", face=FACE, extended=EXTENDED, image_url=f"https://a.b/{hostile}"
    )

    words = arguments(step.curl)

    assert words[0] == step.url
    assert words[-2] == "-d"
    assert json.loads(words[-1]) == step.body


@settings(max_examples=50, deadline=None)
@given(address=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_no_address_breaks_out_of_the_command(address: str) -> None:
    step = next_step("emo-detect-v1", face=FACE, extended=EXTENDED, image_url=address)

    words = arguments(step.curl)

    assert len(words) == 9
    assert json.loads(words[-1]) == step.body
