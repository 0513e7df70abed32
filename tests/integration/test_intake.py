"""A stranger's photo becomes a stored portrait in the line, or leaves nothing behind."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django_tasks_db.models import DBTaskResult

from emojicheck import intake
from emojicheck.models import Portrait, State
from emojicheck.pictures import FetchError, PictureError
from tests.factories import make_detection, make_photo, make_portrait

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_storage(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def receive(photo: bytes | None = None, **wishes: Any) -> Portrait:
    asked = {"owner": "visitor:one", "source": "upload", "model": "emoji-detect-v1", "ratio": "1:1"}
    return intake.receive(**(asked | {"photo": photo} | wishes))


def test_received_photo_is_stored_described_and_in_the_line() -> None:
    portrait = receive(make_photo(640, 480))

    with portrait.photo.open("rb") as photo:
        stored = photo.read()
    assert (portrait.state, portrait.width, portrait.height) == (State.WAITING, 640, 480)
    assert portrait.digest == hashlib.sha256(stored).hexdigest()
    assert portrait.photo_bytes == len(stored)
    assert DBTaskResult.objects.get().args_kwargs["args"] == [str(portrait.id)]


def test_stored_names_say_nothing_of_the_visitor(empty_storage: Path) -> None:
    first, second = receive(make_photo()), receive(make_photo())

    assert first.photo.name != second.photo.name
    assert len(files(empty_storage)) == 4  # a photo and a thumbnail each


@pytest.mark.parametrize("photo", [b"", b"not a picture", make_photo(399, 399)])
def test_refused_photo_leaves_no_row_no_file_and_no_task(photo: bytes, empty_storage: Path) -> None:
    with pytest.raises(PictureError):
        receive(photo)

    assert (Portrait.objects.count(), DBTaskResult.objects.count()) == (0, 0)
    assert files(empty_storage) == []


def test_linked_photo_is_left_for_the_worker_to_download() -> None:
    portrait = receive(image_url="https://example.com/me.jpg", source="url")

    assert (portrait.state, portrait.photo.name, portrait.width) == (State.WAITING, "", None)


@pytest.mark.parametrize(
    "address", ["", "me.jpg", "file:///etc/passwd", "https://a:b@example.com/"]
)
def test_malformed_link_is_refused_at_once(address: str) -> None:
    with pytest.raises(FetchError) as refused:
        receive(image_url=address, source="url")

    assert refused.value.code == "bad_url"
    assert Portrait.objects.count() == 0


def test_same_key_with_the_same_photo_gives_the_same_portrait(empty_storage: Path) -> None:
    first = receive(make_photo(), idempotency_key="k")
    second = receive(make_photo(), idempotency_key="k")

    assert second == first
    assert len(files(empty_storage)) == 2


def test_same_key_of_another_visitor_is_another_portrait() -> None:
    first = receive(make_photo(), idempotency_key="k")
    second = receive(make_photo(), idempotency_key="k", owner="visitor:two")

    assert second != first


@pytest.mark.parametrize(
    "other", [{"photo": make_photo(colour="#000000")}, {"model": "emo-detect-v1"}]
)
def test_same_key_for_something_else_is_refused(other: dict[str, Any]) -> None:
    receive(make_photo(), idempotency_key="k")

    with pytest.raises(intake.KeyReused):
        receive(**({"photo": make_photo(), "idempotency_key": "k"} | other))


def test_twenty_presses_at_once_make_one_portrait(empty_storage: Path) -> None:
    def press(_: int) -> Portrait:
        try:
            return receive(make_photo(), idempotency_key="k")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        portraits = set(pool.map(press, range(20)))

    assert len(portraits) == 1
    assert Portrait.objects.count() == DBTaskResult.objects.count() == 1
    assert len(files(empty_storage)) == 2


def test_full_storage_leaves_nothing_behind(monkeypatch: Any, empty_storage: Path) -> None:
    save = default_storage.save

    def fail_at_the_second(name: str, content: Any) -> str:
        if files(empty_storage):
            raise OSError(28, "No space left on device")
        return str(save(name, content))

    monkeypatch.setattr(default_storage, "save", fail_at_the_second)
    with pytest.raises(OSError, match="No space left"):
        receive(make_photo())

    assert Portrait.objects.count() == 0
    assert files(empty_storage) == []


def test_retry_puts_a_failed_portrait_back_into_the_line() -> None:
    portrait = make_portrait(state=State.FAILED, attempt=5)

    assert intake.retry(portrait)

    portrait.refresh_from_db()
    assert (portrait.state, portrait.attempt, portrait.trouble) == (State.WAITING, 0, "")
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize("state", [State.WAITING, State.JUDGING, State.ACCEPTED, State.REJECTED])
def test_retry_leaves_every_other_portrait_alone(state: str) -> None:
    assert not intake.retry(make_portrait(state=state))
    assert DBTaskResult.objects.count() == 0


def test_asking_anyway_and_again_remember_the_wish() -> None:
    rejected, accepted = make_portrait(state=State.REJECTED), make_portrait(state=State.ACCEPTED)

    assert intake.ask_anyway(rejected)
    assert intake.ask_again(accepted)

    rejected.refresh_from_db()
    accepted.refresh_from_db()
    assert (rejected.state, rejected.ask_anyway, rejected.ask_again_at) == ("waiting", True, None)
    assert (accepted.state, accepted.ask_anyway) == ("waiting", True)
    assert accepted.ask_again_at is not None


def test_asking_from_a_page_that_is_out_of_date_asks_nobody() -> None:
    shown = make_portrait(state=State.REJECTED)
    Portrait.objects.filter(pk=shown.pk).update(
        verdict=make_detection(shown, detector="dashscope", outcome="rejected")
    )

    assert not intake.ask_anyway(shown)
    assert not intake.ask_again(shown)


def test_key_of_a_deleted_portrait_is_free_again() -> None:
    first = receive(make_photo(), idempotency_key="k")
    first.erase()

    assert receive(make_photo(), idempotency_key="k") != first
