"""How much one visitor, one address, and all together may ask of the site.

Counts live in the database, shared by all processes on all machines, and are exact there: two
requests at the same instant never both get the last place.
"""

from __future__ import annotations

import contextlib
import ipaddress
import time
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from . import pacing
from .models import Bucket, Portrait, State
from .pictures import PictureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOUR_SECONDS = 3600
IPV6_PREFIX = 64
"""What one household or server gets; whoever has one address there has all of them."""
LINE_PAUSE_SECONDS = 60
ANYBODY = "api"
"""The owner shared by all programs that keep no secret: known by their addresses alone."""


class Limit(StrEnum):
    """Which limit was reached: a closed list."""

    HOURLY = "too_many"
    """SUBMISSIONS_PER_HOUR, of the visitor or of the address."""
    SHARE = "share_spent"
    """VISITOR_DAILY_BUDGET, of the visitor or of the address."""
    LINE = "line_full"
    """MAX_WAITING: portraits of everybody that have no verdict yet."""


class TooManySubmissions(Exception):
    """A limit was reached; says which, and when to come back."""

    def __init__(self, limit: Limit, retry_after_seconds: int) -> None:
        super().__init__(f"{limit}: retry after {retry_after_seconds} s")
        self.limit = limit
        self.retry_after_seconds = retry_after_seconds


@contextmanager
def admitted(*, owner: str, address: str, may_cost: bool) -> Iterator[None]:
    """One submission, if the limits allow it; raises TooManySubmissions if they do not.

    It counts when the block ends well, and when it ends in a PictureError: looking at the photo
    is what costs us. Any other end, such as trouble of ours, does not count.
    """
    check_line()
    if may_cost and share_is_spent(owner=owner, address_mark=mark(address)):
        raise TooManySubmissions(Limit.SHARE, pacing.seconds_until_midnight())
    hour = int(time.time()) // HOUR_SECONDS
    keys = _keys(owner, address) if settings.SUBMISSIONS_PER_HOUR else []
    _take(keys, hour)
    try:
        yield
    except PictureError:
        raise
    except BaseException:
        with contextlib.suppress(DatabaseError):  # the first error is the one to tell
            Bucket.objects.filter(key__in=keys, slot=hour).update(taken=F("taken") - 1)
        raise


def check_line() -> None:
    """Raise TooManySubmissions while as many portraits wait as may.

    Exact only between `hold_line` and the end of the transaction that adds one.
    """
    if not settings.MAX_WAITING:
        return
    unsettled = Portrait.objects.filter(
        state__in=[State.WAITING, State.JUDGING], deleted_at=None
    ).count()
    if unsettled >= settings.MAX_WAITING:
        raise TooManySubmissions(Limit.LINE, LINE_PAUSE_SECONDS)


def hold_line() -> None:
    """Until the end of this transaction nobody else adds a portrait; then check the line."""
    if settings.MAX_WAITING:
        Bucket.objects.hold("line")
        check_line()


def share_is_spent(*, owner: str, address_mark: str) -> bool:
    """Whether one more paid call today would exceed VISITOR_DAILY_BUDGET for this visitor.

    What others spent from the same address counts too: a visitor is quick to become another one.
    """
    if not settings.VISITOR_DAILY_BUDGET:
        return False
    theirs = [Q(portrait__owner=owner)] if owner and owner != ANYBODY else []
    if address_mark:
        theirs.append(Q(portrait__address_mark=address_mark))
    if not theirs:
        return False
    either = theirs[0] | theirs[-1]
    spent = pacing.spent_today(either)
    return bool(spent + settings.PRICE_PER_IMAGE > settings.VISITOR_DAILY_BUDGET)


def mark(address: str) -> str:
    """What to remember of an address: enough to know it again, but not to tell what it was."""
    return _fingerprint("address", household(address)) if address else ""


def household(address: str) -> str:
    """An IPv4 address, or the first of the /64 around an IPv6 one; anything else as it is."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(number, ipaddress.IPv4Address):
        return str(number)
    if number.ipv4_mapped:
        return str(number.ipv4_mapped)
    return str(ipaddress.IPv6Network((number, IPV6_PREFIX), strict=False).network_address)


def _take(keys: Sequence[str], hour: int) -> None:
    """One from each bucket, or from none."""
    limit = settings.SUBMISSIONS_PER_HOUR
    with transaction.atomic():
        for key in keys:
            Bucket.objects.bulk_create([Bucket(key=key, slot=hour)], ignore_conflicts=True)
            free = Bucket.objects.filter(key=key, slot=hour, taken__lt=limit)
            if not free.update(taken=F("taken") + 1):
                seconds = (hour + 1) * HOUR_SECONDS - time.time()
                raise TooManySubmissions(Limit.HOURLY, max(1, round(seconds)))


def _keys(owner: str, address: str) -> list[str]:
    """The buckets, always in this order: two requests must not wait for each other."""
    keys = [_fingerprint("owner", owner)] if owner != ANYBODY else []
    return [*keys, mark(address)] if address else keys


def _fingerprint(kind: str, value: str) -> str:
    return salted_hmac(f"emojicheck.limits.{kind}", value, algorithm="sha256").hexdigest()[:32]
