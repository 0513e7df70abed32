"""Frames of an open camera: answered in words by way of a program of its own, and kept nowhere."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from emojicheck.hints import line
from emojicheck.hints.turns import Turns
from emojicheck.models import Portrait
from emojicheck.views import posing
from tests import portraits
from tests.hinting import HintsProgram, frame, hints_program
from tests.pictures import make_picture


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posing, "VISITORS", Turns(a_second=1000, ahead=1000))
    monkeypatch.setattr(posing, "ADDRESSES", Turns(a_second=1000, ahead=1000))


@pytest.fixture(scope="module")
def _program() -> Iterator[HintsProgram]:
    with hints_program() as running:
        running.wake()
        yield running


@pytest.fixture
def program(_program: HintsProgram, monkeypatch: pytest.MonkeyPatch) -> Iterator[HintsProgram]:
    """Awake, asked by this test, and given time: a busy machine is not what it asks about."""
    monkeypatch.setattr(line, "ANSWER_SECONDS", 30.0)
    line.open_line(_program.ours)
    yield _program
    line.open_line(None)


def ask(client: Client, body: bytes, *, path: str = "/hints/", **headers: str) -> Any:
    kind = "image/jpeg"
    return client.post(path, body, content_type=kind, headers=headers, CONTENT_TYPE=kind)


def failed(reply: Any) -> list[str]:
    return [hint["id"] for hint in reply.json()["hints"] if hint["passed"] is False]


def test_somebody_who_poses_well_is_told_so(program: HintsProgram, client: Client) -> None:
    reply = ask(client, frame(portraits.portrait()))

    told = reply.json()
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == "application/json"
    assert "no-store" in reply.headers["Cache-Control"]
    assert set(told) == {"hints", "say", "ready", "roll", "again_ms"}
    assert (told["say"], told["ready"], told["again_ms"]) == ("Good. Hold still.", True, 500)
    assert 2 < told["roll"] < 5
    assert {hint["passed"] for hint in told["hints"]} == {True}


@pytest.mark.parametrize(
    ("pixels", "fault", "say"),
    [
        (portraits.nobody, "face", "Come into the picture"),
        (portraits.two_people, "face", "Be alone in the picture"),
        (portraits.far_away, "place", "A little closer"),
        (portraits.too_close, "place", "A little further away"),
        (portraits.dark, "light", "More light on the face"),
        (portraits.masked, "free", "Show the whole face: nothing over it"),
    ],
)
def test_what_to_change_is_said(
    program: HintsProgram, client: Client, pixels: Any, fault: str, say: str
) -> None:
    reply = ask(client, frame(pixels()))

    assert failed(reply)[0] == fault
    assert (reply.json()["say"], reply.json()["ready"]) == (say, False)


def test_a_tilt_is_told_with_its_degrees(program: HintsProgram, client: Client) -> None:
    told = ask(client, frame(portraits.tilted(25))).json()

    [level] = [hint for hint in told["hints"] if hint["id"] == "level"]
    assert not level["passed"]
    assert re.fullmatch(r"Hold the head level, 2\d°", level["text"])
    assert 20 < told["roll"] < 35


def test_it_is_told_in_the_visitors_language(program: HintsProgram, client: Client) -> None:
    reply = ask(client, frame(portraits.nobody()), **{"accept-language": "zh-CN"})

    assert reply.json()["say"] == "请进入画面"


def test_whoever_holds_the_camera_is_told_what_to_do_with_it(
    program: HintsProgram, client: Client
) -> None:
    reply = ask(client, frame(), path="/hints/?camera=back")

    assert reply.json()["say"] == "Point the camera a little higher"


@pytest.mark.django_db
def test_nothing_is_kept_and_the_database_is_not_asked(
    program: HintsProgram, client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    session = client.session
    session["visitor"] = "one"
    session.save()
    before = sorted(Path(settings.DATA_DIR).rglob("*"))

    with django_assert_num_queries(0):
        reply = ask(client, frame())

    assert reply.status_code == 200
    assert "Set-Cookie" not in reply.headers
    assert not reply.cookies
    assert Portrait.objects.count() == 0
    assert sorted(Path(settings.DATA_DIR).rglob("*")) == before


# What is no frame


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "There is no frame in this request."),
        (b"x", 415, "This is not a JPEG."),
        (make_picture(file_format="PNG"), 415, "This is not a JPEG."),
        (b"\xff\xd8" + b"0" * 65536, 413, "A frame may have at most 64 KB."),
        (frame(side=480)[:900], 415, "This is not a JPEG."),
        (frame(side=40), 422, "A frame has sides of 64 to 480 pixels."),
        (frame(side=500), 422, "A frame has sides of 64 to 480 pixels."),
    ],
    ids=["empty", "letter", "png", "heavy", "cut", "small", "large"],
)
def test_anything_else_is_refused_in_words(
    client: Client, body: bytes, status: int, words: str
) -> None:
    reply = ask(client, body)

    assert reply.status_code == status
    assert reply.json()["problem"].startswith(words)
    assert reply.json()["again_ms"] >= 500


def test_a_frame_under_another_name_is_refused(client: Client) -> None:
    reply = client.post("/hints/", frame(), content_type="image/png")

    assert reply.status_code == 415


def test_what_only_looks_like_a_jpeg_is_refused(program: HintsProgram, client: Client) -> None:
    whole = frame()
    hollow = whole[: whole.index(b"\xff\xda")] + b"\xff\xd9"

    reply = ask(client, hollow)

    assert reply.status_code == 415
    assert ask(client, whole).status_code == 200


def test_the_address_takes_nothing_but_frames(client: Client) -> None:
    assert client.get("/hints/").status_code == 405


@pytest.mark.django_db
def test_another_site_cannot_have_a_visitors_camera_judged() -> None:
    assert ask(Client(enforce_csrf_checks=True), frame()).status_code == 403


# How much


def test_more_than_two_a_second_are_told_when_to_come_back(
    program: HintsProgram, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posing, "VISITORS", Turns(a_second=2, ahead=2, clock=lambda: 100.0))

    replies = [ask(client, frame()) for _ in range(4)]

    assert [reply.status_code for reply in replies] == [200, 200, 429, 429]
    assert replies[2].json()["again_ms"] == 500
    assert replies[2].headers["Retry-After"] == "1"


def test_many_cookies_behind_one_address_share_what_it_has(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posing, "ADDRESSES", Turns(a_second=8, ahead=8, clock=lambda: 100.0))
    statuses = []

    for number in range(10):
        client.cookies["csrftoken"] = f"visitor{number}"
        statuses.append(ask(client, b"x").status_code)

    assert statuses == [415] * 8 + [429] * 2


def test_switched_off_means_switched_off(client: Client, settings: Any) -> None:
    settings.LIVE_HINTS = False

    reply = ask(client, frame())

    assert (reply.status_code, reply.json()["problem"]) == (503, "Hints are switched off here.")


@pytest.mark.django_db
def test_switched_off_leaves_the_page_without_them(client: Client, settings: Any) -> None:
    on = client.get("/camera/").content.decode()
    settings.LIVE_HINTS = False
    off = client.get("/camera/").content.decode()

    assert "small frames" in on
    assert "/hints/" in on
    for word in ("small frames", "/hints/", "pose", "data-auto"):
        assert word not in off


@pytest.mark.django_db
@pytest.mark.parametrize("switch", [True, False])
def test_the_privacy_page_speaks_of_frames_while_there_are_any(
    client: Client,
    settings: Any,
    switch: bool,  # noqa: FBT001
) -> None:
    settings.LIVE_HINTS = switch

    page = client.get("/privacy/").content.decode()

    assert ("small frames from the camera are looked at on this machine" in page) is switch


# When the program is not there


def test_without_the_program_visitors_are_told_to_do_without(client: Client) -> None:
    reply = ask(client, frame())

    assert reply.status_code == 503
    assert reply.json() == {"problem": "There are no hints just now.", "again_ms": 3000}


def test_a_killed_program_is_missed_for_two_seconds_at_most_and_found_again(client: Client) -> None:
    with hints_program() as own:
        own.wake()
        own.kill()

        began = time.monotonic()
        missed = ask(client, frame())
        took = time.monotonic() - began
        at_once = time.monotonic()
        again = ask(client, frame())

        assert (missed.status_code, again.status_code) == (503, 503)
        assert took < 4
        assert time.monotonic() - at_once < 0.5
        own.start()
        own.wake()
        assert ask(client, frame()).status_code == 200


def test_a_program_that_is_busy_is_told_from_one_that_is_away(client: Client) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.open_line(ours)
    replies: list[Any] = []
    first = threading.Thread(target=lambda: replies.append(ask(Client(), frame())))
    try:
        first.start()
        theirs.recv(70_000)  # it has been asked, and does not answer

        second = ask(client, frame())

        first.join()
    finally:
        line.open_line(None)
        ours.close()
        theirs.close()
    assert (second.status_code, second.json()["problem"]) == (503, "Many people pose just now.")
    assert replies[0].json()["problem"] == "There are no hints just now."


@pytest.mark.parametrize(
    "nonsense", [b"", b"{}", b"[]", b"\xff", b'{"rules": [1]}', b'{"rules": ' + b"[" * 9000]
)
def test_a_program_that_talks_nonsense_is_away(client: Client, nonsense: bytes) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.open_line(ours)

    def answer() -> None:
        theirs.send(theirs.recv(70_000)[:8] + nonsense)

    helper = threading.Thread(target=answer)
    try:
        helper.start()
        reply = ask(client, frame())
        helper.join()
    finally:
        line.open_line(None)
        ours.close()
        theirs.close()

    assert reply.status_code == 503
