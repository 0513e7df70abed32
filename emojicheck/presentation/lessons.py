"""The guide: for each rule a pair of drawings, what to do, and what is fine after all."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emojicheck.detection.verdicts import Reason

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    reason: Reason
    name: Text
    good: str
    """Drawings, by the name of their file."""
    bad: str
    good_alt: Text
    bad_alt: Text
    do: Text
    fine: Text

    @property
    def good_drawing(self) -> str:
        return f"img/portraits/{self.good}.svg"

    @property
    def bad_drawing(self) -> str:
        return f"img/portraits/{self.bad}.svg"


SERVICE_LESSONS = (
    Lesson(
        reason=Reason.HEAD_TILTED,
        name=_("Head upright"),
        good="ok-2",
        bad="head-tilted",
        good_alt=_("A man holds his head upright"),
        bad_alt=_("The same man leans his head to one side"),
        do=_("Hold the phone as high as your eyes and bring both eyes onto one level line."),
        fine=_("A few degrees are fine."),
    ),
    Lesson(
        reason=Reason.STRONG_EXPRESSION,
        name=_("A face at rest"),
        good="ok-3",
        bad="strong-expression",
        good_alt=_("A woman with a calm face"),
        bad_alt=_("The same woman shouts"),
        do=_("Close the mouth, let the brows sink, look into the lens. A soft smile is fine."),
        fine=_(
            "A dark beard or a shadow by the mouth can look like an open mouth: "
            "more light from the front helps."
        ),
    ),
    Lesson(
        reason=Reason.HAND_NEAR_FACE,
        name=_("Hands down"),
        good="ok",
        bad="hand-near-face",
        good_alt=_("A woman without hands in the picture"),
        bad_alt=_("The same woman holds a hand beside her face"),
        do=_(
            "Let both hands hang below your shoulders. Stretch the arm with the phone, "
            "or use the timer."
        ),
        fine=_("The video moves the area around the face, and a hand there would bend with it."),
    ),
    Lesson(
        reason=Reason.FACE_COVERED,
        name=_("Nothing over the face"),
        good="ok-2",
        bad="face-covered",
        good_alt=_("A man with his whole face free"),
        bad_alt=_("The same man wears a mask"),
        do=_(
            "Take off mask, sunglasses and hat brim; tuck hair behind your ears so that both "
            "brows and cheeks show."
        ),
        fine=_(
            "Plain glasses are fine if they do not glare. A headscarf is fine: only the face has "
            "to show."
        ),
    ),
)
"""The four that the service itself names."""

OTHER_LESSONS = (
    Lesson(
        reason=Reason.NO_PERSON,
        name=_("A real person"),
        good="ok-4",
        bad="no-person",
        good_alt=_("A woman looks into the camera"),
        bad_alt=_("A stool with nobody on it"),
        do=_("Take a photo of one real person, the right way up, with the face well lit."),
        fine=_("Drawings, pets, dolls and screenshots do not work."),
    ),
    Lesson(
        reason=Reason.SEVERAL_PEOPLE,
        name=_("One person"),
        good="ok",
        bad="several-people",
        good_alt=_("One woman"),
        bad_alt=_("Two people in one photo"),
        do=_("Be alone in the picture. Posters, screens and mirrors behind you count as people."),
        fine=_("Not alone? Crop the photo to you."),
    ),
    Lesson(
        reason=Reason.HEAD_TURNED,
        name=_("Face to the camera"),
        good="ok-4",
        bad="head-turned",
        good_alt=_("A woman looks into the camera"),
        bad_alt=_("The same woman looks to one side"),
        do=_("Turn your nose to the lens, shoulders square."),
        fine=_("Both cheeks should show equally."),
    ),
    Lesson(
        reason=Reason.FACE_TOO_SMALL,
        name=_("Close enough"),
        good="ok-4",
        bad="face-too-small",
        good_alt=_("A woman close to the camera"),
        bad_alt=_("The same woman far away"),
        do=_("Come to arm’s length, or crop the photo. The face should fill a third of the width."),
        fine=_("Enlarging the photo does not help: the face has to fill more of it."),
    ),
    Lesson(
        reason=Reason.FACE_TOO_LARGE,
        name=_("Not too close"),
        good="ok",
        bad="face-too-large",
        good_alt=_("A woman with some space around her head"),
        bad_alt=_("Her face is larger than the picture"),
        do=_("Step back to an arm’s length. Leave space above the hair and on both sides."),
        fine=_("A third of the width is right, two thirds are still fine."),
    ),
    Lesson(
        reason=Reason.FACE_CUT_OFF,
        name=_("The whole head"),
        good="ok-3",
        bad="face-cut-off",
        good_alt=_("A woman’s whole head is in the picture"),
        bad_alt=_("Half of her head is outside the picture"),
        do=_("Leave a hand’s width above the hair and on both sides."),
        fine=_("The video needs room to move around the face."),
    ),
    Lesson(
        reason=Reason.TOO_DARK,
        name=_("Light on the face"),
        good="ok-3",
        bad="too-dark",
        good_alt=_("A woman in even light"),
        bad_alt=_("The same woman in the dark"),
        do=_("Face a window or a lamp, nothing bright behind you, flash off."),
        fine=_("Only a very dark photo is stopped: we look at the brightest parts of the face."),
    ),
    Lesson(
        reason=Reason.TOO_BLURRED,
        name=_("Sharp"),
        good="ok",
        bad="too-blurred",
        good_alt=_("A sharp photo"),
        bad_alt=_("The same photo out of focus"),
        do=_(
            "Wipe the lens, hold still, tap on your face. "
            "Send the original, not a copy from a chat."
        ),
        fine=_("Chat programs shrink photos; enlarging does not bring the detail back."),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    title: Text
    text: Text


STEPS = (
    Step(
        title=_("Find the light"),
        text=_("Face a window or a lamp, with nothing bright behind you."),
    ),
    Step(
        title=_("Set the phone up"),
        text=_(
            "As high as your eyes and an arm’s length away; leaned on something, with its timer."
        ),
    ),
    Step(
        title=_("Look into the lens"),
        text=_("Head level, mouth closed, hands down, hair out of the face."),
    ),
)
"""How to take one that passes."""
