"""An evaluation as lines for a terminal, and as plain data for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emojicheck.presentation.proportion import Proportion

    from .evaluation import Evaluation, Judged


def lines(evaluation: Evaluation) -> Iterator[str]:
    """Tables for a terminal of 80 columns."""
    yield f"{'label':<11}{'right':>7}{'of':>6}  95 % interval   natural only"
    for row in evaluation.labels:
        yield (
            f"{row.label:<11}{percent(row.right):>7}{row.right.total:>6}"
            f"  {interval(row.right):<14}  {of_how_many(row.natural)}"
        )
    yield ""
    for name, told in totals(evaluation):
        yield f"{name:<42}{told}"
    yield ""
    yield "ok pictures by lightness inside the face (measurement `light`, 0 to 100)"
    for third in evaluation.by_light:
        span = f"{third.darkest:.0f} to {third.lightest:.0f}"
        yield f"  {third.name:<15}{span:<12}accepted {told_whole(third.accepted)}"
    if not evaluation.by_light:
        yield "  too few to divide"
    if evaluation.unlit.total:
        yield f"  {'not measured':<27}accepted {told_whole(evaluation.unlit)}"
    yield ""
    yield "label       said                  pictures"
    for label, said in evaluation.confusion.items():
        for reason, count in said.items():
            yield f"{label:<12}{reason:<22}{count:>8}"


def totals(evaluation: Evaluation) -> list[tuple[str, str]]:
    """The figures over all labels, each with its name."""
    balanced = evaluation.balanced_accuracy
    return [
        ("ok accepted", told_whole(evaluation.ok_accepted)),
        ("others rejected", told_whole(evaluation.others_rejected)),
        ("balanced accuracy", "–" if balanced is None else f"{balanced:.3f}"),
        ("right reason, of the rightly rejected", told_whole(evaluation.right_reasons)),
        ("certain: right, of the certain", told_whole(evaluation.certain_precision)),
        ("certain: coverage of what is not ok", told_whole(evaluation.certain_coverage)),
        (
            "milliseconds a picture",
            f"median {evaluation.median_ms:.0f}, 95 % within {evaluation.p95_ms}",
        ),
    ]


def percent(proportion: Proportion) -> str:
    return "–" if proportion.share is None else f"{proportion.share:.1%}"


def interval(proportion: Proportion) -> str:
    low, high = proportion.interval
    return f"{low:.0%} to {high:.0%}"


def of_how_many(proportion: Proportion) -> str:
    """97.1% of 35."""
    return f"{percent(proportion)} of {proportion.total}" if proportion.total else "–"


def told_whole(proportion: Proportion) -> str:
    """97.1% of 35 (85% to 99%)."""
    if not proportion.total:
        return "–"
    return f"{of_how_many(proportion)} ({interval(proportion)})"


def as_data(evaluation: Evaluation, unread: dict[str, str]) -> dict[str, Any]:
    """Everything the tables say and every judgement, ready for JSON."""
    return {
        "labels": {
            row.label: _data(row.right) | {"natural": _data(row.natural)}
            for row in evaluation.labels
        },
        "confusion": evaluation.confusion,
        "ok_accepted": _data(evaluation.ok_accepted),
        "others_rejected": _data(evaluation.others_rejected),
        "balanced_accuracy": evaluation.balanced_accuracy,
        "right_reasons": _data(evaluation.right_reasons),
        "certain_precision": _data(evaluation.certain_precision),
        "certain_coverage": _data(evaluation.certain_coverage),
        "by_light": [
            {"name": third.name, "darkest": third.darkest, "lightest": third.lightest}
            | _data(third.accepted)
            for third in evaluation.by_light
        ],
        "not_lit": _data(evaluation.unlit),
        "took_ms": {"median": evaluation.median_ms, "p95": evaluation.p95_ms},
        "pictures": [_judged(one) for one in evaluation.judged],
        "unread": unread,
    }


def _data(proportion: Proportion) -> dict[str, Any]:
    return {
        "hits": proportion.hits,
        "total": proportion.total,
        "share": proportion.share,
        "interval": proportion.interval,
    }


def _judged(one: Judged) -> dict[str, Any]:
    return {
        "file": one.example.file,
        "label": one.example.label,
        "said": one.said,
        "certain": one.certain,
        "right": one.right,
        "right_reason": (one.ok and one.right) or one.right_reason,
        "took_ms": one.took_ms,
    }
