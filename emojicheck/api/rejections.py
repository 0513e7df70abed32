"""Our reasons in the service's own codes and words, as documented.

https://www.alibabacloud.com/help/en/model-studio/error-code
"""

from __future__ import annotations

from emojicheck.detection.verdicts import Reason

REJECTIONS: dict[Reason, tuple[str, str]] = {
    Reason.NO_PERSON: (
        "InvalidFile.NoHuman",
        "The input image has no human body. Please upload other image with single person.",
    ),
    Reason.SEVERAL_PEOPLE: (
        "InvalidFile.MultiHuman",
        "The input image has multi human bodies. Please upload other image with single person.",
    ),
    **dict.fromkeys(
        (Reason.FACE_TOO_SMALL, Reason.FACE_TOO_LARGE),
        (
            "InvalidFile.BodyProportion",
            "The proportion of the detected person in the picture is too large or too small, "
            "please upload other image.",
        ),
    ),
    **dict.fromkeys(
        (Reason.FACE_CUT_OFF, Reason.FACE_COVERED),
        (
            "InvalidFile.FullFace",
            "The pose of the detected face is invalid, please upload other image with whole face.",
        ),
    ),
    **dict.fromkeys(
        (
            Reason.HEAD_TURNED,
            Reason.HEAD_TILTED,
            Reason.HAND_NEAR_FACE,
            Reason.STRONG_EXPRESSION,
            Reason.OTHER,
        ),
        (
            "InvalidFile.FacePose",
            # The spelling is the service's own.
            "The pose of the detected face is invalid, "
            "please upload other image with the expected oriention.",
        ),
    ),
    **dict.fromkeys(
        (Reason.TOO_DARK, Reason.TOO_BLURRED),
        (
            "InvalidFile.Value",
            "The value of the image is invalid, please upload other clearer image.",
        ),
    ),
    Reason.WRONG_DIMENSIONS: (
        "InvalidFile.Resolution",
        "The image resolution is invalid, please make sure that the largest length of image is "
        "smaller than 7000, and the smallest length of image is larger than 400.",
    ),
}
