"""Delivery through the service's own temporary store, for sites it cannot reach.

https://help.aliyun.com/en/model-studio/get-temporary-file-url
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from emojicheck.detection import transport, wire
from emojicheck.detection.address import (
    CONNECT_SECONDS,
    DEFAULT_BASE_URL,
    READ_SECONDS,
    api_root,
    authorization,
)
from emojicheck.detection.errors import (
    AnswerLost,
    DetectionError,
    DetectorUnreachable,
    PhotoUnreachable,
    UnreadableAnswer,
)
from emojicheck.detection.transport import FormFile, Reply
from emojicheck.detection.untrusted import Unparsable, number, parse_object, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed import SupportsRead

LIFETIME_HOURS = 48
"""How long the service keeps an uploaded photo, and how long its oss:// address works."""

UPLOADS_PATH = "/api/v1/uploads"
BYTES_PER_MB = 1_000_000
RAW_BYTES = 4096
CONTENT_TYPES = {
    ".bmp": "image/bmp",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
FORM_FIELDS = {
    "OSSAccessKeyId": "oss_access_key_id",
    "Signature": "signature",
    "policy": "policy",
    "x-oss-object-acl": "x_oss_object_acl",
    "x-oss-forbid-overwrite": "x_oss_forbid_overwrite",
}
"""Names in the upload form, with what the leave calls their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leave:
    """Leave to upload one file, as the service grants it for a few minutes."""

    host: str
    folder: str
    max_bytes: float
    fields: Mapping[str, str]


class _LeaveExpiredError(Exception):
    """The leave ran out before the file had arrived."""


def upload(
    photo: SupportsRead[bytes],
    *,
    name: str,
    model: str,
    api_key: str,
    base_url: str = DEFAULT_BASE_URL,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
) -> str:
    """Upload a photo for one model and return its oss:// address, good for LIFETIME_HOURS.

    `name` only lends its suffix, which must tell the true format. Each upload gets leave of its
    own, since a leave lives for minutes, and a name of its own, since the store refuses to
    overwrite. Uploading is free, so no error raised here is `maybe_paid`. Raises DetectionError;
    ValueError for a key or base URL that cannot work.
    """
    root, headers = api_root(base_url), authorization(api_key)
    leave_url = f"{root}{UPLOADS_PATH}?{urlencode({'action': 'getPolicy', 'model': model})}"
    file = _file(photo, name)

    def attempt() -> str:
        reply = transport.get_json(
            leave_url, headers, connect_seconds=connect_seconds, read_seconds=read_seconds
        )
        leave = _read_leave(reply, secure=root.startswith("https:"))
        return _send(leave, file, connect_seconds=connect_seconds, read_seconds=read_seconds)

    try:
        try:
            return attempt()
        except _LeaveExpiredError:
            return attempt()
    except _LeaveExpiredError as error:
        raise PhotoUnreachable("leave to upload expired twice in a row") from error
    except AnswerLost as error:
        raise DetectorUnreachable(f"temporary upload: {error.detail}", raw=error.raw) from error
    except DetectionError as error:
        error.maybe_paid = False
        raise


def _file(photo: SupportsRead[bytes], name: str) -> FormFile:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in CONTENT_TYPES:
        suffix = ".jpg"
    return FormFile(
        name=f"{uuid.uuid4().hex}{suffix}",
        content_type=CONTENT_TYPES[suffix],
        content=photo.read(),
    )


def _read_leave(reply: Reply, *, secure: bool) -> _Leave:
    try:
        fields = parse_object(reply.body)
    except Unparsable:
        fields = {}
    # `data` over HTTP; some relays and the official SDK call it `output`.
    granted = [fields[key] for key in ("data", "output") if isinstance(fields.get(key), dict)]
    if reply.status != 200 or not granted:
        raise wire.read_failure(reply.status, reply.headers, reply.body)

    data = granted[0]
    host, folder = _line(data, "upload_host"), _line(data, "upload_dir").strip("/")
    form = {name: _line(data, key) for name, key in FORM_FIELDS.items()}
    schemes = {"https"} if secure else {"http", "https"}
    if urlsplit(host).scheme not in schemes or not folder or not all(form.values()):
        raise UnreadableAnswer("leave to upload is incomplete", raw=reply.body[:RAW_BYTES])
    max_mb = number(data.get("max_file_size_mb"))
    return _Leave(
        host=host,
        folder=folder,
        max_bytes=max_mb * BYTES_PER_MB if max_mb else float("inf"),
        fields=form,
    )


def _line(data: Mapping[str, Any], key: str) -> str:
    """A field that goes into the form as it came; "" unless it is one clean line of text."""
    value = data.get(key)
    return value if isinstance(value, str) and value.isprintable() and value.isascii() else ""


def _send(leave: _Leave, file: FormFile, *, connect_seconds: float, read_seconds: float) -> str:
    if len(file.content) > leave.max_bytes:
        raise PhotoUnreachable(
            "the photo is larger than the temporary store takes", retryable=False
        )
    key = f"{leave.folder}/{file.name}"
    reply = transport.post_form(
        leave.host,
        {
            **leave.fields,
            "key": key,
            "success_action_status": "200",
            "x-oss-content-type": file.content_type,
        },
        file,
        connect_seconds=connect_seconds,
        read_seconds=read_seconds,
    )
    if reply.status not in {200, 201, 204}:
        raise _store_trouble(reply)
    return f"oss://{key}"


def _store_trouble(reply: Reply) -> DetectionError | _LeaveExpiredError:
    """What went wrong in the object store, which speaks XML. Never a matter of the photo."""
    code, message = _xml_text(reply.body, b"Code"), _xml_text(reply.body, b"Message")
    if code == "AccessDenied" and "expired" in message.lower():
        return _LeaveExpiredError(message)
    kind = DetectorUnreachable if reply.status >= 500 or reply.status == 429 else PhotoUnreachable
    return kind(
        f"temporary store: HTTP {reply.status} {code}: {message}",
        code=code,
        request_id=_xml_text(reply.body, b"RequestId"),
        raw=reply.body[:RAW_BYTES],
        retryable=kind is DetectorUnreachable,
    )


def _xml_text(body: bytes, tag: bytes) -> str:
    """The text of the first such element. Three flat fields need no parser and its traps."""
    found = re.search(rb"<%b>([^<]{0,1000})</%b>" % (tag, tag), body[:RAW_BYTES])
    return text(found.group(1).decode(errors="replace"), limit=200) if found else ""
