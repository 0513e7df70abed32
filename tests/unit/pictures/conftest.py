"""The decoder's own script, called in this process: quicker, and its lines can be counted."""

from __future__ import annotations

import warnings
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from emojicheck.pictures import Limits, child
from emojicheck.pictures.decoder import TOLD
from emojicheck.pictures.formats import Format, recognise

if TYPE_CHECKING:
    from collections.abc import Callable


def task_for(data: bytes, **limits: Any) -> child.Task:
    """What the decoder is told about a file."""
    found = recognise(data)
    assert isinstance(found, Format)
    values = asdict(Limits(**limits))
    return child.Task(format=found, **{name: values[name] for name in TOLD})


def run(data: bytes, **limits: Any) -> child.Decoded:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in the decoder's own process
        return child.decode(task_for(data, **limits), data)


@pytest.fixture
def decode() -> Callable[..., child.Decoded]:
    return run


@pytest.fixture
def refusal() -> Callable[..., tuple[str, dict[str, int | str]]]:
    """The code and the facts with which the decoder refuses a file."""

    def refused(data: bytes, **limits: Any) -> tuple[str, dict[str, int | str]]:
        with pytest.raises(child.Refused) as raised:
            run(data, **limits)
        return raised.value.code, raised.value.facts

    return refused
