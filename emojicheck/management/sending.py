"""Photos on their way to the service, at the pace it allows."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

from django.conf import settings

from emojicheck.delivery import temporary

from .inputs import is_address

if TYPE_CHECKING:
    from emojicheck.pictures import Picture


class Sender:
    """Says where the service finds a photo, one call's interval after the last.

    The pace is this process's own: the site's gate lives in the database, which is not needed
    here.
    """

    def __init__(self, model: str) -> None:
        self.model = model
        self.interval_seconds = 1 / settings.CALLS_PER_SECOND[model]
        self.next_at = 0.0

    def __call__(self, source: str, picture: Picture) -> str:
        """A link as it is; a file's address after an upload. Raises DetectionError."""
        address = source if is_address(source) else self._upload(picture)
        time.sleep(max(0.0, self.next_at - time.monotonic()))
        self.next_at = time.monotonic() + self.interval_seconds
        return address

    def _upload(self, picture: Picture) -> str:
        return temporary.upload(
            io.BytesIO(picture.data),
            name="photo.jpg",
            model=self.model,
            api_key=settings.DASHSCOPE_API_KEY,
            base_url=settings.DASHSCOPE_BASE_URL,
            connect_seconds=settings.DASHSCOPE_CONNECT_SECONDS,
            read_seconds=settings.DASHSCOPE_READ_SECONDS,
        )
