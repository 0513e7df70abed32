from __future__ import annotations

import pytest

from emojicheck.models import Portrait
from emojicheck.pictures import FetchCode, PictureCode
from emojicheck.presentation import troubles
from emojicheck.presentation.refusals import link_refusal, picture_refusal


@pytest.mark.parametrize("code", PictureCode)
def test_every_refused_picture_is_told_with_a_way_out(code: PictureCode) -> None:
    refusal = picture_refusal(code, {})

    assert refusal.problem
    assert refusal.remedy
    assert "%(" not in str(refusal)


@pytest.mark.parametrize("code", FetchCode)
def test_every_refused_link_is_told_with_a_way_out(code: FetchCode) -> None:
    refusal = link_refusal(code, {})

    assert refusal.problem
    assert refusal.remedy
    assert "%(" not in str(refusal)


def test_a_small_photo_is_told_with_both_numbers() -> None:
    refusal = picture_refusal("too_small", {"width": 320, "height": 240, "limit": 400})

    assert refusal.problem == "Your photo is 320 × 240 pixels; each side needs at least 400."


def test_a_heavy_photo_is_told_with_the_limit() -> None:
    refusal = picture_refusal("too_many_bytes", {"limit": 30_000_000})

    assert refusal.problem == "Your photo is larger than 30 MB."


def test_a_file_of_another_kind_is_called_by_its_name() -> None:
    assert (
        picture_refusal("unsupported_format", {"found": "PDF"}).problem
        == "This file is of the kind PDF."
    )


def test_a_file_whose_kind_is_a_word_is_called_so() -> None:
    assert (
        picture_refusal("unsupported_format", {"found": "text"}).problem
        == "This is a text file, not a photo."
    )


@pytest.mark.parametrize("words", [picture_refusal, link_refusal])
def test_a_code_nobody_knows_is_told_all_the_same(words: object) -> None:
    assert str(words("brand_new", {}))  # type: ignore[operator]


@pytest.mark.parametrize("trouble", [*Portrait.Trouble.values, "brand_new"])
def test_no_trouble_is_the_photos_fault(trouble: str) -> None:
    words = troubles.words(trouble)

    told = f"{words.tag} {words.title} {words.lead}".lower()
    assert words.title
    assert [
        phrase for phrase in ("your photo is not", "invalid", "bad photo") if phrase in told
    ] == []
