from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from emojicheck.detection.dashscope import DashScopeDetector
from tests.standin import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH, HEIGHT = 700, 600


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(limit=False) as standin:
        yield standin


@pytest.fixture
def detector(standin: StandIn) -> DashScopeDetector:
    """Impatient enough for tests of silence, patient enough for a busy machine."""
    return DashScopeDetector(
        api_key=standin.key, base_url=standin.base_url, connect_seconds=5, read_seconds=5
    )


@pytest.fixture
def hasty_detector(standin: StandIn) -> DashScopeDetector:
    return DashScopeDetector(
        api_key=standin.key, base_url=standin.base_url, connect_seconds=5, read_seconds=0.5
    )


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A plain JPEG of WIDTH x HEIGHT."""
    buffer = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), "grey").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="session")
def small_picture() -> bytes:
    """Smaller than the service takes."""
    buffer = io.BytesIO()
    Image.new("RGB", (399, 600), "grey").save(buffer, "JPEG")
    return buffer.getvalue()
