"""Guessing passwords is slow, and nobody can lock the operator out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from emojicheck.views.logins import client_address
from tests.factories import make_portrait

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
STRANGER, OPERATOR = "203.0.113.9", "198.51.100.7"


@pytest.fixture(autouse=True)
def operator() -> User:
    return User.objects.create_superuser("operator", password=PASSWORD)


def log_in(password: str = PASSWORD, *, address: str = OPERATOR, name: str = "operator") -> Any:
    fields = {"username": name, "password": password, "next": "/admin/"}
    return Client().post("/admin/login/", fields, REMOTE_ADDR=address)


def guess(times: int, **who: str) -> list[int]:
    return [log_in(f"guess {number}", **who).status_code for number in range(times)]


def test_five_wrong_guesses_lock_name_and_address() -> None:
    statuses = guess(6, address=STRANGER)

    reply = log_in(address=STRANGER)

    assert statuses == [200, 200, 200, 200, 429, 429]
    assert reply.status_code == 429
    assert reply.headers["Retry-After"] == "900"
    assert "Too many tries to log in. Try again in 15 min." in reply.content.decode()


def test_stranger_cannot_lock_the_operator_out() -> None:
    guess(20, address=STRANGER)

    assert log_in(address=OPERATOR).status_code == 302


def test_other_address_in_a_header_does_not_help() -> None:
    for number in range(6):
        Client().post(
            "/admin/login/",
            {"username": "operator", "password": "guess"},
            REMOTE_ADDR=STRANGER,
            headers={"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"},
        )

    assert log_in(address=STRANGER).status_code == 429


def test_ipv6_household_is_one_address() -> None:
    for number in range(5):
        guess(1, address=f"2001:db8:1:2::{number}")

    assert log_in(address="2001:db8:1:2:ffff::1").status_code == 429
    assert log_in(address="2001:db8:1:3::1").status_code == 302


def test_lock_opens_after_a_quarter_of_an_hour() -> None:
    guess(5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))

    assert log_in().status_code == 302


@pytest.mark.parametrize(
    "command", [["axes_reset_username", "operator"], ["axes_reset"]], ids=lambda words: words[0]
)
def test_operator_can_be_let_in_from_the_shell(command: list[str]) -> None:
    guess(5)

    call_command(*command, verbosity=0)

    assert log_in().status_code == 302


def test_right_password_forgets_wrong_ones() -> None:
    guess(4)
    log_in()

    assert guess(4) == [200] * 4


def test_failed_tries_are_forgotten_after_a_day() -> None:
    guess(1)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(hours=25))
    guess(1, address=STRANGER)

    call_command("prune", verbosity=0)

    assert list(AccessAttempt.objects.values_list("ip_address", flat=True)) == [STRANGER]


@pytest.mark.parametrize("address", ["", "unix:"])
def test_server_without_addresses_still_lets_people_in(address: str) -> None:
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=address)) is None
    assert log_in(address=address).status_code == 302


def test_session_gets_another_key_at_login_and_keeps_its_portraits(client: Client) -> None:
    session = client.session
    session["visitor"] = "one"
    session.save()
    before = client.cookies["sessionid"].value
    portrait = make_portrait(owner="visitor:one")

    client.post("/admin/login/", {"username": "operator", "password": PASSWORD})

    assert client.cookies["sessionid"].value != before
    assert client.get(portrait.get_absolute_url()).status_code == 200


def test_nothing_is_left_after_logging_out(client: Client) -> None:
    client.post("/admin/login/", {"username": "operator", "password": PASSWORD})
    portrait = make_portrait(owner="visitor:somebody")
    seen = client.get(portrait.get_absolute_url()).status_code

    client.post("/admin/logout/")

    assert seen == 200
    assert client.get(portrait.get_absolute_url()).status_code == 404
    assert client.get("/admin/").status_code == 302
