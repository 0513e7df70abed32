"""The service's own codes, statuses and sentences, word for word with their misspellings.

https://www.alibabacloud.com/help/en/model-studio/error-code
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One sentence of the service."""

    status: int
    code: str
    message: str


REJECTIONS = [
    Row(
        400,
        "InvalidFile.NoHuman",
        "The input image has no human body. Please upload other image with single person.",
    ),
    Row(
        400,
        "InvalidFile.MultiHuman",
        "The input image has multi human bodies. Please upload other image with single person.",
    ),
    Row(
        400,
        "InvalidFile.BodyProportion",
        "The proportion of the detected person in the picture is too large or too small, "
        "please upload other image.",
    ),
    Row(
        400,
        "InvalidFile.Resolution",
        "The image resolution is invalid, please make sure that the largest length of image is "
        "smaller than 7000, and the smallest length of image is larger than 400.",
    ),
    Row(
        400,
        "InvalidFile.Value",
        "The value of the image is invalid, please upload other clearer image.",
    ),
    Row(
        400,
        "InvalidFile.FrontBody",
        "The pose of the detected person is invalid, please upload other image with the front "
        "view.",
    ),
    Row(
        400,
        "InvalidFile.FullFace",
        "The pose of the detected face is invalid, please upload other image with whole face.",
    ),
    Row(
        400,
        "InvalidFile.FacePose",
        "The pose of the detected face is invalid, please upload other image with the expected "
        "oriention.",
    ),
    Row(
        400,
        "InvalidFile.FullBody",
        "The pose of the detected person is invalid, please upload other image with whole body, "
        "or change the ratio parameter to 1:1.",
    ),
]
"""The portrait set: what both models may say about a photo."""

SIBLING_REJECTIONS = [
    Row(
        400,
        "InvalidFile.FacePose",
        "The pose of the detected face is invalid, please upload other image with whole face and "
        "expected orientation.",
    ),
    Row(
        400,
        "InvalidFile.BodyPose",
        "The pose of the detected person is invalid, please upload other image with whole body "
        "and expected orientation.",
    ),
    Row(
        400,
        "InvalidFile.Content",
        "The input image has no human body or multi human bodies. Please upload other image with "
        "single person.",
    ),
    Row(
        400,
        "InvalidFile.Content",
        "The input image has no human body or has unclear human body. Please upload other image.",
    ),
    Row(400, "InvalidFile.ImageSize", "The size of image is beyond limit."),
    Row(400, "InvalidImage.ImageSize", "The size of image is beyond limit."),
    Row(400, "InvalidImage.NoHumanFace", "No human face detected."),
    Row(
        400,
        "InvalidFile.AspectRatio",
        "Invalid file ratio. The file aspect ratio (height/width) must be between 2.0 and 0.5.",
    ),
    Row(
        400,
        "InvalidFile.Size",
        "Invalid file size. The video/audio/image file size must be less than 10MB.",
    ),
    Row(
        400,
        "InvalidFile.Format",
        "Invalid file format，the request file format is one of the following types: MP4, AVI, "
        "MOV, MP3, WAV, AAC, JPEG, JPG, PNG, BMP, and WEBP.",
    ),
    Row(
        400,
        "InvalidFile.Openerror",
        "Invalid file, cannot open file as video/audio/image.",
    ),
    Row(
        400,
        "InvalidPerson",
        "The input image has no human body or multi human bodies. Please upload other image with "
        "single person.",
    ),
    Row(400, "InvalidImageResolution", "The input image resolution is too large or small."),
]
"""Codes of models that share the endpoint, and generic ones about the file."""

MODERATION = [
    Row(400, "DataInspectionFailed", "Input data may contain inappropriate content."),
    Row(400, "DataInspectionFailed", "Input or output data may contain inappropriate content."),
    Row(400, "data_inspection_failed", "Input image data may contain inappropriate content."),
    Row(
        400,
        "IPInfringementSuspect",
        "Input data is suspected of being involved in IP infringement.",
    ),
    Row(400, "CustomRoleBlocked", "Input or output data may contain inappropriate content."),
    Row(400, "FaqRuleBlocked", "Input or output data is blocked by faq rule."),
]

BAD_REQUEST = [
    Row(
        400,
        "InvalidParameter",
        "Required body invalid, please check the request body format.",
    ),
    Row(
        400,
        "InvalidParameter",
        "Required parameter(s) missing or invalid, please check the request parameters.",
    ),
    Row(400, "InvalidParameter", "Field required: image_url"),
    Row(
        400,
        "InvalidParameter",
        "The request is missing required parameters or in a wrong format, please check the "
        "parameters that you send.",
    ),
    Row(
        400,
        "InvalidParameter.Ratio",
        "The request parameter is invalid, please check the request parameter.",
    ),
    Row(400, "InvalidParameter", "Request method 'GET' is not supported."),
    Row(400, "InvalidParameter", "input json error."),
    Row(400, "BadRequest.EmptyInput", "Required input parameter missing from request."),
    Row(
        400,
        "BadRequest.EmptyParameters",
        'Required parameter "parameters" missing from request.',
    ),
    Row(400, "BadRequest.EmptyModel", 'Required parameter "model" missing from request.'),
    Row(400, "BadRequest.IllegalInput", "The input parameter requires json format."),
    Row(400, "ServiceUnavailableError", "Role must be user or assistant and Content length > 0"),
]

PHOTO_NOT_FETCHED = [
    Row(
        400,
        "InvalidURL",
        "The request URL is invalid, please check the request URL is available and the request "
        "image format is one of the following types: JPEG, JPG, PNG, BMP, and WEBP.",
    ),
    Row(
        400,
        "InvalidURL",
        "Required URL is missing or invalid, please check the request URL.",
    ),
    Row(
        400,
        "InvalidURL.ConnectionRefused",
        "Connection to xxx refused, please provide available URL.",
    ),
    Row(400, "InvalidURL.Timeout", "Download xxx timeout, please check network connection."),
    Row(
        400,
        "InvalidParameter.DataInspection",
        "Unable to download the media resource during the data inspection process.",
    ),
    Row(
        400,
        "InvalidParameter.DataInspection",
        "Download the media resource timed out during the data inspection process.",
    ),
    Row(
        400,
        "InvalidParameter.DataInspection",
        "The media format is not supported or incorrect for the data inspection.",
    ),
    Row(
        400,
        "InvalidParameter.DataInspection",
        "Failed to decode the image during the data inspection.",
    ),
    Row(
        400,
        "InvalidParameter.DataInspection",
        "Don't have authorization to access the media resource during the data inspection process.",
    ),
    Row(
        400,
        "InvalidImage.FileFormat",
        "Invalid image type. Please ensure the uploaded file is a valid image.",
    ),
    Row(400, "InvalidImageFormat", "The input image is in invalid format."),
    Row(400, "BadRequest.InputDownloadFailed", "Failed to download the input file: xxx."),
    Row(400, "InvalidParameter.UnsupportedFileFormat", "Input files format not supported."),
    Row(400, "InvalidParameter", "Failed to download input files."),
    Row(400, "InvalidParameter", "download image failed"),
    Row(400, "InvalidParameter", "oss download error."),
    Row(400, "InvalidParameter", "read image error."),
    Row(400, "InvalidParameter", "image format error"),
    Row(500, "InternalError.Algo", "Missing Content-Length of multimodal url."),
    Row(
        400,
        "invalid_parameter_error",
        "InternalError.Algo.InvalidParameter: The provided URL does not appear to be valid. "
        "Ensure it is correctly formatted.",
    ),
]

REFUSED = [
    Row(400, "InvalidParameter", "Model not found"),
    Row(400, "InvalidParameter", "url error, please check url!"),
    Row(400, "Arrearage", "Access denied, please make sure your account is in good standing."),
    Row(401, "InvalidApiKey", "Invalid API-key provided."),
    Row(401, "InvalidApiKey", "No API-key provided."),
    Row(401, "invalid_api_key", "Incorrect API key provided."),
    Row(
        401,
        "NOT AUTHORIZED",
        "Access denied: Either you are not authorized to access this workspace, or the workspace "
        "does not exist.",
    ),
    Row(403, "AccessDenied", "Current user api does not support asynchronous calls."),
    Row(403, "AccessDenied", "Access denied."),
    Row(
        403,
        "AccessDenied.Unpurchased",
        "Access to model denied. Please make sure you are eligible for using the model.",
    ),
    Row(403, "Model.AccessDenied", "Model access denied."),
    Row(403, "Workspace.AccessDenied", "Workspace access denied."),
    Row(403, "App.AccessDenied", "App access denied."),
    Row(
        403,
        "AllocationQuota.FreeTierOnly",
        "The free tier of the model has been exhausted. If you want to continue access the model "
        'on a paid basis, please disable the "use free tier only" mode in the management console.',
    ),
    Row(404, "ModelNotFound", "Model can not be found."),
    Row(404, "model_not_found", "The model xxx does not exist."),
    Row(404, "WorkSpaceNotFound", "WorkSpace can not be found."),
    Row(404, "NotFound", "Not found!"),
    Row(429, "Throttling.AllocationQuota", "Free allocated quota exceeded."),
    Row(429, "insufficient_quota", "Free allocated quota exceeded."),
    Row(429, "CommodityNotPurchased", "Commodity has not purchased yet."),
    Row(429, "PrepaidBillOverdue", "The prepaid bill is overdue."),
    Row(429, "PostpaidBillOverdue", "The postpaid bill is overdue."),
]

THROTTLED = [
    Row(429, "Throttling", "Requests throttling triggered."),
    Row(429, "Throttling", "Too many requests in route. Please try again later."),
    Row(429, "Throttling.RateQuota", "Requests rate limit exceeded, try again later."),
    Row(429, "limit_requests", "You have exceeded your request limit."),
    Row(
        429,
        "Throttling.BurstRate",
        "Request rate increased too quickly. To ensure system stability, please adjust your "
        "client logic to scale requests more smoothly over time.",
    ),
    Row(429, "limit_burst_rate", "Request rate increased too quickly."),
    Row(
        429,
        "Throttling.AllocationQuota",
        "Allocated quota exceeded, please increase your quota limit.",
    ),
    Row(429, "insufficient_quota", "Allocated quota exceeded, please increase your quota limit."),
    Row(
        503,
        "ModelServingError",
        "Too many requests. Your requests are being throttled due to system capacity limits. "
        "Please try again later.",
    ),
]

BROKEN = [
    Row(
        500,
        "InternalError",
        "An internal error has occured, try again later or contact service support.",
    ),
    Row(
        500,
        "InternalError.Algo",
        "An internal error has occured during execution, try again later or contact service "
        "support.",
    ),
    Row(500, "InternalError.Algo", "inference internal error."),
    Row(500, "InternalError.Algo", "Inference error: Inference error."),
    Row(500, "InternalError.Timeout", "Request timed out, try again later."),
    Row(500, "InternalError.FileUpload", "File upload failed, try again later."),
    Row(500, "InternalError.Upload", "Upload failed, try again later."),
    Row(500, "SystemError", "An system error has occured, try again later."),
    Row(500, "ModelServiceFailed", "Failed to request model service."),
    Row(500, "RequestTimeOut", "Request timed out, try again later."),
    Row(503, "ModelUnavailable", "Model is unavailable, try again later."),
]

RARE = [
    Row(400, "APIConnectionError", "Connection error."),
    Row(400, "ClientDisconnect", "Client disconnected before task finished!"),
]

ALL = [
    *REJECTIONS,
    *SIBLING_REJECTIONS,
    *MODERATION,
    *BAD_REQUEST,
    *PHOTO_NOT_FETCHED,
    *REFUSED,
    *THROTTLED,
    *BROKEN,
    *RARE,
]


def row(code: str, *, containing: str = "") -> Row:
    """The first row of a code whose message contains some words. Raises KeyError for none."""
    for candidate in ALL:
        if candidate.code == code and containing.lower() in candidate.message.lower():
            return candidate
    raise KeyError(f"{code} {containing}".strip())
