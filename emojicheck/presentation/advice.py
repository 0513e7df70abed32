"""What we know to say about each reason: a title, what we see, and what a body can do.

The tone: an observation and never a blame, then one to three things to do.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emojicheck.detection.verdicts import Reason

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    name: Text
    title: Text
    seen: Text
    numbers: dict[str, Text] | None = None
    """Said after `seen` when this rule failed; %(value)s and %(limit)s are filled in."""
    spoken: Text
    actions: tuple[Text, ...]
    note: Text = ""
    icon: str = "face"


ADVICE: dict[Reason, Advice] = {
    Reason.NO_PERSON: Advice(
        name=_("No face found"),
        title=_("We could not find a face"),
        seen=_("It takes a photo of a real person, the right way up, with the face well lit."),
        spoken=_("take a photo of one person who looks into the camera"),
        actions=(
            _("Take a photo of one person who looks into the camera."),
            _("Come close enough for the face to fill a third of the width."),
            _("Face a window or a lamp, so that the eyes can be seen."),
        ),
        note=_("Drawings, pets, dolls and screenshots do not work."),
    ),
    Reason.SEVERAL_PEOPLE: Advice(
        name=_("Several people"),
        title=_("It looks like you are not alone"),
        seen=_("The video needs exactly one person in the photo."),
        numbers={"faces": _("We see %(value)s faces.")},
        spoken=_("be alone in the picture"),
        actions=(
            _("Be alone in the picture."),
            _("Or crop the photo so that only you are in it."),
        ),
        note=_("Posters, screens and mirrors behind you count as people."),
    ),
    Reason.FACE_TOO_SMALL: Advice(
        name=_("Face too small"),
        title=_("Your face seems too small"),
        seen=_("The face should fill about a third of the width."),
        numbers={"face_width": _("It fills %(value)s of the width; at least %(limit)s is needed.")},
        spoken=_("come closer, to an arm’s length from the camera"),
        actions=(
            _("Come closer: an arm’s length from the camera is right."),
            _("Or crop the photo, so that head and shoulders fill it."),
        ),
        note=_("Enlarging the photo does not help: the face has to fill more of it."),
        icon="crop",
    ),
    Reason.FACE_TOO_LARGE: Advice(
        name=_("Face too large"),
        title=_("Your face seems too close"),
        seen=_("The video needs room to move around the face."),
        numbers={"face_width": _("It fills %(value)s of the width; up to %(limit)s is fine.")},
        spoken=_("step back, to an arm’s length from the camera"),
        actions=(
            _("Step back to an arm’s length from the camera."),
            _("Leave a hand’s width above the hair and on both sides."),
        ),
        icon="crop",
    ),
    Reason.FACE_CUT_OFF: Advice(
        name=_("Face cut off"),
        title=_("The edge of the photo seems to cut your head"),
        seen=_("The whole head has to be in the photo, with some room around it."),
        numbers={"face_cut_off": _("About %(value)s of the face is outside.")},
        spoken=_("leave room above the hair and on both sides"),
        actions=(
            _("Leave a hand’s width above the hair and on both sides."),
            _("If the photo was cropped, send the original."),
        ),
        icon="crop",
    ),
    Reason.HEAD_TURNED: Advice(
        name=_("Head turned"),
        title=_("Your head seems to be turned"),
        seen=_("The face should look straight into the camera."),
        numbers={
            "yaw": _("It is turned by about %(value)s; up to %(limit)s usually passes."),
            "pitch": _("The chin is about %(value)s up or down; up to %(limit)s usually passes."),
        },
        spoken=_("point your nose at the lens"),
        actions=(
            _("Point your nose at the lens, shoulders square."),
            _("Show both ears, or both cheeks, equally."),
            _("Hold the camera as high as your eyes."),
        ),
        icon="eye",
    ),
    Reason.HEAD_TILTED: Advice(
        name=_("Head tilted"),
        title=_("Your head seems to lean to one side"),
        seen=_("Both eyes should be on one level line."),
        numbers={
            "roll": _(
                "The line through your eyes is %(value)s off level; up to %(limit)s usually passes."
            )
        },
        spoken=_("hold your head upright, both eyes on one level line"),
        actions=(
            _("Hold the phone upright, as high as your eyes."),
            _("Bring both eyes onto one level line."),
            _("Show both ears equally."),
        ),
        note=_("Was only the phone held slantwise? Then turning the photo is all it needs."),
        icon="tilt",
    ),
    Reason.FACE_COVERED: Advice(
        name=_("Face covered"),
        title=_("Part of your face seems to be covered"),
        seen=_("Brows, eyes, nose, cheeks, mouth and chin all have to show."),
        spoken=_("uncover your whole face, from the brows to the chin"),
        actions=(
            _("Take off mask, sunglasses, headphones and hat brim."),
            _("Tuck hair behind your ears, so that both brows and cheeks show."),
            _("Turn away from the light if your glasses glare."),
        ),
        note=_("Plain glasses are fine. A headscarf is fine: only the face has to show."),
        icon="mask",
    ),
    Reason.HAND_NEAR_FACE: Advice(
        name=_("Hand near the face"),
        title=_("It looks like a hand is near your face"),
        seen=_("The area around the face has to stay free, so that it can move."),
        spoken=_("let both hands hang, below your shoulders"),
        actions=(
            _("Let both hands hang, below your shoulders."),
            _("Stretch the arm that holds the phone, or stand the phone up and use its timer."),
            _("No hand there? Clear collar, scarf or hair from the neck and try again."),
        ),
        icon="hand",
    ),
    Reason.STRONG_EXPRESSION: Advice(
        name=_("Strong expression"),
        title=_("Your expression seems strong"),
        seen=_("The video starts from a face at rest."),
        numbers={
            "mouth_open": _(
                "The mouth is open by %(value)s of its width; up to %(limit)s usually passes."
            ),
            "eyes_open": _("Your eyes look shut."),
            "wink": _("One eye looks shut."),
            "brows_up": _("The brows look raised."),
            "mouth_shape": _("The lips look drawn or pressed."),
        },
        spoken=_("relax your face and close your mouth"),
        actions=(
            _("Relax your face and look into the lens."),
            _("Close your mouth and keep both eyes open; a soft smile is fine."),
        ),
        note=_(
            "A dark beard or a shadow by the mouth can look like an open mouth: "
            "more light from the front helps."
        ),
    ),
    Reason.TOO_DARK: Advice(
        name=_("Too dark"),
        title=_("There seems to be little light on your face"),
        seen=_("The face has to be clearly lit."),
        numbers={
            "light": _("The brightest parts of it reach %(value)s of 100; %(limit)s are needed.")
        },
        spoken=_("face a window or a lamp"),
        actions=(
            _("Face a window, or put a lamp behind the camera."),
            _("Have nothing bright behind you."),
            _("Switch the flash off."),
        ),
        icon="sun",
    ),
    Reason.TOO_BLURRED: Advice(
        name=_("Too blurred"),
        title=_("The photo looks blurred"),
        seen=_("Eyes and mouth need clear edges."),
        spoken=_("wipe the lens and hold still"),
        actions=(
            _("Wipe the lens."),
            _("Rest the phone against something, and tap on your face to focus."),
            _("Send the original, not a copy from a chat."),
        ),
        note=_("Chat programs shrink photos; enlarging does not bring the detail back."),
        icon="eye",
    ),
    Reason.WRONG_DIMENSIONS: Advice(
        name=_("Wrong size"),
        title=_("The photo has an unsuitable size"),
        seen=_("Each side has to be between 400 and 7000 pixels."),
        spoken=_("send the original photo"),
        actions=(
            _("Send the original, not a copy from a chat."),
            _("Crop the photo so that no side is much longer than the other."),
        ),
        note=_("Enlarging a small photo does not help."),
        icon="crop",
    ),
    Reason.UNREADABLE_FILE: Advice(
        name=_("Unreadable file"),
        title=_("The file could not be read as a photo"),
        seen=_("It may be damaged, or of another kind than its name says."),
        spoken=_("save the photo again as JPG"),
        actions=(
            _("Open it on your device and save it again as JPG."),
            _("Or take a new photo."),
        ),
        icon="warning",
    ),
    Reason.DECLINED: Advice(
        name=_("Declined"),
        title=_("The service declined to look at this photo"),
        seen=_("It does not say why. Such filters are automatic, and they can be wrong."),
        spoken=_("try another photo, a plain one of head and shoulders"),
        actions=(_("Try another photo: a plain one of head and shoulders."),),
        icon="warning",
    ),
    Reason.OTHER: Advice(
        name=_("Another reason"),
        title=_("This photo was not accepted"),
        seen=_("The service gave no reason that we know. These help most often:"),
        spoken=_("look straight into the camera, face at rest, nothing near it"),
        actions=(
            _("Be alone, look straight into the camera, head level, face at rest."),
            _("Keep hands, hair and anything else away from the face."),
            _("Face the light, and leave room around the head."),
        ),
        icon="warning",
    ),
}
