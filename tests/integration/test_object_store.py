"""Photos in an object store that speaks the S3 API, by settings alone."""

from __future__ import annotations

import runpy
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import boto3
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from emojicheck import intake
from emojicheck import settings as settings_module
from emojicheck.models import Portrait, State
from tests.factories import make_photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(monkeypatch: Any, settings: Any) -> Iterator[Any]:
    """An empty bucket, and the settings that a site with these variables would have."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    login = {"aws_access_key_id": "id", "aws_secret_access_key": "secret"}
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **login)
    bucket = f"faces-{secrets.token_hex(4)}"  # the server remembers the buckets of other tests
    client.create_bucket(Bucket=bucket)
    for name, value in {
        "AWS_STORAGE_BUCKET_NAME": bucket,
        "AWS_ACCESS_KEY_ID": "id",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_S3_ENDPOINT_URL": address,
        "AWS_S3_REGION_NAME": "us-east-1",
        "AWS_S3_ADDRESSING_STYLE": "path",
    }.items():
        monkeypatch.setenv(name, value)
    read = runpy.run_path(settings_module.__file__)
    settings.STORAGES = {**settings.STORAGES, "default": read["STORAGES"]["default"]}
    yield lambda: [
        item["Key"] for item in client.list_objects_v2(Bucket=bucket).get("Contents", [])
    ]
    server.stop()


def receive() -> Portrait:
    return intake.receive(
        owner="visitor:one",
        source="upload",
        model="emoji-detect-v1",
        ratio="1:1",
        photo=make_photo(),
    )


def test_received_photo_is_in_the_bucket(store: Any) -> None:
    portrait = receive()

    assert sorted(store()) == sorted([portrait.photo.name, portrait.thumbnail.name])
    with default_storage.open(portrait.photo.name) as photo:
        assert len(photo.read()) == portrait.photo_bytes


def test_service_fetches_the_photo_at_a_presigned_address(
    store: Any, service: Any, judged: Any, settings: Any
) -> None:
    settings.PHOTO_DELIVERY = "storage"

    portrait = judged(receive())

    call = service.calls[0]
    assert portrait.state == State.ACCEPTED
    assert call.digest == portrait.digest
    assert portrait.photo.name in call.image_url
    assert "X-Amz-Expires=600" in call.image_url


def test_presigned_address_serves_the_photo_as_a_jpeg(store: Any, settings: Any) -> None:
    from emojicheck.delivery.storage import photo_address

    portrait = receive()

    with urlopen(photo_address(portrait)) as reply:
        assert reply.headers["Content-Type"] == "image/jpeg"
        assert int(reply.headers["Content-Length"]) == portrait.photo_bytes


def test_erased_portrait_leaves_nothing_in_the_bucket(store: Any) -> None:
    receive().erase()

    assert store() == []


def test_owner_sees_the_photo_through_the_site(store: Any, client: Any) -> None:
    portrait = receive()
    session = client.session
    session["visitor"] = "one"
    session.save()

    reply = client.get(f"{portrait.get_absolute_url()}photo.jpg")

    assert reply.status_code == 200
    assert len(b"".join(reply.streaming_content)) == portrait.photo_bytes


def test_store_that_is_away_is_our_trouble_and_leaves_no_row(
    store: Any, settings: Any, client: Any
) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
    }

    with pytest.raises(OSError, match="Could not connect"):
        receive()

    assert Portrait.objects.count() == 0
