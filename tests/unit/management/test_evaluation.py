from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.detection.verdicts import Reason
from emojicheck.management.evaluation import Evaluation, Judged, LightFigure
from emojicheck.management.evaluation_text import as_data, lines
from emojicheck.management.labelled import LABELS, RIGHT_REASONS, Labelled
from emojicheck.presentation.proportion import Proportion


def judged(label: str, reason: Reason | None = None, *, note: str = "", **fields: Any) -> Judged:
    example = Labelled(file=fields.pop("file", f"{label}.jpg"), label=label, note=note)
    return Judged(example=example, reason=reason, **{"took_ms": 100, **fields})


def evaluation(*ones: Judged) -> Evaluation:
    return Evaluation(judged=ones)


def of(hits: int, total: int) -> Proportion:
    return Proportion(hits=hits, total=total)


JUDGEMENTS = st.builds(
    judged,
    st.sampled_from(LABELS),
    st.none() | st.sampled_from(list(Reason)),
    certain=st.booleans(),
    light=st.none() | st.floats(min_value=0, max_value=100),
    took_ms=st.integers(min_value=0, max_value=10_000),
)


def test_ok_is_right_when_accepted_and_all_else_when_rejected() -> None:
    told = evaluation(
        judged("ok"),
        judged("ok", Reason.TOO_DARK),
        judged("pose", Reason.TOO_DARK),
        judged("pose"),
        judged("pose", Reason.HEAD_TILTED),
    )

    assert [(row.label, row.right) for row in told.labels] == [("ok", of(1, 2)), ("pose", of(2, 3))]
    assert (told.ok_accepted, told.others_rejected) == (of(1, 2), of(2, 3))
    assert told.balanced_accuracy == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert told.wrong == (told.judged[1], told.judged[3])
    assert told.wrong_reason == (told.judged[2],)
    assert told.right_reasons == of(1, 2)


@pytest.mark.parametrize(
    ("label", "reason"),
    [(label, reason) for label, reasons in RIGHT_REASONS.items() for reason in sorted(reasons)],
)
def test_reason_is_right_when_it_tells_what_is_wrong(label: str, reason: Reason) -> None:
    assert evaluation(judged(label, reason)).right_reasons == of(1, 1)


def test_labels_and_what_was_said_come_in_a_fixed_order() -> None:
    told = evaluation(
        judged("dark", Reason.TOO_DARK),
        judged("hand", Reason.FACE_COVERED),
        judged("hand", Reason.HAND_NEAR_FACE),
        judged("hand", Reason.HAND_NEAR_FACE),
        judged("hand"),
        judged("ok"),
    )

    assert list(told.confusion) == ["ok", "hand", "dark"]
    assert list(told.confusion["hand"].items()) == [
        ("hand_near_face", 2),
        ("accepted", 1),
        ("face_covered", 1),
    ]


def test_faults_that_were_made_are_counted_apart() -> None:
    told = evaluation(
        judged("dark", Reason.TOO_DARK, note="Synthetic: a tenth of the light"),
        judged("dark", note="at night"),
    )

    assert (told.labels[0].right, told.labels[0].natural) == (of(1, 2), of(0, 1))


def test_certain_has_a_precision_and_a_coverage() -> None:
    told = evaluation(
        judged("ok", Reason.TOO_DARK, certain=True),
        judged("none", Reason.NO_PERSON, certain=True),
        judged("none", Reason.NO_PERSON),
        judged("none"),
        judged("dark", Reason.TOO_DARK, certain=True),
    )

    assert (told.certain_precision, told.certain_coverage) == (of(2, 3), of(2, 4))


def test_ok_pictures_are_divided_in_thirds_by_light() -> None:
    lights = [50, 20, 70, 30, 90, 10, 60]
    ones = [judged("ok", Reason.TOO_DARK if n < 25 else None, light=float(n)) for n in lights]

    told = evaluation(*ones, judged("dark", light=1.0), judged("ok", Reason.NO_PERSON))

    assert told.by_light == (
        LightFigure(name="darkest third", darkest=10, lightest=20, accepted=of(0, 2)),
        LightFigure(name="middle third", darkest=30, lightest=60, accepted=of(3, 3)),
        LightFigure(name="lightest third", darkest=70, lightest=90, accepted=of(2, 2)),
    )
    assert told.unlit == of(0, 1)


def test_black_faces_in_black_pictures_are_measured_too() -> None:
    told = evaluation(*[judged("ok", light=0.0)] * 3)

    assert (len(told.by_light), told.unlit) == (3, of(0, 0))


def test_two_pictures_are_too_few_for_thirds() -> None:
    assert evaluation(*[judged("ok", light=50.0)] * 2).by_light == ()


def test_speed_is_the_median_and_what_nearly_all_keep_to() -> None:
    told = evaluation(*(judged("ok", took_ms=n) for n in range(1, 101)))

    assert (told.median_ms, told.p95_ms) == (50.5, 96)


def test_nothing_judged_has_no_figures() -> None:
    told = evaluation()

    assert told.labels == ()
    assert told.balanced_accuracy is None
    assert (told.median_ms, told.p95_ms) == (0, 0)


def test_lines_tell_every_figure() -> None:
    told = evaluation(
        *(judged("ok", light=float(n)) for n in (40, 60, 80)),
        judged("ok", Reason.NO_PERSON),
        judged("dark", Reason.TOO_DARK, certain=True, note="synthetic"),
    )

    assert list(lines(told)) == [
        "label        right    of  95 % interval   natural only",
        "ok           75.0%     4  30% to 95%      75.0% of 4",
        "dark        100.0%     1  21% to 100%     –",
        "",
        "ok accepted                               75.0% of 4 (30% to 95%)",
        "others rejected                           100.0% of 1 (21% to 100%)",
        "balanced accuracy                         0.875",
        "right reason, of the rightly rejected     100.0% of 1 (21% to 100%)",
        "certain: right, of the certain            100.0% of 1 (21% to 100%)",
        "certain: coverage of what is not ok       100.0% of 1 (21% to 100%)",
        "milliseconds a picture                    median 100, 95 % within 100",
        "",
        "ok pictures by lightness inside the face (measurement `light`, 0 to 100)",
        "  darkest third  40 to 40    accepted 100.0% of 1 (21% to 100%)",
        "  middle third   60 to 60    accepted 100.0% of 1 (21% to 100%)",
        "  lightest third 80 to 80    accepted 100.0% of 1 (21% to 100%)",
        "  not measured               accepted 0.0% of 1 (0% to 79%)",
        "",
        "label       said                  pictures",
        "ok          accepted                     3",
        "ok          no_person                    1",
        "dark        too_dark                     1",
    ]


def test_lines_say_what_cannot_be_said() -> None:
    told = list(lines(evaluation(judged("ok"))))

    assert "balanced accuracy                         –" in told
    assert "  too few to divide" in told


@given(st.lists(JUDGEMENTS, max_size=30))
def test_figures_add_up_whatever_was_judged(ones: list[Judged]) -> None:
    told = Evaluation(judged=tuple(ones))

    assert sum(row.right.total for row in told.labels) == len(ones)
    assert sum(sum(said.values()) for said in told.confusion.values()) == len(ones)
    assert sum(row.right.hits for row in told.labels) == len(ones) - len(told.wrong)
    assert told.balanced_accuracy is None or 0 <= told.balanced_accuracy <= 1
    lit = sum(one.ok and one.light is not None for one in ones)
    assert sum(third.accepted.total for third in told.by_light) in {0, lit}
    sizes = [third.accepted.total for third in told.by_light] or [0]
    assert max(sizes) - min(sizes) <= 1
    assert told.median_ms <= told.p95_ms or len(ones) < 20
    assert [picture["file"] for picture in as_data(told, {})["pictures"]] == [
        one.example.file for one in ones
    ]
