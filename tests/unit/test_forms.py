from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from emojicheck.forms import ObjectionForm, PortraitForm

LINK = "https://example.com/me.jpg"


def form(*, photo: bytes | None = None, **fields: Any) -> PortraitForm:
    files = [] if photo is None else [SimpleUploadedFile("me.jpg", photo)]
    return PortraitForm(fields, MultiValueDict({"photo": files}))


@pytest.mark.parametrize("asked", [form(photo=b"photo"), form(image_url=LINK)])
def test_a_photo_or_a_link_is_enough(asked: PortraitForm) -> None:
    assert asked.is_valid()
    assert asked.cleaned_data["model"] == "emoji-detect-v1"
    assert asked.cleaned_data["ratio"] == "1:1"


def test_an_empty_file_is_for_intake_to_refuse() -> None:
    assert form(photo=b"").is_valid()


def test_neither_photo_nor_link_is_told_at_the_photo() -> None:
    assert form().errors == {"photo": ["Choose a photo, or paste the link to one."]}


def test_spaces_are_no_link() -> None:
    assert form(image_url="   ").errors == form().errors


def test_photo_and_link_together_are_told_at_the_link() -> None:
    both = form(photo=b"photo", image_url=LINK)

    assert both.errors == {"image_url": ["Choose either a file or a link, not both."]}


def test_an_endless_link_is_refused_once() -> None:
    endless = form(image_url=f"{LINK}?{'x' * 2000}")

    assert endless.errors == {"image_url": ["This link is too long. Choose the file itself."]}


@pytest.mark.parametrize(
    ("model", "ratio", "valid"),
    [
        ("emoji-detect-v1", "1:1", True),
        ("emoji-detect-v1", "3:4", False),
        ("emo-detect-v1", "1:1", True),
        ("emo-detect-v1", "3:4", True),
    ],
)
def test_the_shape_must_be_one_of_the_model(model: str, ratio: str, valid: bool) -> None:  # noqa: FBT001
    asked = form(photo=b"photo", model=model, ratio=ratio)

    assert asked.is_valid() is valid
    assert asked.chosen_model == model
    assert asked.chosen_ratio == ratio


def test_a_model_there_is_not_is_refused_and_not_shown_again() -> None:
    asked = form(photo=b"photo", model="<script>", ratio="9:16")

    assert set(asked.errors) == {"model", "ratio"}
    assert (asked.chosen_model, asked.chosen_ratio) == ("emoji-detect-v1", "1:1")


@pytest.mark.parametrize(("text", "valid"), [("", False), ("x" * 250, True), ("x" * 251, False)])
def test_an_objection_has_1_to_250_characters(text: str, valid: bool) -> None:  # noqa: FBT001
    assert ObjectionForm({"objection": text}).is_valid() is valid
