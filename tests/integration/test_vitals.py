"""What monitors get to know, and who may ask."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from emojicheck import vitals
from emojicheck.models import Gate, Heartbeat, State
from tests.factories import make_detection, make_portrait

pytestmark = pytest.mark.django_db

ELSEWHERE = "203.0.113.9"


def numbers(client: Client) -> dict[str, float]:
    lines = client.get("/metrics").content.decode().splitlines()
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    }


def overdue(**ago: float) -> None:
    make_portrait(next_try_at=timezone.now() - timedelta(**ago))


def test_metrics_tell_states_calls_money_and_stops(client: Client) -> None:
    make_portrait(state=State.REJECTED)
    make_detection(make_portrait(state=State.ACCEPTED), detector="dashscope")
    make_detection(make_portrait(), detector="dashscope", outcome="failed", error_kind="busy")
    Gate.objects.create(model="emo-detect-v1", open_until=timezone.now() + timedelta(minutes=1))
    Gate.objects.create(model="emoji-detect-v1")
    make_portrait().erase()

    told = numbers(client)

    assert told['emojicheck_portraits{state="rejected"}'] == 1
    assert told['emojicheck_portraits{state="failed"}'] == 0
    assert told['emojicheck_portraits{state="deleted"}'] == 1
    call = 'detector="dashscope",model="emoji-detect-v1"'
    assert told[f'emojicheck_detections_total{{{call},outcome="failed",error_kind="busy"}}'] == 1
    assert told[f'emojicheck_detections_total{{{call},outcome="accepted",error_kind=""}}'] == 1
    assert told["emojicheck_spent_yuan_total{}"] == told["emojicheck_spent_today_yuan{}"] == 0.004
    assert told['emojicheck_stopped{model="emo-detect-v1"}'] == 1
    assert told['emojicheck_stopped{model="emoji-detect-v1"}'] == 0
    assert told["emojicheck_disk_free_bytes{}"] > 0


def test_metrics_are_in_the_format_that_prometheus_reads(client: Client) -> None:
    reply = client.get("/metrics")

    sample = r'emojicheck_\w+\{(\w+="[^"\n]*"(,\w+="[^"\n]*")*)?\} [0-9.e+-]+'
    line = re.compile(rf"# (HELP|TYPE) \w+ .+|{sample}")
    lines = reply.content.decode().split("\n")
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert lines.pop() == ""
    assert [text for text in lines if not line.fullmatch(text)] == []


def test_overdue_is_how_long_the_oldest_could_have_been_judged(client: Client) -> None:
    overdue(minutes=1)
    overdue(minutes=5)
    make_portrait(next_try_at=timezone.now() + timedelta(minutes=9))
    lost = make_portrait(state=State.JUDGING)
    lost.lease_until = timezone.now() - timedelta(minutes=3)
    lost.save()

    told = numbers(client)["emojicheck_overdue_seconds{}"]
    ready = client.get("/readyz")

    assert told == pytest.approx(300, abs=5)
    assert ready.json()["overdue_seconds"] == pytest.approx(300, abs=5)
    assert ready.status_code == 200


def test_workers_are_counted_for_as_long_as_they_give_signs_of_life(
    client: Client, settings: Any
) -> None:
    now = timezone.now()
    vitals.beat("one")
    vitals.beat("one")
    vitals.beat("two")
    Heartbeat.objects.create(worker="silent", at=now - timedelta(seconds=31))
    Heartbeat.objects.create(worker="from the future", at=now + timedelta(hours=1))

    counted = [numbers(client)["emojicheck_workers{}"], client.get("/readyz").json()["workers"]]
    settings.SWEEP_SECONDS = 60  # workers say so less often
    patiently = vitals.living_workers()
    vitals.forget("two")

    assert (counted, patiently, vitals.living_workers()) == ([2, 2], 3, 2)


def test_nothing_overdue_is_nothing(client: Client) -> None:
    assert numbers(client)["emojicheck_overdue_seconds{}"] == 0


def test_stopped_calls_are_told_but_the_site_stays_ready(client: Client) -> None:
    Gate.objects.create(model="emo-detect-v1", open_until=timezone.now() + timedelta(minutes=1))

    reply = client.get("/readyz")

    assert (reply.status_code, reply.json()["stopped"]) == (200, ["emo-detect-v1"])


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.8.8.8"])
def test_metrics_are_for_this_machine(client: Client, address: str) -> None:
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize("address", [ELSEWHERE, "2001:db8::1", "", "unix"])
def test_metrics_are_for_nobody_else(client: Client, address: str) -> None:
    reply = client.get("/metrics", REMOTE_ADDR=address)

    assert (reply.status_code, reply.content) == (403, b"See METRICS_TOKEN.\n")


def test_on_a_public_site_being_near_is_not_enough(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://emojicheck.example.com"

    assert client.get("/metrics").status_code == 403


@pytest.mark.parametrize(
    ("shown", "status"), [("Bearer right", 200), ("Bearer wrong", 403), ("right", 200), ("", 403)]
)
def test_token_opens_the_metrics_from_anywhere(
    client: Client, settings: Any, shown: str, status: int
) -> None:
    settings.METRICS_TOKEN = "right"

    reply = client.get("/metrics", REMOTE_ADDR=ELSEWHERE, headers={"Authorization": shown})

    assert reply.status_code == status


def test_without_a_token_an_empty_one_opens_nothing(client: Client) -> None:
    reply = client.get("/metrics", REMOTE_ADDR=ELSEWHERE, headers={"Authorization": "Bearer "})

    assert reply.status_code == 403


def test_staff_who_may_see_portraits_may_see_metrics(client: Client) -> None:
    staff = User.objects.create_user("staff", is_staff=True)
    client.force_login(staff)
    before = client.get("/metrics", REMOTE_ADDR=ELSEWHERE).status_code
    staff.user_permissions.add(Permission.objects.get(codename="view_portrait"))

    after = client.get("/metrics", REMOTE_ADDR=ELSEWHERE).status_code

    assert (before, after) == (403, 200)
