"""How much one visitor, one address and all together may ask, exactly, however many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from emojicheck import intake, ledger, limits
from emojicheck.limits import Limit, TooManySubmissions
from emojicheck.models import Bucket, Detection, Portrait, State
from emojicheck.pictures import DecoderUnavailable, FetchError, PictureError
from tests.factories import make_detection, make_photo, make_portrait

pytestmark = pytest.mark.django_db(transaction=True)

LINK = "https://example.com/me.jpg"


@pytest.fixture(autouse=True)
def quarter_past(settings: Any, tmp_path: Path) -> Iterator[time_machine.Traveller]:
    """Far from the end of any hour or day, and with files of our own."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel("2026-11-20 12:15:00Z", tick=True) as traveller:
        yield traveller


def submit(owner: str = "visitor:one", address: str = "198.51.100.7", **wishes: Any) -> Portrait:
    asked = {"source": "url", "model": "emoji-detect-v1", "ratio": "1:1", "image_url": LINK}
    return intake.receive(owner=owner, address=address, **(asked | wishes))


def counts() -> list[int]:
    """What the buckets hold, the visitor's before the address's."""
    return list(Bucket.objects.filter(slot__gt=0).order_by("id").values_list("taken", flat=True))


def at_once(work: Callable[[int], Any], *, times: int) -> list[Any]:
    """The results of so many calls made by many threads, without those turned away."""

    def attempt(number: int) -> Any:
        try:
            return work(number)
        except TooManySubmissions:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return [result for result in pool.map(attempt, range(times)) if result is not None]


# An hour


def test_visitor_who_sent_enough_is_told_when_to_return(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 2
    submit()
    submit(address="198.51.100.8")

    with pytest.raises(TooManySubmissions) as refused:
        submit(address="198.51.100.9")

    assert refused.value.limit == Limit.HOURLY
    assert 2690 <= refused.value.retry_after_seconds <= 2700
    assert submit(owner="visitor:two", address="198.51.100.9").state == State.WAITING


def test_next_hour_begins_anew(settings: Any, quarter_past: time_machine.Traveller) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    submit()

    quarter_past.shift(timedelta(minutes=45))

    assert submit().state == State.WAITING


def test_address_is_limited_whoever_it_claims_to_be(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 2

    taken = at_once(lambda number: submit(owner=f"visitor:{number}"), times=4)

    assert len(taken) == 2


@pytest.mark.parametrize(
    ("first", "second", "households"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", 1),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", 2),
        ("fe80::1%eth0", "fe80::2%eth1", 1),
        ("::ffff:198.51.100.7", "198.51.100.7", 1),
        ("198.51.100.7", "198.51.100.8", 2),
        ("a-name", "a-name", 1),
        ("a-name", "another", 2),
    ],
)
def test_addresses_of_one_household_are_one(first: str, second: str, households: int) -> None:
    assert len({limits.mark(first), limits.mark(second)}) == households


def test_address_itself_is_nowhere_to_be_found(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = settings.VISITOR_DAILY_BUDGET = 5

    submit()

    buckets = Bucket.objects.filter(slot__gt=0).order_by("id")
    [owner, address] = buckets.values_list("key", flat=True)
    assert Portrait.objects.get().address_mark == address == limits.mark("198.51.100.7")
    assert "198.51.100.7" not in address
    assert "visitor" not in owner


def test_unknown_address_leaves_the_visitors_own_limit(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    submit(address="")
    submit(owner="visitor:two", address="")

    with pytest.raises(TooManySubmissions):
        submit(address="")


def test_programs_without_a_secret_are_told_apart_by_their_addresses(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    submit(owner="api", address="198.51.100.1")
    submit(owner="api", address="198.51.100.2")

    with pytest.raises(TooManySubmissions):
        submit(owner="api", address="198.51.100.2")


def test_limit_is_exact_when_everybody_comes_at_once(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 20

    taken = at_once(lambda _: submit(), times=100)

    assert len(taken) == Portrait.objects.count() == 20
    assert counts() == [20, 20]


def test_refused_by_one_bucket_nothing_is_taken_from_the_other(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    submit(owner="visitor:one")

    with pytest.raises(TooManySubmissions):
        submit(owner="visitor:two")

    assert submit(owner="visitor:two", address="198.51.100.8").state == State.WAITING


@pytest.mark.parametrize("trouble", [DecoderUnavailable("busy"), OSError("disk full")])
def test_trouble_of_ours_is_not_counted(
    settings: Any, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1

    def broken(_photo: bytes, **_: Any) -> None:
        raise trouble

    monkeypatch.setattr(intake, "read_picture", broken)
    with pytest.raises(type(trouble)):
        submit(photo=make_photo())

    assert submit().state == State.WAITING


def test_malformed_link_is_not_counted(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    with pytest.raises(FetchError):
        submit(image_url="file:///etc/passwd")

    assert submit().state == State.WAITING


def test_refused_photo_is_counted(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    with pytest.raises(PictureError):
        submit(photo=b"not a photo")

    with pytest.raises(TooManySubmissions):
        submit()


def test_same_form_sent_twenty_times_is_counted_once(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 30

    taken = at_once(lambda _: submit(idempotency_key="k"), times=20)

    assert len(taken) == 20
    assert Portrait.objects.count() == 1
    assert counts() == [1, 1]


def test_without_a_limit_nothing_is_counted(settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 0

    submit()

    assert counts() == []


def test_asking_again_counts_and_is_refused_in_words(client: Client, settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    session = client.session
    session["visitor"] = "one"
    session.save()
    first, second = (
        make_portrait(state=State.FAILED, owner="visitor:one", attempt=5) for _ in range(2)
    )

    replies = [client.post(f"/portraits/{portrait.pk}/retry/") for portrait in (first, second)]

    assert [reply.status_code for reply in replies] == [303, 429]
    assert replies[1].headers["Retry-After"].isdigit()
    assert "That was a lot of photos for one hour. Try again in" in replies[1].content.decode()
    second.refresh_from_db()
    assert second.state == State.FAILED


def test_others_portraits_cost_nothing_to_ask_for(client: Client, settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    others = make_portrait(state=State.FAILED, owner="visitor:two")

    replies = [client.post(f"/portraits/{others.pk}/retry/") for _ in range(3)]

    assert [reply.status_code for reply in replies] == [404] * 3


# The line


def test_line_takes_exactly_as_many_as_may_wait(settings: Any) -> None:
    settings.MAX_WAITING = 5
    make_portrait(state=State.JUDGING)
    make_portrait(state=State.ACCEPTED)

    taken = at_once(lambda number: submit(owner=f"visitor:{number}"), times=30)

    assert len(taken) == 4
    assert Portrait.objects.filter(state=State.WAITING).count() == 4


def test_full_line_is_told_and_has_room_again_after_a_verdict(settings: Any) -> None:
    settings.MAX_WAITING = 1
    first = submit()

    with pytest.raises(TooManySubmissions) as refused:
        submit()
    first.erase()

    assert refused.value.limit == Limit.LINE
    assert refused.value.retry_after_seconds == 60
    assert submit().state == State.WAITING


def test_line_that_fills_meanwhile_leaves_no_file(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.MAX_WAITING = settings.SUBMISSIONS_PER_HOUR = 1
    read = intake.read_picture

    def read_slowly(photo: bytes, **_: Any) -> Any:
        make_portrait(photo=b"")
        return read(photo)

    monkeypatch.setattr(intake, "read_picture", read_slowly)
    with pytest.raises(TooManySubmissions):
        submit(photo=make_photo())

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert counts() == [0, 0]


def test_full_line_is_told_by_form_and_api_alike(client: Client, settings: Any) -> None:
    settings.MAX_WAITING = 1
    make_portrait()

    form = client.post("/", {"image_url": LINK})
    api = client.post("/api/v1/portraits", {"image_url": LINK}, content_type="application/json")

    words = "So many photos are waiting that we take no more just now. Try again in 1 min."
    assert (form.status_code, api.status_code) == (429, 429)
    assert words in form.content.decode()
    assert api.json()["code"] == "line_full"
    assert api.json()["message"] == words
    assert form.headers["Retry-After"] == api.headers["Retry-After"] == "60"


# The share of the day


@pytest.fixture
def paid(settings: Any) -> None:
    settings.DETECTOR = "dashscope"
    settings.DASHSCOPE_API_KEY = "sk-0"
    settings.VISITOR_DAILY_BUDGET = Decimal("0.008")


def spend(times: int, **fields: Any) -> None:
    for _ in range(times):
        make_detection(make_portrait(**fields), detector="dashscope")


@pytest.mark.usefixtures("paid")
def test_visitor_who_spent_the_days_share_is_told_to_come_tomorrow() -> None:
    spend(2, owner="visitor:one", state=State.FAILED)

    with pytest.raises(TooManySubmissions) as refused:
        submit()

    assert refused.value.limit == Limit.SHARE
    until_midnight = (11 * 60 + 45) * 60
    assert until_midnight - 10 <= refused.value.retry_after_seconds <= until_midnight
    assert submit(owner="visitor:two").state == State.WAITING


@pytest.mark.usefixtures("paid")
def test_share_is_of_the_address_too_but_only_of_today() -> None:
    mark = limits.mark("198.51.100.7")
    spend(1, owner="visitor:one", address_mark=mark, state=State.FAILED)
    spend(1, owner="visitor:two", address_mark=mark, state=State.FAILED)

    with pytest.raises(TooManySubmissions):
        submit(owner="visitor:three")
    Detection.objects.update(created=timezone.now() - timedelta(days=1))

    assert submit(owner="visitor:three").address_mark == mark


@pytest.mark.usefixtures("paid")
def test_share_is_not_asked_for_what_costs_nothing(settings: Any) -> None:
    spend(2, owner="visitor:one", state=State.FAILED)

    assert submit(source=Portrait.Source.SAMPLE, sample="ok").state == State.WAITING
    settings.DETECTOR = "local"
    assert submit().state == State.WAITING


@pytest.mark.usefixtures("paid")
def test_programs_without_a_secret_share_nothing_but_their_address() -> None:
    spend(2, owner="api", state=State.FAILED)

    assert submit(owner="api").state == State.WAITING
    assert submit(owner="api", address="").state == State.WAITING


@pytest.mark.usefixtures("paid")
def test_share_is_exact_when_many_workers_ask_at_once() -> None:
    portraits = [make_portrait(owner="visitor:one") for _ in range(8)]

    def claim(number: int) -> Detection | None:
        try:
            return ledger.claim(portraits[number])
        except ledger.ShareSpent:
            return None

    assert len(at_once(claim, times=8)) == 2


@pytest.mark.usefixtures("service")
def test_share_that_ends_in_the_line_is_told_on_the_page(
    client: Client, settings: Any, judged: Callable[[Portrait], Portrait]
) -> None:
    settings.VISITOR_DAILY_BUDGET = Decimal("0.004")
    session = client.session
    session["visitor"] = "one"
    session.save()
    spend(1, owner="visitor:one", state=State.ACCEPTED)

    portrait = judged(make_portrait(owner="visitor:one"))

    assert (portrait.state, portrait.trouble) == (State.FAILED, Portrait.Trouble.SHARE)
    page = client.get(portrait.get_absolute_url()).content.decode()
    assert "No more questions to the service for you today" in page


@pytest.mark.parametrize("budget", ["DAILY_BUDGET", "VISITOR_DAILY_BUDGET"])
@pytest.mark.usefixtures("paid")
def test_budgets_hold_across_models_at_once(settings: Any, budget: str) -> None:
    settings.VISITOR_DAILY_BUDGET = Decimal(0)
    setattr(settings, budget, Decimal("0.012"))
    models = ["emoji-detect-v1", "emo-detect-v1"]
    portraits = [make_portrait(owner="visitor:one", model=models[n % 2]) for n in range(10)]

    def claim(number: int) -> Detection | None:
        try:
            return ledger.claim(portraits[number])
        except (ledger.BudgetSpent, ledger.ShareSpent):
            return None

    assert len(at_once(claim, times=10)) == 3


# Forgetting


def test_prune_forgets_hours_that_are_over_and_addresses_of_yesterday(
    settings: Any, quarter_past: time_machine.Traveller
) -> None:
    settings.SUBMISSIONS_PER_HOUR = settings.VISITOR_DAILY_BUDGET = 5
    submit()
    quarter_past.shift(timedelta(days=1, minutes=1))
    submit()

    call_command("prune", verbosity=0)

    assert counts() == [1, 1]
    marks = Portrait.objects.order_by("created").values_list("address_mark", flat=True)
    assert list(marks) == ["", limits.mark("198.51.100.7")]
