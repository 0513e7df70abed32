"""Is there a person, and only one?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emojicheck.detection.verdicts import Reason

from .finding import Finding, Rank, finding

if TYPE_CHECKING:
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
    large = other.size > limits.other_size
    apart = other.away > limits.other_away
    sure = other.presence > limits.other_presence and other.score > limits.other_score
    return large and apart and (sure or other.score > limits.other_score_alone)


def is_weak(t: Traits, limits: Limits) -> bool:
    """Hardly a face: the detectors doubt it and so does the landmark model."""
    return t.score < limits.score and t.first_presence < limits.sure_presence


def is_doubtful_tile(t: Traits, limits: Limits) -> bool:
    """Found only in a tile and not sure enough: tiles make faces of headlamps."""
    return t.found == "in tiles" and not (
        t.presence > limits.sure_presence and t.score > limits.tile_score
    )


def is_faceless(t: Traits, limits: Limits) -> bool:
    """The landmark model sees no face where the detector did."""
    return t.presence < limits.presence


def is_animal(t: Traits, limits: Limits) -> bool:
    """Only the short-range detector sees it and no landmark holds still, not even at the eyes."""
    unsteady = t.jitter.overall > limits.animal_jitter and t.jitter.eye > limits.animal_eye_jitter
    ghostly = t.jitter.overall > limits.ghost_jitter and t.jitter.eye > limits.ghost_eye_jitter
    return (t.full < limits.animal_full and unsteady) or ghostly


def not_a_person(t: Traits, limits: Limits) -> Finding:
    """`faces` when what was found is no person's face."""
    return finding(
        "faces",
        0,
        low=1,
        high=1,
        certain=t.presence < limits.presence,
        reason=Reason.NO_PERSON,
        rank=Rank.NOBODY,
    )
