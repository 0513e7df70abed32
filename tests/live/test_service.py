"""The real service, asked three times: does it still speak as we believe?

Run with DASHSCOPE_API_KEY_LIVE (and DASHSCOPE_BASE_URL_LIVE for a relay); costs three checks.
"""

from __future__ import annotations

import importlib.util
import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from emojicheck.delivery.temporary import upload
from emojicheck.detection.address import DEFAULT_BASE_URL
from emojicheck.detection.dashscope import DashScopeDetector
from emojicheck.detection.errors import PhotoUnreachable
from emojicheck.detection.verdicts import Accepted, Answer, Rejected, Subject

KEY = os.environ.get("DASHSCOPE_API_KEY_LIVE", "")
BASE_URL = os.environ.get("DASHSCOPE_BASE_URL_LIVE", DEFAULT_BASE_URL)
PAUSE_SECONDS = 1.5  # one call a second is all the account is allowed

pytestmark = [
    pytest.mark.live,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not KEY, reason="needs DASHSCOPE_API_KEY_LIVE"),
]


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def portrait() -> Image.Image:
    """The astronaut that ships with scikit-image."""
    found = importlib.util.find_spec("skimage")
    if found is None or found.origin is None:
        pytest.skip("needs scikit-image's astronaut")
    with Image.open(Path(found.origin).parent / "data" / "astronaut.png") as image:
        return image.convert("RGB")


def ask(image: Image.Image, model: str) -> Answer:
    time.sleep(PAUSE_SECONDS)
    content = jpeg(image)
    url = upload(io.BytesIO(content), name="a.jpg", model=model, api_key=KEY, base_url=BASE_URL)
    return DashScopeDetector(api_key=KEY, base_url=BASE_URL).detect(
        Subject(
            open=lambda: io.BytesIO(content),
            width=image.width,
            height=image.height,
            model=model,
            ratio="1:1",
            url=url,
        )
    )


@pytest.mark.parametrize("model", ["emoji-detect-v1", "emo-detect-v1"])
def test_portrait_gets_a_verdict_with_evidence(model: str) -> None:
    answer = ask(portrait(), model)

    assert isinstance(answer.verdict, Accepted | Rejected)
    assert answer.request_id


def test_picture_without_a_person_is_rejected() -> None:
    answer = ask(Image.new("RGB", (600, 600), "grey"), "emoji-detect-v1")

    assert isinstance(answer.verdict, Rejected)


def test_picture_that_is_not_there_is_no_rejection() -> None:
    time.sleep(PAUSE_SECONDS)
    subject = Subject(
        open=io.BytesIO,
        width=600,
        height=600,
        model="emoji-detect-v1",
        ratio="1:1",
        url="https://www.aliyun.com/there-is-no-such-picture.jpg",
    )

    with pytest.raises(PhotoUnreachable):
        DashScopeDetector(api_key=KEY, base_url=BASE_URL).detect(subject)
