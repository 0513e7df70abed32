"""What the service's codes mean: which of our reasons they cover, which trouble they announce.

Sources: https://www.alibabacloud.com/help/en/model-studio/error-code and
https://help.aliyun.com/document_detail/2786463.html (the portrait models' own table).
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import (
    AnswerLost,
    DetectionError,
    DetectorBusy,
    DetectorRefusedUs,
    DetectorUnreachable,
    PhotoUnreachable,
    RequestNotUnderstood,
    UnreadableAnswer,
)
from .verdicts import Reason

REJECTIONS: dict[str, tuple[Reason, ...]] = {
    # The portrait set.
    "InvalidFile.NoHuman": (Reason.NO_PERSON,),
    "InvalidFile.MultiHuman": (Reason.SEVERAL_PEOPLE,),
    "InvalidFile.BodyProportion": (Reason.FACE_TOO_SMALL, Reason.FACE_TOO_LARGE),
    "InvalidFile.Resolution": (Reason.WRONG_DIMENSIONS,),
    "InvalidFile.Value": (Reason.TOO_DARK, Reason.TOO_BLURRED),
    "InvalidFile.FrontBody": (Reason.HEAD_TURNED,),
    "InvalidFile.FullFace": (Reason.FACE_CUT_OFF, Reason.FACE_COVERED, Reason.HAND_NEAR_FACE),
    "InvalidFile.FacePose": (
        Reason.HEAD_TURNED,
        Reason.HEAD_TILTED,
        Reason.STRONG_EXPRESSION,
        Reason.HAND_NEAR_FACE,
        Reason.FACE_COVERED,
    ),
    "InvalidFile.FullBody": (Reason.FACE_CUT_OFF,),
    # Codes of sibling models that share the endpoint.
    "InvalidFile.BodyPose": (Reason.HEAD_TURNED, Reason.FACE_CUT_OFF),
    "InvalidFile.Content": (Reason.NO_PERSON, Reason.SEVERAL_PEOPLE),
    "InvalidPerson": (Reason.NO_PERSON, Reason.SEVERAL_PEOPLE),
    "InvalidImage.NoHumanFace": (Reason.NO_PERSON,),
    # About the file rather than the pose.
    "InvalidFile.ImageSize": (Reason.WRONG_DIMENSIONS,),
    "InvalidImage.ImageSize": (Reason.WRONG_DIMENSIONS,),
    "InvalidImageResolution": (Reason.WRONG_DIMENSIONS,),
    "InvalidFile.AspectRatio": (Reason.WRONG_DIMENSIONS,),
    "InvalidFile.Size": (Reason.WRONG_DIMENSIONS,),
    "InvalidFile.Format": (Reason.UNREADABLE_FILE,),
    "InvalidFile.Openerror": (Reason.UNREADABLE_FILE,),
    # Moderation.
    "DataInspectionFailed": (Reason.DECLINED,),
    "data_inspection_failed": (Reason.DECLINED,),
    "InternalError.Algo.DataInspectionFailed": (Reason.DECLINED,),
    "IPInfringementSuspect": (Reason.DECLINED,),
    "CustomRoleBlocked": (Reason.DECLINED,),
    "FaqRuleBlocked": (Reason.DECLINED,),
}
"""Every code that is an answer about the photo, with all it may mean, likeliest first."""


def reasons_behind(code: str) -> tuple[Reason, ...]:
    """All that a rejection code may mean, likeliest first; (OTHER,) for a code nobody listed.

    The first is what to say when nothing more is known. Whoever has measurements of the photo can
    use them to choose among the others.
    """
    return REJECTIONS.get(code, (Reason.OTHER,))


def is_rejection(code: str) -> bool:
    """Whether a code is about the photo, also when it is a new one of the family."""
    return code in REJECTIONS or code.startswith("InvalidFile.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The trouble a code announces. None leaves what the kind says of itself."""

    kind: type[DetectionError]
    retryable: bool | None = None
    max_retries: int | None = None


_REFUSED = Failure(kind=DetectorRefusedUs)
_OUR_REQUEST = Failure(kind=RequestNotUnderstood)
_BUSY = Failure(kind=DetectorBusy)
_DOWN = Failure(kind=DetectorUnreachable)
_PHOTO = Failure(kind=PhotoUnreachable)
_PHOTO_FINAL = Failure(kind=PhotoUnreachable, retryable=False)
"""Asking again would not help: the address, or what it serves, has to be put right first."""

_FAILURES: dict[str, Failure] = {
    "InvalidURL": _PHOTO_FINAL,
    "InvalidURL.ConnectionRefused": Failure(kind=PhotoUnreachable, max_retries=1),
    "InvalidURL.Timeout": _PHOTO,
    "InvalidParameter.DataInspection": _PHOTO_FINAL,
    "BadRequest.InputDownloadFailed": _PHOTO_FINAL,
    # What we deliver is a JPEG we made ourselves, so "not an image" means that something else
    # answered at its address.
    "InvalidImage.FileFormat": _PHOTO_FINAL,
    "InvalidImageFormat": _PHOTO_FINAL,
    "InvalidParameter.UnsupportedFileFormat": _PHOTO_FINAL,
    "InvalidParameter": _OUR_REQUEST,
    "invalid_parameter_error": _OUR_REQUEST,
    "ServiceUnavailableError": _OUR_REQUEST,  # about chat roles, at status 400, despite its name
    "Arrearage": _REFUSED,
    "CommodityNotPurchased": _REFUSED,  # these three come with 429 and are no throttling
    "PrepaidBillOverdue": _REFUSED,
    "PostpaidBillOverdue": _REFUSED,
    "InvalidApiKey": _REFUSED,
    "invalid_api_key": _REFUSED,
    "NOT AUTHORIZED": _REFUSED,
    "AccessDenied": _REFUSED,
    "AllocationQuota.FreeTierOnly": _REFUSED,
    "ModelNotFound": _REFUSED,
    "model_not_found": _REFUSED,
    "WorkSpaceNotFound": _REFUSED,
    "NotFound": _REFUSED,
    "Throttling": _BUSY,
    "limit_requests": _BUSY,
    "limit_burst_rate": _BUSY,
    "insufficient_quota": _BUSY,
    "ModelServingError": _BUSY,
    "InternalError": _DOWN,
    "SystemError": _DOWN,
    "ModelServiceFailed": _DOWN,
    "RequestTimeOut": _DOWN,
    "ModelUnavailable": _DOWN,
    "APIConnectionError": Failure(kind=DetectorUnreachable, retryable=False),
    "ClientDisconnect": Failure(kind=AnswerLost, retryable=False),
}

_FAMILIES: tuple[tuple[str, Failure], ...] = (
    ("InvalidURL.", _PHOTO_FINAL),
    ("InvalidParameter.", _OUR_REQUEST),
    ("BadRequest.", _OUR_REQUEST),
    ("AccessDenied.", _REFUSED),
    ("Model.AccessDenied", _REFUSED),
    ("Workspace.AccessDenied", _REFUSED),
    ("App.AccessDenied", _REFUSED),
    ("Throttling.", _BUSY),
    ("InternalError.", _DOWN),
)

_TWO_MEANINGS: tuple[tuple[str, str, Failure], ...] = (
    # The free allowance is gone for good; the allowance per minute comes back.
    ("Throttling.AllocationQuota", "free allocated quota", _REFUSED),
    ("insufficient_quota", "free allocated quota", _REFUSED),
    # Our address answered without a length; the service files that under its own trouble.
    ("InternalError.Algo", "missing content-length", _PHOTO_FINAL),
    ("InternalError.Algo.InvalidParameter", "provided url", _PHOTO_FINAL),
    ("invalid_parameter_error", "provided url", _PHOTO_FINAL),
    # Slow once is not slow for ever, and every attempt gets a freshly signed address.
    ("InvalidParameter.DataInspection", "timed out", _PHOTO),
    ("InvalidParameter.DataInspection", "authorization", _PHOTO),
    # A model that this address does not have is a setting, not a slip in one request.
    ("InvalidParameter", "model not found", _REFUSED),
    ("InvalidParameter", "url error, please check url", _REFUSED),
    # The catch-all for parameters also carries what the download stage has to say.
    ("InvalidParameter", "download", _PHOTO_FINAL),
    ("InvalidParameter", "read image error", _PHOTO_FINAL),
    ("InvalidParameter", "image format error", _PHOTO_FINAL),
)
"""The only places where wording decides, because one code is used for two different things."""


def known_failure(code: str, message: str) -> Failure | None:
    """The trouble a listed code announces; None for a code nobody listed."""
    wording = message.lower()
    for ambiguous, phrase, failure in _TWO_MEANINGS:
        if code == ambiguous and phrase in wording:
            return failure
    if code in _FAILURES:
        return _FAILURES[code]
    return next((failure for family, failure in _FAMILIES if code.startswith(family)), None)


def failure_at(status: int) -> Failure | None:
    """The trouble an HTTP status announces by itself; None where only the body could tell."""
    if status == 429:
        return _BUSY
    if status == 408 or status >= 500:
        return _DOWN
    if status in {401, 402, 403, 404, 405, 407}:
        return _REFUSED
    return None


UNKNOWN = Failure(kind=UnreadableAnswer)
"""For a code nobody listed, at a status that says nothing either."""
