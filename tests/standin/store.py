"""The temporary store: leave to upload, the upload form of the object store, oss:// addresses."""

from __future__ import annotations

import base64
import time
import uuid
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from .replies import Sent, of_json, store_error

POLICY_SECONDS = 300
OBJECT_SECONDS = 48 * 3600
MAX_FILE_MB = 100
REQUIRED = (
    "OSSAccessKeyId",
    "Signature",
    "policy",
    "x-oss-object-acl",
    "x-oss-forbid-overwrite",
    "key",
)
ACCESS_KEY_ID = "LTAI-standin"


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """One uploaded file."""

    model: str
    content: bytes
    expires: float


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Leave to upload, as granted."""

    model: str
    folder: str
    signature: str
    expires: float


class Store:
    """Keeps what was uploaded, in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, StoredObject] = {}
        self.policy_seconds: float = POLICY_SECONDS
        self._leaves: dict[str, Leave] = {}

    def grant(self, model: str, host: str) -> Sent:
        """Leave to upload one file for one model."""
        policy = base64.b64encode(uuid.uuid4().bytes).decode()
        leave = Leave(
            model=model,
            folder=f"dashscope-instant/{uuid.uuid4().hex}/2026-01-01/{uuid.uuid4()}",
            signature=base64.b64encode(uuid.uuid4().bytes).decode(),
            expires=time.monotonic() + self.policy_seconds,
        )
        self._leaves[policy] = leave
        data = {
            "policy": policy,
            "signature": leave.signature,
            "upload_dir": leave.folder,
            "upload_host": host,
            "expire_in_seconds": self.policy_seconds,
            "max_file_size_mb": MAX_FILE_MB,
            "capacity_limit_mb": 999_999_999,
            "oss_access_key_id": ACCESS_KEY_ID,
            "x_oss_object_acl": "private",
            "x_oss_forbid_overwrite": "true",
        }
        return of_json(200, {"data": data})

    def receive(self, content_type: str, body: bytes) -> Sent:
        """The upload form."""
        if not content_type.startswith("multipart/form-data"):
            return store_error(412, "PreconditionFailed", "The body is not multipart/form-data.")
        parts = list(_parts(content_type, body))
        names = [name for name, _ in parts]
        fields = {name: value.decode(errors="replace") for name, value in parts[:-1]}
        if names.count("file") != 1 or names[-1] != "file":
            return store_error(400, "InvalidArgument", "The file must be the last field.")
        missing = [name for name in REQUIRED if not fields.get(name)]
        if missing:
            return store_error(400, "InvalidArgument", f"Missing fields: {', '.join(missing)}.")
        return self._refusal(fields) or self._keep(fields, parts[-1][1])

    def _refusal(self, fields: dict[str, str]) -> Sent | None:
        leave, key = self._leaves.get(fields["policy"]), fields["key"]
        if leave is None or fields["OSSAccessKeyId"] != ACCESS_KEY_ID:
            return store_error(403, "InvalidAccessKeyId", "The access key or policy is unknown.")
        if fields["Signature"] != leave.signature:
            return store_error(403, "SignatureDoesNotMatch", "The signature does not match.")
        if time.monotonic() >= leave.expires:
            return store_error(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
        if not key.startswith(f"{leave.folder}/"):
            return store_error(403, "AccessDenied", "Invalid according to Policy: key.")
        if key in self.objects:
            return store_error(409, "FileAlreadyExists", "The object exists already.")
        return None

    def _keep(self, fields: dict[str, str], content: bytes) -> Sent:
        self.objects[fields["key"]] = StoredObject(
            model=self._leaves[fields["policy"]].model,
            content=content,
            expires=time.monotonic() + OBJECT_SECONDS,
        )
        return Sent(status=int(fields.get("success_action_status", "204")), content_type="")

    def find(self, url: str, model: str) -> bytes | None:
        """The file at an oss:// address, for the model it was uploaded for, while it lives."""
        stored = self.objects.get(url.removeprefix("oss://"))
        if stored is None or stored.model != model or time.monotonic() >= stored.expires:
            return None
        return stored.content


def _parts(content_type: str, body: bytes) -> list[tuple[str, bytes]]:
    """Names and contents of a multipart form, in their order."""
    message = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {content_type}\r\n\r\n".encode() + body
    )
    return [
        (
            str(part.get_param("name", header="content-disposition")),
            bytes(part.get_payload(decode=True) or b""),
        )
        for part in message.iter_parts()
    ]
