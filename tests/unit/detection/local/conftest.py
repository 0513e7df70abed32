from __future__ import annotations

import pytest

from emojicheck.detection.local import LocalDetector
from emojicheck.detection.local.engine import thread_engine
from emojicheck.detection.local.looking import look
from emojicheck.detection.local.observation import CloseLook, Observation
from tests import portraits


@pytest.fixture(scope="session")
def detector() -> LocalDetector:
    local = LocalDetector()
    local.warm_up()
    return local


@pytest.fixture(scope="session")
def seen() -> Observation:
    """What the models see in the astronaut's portrait."""
    return look(thread_engine(), portraits.portrait())


@pytest.fixture(scope="session")
def face(seen: Observation) -> CloseLook:
    assert seen.main is not None
    return seen.main
