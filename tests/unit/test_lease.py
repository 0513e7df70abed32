"""Who may judge a portrait."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from emojicheck.lease import Lease, LeaseLost
from emojicheck.models import Portrait, State
from tests.factories import make_portrait

pytestmark = pytest.mark.django_db


def test_lease_of_a_waiting_portrait_is_granted_once() -> None:
    portrait = make_portrait()

    first, second = Lease(portrait.pk).take(), Lease(portrait.pk).take()

    assert first is not None
    assert (first.state, first.attempt) == (State.JUDGING, 1)
    assert second is None


def test_lease_is_refused_before_the_portrait_is_due() -> None:
    portrait = make_portrait(next_try_at=timezone.now() + timedelta(minutes=1))

    assert Lease(portrait.pk).take() is None


@pytest.mark.parametrize("state", [State.ACCEPTED, State.REJECTED, State.FAILED])
def test_lease_of_a_settled_portrait_is_refused(state: str) -> None:
    portrait = make_portrait(state=state)

    assert Lease(portrait.pk).take() is None


def test_lease_of_a_deleted_portrait_is_refused() -> None:
    portrait = make_portrait(deleted_at=timezone.now())

    assert Lease(portrait.pk).take() is None


def test_lease_left_behind_by_a_dead_worker_is_granted_to_another() -> None:
    portrait = make_portrait(state=State.JUDGING, lease_until=timezone.now() - timedelta(seconds=1))

    taken = Lease(portrait.pk).take()

    assert taken is not None
    assert taken.attempt == 2


def test_write_after_somebody_else_took_over_is_refused_and_changes_nothing() -> None:
    portrait = make_portrait()
    slow, quick = Lease(portrait.pk), Lease(portrait.pk)
    slow.take()
    Portrait.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    quick.take()

    with pytest.raises(LeaseLost):
        slow.release(state=State.FAILED, trouble=Portrait.Trouble.OURS)

    portrait.refresh_from_db()
    assert (portrait.state, portrait.lease_owner) == (State.JUDGING, quick.owner)


def test_give_back_costs_no_attempt() -> None:
    portrait = make_portrait()
    lease = Lease(portrait.pk)
    lease.take()
    later = timezone.now() + timedelta(seconds=5)

    lease.give_back(at=later)

    portrait.refresh_from_db()
    assert (portrait.state, portrait.attempt, portrait.next_try_at) == (State.WAITING, 0, later)


@pytest.mark.django_db(transaction=True)
def test_kept_lease_is_extended_while_the_work_goes_on(settings: object) -> None:
    settings.LEASE_SECONDS = 0.3  # type: ignore[attr-defined]
    portrait = make_portrait()
    lease = Lease(portrait.pk)
    taken = lease.take()
    assert taken is not None
    assert taken.lease_until is not None

    with lease.kept():
        time.sleep(0.5)

    portrait.refresh_from_db()
    assert portrait.lease_until is not None
    assert portrait.lease_until > taken.lease_until
    assert Lease(portrait.pk).take() is None


@pytest.mark.django_db(transaction=True)
def test_kept_lease_survives_a_database_hiccup(settings: Any, monkeypatch: Any) -> None:
    settings.LEASE_SECONDS = 0.4
    portrait = make_portrait()
    lease = Lease(portrait.pk)
    lease.take()
    renew, failures = lease.renew, [OperationalError("the database restarts")]

    def hiccup() -> None:
        if failures:
            raise failures.pop()
        renew()

    monkeypatch.setattr(lease, "renew", hiccup)
    with lease.kept():
        time.sleep(0.7)

    assert Lease(portrait.pk).take() is None
