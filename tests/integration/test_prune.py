"""Photos live for as long as was promised, and nothing is left lying about."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from emojicheck import tasks
from emojicheck.models import Heartbeat, Portrait, State
from tests.factories import make_detection, make_portrait

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.RETENTION_HOURS = 24


def hours_ago(hours: float) -> Any:
    return timezone.now() - timedelta(hours=hours)


def prune(capsys: Any) -> str:
    call_command("prune")
    return capsys.readouterr().out.strip()


def stored_file(name: str, *, age_hours: float) -> str:
    name = default_storage.save(name, ContentFile(b"jpeg"))
    then = time.time() - age_hours * 3600
    os.utime(default_storage.path(name), (then, then))
    return name


def test_photo_past_its_time_is_erased_and_its_row_stays(capsys) -> None:
    portrait = make_portrait(
        state=State.ACCEPTED, created=hours_ago(25), image_url="https://x/", objection="no"
    )
    make_detection(portrait, raw=b"{}", spots=[{"kind": "line", "points": [[1, 2], [3, 4]]}])
    files = [portrait.photo.name, portrait.thumbnail.name]

    assert prune(capsys) == "Photos past their time: 1 erased. Orphans removed: 0."

    portrait.refresh_from_db()
    assert (portrait.state, portrait.deleted_at is not None) == (State.ACCEPTED, True)
    assert (portrait.photo.name, portrait.image_url, portrait.objection) == ("", "", "")
    assert [default_storage.exists(name) for name in files] == [False, False]
    assert [(bytes(d.raw), d.spots) for d in portrait.detections.all()] == [(b"", [])] * 2


def test_photo_within_its_time_is_kept(capsys) -> None:
    portrait = make_portrait(state=State.ACCEPTED, created=hours_ago(23.9))

    assert prune(capsys) == "Photos past their time: none. Orphans removed: 0."

    portrait.refresh_from_db()
    assert portrait.deleted_at is None
    assert default_storage.exists(portrait.photo.name)


def test_second_run_finds_nothing_to_do(capsys) -> None:
    make_portrait(state=State.FAILED, created=hours_ago(48))
    prune(capsys)

    assert prune(capsys) == "Photos past their time: none. Orphans removed: 0."


def test_portrait_that_never_had_a_photo_loses_its_link(capsys) -> None:
    portrait = make_portrait(
        state=State.FAILED, photo=b"", image_url="https://x/me.jpg", created=hours_ago(25)
    )

    prune(capsys)

    portrait.refresh_from_db()
    assert portrait.image_url == ""


def test_portrait_being_judged_is_left_until_its_lease_is_over(capsys) -> None:
    portrait = make_portrait(state=State.JUDGING, created=hours_ago(25))

    assert prune(capsys) == "Photos past their time: 1 being judged. Orphans removed: 0."
    portrait.refresh_from_db()
    assert (portrait.state, default_storage.exists(portrait.photo.name)) == (State.JUDGING, True)

    Portrait.objects.update(lease_until=hours_ago(0))

    assert prune(capsys) == "Photos past their time: 1 erased. Orphans removed: 0."
    portrait.refresh_from_db()
    assert portrait.state == State.FAILED


def test_waiting_portrait_past_its_time_is_taken_out_of_the_line(capsys) -> None:
    portrait = make_portrait(created=hours_ago(25))

    prune(capsys)

    portrait.refresh_from_db()
    assert (portrait.state, portrait.trouble) == (State.FAILED, Portrait.Trouble.OURS)
    assert not Portrait.objects.due().filter(pk=portrait.pk).exists()


def test_photo_that_cannot_be_removed_is_tried_again_next_time(capsys, monkeypatch) -> None:
    stuck = make_portrait(state=State.ACCEPTED, created=hours_ago(26))
    fine = make_portrait(state=State.ACCEPTED, created=hours_ago(25))
    delete = type(default_storage._wrapped).delete

    def refuse(storage: Any, name: str) -> None:
        if name == stuck.photo.name:
            raise PermissionError(name)
        delete(storage, name)

    with monkeypatch.context() as patch:
        patch.setattr(type(default_storage._wrapped), "delete", refuse)
        with pytest.raises(SystemExit, match="1"):
            call_command("prune")

    assert capsys.readouterr().out == (
        "Photos past their time: 1 erased, 1 failed. Orphans removed: 0.\n"
    )
    stuck.refresh_from_db()
    fine.refresh_from_db()
    assert (stuck.deleted_at, stuck.photo.name != "") == (None, True)
    assert fine.deleted_at is not None

    assert prune(capsys) == "Photos past their time: 1 erased. Orphans removed: 0."


def test_old_file_without_a_portrait_is_removed(capsys) -> None:
    orphan = stored_file("photos/2026/01/02/orphan.jpg", age_hours=25)

    assert prune(capsys) == "Photos past their time: none. Orphans removed: 1."
    assert not default_storage.exists(orphan)


def test_young_file_may_still_get_its_portrait(capsys) -> None:
    young = stored_file("photos/2026/01/02/young.jpg", age_hours=23)

    prune(capsys)

    assert default_storage.exists(young)


def test_files_of_portraits_and_of_others_are_not_orphans(capsys, settings) -> None:
    settings.RETENTION_HOURS = 1000
    photo = stored_file("photos/2026/01/02/photo.jpg", age_hours=100)
    thumbnail = stored_file("photos/2026/01/02/thumbnail.jpg", age_hours=100)
    elsewhere = stored_file("elsewhere/file.jpg", age_hours=100)
    make_portrait(state=State.ACCEPTED, photo=b"")
    Portrait.objects.update(photo=photo, thumbnail=thumbnail)

    assert prune(capsys) == "Photos past their time: none. Orphans removed: 0."
    assert [default_storage.exists(n) for n in (photo, thumbnail, elsewhere)] == [True] * 3


def test_many_orphans_are_removed_batch_by_batch(capsys, monkeypatch) -> None:
    monkeypatch.setattr("emojicheck.management.commands.prune.NAMES_AT_A_TIME", 2)
    for number in range(5):
        stored_file(f"photos/2026/01/0{number}/a.jpg", age_hours=30)
        stored_file(f"photos/2026/01/00/{number}.jpg", age_hours=30)

    assert prune(capsys) == "Photos past their time: none. Orphans removed: 10."


def test_file_that_vanishes_meanwhile_is_no_trouble(capsys, monkeypatch) -> None:
    stored_file("photos/gone.jpg", age_hours=30)

    def gone(_storage: Any, name: str) -> Any:
        raise FileNotFoundError(name)

    monkeypatch.setattr(type(default_storage._wrapped), "get_modified_time", gone)

    assert prune(capsys) == "Photos past their time: none. Orphans removed: 0."


def test_expired_sessions_are_cleared(capsys) -> None:
    for key, expires in (("old", hours_ago(1)), ("new", hours_ago(-1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)

    prune(capsys)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_finished_tasks_are_forgotten_and_waiting_ones_are_not(capsys) -> None:
    from django_tasks_db.models import DBTaskResult

    portrait = make_portrait()
    for _ in range(3):
        tasks.enqueue(portrait.pk)
    old, recent, _waiting = DBTaskResult.objects.order_by("enqueued_at")
    for result, hours in ((old, 25), (recent, 1)):
        DBTaskResult.objects.filter(pk=result.pk).update(
            status="SUCCESSFUL", finished_at=hours_ago(hours)
        )

    prune(capsys)

    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL", "READY"}
    assert DBTaskResult.objects.count() == 2


def test_other_queues_look_after_themselves(capsys, settings) -> None:
    settings.TASKS_BACKEND = "django_tasks.backends.immediate.ImmediateBackend"

    assert prune(capsys) == "Photos past their time: none. Orphans removed: 0."


def test_quiet_run_says_nothing(capsys) -> None:
    make_portrait(created=hours_ago(25))

    call_command("prune", verbosity=0)

    assert capsys.readouterr().out == ""


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_do_not_get_into_each_others_way() -> None:
    for _ in range(10):
        make_portrait(state=State.ACCEPTED, created=hours_ago(25))

    def run() -> None:
        try:
            call_command("prune", verbosity=0)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run) for _ in range(2)]:
            done.result()

    assert not Portrait.objects.filter(deleted_at=None).exists()


def test_workers_that_died_are_forgotten_after_a_day(capsys: Any) -> None:
    Heartbeat.objects.create(worker="dead", at=hours_ago(25))
    Heartbeat.objects.create(worker="lately", at=hours_ago(1))

    prune(capsys)

    assert [beat.worker for beat in Heartbeat.objects.all()] == ["lately"]
