"""The remote detector: the service itself, or any relay that speaks its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import transport, wire
from .address import CONNECT_SECONDS, DEFAULT_BASE_URL, READ_SECONDS, api_root, authorization
from .errors import PhotoUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from .transport import Reply
    from .verdicts import Answer, Subject

DETECT_PATH = "/api/v1/services/aigc/image2video/face-detect"


class DashScopeDetector:
    """Asks the service about a photo that it can fetch at `Subject.url`.

    `base_url` may be the service, a workspace host or a relay. Raises ValueError on construction
    for a key or an address that cannot work. Never repeats a call: that is for whoever counts
    attempts and money.
    """

    name = "dashscope"
    needs_url = True

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str = DEFAULT_BASE_URL,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._headers = authorization(api_key)
        self._url = api_root(base_url) + DETECT_PATH
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds

    def detect(
        self, subject: Subject, *, on_reply: Callable[[Reply], None] | None = None
    ) -> Answer:
        """Ask and read. `on_reply` sees the raw reply first, so that it can be stored unread."""
        reply = self.ask(subject)
        if on_reply:
            on_reply(reply)
        return self.read(reply, subject)

    def ask(self, subject: Subject) -> Reply:
        """Make the one paid call. Raises DetectionError when no complete reply came back."""
        if not subject.url:
            raise PhotoUnreachable("the photo has no address to be fetched from", retryable=False)
        headers = dict(self._headers)
        if subject.url.startswith("oss://"):
            headers["X-DashScope-OssResourceResolve"] = "enable"
        return transport.post_json(
            self._url,
            headers,
            wire.build_request(subject.model, subject.ratio, subject.url),
            connect_seconds=self._connect_seconds,
            read_seconds=self._read_seconds,
        )

    def read(self, reply: Reply, subject: Subject) -> Answer:
        """Understand a reply. Free and repeatable. Raises DetectionError when it is no answer."""
        return wire.read_reply(
            reply.status, reply.headers, reply.body, width=subject.width, height=subject.height
        )
