"""Whatever was measured, the rules come to findings that agree with themselves."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emojicheck.detection.local.appearance import Appearance
from emojicheck.detection.local.expression import Expression
from emojicheck.detection.local.jitter import Jitter
from emojicheck.detection.local.limits import LIMITS
from emojicheck.detection.local.pose import Pose
from emojicheck.detection.local.rules import judge, leading
from emojicheck.detection.local.traits import NearHand, OtherFace, Traits
from emojicheck.detection.verdicts import Reason

from .ordinary import ORDINARY

score = st.floats(0, 1)
size = st.floats(0, 50, allow_nan=False)
number = st.floats(-1e3, 1e3, allow_nan=False)
angle = st.floats(-180, 180)


def measured(kind: type[Expression | Appearance]) -> st.SearchStrategy[Expression | Appearance]:
    """Any numbers in the fields of a record of numbers."""
    whole = {field.name for field in fields(kind) if field.type in {"int", int}}
    named = {
        field.name: st.integers(0, 9) if field.name in whole else number for field in fields(kind)
    }
    if "sharpness" in named:
        named["sharpness"] = st.floats(-20, 20)  # a power of ten
    return st.builds(kind, **named)


traits = st.builds(
    replace,
    st.just(ORDINARY),
    full=score,
    short=score,
    first_presence=score,
    presence=score,
    width_share=st.floats(0, 3),
    outside=score,
    eyes_apart=size,
    nose_off=size,
    pose=st.builds(Pose, yaw=angle, pitch=angle, roll=angle, axes=st.just(np.eye(3))),
    jitter=st.builds(
        Jitter,
        amount=st.fixed_dictionaries(dict.fromkeys(LIMITS.jitter, st.floats(1e-9, 10))),
        worse=st.fixed_dictionaries(dict.fromkeys(LIMITS.jitter, st.integers(0, 9))),
    ),
    expression=measured(Expression),
    appearance=measured(Appearance),
    others=st.lists(
        st.builds(OtherFace, size=size, away=size, presence=score, full=score, short=score),
        max_size=3,
    ).map(tuple),
    hands=st.lists(
        st.builds(NearHand, presence=score, wandering=size, away=number), max_size=2
    ).map(tuple),
)


@given(seen=traits | st.none())
def test_any_numbers_lead_to_one_verdict(seen: Traits | None) -> None:
    findings = judge(seen, LIMITS)

    first = leading(findings)
    failed = [finding for finding in findings if finding.failed]
    assert (first is None) == (not failed)
    assert len({finding.measurement.id for finding in findings}) == len(findings) > 0
    if first is not None:
        assert isinstance(first.reason, Reason)
        assert first.rank == min(finding.rank for finding in failed)


@given(seen=traits)
def test_value_within_its_shown_limits_never_fails_by_them_alone(seen: Traits) -> None:
    for finding in judge(seen, LIMITS):
        rule = finding.measurement
        if rule.value is None:
            continue
        outside = (rule.low is not None and rule.value < rule.low) or (
            rule.high is not None and rule.value > rule.high
        )
        if rule.passed:
            assert not (outside and finding.certain)
        assert not (finding.certain and rule.passed)


@given(seen=traits)
def test_same_numbers_always_lead_to_the_same_findings(seen: Traits) -> None:
    assert judge(seen, LIMITS) == judge(seen, LIMITS)
