"""Full, locked, read-only, away: visitors are told what to do, and nothing is left or lost."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import time_machine
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DataError, OperationalError, ProgrammingError, connection
from django.test import Client
from psycopg import errors
from storages.backends.s3 import S3Storage

from emojicheck import intake
from emojicheck.models import Portrait, State
from emojicheck.pictures import decoder
from emojicheck.views.trouble import passes
from tests.factories import make_photo, make_portrait
from tests.running import eventually, get, running, running_site
from tests.standin import StandIn, steps

pytestmark = pytest.mark.django_db(transaction=True)

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'")
WORDS = "We cannot do that just now"


@pytest.fixture
def visitor() -> Client:
    """Sees what visitors see, also when something breaks."""
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def send(visitor: Client) -> Any:
    return visitor.post("/", {"photo": SimpleUploadedFile("me.jpg", make_photo())})


def send_to_api(visitor: Client) -> Any:
    return visitor.post("/api/v1/portraits", {"photo": SimpleUploadedFile("me.jpg", make_photo())})


# The database


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else is writing, and does not come to an end."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pragma("busy_timeout", 50, back=20_000):
            yield
        other.execute("ROLLBACK")


@contextmanager
def pragma(name: str, value: int, *, back: int) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name} = {value}")
        yield
        cursor.execute(f"PRAGMA {name} = {back}")


@contextmanager
def read_only() -> Iterator[None]:
    with pragma("query_only", 1, back=0):
        yield


@on_sqlite
@pytest.mark.parametrize("fault", [locked, read_only])
def test_database_trouble_is_told_and_leaves_nothing(
    visitor: Client, folder: Path, fault: Any
) -> None:
    known = make_portrait()
    kept = files(folder)

    with fault():
        form, api = send(visitor), send_to_api(visitor)

    assert (form.status_code, api.status_code) == (503, 503)
    assert form.headers["Retry-After"] == api.headers["Retry-After"] == "30"
    assert WORDS in form.content.decode()
    assert api.json()["code"] == "unavailable"
    assert files(folder) == kept
    assert [portrait.pk for portrait in Portrait.objects.all()] == [known.pk]
    assert send(visitor).status_code == 303


@on_sqlite
def test_database_that_is_full_keeps_what_it_has(visitor: Client, folder: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # else there are free pages
        [pages] = cursor.execute("PRAGMA page_count").fetchone()

    with pragma("max_page_count", pages, back=1_000_000_000):
        replies = [send(visitor) for _ in range(20)]

    statuses = [reply.status_code for reply in replies]
    assert set(statuses) == {303, 503}  # there was room inside some pages
    assert WORDS in replies[statuses.index(503)].content.decode()
    assert Portrait.objects.count() == statuses.count(303)
    assert len(files(folder)) == 2 * statuses.count(303)
    assert send(visitor).status_code == 303


@on_sqlite
@pytest.mark.parametrize("fault", [locked, read_only])
def test_site_is_not_ready_until_its_database_can_be_written_to(
    visitor: Client, fault: Any
) -> None:
    with fault():
        during = visitor.get("/readyz")

    assert (during.status_code, during.json()["database"]) == (503, False)
    assert visitor.get("/readyz").status_code == 200


@on_sqlite
def test_pages_can_be_read_while_somebody_writes(visitor: Client) -> None:
    with locked():
        pages = [visitor.get(path).status_code for path in ("/", "/portraits/", "/guide/")]

    assert pages == [200, 200, 200]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("database is locked"), 503),
        (ProgrammingError("no state"), 500),
        (DataError("ours"), 500),
        (OSError(28, "No space left on device"), 503),
        (ValueError("a mistake"), 500),
    ],
)
def test_what_passes_is_told_apart_from_mistakes(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setattr("emojicheck.views.home.promise", broken)

    assert visitor.get("/").status_code == status


def test_missing_table_passes_on_postgresql_too() -> None:
    missing = ProgrammingError()
    missing.__cause__ = errors.UndefinedTable()

    assert passes(missing)
    assert not passes(None)


def test_site_that_was_not_migrated_is_not_ready_and_loses_nothing(tmp_path: Path) -> None:
    with running_site(tmp_path, "--web-only") as site:
        address = site.wait_until_ready()
        before, guide = get(f"{address}/readyz"), get(f"{address}/guide/")
        with pytest.raises(urllib.error.HTTPError) as refused:
            post_link(address)
        with running("migrate", **site.variables) as migrating:
            assert migrating.wait() == 0
        after = get(f"{address}/readyz")

        assert before[0] == 503
        assert b'"migrations": false' in before[1]
        assert guide[0] == 200
        with refused.value as reply:
            assert (reply.status, json.load(reply)["code"]) == (503, "unavailable")
        assert after[0] == 200
        assert "/api/v1/portraits/" in post_link(address)


@on_postgresql
def test_connections_that_are_cut_come_back_by_themselves(tmp_path: Path) -> None:
    with running_site(tmp_path) as site:
        address = site.wait_until_ready()
        get(f"{address}/readyz")

        with psycopg.connect(site.variables["DATABASE_URL"], autocommit=True) as session:
            session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

        assert eventually(lambda: get(f"{address}/readyz")[0] == 200)
        portrait = f"{address}{urlsplit(post_link(address)).path}"
        assert eventually(lambda: b'"failed"' in get(portrait)[1])


def post_link(address: str) -> str:
    """What the API says is the address of a new portrait, whose link leads nowhere."""
    request = urllib.request.Request(
        f"{address}/api/v1/portraits",
        b'{"image_url": "http://127.0.0.1/x.jpg"}',
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        return str(json.load(reply)["url"])


# The disk and the storage


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of one megabyte that holds the photos."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only where a disk can be mounted")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)  # noqa: S607


def fill(disk: Path) -> Path:
    """Leaves no room but for the names of files."""
    rubbish = disk / "rubbish"
    with rubbish.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return rubbish


def test_full_disk_is_told_and_leaves_no_part_of_a_photo(visitor: Client, small_disk: Path) -> None:
    rubbish = fill(small_disk)

    form, api, ready = send(visitor), send_to_api(visitor), visitor.get("/readyz")

    assert (form.status_code, api.status_code, ready.status_code) == (503, 503, 503)
    assert "That was us, not your photo" in form.content.decode()
    assert ready.json()["photos"] is False
    assert files(small_disk) == [rubbish]
    assert Portrait.objects.count() == 0
    rubbish.unlink()
    assert visitor.get("/readyz").status_code == 200
    assert send(visitor).status_code == 303


def test_disk_that_is_nearly_full_turns_readyz_red(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))

    reply = visitor.get("/readyz")

    assert (reply.status_code, reply.json()["disk"]) == (503, False)


@pytest.fixture
def store_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    store = S3Storage(
        bucket_name="photos",
        access_key="a",
        secret_key="s",
        endpoint_url="http://127.0.0.1:1",
        client_config=Config(retries={"max_attempts": 0}, connect_timeout=1),
    )
    monkeypatch.setattr(default_storage, "_wrapped", store)


def test_object_store_that_is_away_is_told_and_costs_no_portrait(
    visitor: Client, store_that_is_away: None
) -> None:
    session = visitor.session
    session["visitor"] = "one"
    session.save()
    portrait = make_portrait(
        owner="visitor:one", state=State.ACCEPTED, photo=b"", thumbnail="photos/t.jpg"
    )

    replies = [
        send(visitor),
        send_to_api(visitor),
        visitor.get(f"/portraits/{portrait.pk}/thumbnail.jpg"),
        visitor.post(f"/portraits/{portrait.pk}/delete/"),
    ]

    assert [reply.status_code for reply in replies] == [503] * 4
    portrait.refresh_from_db()
    assert portrait.deleted_at is None  # so that deleting can be tried again
    assert Portrait.objects.count() == 1


# The decoder


def test_busy_decoder_is_told_soon(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    assert intake.LIMITS.queue_seconds <= 8
    monkeypatch.setattr(intake, "LIMITS", replace(intake.LIMITS, queue_seconds=0.05))

    with decoder._turn:
        form, api = send(visitor), send_to_api(visitor)

    assert (form.status_code, api.status_code) == (503, 503)
    assert form.headers["Retry-After"] == api.headers["Retry-After"] == "30"
    assert "Try again in a moment." in form.content.decode()
    assert files(folder) == []


# Chores


def test_chores_in_the_database_are_done_while_the_store_is_away(store_that_is_away: None) -> None:
    portrait = make_portrait(photo=b"", thumbnail="photos/t.jpg", address_mark="0123")
    Portrait.objects.update(created="2020-01-01T00:00:00Z")

    with pytest.raises(EndpointConnectionError):
        call_command("prune", verbosity=0)

    portrait.refresh_from_db()
    assert (portrait.deleted_at, portrait.address_mark) == (None, "")


# The service


def test_photo_the_service_could_not_fetch_gets_a_fresh_address(
    service: StandIn, judged: Callable[[Portrait], Portrait]
) -> None:
    with time_machine.travel("2026-11-20 12:00:00Z") as clock:
        service.script(steps.failed("InvalidURL.Timeout"))
        portrait = judged(make_portrait())
        waiting = portrait.state
        clock.shift(60)
        portrait = judged(portrait)

    first, second = (call.payload["input"]["image_url"] for call in service.calls)
    assert (waiting, portrait.state) == (State.WAITING, State.ACCEPTED)
    assert first != second
    assert len(service.paid_calls) == 1
