"""Whatever one visitor presses, and how often: nothing is paid for that was not asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from emojicheck import judging
from emojicheck.models import Portrait, State
from tests.factories import make_photo
from tests.standin import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

PRESSES = 40


class Presser:
    """One visitor with one photo, who presses everything there is."""

    def __init__(self, client: Client, *, chance: random.Random | None = None) -> None:
        self.client = client
        self.chance = chance or random.Random(0)
        self.wishes = 0
        """How often an answer was asked for although one was known."""
        self.stale: list[str] = []

    def upload(self) -> Any:
        return SimpleUploadedFile("me.jpg", make_photo())

    def send(self) -> None:
        key = self.chance.choice(["one", "two", self.chance.randbytes(8).hex()])
        self.client.post("/", {"photo": self.upload(), "idempotency_key": key})

    def send_by_program(self) -> None:
        self.client.post("/api/v1/portraits", {"photo": self.upload()})

    def ask(self) -> None:
        portrait = self.any_of(verdict__isnull=False)
        if portrait is None:
            return
        self.wishes += 1
        self.stale.append(str(portrait.verdict_id))
        self.press(portrait, "ask", verdict=str(portrait.verdict_id))

    def ask_from_an_old_page(self) -> None:
        portrait = self.any_of()
        current = {str(pk) for pk in Portrait.objects.values_list("verdict", flat=True)}
        for verdict in set(self.stale) - current:
            self.press(portrait, "ask", verdict=verdict)

    def retry(self) -> None:
        self.press(self.any_of(), "retry")

    def delete(self) -> None:
        self.press(self.any_of(), "delete")

    def wait(self) -> None:
        Portrait.objects.filter(state=State.WAITING).update(next_try_at=timezone.now())
        for pk in list(Portrait.objects.due().values_list("pk", flat=True)):
            judging.judge(pk)

    def any_of(self, **which: Any) -> Portrait | None:
        owned = Portrait.objects.filter(owner__startswith="visitor:", deleted_at=None, **which)
        found = list(owned.order_by("created"))
        return self.chance.choice(found) if found else None

    def press(self, portrait: Portrait | None, button: str, **fields: str) -> None:
        if portrait:
            self.client.post(f"/portraits/{portrait.pk}/{button}/", fields)


@pytest.mark.parametrize("seed", range(8))
def test_row_52_no_sequence_of_presses_pays_more_than_was_asked_for(
    service: StandIn, client: Client, seed: int
) -> None:
    chance = random.Random(seed)
    visitor = Presser(client, chance=chance)
    ways: list[Callable[[], None]] = [
        *(visitor.send, visitor.send_by_program, visitor.ask, visitor.ask_from_an_old_page),
        *(visitor.retry, visitor.delete, visitor.wait, visitor.wait),
    ]

    visitor.send()
    for way in chance.choices(ways, k=PRESSES):
        way()
    visitor.wait()

    assert 1 <= len(service.paid_calls) <= 1 + visitor.wishes
    assert {portrait.state for portrait in Portrait.objects.filter(deleted_at=None)} <= {
        State.ACCEPTED,
        State.REJECTED,
    }


@pytest.mark.parametrize("button", ["ask", "retry", "delete"])
def test_row_52_twenty_presses_of_one_button_at_once_are_one(
    service: StandIn, client: Client, button: str
) -> None:
    visitor = Presser(client)
    visitor.send()
    visitor.wait()
    portrait = Portrait.objects.get()
    if button == "retry":
        Portrait.objects.update(state=State.FAILED, verdict=None, trouble=Portrait.Trouble.SERVICE)

    def press(_: int) -> int:
        try:
            own = Client()
            own.cookies.load({"sessionid": client.cookies["sessionid"].value})
            fields = {"verdict": str(portrait.verdict_id)}
            return own.post(f"/portraits/{portrait.pk}/{button}/", fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = set(pool.map(press, range(20)))
    visitor.wait()

    assert statuses <= {303, 404}
    assert len(service.paid_calls) == (2 if button == "ask" else 1)
