"""How the stand-in fetches a picture: really, and with no patience for a sloppy server."""

from __future__ import annotations

import hashlib
import io
import ipaddress
import socket
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import NoReturn
from urllib.parse import urlsplit

from PIL import Image

from . import catalogue

FETCH_SECONDS = 5.0
MAX_BYTES = 10 * 1024 * 1024
CONTENT_TYPES = {
    "JPEG": ("image/jpeg", "image/jpg"),
    "PNG": ("image/png",),
    "BMP": ("image/bmp", "image/x-ms-bmp"),
    "WEBP": ("image/webp",),
}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture that could be fetched and decoded."""

    width: int
    height: int
    digest: str
    """SHA-256 of its bytes."""


class NotFetchedError(Exception):
    """The picture could not be had; carries what the service would say."""

    def __init__(self, row: catalogue.Row, problem: str) -> None:
        super().__init__(problem)
        self.row = row
        self.problem = problem


def fetch(url: str, *, allow_private: bool) -> Picture:
    """HEAD and GET the picture and hold its server to all that could go wrong with a real one."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isascii():
        _refuse("InvalidURL", f"no plain http(s) address: {url!r}")
    if not allow_private and _is_private(parts.hostname):
        _refuse("InvalidParameter.DataInspection", f"private address: {url}", "unable to download")
    try:
        told = _request("HEAD", url)[1:]
        content, *headers = _request("GET", url)
    except ConnectionRefusedError:
        _refuse("InvalidURL.ConnectionRefused", f"refused: {url}")
    except TimeoutError:
        _refuse("InvalidURL.Timeout", f"too slow: {url}")
    except (OSError, HTTPException) as error:
        _refuse("InvalidURL", f"{error!r}: {url}")
    if told != tuple(headers):
        _refuse("InvalidURL", f"HEAD says {told}, GET says {tuple(headers)}")
    return look(content, content_type=headers[0])


def look(content: bytes, *, content_type: str = "") -> Picture:
    """Decode a picture, whose type must be the one its server told."""
    if len(content) > MAX_BYTES:
        _refuse("InvalidFile.Size", f"{len(content)} bytes")
    try:
        with Image.open(io.BytesIO(content), formats=list(CONTENT_TYPES)) as image:
            image.load()
            width, height, kind = image.width, image.height, image.format or ""
    except Exception as error:  # noqa: BLE001 (Pillow raises many kinds for a bad file)
        _refuse("InvalidImage.FileFormat", f"no picture: {error!r}")
    if content_type and content_type not in CONTENT_TYPES[kind]:
        _refuse("InvalidURL", f"a {kind} sent as {content_type}")
    return Picture(width=width, height=height, digest=hashlib.sha256(content).hexdigest())


def _request(method: str, url: str) -> tuple[bytes, str, str]:
    """Content, Content-Type and Content-Length of a picture."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=FETCH_SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, headers={"Accept": "*/*", "Connection": "close"})
        response = connection.getresponse()
        return _checked(method, response)
    finally:
        connection.close()


def _checked(method: str, response: HTTPResponse) -> tuple[bytes, str, str]:
    if response.status in {401, 403}:
        _refuse("InvalidParameter.DataInspection", f"HTTP {response.status}", "authorization")
    if response.status != 200:
        _refuse("InvalidURL", f"{method} answered HTTP {response.status}")
    content_type = response.headers.get_content_type()
    if not content_type.startswith("image/"):
        _refuse("InvalidURL", f"{method} sent {content_type}")
    length = response.getheader("Content-Length", "")
    if not length.isdigit():
        _refuse("InternalError.Algo", f"{method} without Content-Length", "content-length")
    if response.getheader("Content-Encoding", "identity") != "identity":
        _refuse("InvalidURL", f"{method} sent it encoded")
    content = response.read(MAX_BYTES + 1)
    if method == "GET" and len(content) <= MAX_BYTES and len(content) != int(length):
        _refuse("InvalidURL", f"{len(content)} bytes instead of {length}")
    return content, content_type, length


def _is_private(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(not ipaddress.ip_address(str(info[4][0])).is_global for info in found)


def _refuse(code: str, problem: str, containing: str = "") -> NoReturn:
    raise NotFetchedError(catalogue.row(code, containing=containing), problem)
