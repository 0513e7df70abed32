from __future__ import annotations

from decimal import Decimal

import pytest

from emojicheck.presentation import wording


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "1 s"),
        (0.2, "1 s"),
        (2.1, "3 s"),
        (59, "59 s"),
        (60, "1 min"),
        (61, "2 min"),
        (3599, "1 hour"),
        (3600, "1 hour"),
        (3660, "1 h 1 min"),
        (85_260, "23 h 41 min"),
        (86_400, "24 hours"),
        (48 * 3600 + 60, "48 hours"),
    ],
)
def test_spans_of_time_are_rounded_up_to_two_units(seconds: float, words: str) -> None:
    assert wording.span(seconds) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.004", "¥0.004"),
        ("0.0040", "¥0.004"),
        ("0.008", "¥0.008"),
        ("12", "¥12.00"),
        ("100", "¥100.00"),
        ("1.5", "¥1.50"),
    ],
)
def test_money_is_never_rounded_to_nothing(amount: str, words: str) -> None:
    assert wording.yuan(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "1 KB"), (412_345, "412 KB"), (5_640_000, "5.6 MB"), (30_000_000, "30 MB")],
)
def test_the_weight_of_files(size: int, words: str) -> None:
    assert wording.weight(size) == words


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("me.jpg", "me.jpg"),
        ("  my\tface\r\n.jpg ", "my face .jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "a file without a name"),
        ("\u200b\u2066", "a file without a name"),
        ("田中さん.jpg", "田中さん.jpg"),
        ("x" * 36 + ".jpg", "x" * 36 + ".jpg"),
        ("x" * 37 + ".jpg", "x" * 29 + "…" + "x" * 6 + ".jpg"),
    ],
)
def test_a_strangers_name_for_a_file_is_made_fit_to_be_shown(name: str, shown: str) -> None:
    assert wording.file_name(name) == shown


@pytest.mark.parametrize(("milliseconds", "words"), [(0, "0.1 s"), (210, "0.2 s"), (1500, "1.5 s")])
def test_how_long_something_took(milliseconds: int, words: str) -> None:
    assert wording.took(milliseconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "just now"),
        (4.9, "just now"),
        (5.1, "5 s ago"),
        (61, "1 min ago"),
        (599.9, "9 min ago"),
        (3601, "1 hour ago"),
        (86_399, "23 hours ago"),
    ],
)
def test_how_long_something_is_past_is_rounded_down(seconds: float, words: str) -> None:
    assert wording.ago(seconds) == words
