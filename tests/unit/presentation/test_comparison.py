from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from emojicheck.models import Portrait, State
from emojicheck.presentation.comparison import Comparison, comparison
from tests.factories import make_detection, make_portrait

pytestmark = pytest.mark.django_db

LEVEL = {"id": "roll", "value": 2.0, "low": -15, "high": 15, "passed": True}
TILTED = {**LEVEL, "value": 26.0, "passed": False}
LESS = {**LEVEL, "value": 18.0, "passed": False}
LIT = {"id": "light", "value": 60, "low": 28, "passed": True}
DARK = {**LIT, "value": 12, "passed": False}
NO_HAND = {"id": "hand_near_face", "value": None, "low": 0.5, "passed": True}
A_HAND = {**NO_HAND, "value": 0.1, "passed": False}


def judged(measurements: list[dict[str, Any]], **fields: Any) -> Portrait:
    rejected = not all(measured["passed"] for measured in measurements)
    portrait = make_portrait(state=State.REJECTED if rejected else State.ACCEPTED, **fields)
    assert portrait.verdict is not None
    portrait.verdict.measurements = measurements
    portrait.verdict.save()
    return portrait


def compared(before: list[dict[str, Any]], now: list[dict[str, Any]], **fields: Any) -> Comparison:
    earlier = judged(before)
    later = judged(now, **fields)
    return comparison(
        later,
        list(later.detections.all()),
        earlier,
        list(earlier.detections.all()),
        now=timezone.now(),
    )


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (TILTED, LEVEL, ("26°", "2°", "up to 15°", "fine now", True)),
        (TILTED, LESS, ("26°", "18°", "up to 15°", "better, not enough yet", True)),
        (LESS, TILTED, ("18°", "26°", "up to 15°", "further off", False)),
        (LEVEL, TILTED, ("2°", "26°", "up to 15°", "not fine any more", False)),
        (
            A_HAND,
            NO_HAND,
            ("0.1 faces away", "no hand", "from 0.5 faces away", "fine now", True),
        ),
    ],
)
def test_a_rule_that_came_out_new_is_told_with_both_numbers(
    before: dict[str, Any], now: dict[str, Any], told: tuple[Any, ...]
) -> None:
    (change,) = compared([before], [now]).changes

    assert (change.was, change.now, change.limit, change.word, change.is_better) == told


@pytest.mark.parametrize(
    ("before", "now"),
    [([LEVEL, DARK], [{**LEVEL, "value": 5.0}, DARK]), ([LEVEL], [LIT]), ([], [])],
)
def test_what_came_out_the_same_is_said_in_words(
    before: list[dict[str, Any]], now: list[dict[str, Any]]
) -> None:
    told = compared(before, now)

    assert told.changes == ()
    assert told.summary == "The same rules came out fine, and the same did not."


@pytest.mark.parametrize(
    ("before", "now", "summary"),
    [
        ([TILTED, DARK], [LEVEL, LIT], "What changed got better."),
        ([LEVEL, DARK], [TILTED, LIT], "Some got better, some did not."),
        ([LEVEL], [TILTED], "What changed is further from passing."),
    ],
)
def test_all_of_it_is_told_in_a_sentence(
    before: list[dict[str, Any]], now: list[dict[str, Any]], summary: str
) -> None:
    assert compared(before, now).summary == summary


@pytest.mark.parametrize(("before", "now"), [([LEVEL], [LEVEL, DARK]), ([LEVEL, DARK], [LEVEL])])
def test_a_fault_that_was_looked_for_only_once_is_not_called_the_same(
    before: list[dict[str, Any]], now: list[dict[str, Any]]
) -> None:
    assert compared(before, now).summary == "Not the same rules were looked at both times."


def test_what_got_better_comes_first() -> None:
    told = compared([LEVEL, DARK, A_HAND], [TILTED, LIT, NO_HAND])

    assert [change.turn for change in told.changes] == ["fine", "fine", "broken"]


def test_verdicts_are_told_in_the_words_of_the_list() -> None:
    told = compared([TILTED], [LEVEL])

    assert (told.earlier.word, told.earlier.name) == ("Not accepted", "Head tilted")
    assert (told.later.word, told.later.tone) == ("Passes here", "yes")


def test_the_photo_it_was_made_from_is_not_called_a_try() -> None:
    earlier = judged([TILTED])
    later = judged([LEVEL], derived_from=earlier)

    told = comparison(later, [later.verdict], earlier, [earlier.verdict], now=timezone.now())  # type: ignore[list-item]

    assert told.title == "Compared with the photo before"
    assert compared([TILTED], [LEVEL]).title == "Compared with your last try"


# Which one it is compared with


def earlier_than(portrait: Portrait, minutes: int, **fields: Any) -> Portrait:
    return make_portrait(
        **{
            "state": State.REJECTED,
            "created": portrait.created - timedelta(minutes=minutes),
            **fields,
        }
    )


def test_the_nearest_earlier_try_comes_first() -> None:
    portrait = make_portrait(state=State.ACCEPTED)
    older, newer = earlier_than(portrait, 9), earlier_than(portrait, 5)
    earlier_than(portrait, -1)

    assert list(Portrait.objects.tried_before(portrait)) == [newer, older]


def test_the_photo_it_was_made_from_comes_before_nearer_ones() -> None:
    portrait = make_portrait(state=State.ACCEPTED)
    older, newer = earlier_than(portrait, 9), earlier_than(portrait, 5)
    portrait.derived_from = older

    assert list(Portrait.objects.tried_before(portrait)) == [older, newer]


@pytest.mark.parametrize(
    "fields",
    [
        {"owner": "somebody else"},
        {"model": "emo-detect-v1"},
        {"ratio": "3:4"},
        {"sample": "ok"},
        {"photo": b""},
        {"deleted_at": timezone.now()},
        {"state": State.WAITING},
        {"state": State.FAILED},
        {"created": timezone.now() - timedelta(hours=25)},
        {"kept_since": timezone.now() - timedelta(hours=25)},
        {"refusal": {"code": "too_small"}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_cannot_be_compared_is_left_out(fields: dict[str, Any]) -> None:
    portrait = make_portrait(state=State.ACCEPTED)
    earlier_than(portrait, 5, **fields)

    assert list(Portrait.objects.tried_before(portrait)) == []


def test_an_older_answer_of_the_service_is_compared_too() -> None:
    earlier = make_portrait(state=State.REJECTED, detector="dashscope")
    make_detection(earlier, measurements=[DARK], outcome="rejected")
    later = judged([LIT])

    told = comparison(
        later,
        [later.verdict],
        earlier,
        list(earlier.detections.all()),
        now=timezone.now(),  # type: ignore[list-item]
    )

    assert [change.word for change in told.changes] == ["fine now"]
