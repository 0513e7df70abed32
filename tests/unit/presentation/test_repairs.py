"""Repairs in words."""

from __future__ import annotations

import pytest
from django.utils import translation

from emojicheck.pictures import Repair
from emojicheck.presentation.repairs import in_words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_repair_has_words_of_its_own(language: str) -> None:
    with translation.override(language):
        words = in_words(Repair)

    assert len(set(words)) == len(Repair)
    assert not set(words) & set(Repair)


def test_words_keep_the_order_of_the_record() -> None:
    assert in_words(["turned", "shrunk_bytes"]) == ["turned upright", "weight made smaller"]
