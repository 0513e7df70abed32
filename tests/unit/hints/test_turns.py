from __future__ import annotations

from emojicheck.hints import turns
from emojicheck.hints.turns import Turns


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_two_a_second_are_taken_and_the_rest_told_how_long_to_wait() -> None:
    clock = Clock()
    pace = Turns(a_second=2, ahead=2, clock=clock)

    assert [pace.take("one") for _ in range(3)] == [0, 0, 0.5]
    clock.now += 0.5
    assert [pace.take("one"), pace.take("one")] == [0, 0.5]


def test_a_steady_visitor_never_waits() -> None:
    clock = Clock()
    pace = Turns(a_second=2, ahead=1, clock=clock)
    waits = []

    for _ in range(20):
        waits.append(pace.take("one"))
        clock.now += 0.5

    assert waits == [0] * 20


def test_nobody_saves_up_more_than_the_turns_in_advance() -> None:
    clock = Clock()
    pace = Turns(a_second=2, ahead=2, clock=clock)
    pace.take("one")
    clock.now += 3600

    assert [bool(pace.take("one")) for _ in range(3)] == [False, False, True]


def test_nobody_waits_for_others() -> None:
    pace = Turns(a_second=2, ahead=1, clock=Clock())

    assert [pace.take("one"), pace.take("two"), pace.take("one")] == [0, 0, 0.5]


def test_the_table_does_not_grow() -> None:
    pace = Turns(a_second=2, ahead=1, clock=Clock())

    for number in range(3 * turns.MOST_KEYS):
        pace.take(number)

    assert len(pace) == turns.MOST_KEYS
