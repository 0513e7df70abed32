"""Bad images through the form: each is taken or refused in words, and nothing else happens.

`BAD_IMAGES=2000 pytest tests/integration/test_bad_images.py` tries more of them;
`python -m benchmarks.bad_images` does so at a running site and watches its memory.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from emojicheck.models import Portrait
from tests.bad_images import bad_images

pytestmark = pytest.mark.django_db

NUMBER = int(os.environ.get("BAD_IMAGES", "60"))


def test_bad_images_are_taken_or_refused(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    statuses = [
        client.post("/", {"photo": SimpleUploadedFile("me.jpg", content)}).status_code
        for content in bad_images(NUMBER)
    ]

    taken = Portrait.objects.count()
    assert set(statuses) == {303, 422}
    assert statuses.count(303) == taken
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2 * taken


def test_same_bad_images_are_tried_each_time() -> None:
    assert list(bad_images(20)) == list(bad_images(20))
