"""The gate in front of the paid service: its pace, its breaker, and the day's budget.

One row per model in the database is shared by all workers on all machines. A call may be made
by whoever moves the row's `next_at` forward first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Q, Sum
from django.utils import timezone

from .models import Detection, Gate, Portrait, State

FIRST_PAUSE_SECONDS = 8.0
"""How long the breaker stays open after the first refusal; doubles with each further one."""
LONGEST_PAUSE_SECONDS = 300.0
LONGEST_WAIT_SECONDS = 5.0
"""A worker waits at the gate for no longer; beyond that the portrait goes back into the line."""
LATE_AFTER = timedelta(seconds=15)
"""What could have been judged for longer, while nobody looks at anything, is told to be late."""
LOCAL_SECONDS = 0.3
"""About how long one portrait takes here, decoding included; for the expected waiting time."""


class NotNow(Exception):
    """No call may be made now; `until` says when to come back. Costs no attempt."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until}")
        self.until = until


@dataclass(frozen=True, slots=True)
class Place:
    """Where a portrait stands in the line: 1 is next."""

    position: int
    seconds: float
    """Expected until its verdict."""
    held: bool = False
    """Nobody is judged for now: the operator's account with the service needs attention."""
    late: bool = False
    """It could have been judged for a while, and no worker takes it."""

    @property
    def is_stuck(self) -> bool:
        """Nobody knows for how long: `seconds` is not to be told."""
        return self.held or self.late


def gate_of(model: str) -> Gate:
    gate, _ = Gate.objects.get_or_create(model=model)
    return gate


def stop_at_open_gate(model: str) -> None:
    """Raise NotNow while the breaker is open or everybody was asked to wait."""
    gate, now = gate_of(model), timezone.now()
    if gate.open_until and gate.open_until > now:
        raise NotNow(gate.open_until)
    if gate.next_at > now + timedelta(seconds=LONGEST_WAIT_SECONDS):
        raise NotNow(gate.next_at)


def pass_gate(model: str) -> None:
    """Wait for this model's next slot and take it; raises NotNow when that takes too long.

    The slot is taken at the moment of the call, not reserved ahead: a worker that oversleeps
    then delays the others instead of crowding them.
    """
    interval = timedelta(seconds=1 / settings.CALLS_PER_SECOND[model])
    give_up_at = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        gate, now = gate_of(model), timezone.now()
        if gate.open_until and gate.open_until > now:
            raise NotNow(gate.open_until)
        if gate.next_at <= now:
            taken = {"next_at": now + interval}
            if gate.failures:  # a probe: nobody else tries until it has its answer
                taken["open_until"] = now + _pause(gate.failures + 1)
            if Gate.objects.filter(
                model=model, next_at=gate.next_at, open_until=gate.open_until
            ).update(**taken):
                return
            continue
        wait = (gate.next_at - now).total_seconds()
        if time.monotonic() + wait > give_up_at:
            raise NotNow(gate.next_at)
        time.sleep(wait)


def about_to_call(model: str) -> None:
    """Count the interval from now on: between slot and call the disk may have taken its time."""
    next_at = timezone.now() + timedelta(seconds=1 / settings.CALLS_PER_SECOND[model])
    Gate.objects.filter(model=model, next_at__lt=next_at).update(next_at=next_at)


def _pause(failures: int) -> timedelta:
    seconds = FIRST_PAUSE_SECONDS * 2 ** min(failures - 1, 10)
    return timedelta(seconds=min(LONGEST_PAUSE_SECONDS, seconds))


def refused(model: str, *, cause: str, detail: str) -> datetime:
    """Open the breaker: the operator has to act. Returns when to try again."""
    gate = gate_of(model)
    until = timezone.now() + _pause(gate.failures + 1)
    Gate.objects.filter(model=model).update(
        open_until=until, cause=cause[:100], detail=detail[:2000], failures=gate.failures + 1
    )
    return until


def slow_down(model: str, *, seconds: float) -> None:
    """The service said we are too quick: nobody calls for a while."""
    until = timezone.now() + timedelta(seconds=min(seconds, LONGEST_PAUSE_SECONDS))
    Gate.objects.filter(Q(next_at__lt=until), model=model).update(next_at=until)


def answered(model: str) -> None:
    """The service answered: whatever was wrong with our account is right again."""
    Gate.objects.filter(model=model).exclude(failures=0).update(
        failures=0, open_until=None, cause="", detail=""
    )


def spent_today(whose: Q | None = None) -> Decimal:
    """What was charged, or may have been, since midnight; in yuan. Of everybody, or of some."""
    today = Detection.objects.filter(whose or Q(), created__gte=_midnight())
    return today.aggregate(total=Sum("price"))["total"] or Decimal(0)


def seconds_until_midnight() -> int:
    """When the day of the budgets ends, by the site's own time zone."""
    tomorrow = (_midnight() + timedelta(hours=36)).replace(hour=0)
    return max(1, round((tomorrow - timezone.now()).total_seconds()))


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def budget_is_spent() -> bool:
    """Whether one more call would exceed DAILY_BUDGET."""
    budget = settings.DAILY_BUDGET
    return bool(budget) and spent_today() + settings.PRICE_PER_IMAGE > budget


def place_in_line(portrait: Portrait) -> Place:
    """Where an unsettled portrait stands among those that came before it."""
    pending = Portrait.objects.filter(
        state__in=[State.WAITING, State.JUDGING], deleted_at=None, created__lt=portrait.created
    )
    if settings.DETECTOR == "local" or portrait.is_local_only:
        before = pending.count()
        return Place(before + 1, (before + 1) * LOCAL_SECONDS, late=_is_late(portrait))
    before = pending.filter(model=portrait.model).count()
    seconds = (before + 1) / settings.CALLS_PER_SECOND[portrait.model]
    gate = Gate.objects.filter(model=portrait.model).first()
    moments = (portrait.next_try_at, gate and gate.next_at, gate and gate.open_until)
    if until := max((moment for moment in moments if moment), default=None):
        seconds += max(0.0, (until - timezone.now()).total_seconds())
    held = bool(gate and gate.failures)
    return Place(before + 1, seconds, held=held, late=_is_late(portrait))


def _is_late(portrait: Portrait) -> bool:
    """Whether it waits for a worker that does not come.

    In a long line everybody but the first is overdue: there, somebody is being looked at.
    """
    judging = portrait.state == State.JUDGING
    since = portrait.lease_until if judging else portrait.next_try_at
    lately = timezone.now() - LATE_AFTER
    if since is None or since > lately:
        return False
    # A call may take a minute, a download as well: whoever is at it holds a lease.
    at_work = Portrait.objects.filter(state=State.JUDGING, lease_until__gt=timezone.now())
    return not at_work.exists() and not Detection.objects.filter(created__gt=lately).exists()
