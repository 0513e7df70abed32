"""Sets right what a clock that was put back has left in the future.

Times in the database are the machines' own. A clock that jumps ahead costs at most a lease, and
writes are fenced by it; one that jumps back would let portraits and gates wait for the old time.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from .models import Gate, Portrait, State
from .pacing import LONGEST_PAUSE_SECONDS

logger = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=15)
"""Nothing of ours asks a portrait to wait for longer; a service that does is asked sooner."""


def set_right() -> int:
    """Pull impossible times back to now; returns how many rows had one."""
    now = timezone.now()
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    pause = timedelta(seconds=LONGEST_PAUSE_SECONDS) + LONGEST_WAIT
    waiting = Portrait.objects.filter(state=State.WAITING, next_try_at__gt=now + LONGEST_WAIT)
    # A worker that lives renews its lease by itself: this is for those that do not.
    judging = Portrait.objects.filter(state=State.JUDGING, lease_until__gt=now + 2 * lease)
    gates = Gate.objects.filter(Q(next_at__gt=now + pause) | Q(open_until__gt=now + pause))
    mended = (
        waiting.update(next_try_at=now)
        + judging.update(lease_until=now + lease)
        + gates.update(next_at=now, open_until=None)
    )
    if mended:
        logger.warning("%d times lay in the future: was the clock put back?", mended)
    return mended
