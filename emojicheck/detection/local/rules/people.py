"""Is there a person, and only one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import Reason

from .coverings import unsteadiness
from .finding import Finding, Rank, finding

if TYPE_CHECKING:
    from emojicheck.detection.local.jitter import Part
    from emojicheck.detection.local.limits import Limits
    from emojicheck.detection.local.traits import OtherFace, Traits


def no_face() -> Finding:
    """`faces` when the detectors found nothing at all."""
    return finding(
        "faces", 0, low=1, high=1, certain=True, reason=Reason.NO_PERSON, rank=Rank.NOBODY
    )


def one_person(t: Traits, limits: Limits) -> Finding:
    """`faces`: people's faces in the picture; exactly one passes."""
    people = [other for other in t.others if is_person(other, limits)]
    certain = any(o.size > 0.6 and o.presence > 0.99 and o.score > 0.8 for o in people)
    return finding(
        "faces",
        1 + len(people),
        low=1,
        high=1,
        certain=certain,
        reason=Reason.SEVERAL_PEOPLE,
        rank=Rank.SEVERAL_PEOPLE,
    )


def is_person(other: OtherFace, limits: Limits) -> bool:
    """Whether a further face is somebody, and not a pattern, a picture far back or a ghost."""
    large = other.size > limits.other_size
    apart = other.away > limits.other_away
    present = other.presence > limits.other_presence and other.score > limits.other_score
    # A profile has no presence; then both detectors must see it.
    seen_twice = min(other.full, other.short) > limits.other_score_both
    return large and apart and (present or seen_twice)


def is_weak(t: Traits, limits: Limits) -> bool:
    """Hardly a face: both the detectors and the landmark model doubt it, or it was found by
    searching hard, which makes faces of headlamps, and does not hold still."""
    doubted = t.score < limits.score and t.first_presence < limits.sure_presence
    return doubted or (t.found != "at once" and not is_steady(t, limits))


def is_steady(t: Traits, limits: Limits) -> bool:
    """Something of the face holds still: the whole, the eyes or the mouth.

    A mask leaves the eyes still, dark glasses the mouth. In animals, halls and cars that a detector
    took for a face nothing does.
    """
    return steadiest(t, limits) < limits.no_person_steadiness


def steadiest(t: Traits, limits: Limits) -> float:
    """Spreads above the ordinary of the steadiest part."""
    parts: tuple[Part, ...] = ("face", "eye", "mouth")
    return min(unsteadiness(t, part, limits) for part in parts)


def is_small_person(t: Traits, limits: Limits) -> bool:
    """Far away, but a person all the same."""
    if t.found == "in tiles":
        return t.presence > limits.sure_presence and t.score > limits.tile_score
    return t.presence > limits.presence


def is_face(t: Traits, limits: Limits) -> bool:
    """Half a face may be hidden and wander; but no animal was seen by the full-range detector."""
    sure = t.full > limits.full_score or is_steady(t, limits)
    return t.presence > limits.presence and sure


def not_a_person(t: Traits, limits: Limits) -> Finding:
    """`faces` when what was found is no person's face."""
    return finding(
        "faces",
        0,
        low=1,
        high=1,
        certain=t.presence < limits.presence
        or steadiest(t, limits) > limits.certain_no_person_steadiness,
        reason=Reason.NO_PERSON,
        rank=Rank.NOBODY,
    )
