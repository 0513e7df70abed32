"""`manage.py doctor`: what is ready and what is not, in plain words."""

from __future__ import annotations

import io
import re
import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from emojicheck import vitals
from emojicheck.detection.local import LocalDetector
from emojicheck.management.commands import doctor
from emojicheck.models import Gate
from emojicheck.pictures import DecoderUnavailable
from tests.factories import make_portrait

pytestmark = pytest.mark.django_db

READY = "ready"


SILENT = (
    "No worker gives a sign of life; photos would wait. "
    "`manage.py serve` starts some, `manage.py worker` is one."
)


@pytest.fixture(autouse=True)
def site_that_is_not_started(settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"


def findings(*, ready: bool = True) -> dict[str, list[str]]:
    """What the doctor says, by state."""
    out = io.StringIO()
    if ready:
        call_command("doctor", stdout=out, no_color=True)
    else:
        with pytest.raises(CommandError, match="not ready"):
            call_command("doctor", stdout=out, no_color=True)
    said: dict[str, list[str]] = {"ok": [], "note": [], "wrong": []}
    lines = [line for line in out.getvalue().splitlines() if line != READY]
    for line in lines:
        state, _, words = line.partition(" ")
        said[state].append(words.strip())
    return said


def test_doctor_finds_a_fresh_site_ready_and_notes_that_it_is_not_started() -> None:
    said = findings()

    [address, workers] = said["note"]
    assert address.startswith("http://127.0.0.1:9/healthz does not answer (")
    assert address.endswith("). Is the site running, and at this PORT?")
    assert workers == SILENT
    assert said["wrong"] == []
    assert f"The database answers and is up to date ({connection.vendor})." in said["ok"]
    assert "Photos can be decoded in a confined process." in said["ok"]
    assert "Portraits are judged on this machine; nothing is sent or charged." in said["ok"]
    assert "http://127.0.0.1:9 is for this machine or network alone." in said["ok"]


def test_doctor_has_nothing_to_note_of_a_site_that_runs(settings: Any, live_server: Any) -> None:
    settings.SITE_URL = live_server.url
    vitals.beat("one")

    said = findings()

    assert (said["note"], said["wrong"]) == ([], [])
    assert f"{live_server.url} is for this machine or network alone." in said["ok"]
    assert f"{live_server.url} leads here." in said["ok"]
    assert "Workers that give signs of life: 1." in said["ok"]


def test_doctor_asks_its_own_network_without_a_proxy(
    settings: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SITE_URL = live_server.url
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert f"{live_server.url} leads here." in findings()["ok"]


def test_doctor_notes_that_another_program_has_the_address(settings: Any, live_server: Any) -> None:
    settings.SITE_URL = f"{live_server.url}/portraits/?"

    assert f"{settings.SITE_URL}/healthz is answered, but not by us." in findings()["note"]


def test_doctor_tells_of_settings_that_do_not_fit(settings: Any) -> None:
    settings.PHOTO_DELIVERY = "storage"

    assert findings(ready=False)["wrong"] == [
        "PHOTO_DELIVERY is storage, but photos are kept on this machine's disk. "
        "Name an object store with AWS_STORAGE_BUCKET_NAME, or set PHOTO_DELIVERY=auto."
    ]


def test_doctor_tells_of_missing_migrations() -> None:
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()

    assert findings(ready=False)["wrong"] == ["Missing migrations: 1. Run `manage.py migrate`."]


def test_doctor_tells_of_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> None:
        raise DatabaseError("connection refused")

    monkeypatch.setattr(vitals, "missing_migrations", away)
    monkeypatch.setattr(vitals, "oldest_overdue", away)

    assert findings(ready=False)["wrong"] == ["The database does not answer: connection refused"]


@pytest.mark.parametrize(("megabytes", "state"), [(50, "wrong"), (500, "note"), (5000, "ok")])
def test_doctor_tells_how_much_room_is_left(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, megabytes: int, state: str
) -> None:
    usage = namedtuple("usage", "total used free")(0, 0, megabytes * doctor.MEGABYTE)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage)
    settings.DATA_DIR = tmp_path / "not" / "yet"

    said = findings(ready=state != "wrong")

    assert f"{megabytes} MB are free in {settings.DATA_DIR}." in said[state]


def test_doctor_tells_of_a_decoder_that_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_data: bytes) -> None:
        raise DecoderUnavailable

    monkeypatch.setattr(doctor, "read_picture", broken)

    [words] = findings(ready=False)["wrong"]
    assert words.startswith("Photos cannot be decoded: DecoderUnavailable")


def test_doctor_tells_of_models_that_do_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_detector: LocalDetector) -> None:
        raise ImportError("libGL.so.1")

    monkeypatch.setattr(LocalDetector, "warm_up", broken)

    assert findings(ready=False)["wrong"] == [
        "The local detector's models do not load: ImportError('libGL.so.1')"
    ]


def test_doctor_tells_how_photos_reach_the_service_but_never_the_key(settings: Any) -> None:
    settings.DETECTOR = "dashscope"
    settings.DASHSCOPE_API_KEY = "sk-secret"
    settings.DAILY_BUDGET = 1

    said = findings()

    service = settings.DASHSCOPE_BASE_URL
    assert f"Portraits are judged by {service}; a key is set; it was not tried." in said["ok"]
    assert "Delivery is temporary: photos go through its own temporary storage." in said["ok"]
    assert "sk-secret" not in str(said)


@pytest.fixture
def asked_at_the_site(settings: Any) -> None:
    settings.DETECTOR = "dashscope"
    settings.PHOTO_DELIVERY = "public"
    settings.DAILY_BUDGET = 1


def test_doctor_asks_the_site_whether_it_is_ours(
    settings: Any, live_server: Any, asked_at_the_site: None
) -> None:
    settings.SITE_URL = live_server.url

    assert f"{live_server.url} leads here." in findings()["ok"]


def test_doctor_tells_of_an_address_that_leads_elsewhere(
    settings: Any, live_server: Any, asked_at_the_site: None
) -> None:
    settings.SITE_URL = f"{live_server.url}/portraits/?"

    [words] = findings(ready=False)["wrong"]
    assert words.endswith("/healthz is answered, but not by us.")


def test_doctor_tells_of_an_address_that_does_not_answer(
    settings: Any, asked_at_the_site: None
) -> None:
    settings.SITE_URL = "http://127.0.0.1:9"

    [words] = findings(ready=False)["wrong"]
    assert words.startswith("http://127.0.0.1:9/healthz does not answer (")
    assert words.endswith("). Is the site running, and at this PORT?")


@pytest.mark.parametrize(("seconds", "told"), [(300, "5 minutes"), (40, r"4\d seconds")])
def test_doctor_tells_of_portraits_that_nobody_judges(seconds: int, told: str) -> None:
    make_portrait(next_try_at=timezone.now() - timedelta(seconds=seconds))
    make_portrait()

    [words] = findings(ready=False)["wrong"]
    waited, _, rest = words.removeprefix("A portrait has waited for ").partition(", ")
    assert re.fullmatch(told, waited)
    assert rest == (
        "and no worker gives a sign of life. "
        "`manage.py serve` starts some, `manage.py worker` is one."
    )


@pytest.mark.parametrize(("seconds", "workers"), [(20, 0), (60, 1)])
def test_doctor_gives_photos_a_moment_and_workers_that_live_some_more(
    seconds: int, workers: int
) -> None:
    make_portrait(next_try_at=timezone.now() - timedelta(seconds=seconds))
    for name in range(workers):
        vitals.beat(str(name))

    assert "A portrait has waited" not in str(findings())


def test_doctor_tells_of_portraits_that_wait_although_workers_live() -> None:
    make_portrait(next_try_at=timezone.now() - timedelta(minutes=5))
    vitals.beat("one")
    vitals.beat("two")

    said = findings()

    assert "Workers that give signs of life: 2." in said["ok"]
    assert "A portrait has waited for 5 minutes. Are there enough workers?" in said["note"]


def test_doctor_tells_why_calls_are_stopped() -> None:
    later = timezone.now() + timedelta(minutes=1)
    Gate.objects.create(model="emoji-detect-v1", open_until=later, cause="Arrearage")

    *_, words = findings()["note"]
    assert words.startswith("Calls of emoji-detect-v1 are stopped: Arrearage")
