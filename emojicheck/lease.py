"""Who may judge a portrait: one worker at a time, for as long as it gives signs of life."""

from __future__ import annotations

import logging
import secrets
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone

from .models import Portrait, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID


logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Somebody else judges this portrait now, or it was deleted; whatever we found is void."""


class Lease:
    """The right to write one portrait's verdict. Every write is fenced by it."""

    def __init__(self, portrait_id: UUID) -> None:
        self.portrait_id = portrait_id
        self.owner = secrets.token_hex(16)

    def take(self) -> Portrait | None:
        """Claim the portrait with one conditional update; None if it is not due or taken."""
        taken = (
            Portrait.objects.due()
            .filter(pk=self.portrait_id)
            .update(
                state=State.JUDGING,
                lease_owner=self.owner,
                lease_until=self._until(),
                attempt=F("attempt") + 1,
            )
        )
        return Portrait.objects.get(pk=self.portrait_id) if taken else None

    def write(self, **fields: Any) -> None:
        """Update the portrait's row; raises LeaseLost when it is no longer ours."""
        held = Portrait.objects.filter(
            pk=self.portrait_id, lease_owner=self.owner, state=State.JUDGING, deleted_at=None
        )
        if not held.update(**fields):
            raise LeaseLost(str(self.portrait_id))

    def renew(self) -> None:
        """Raises LeaseLost when it is no longer ours, so that nothing is begun in vain."""
        self.write(lease_until=self._until())

    def release(self, *, state: State, **fields: Any) -> None:
        self.write(state=state, lease_owner="", lease_until=None, **fields)

    def give_back(self, *, at: datetime) -> None:
        """Back into the line without having spent an attempt."""
        self.release(state=State.WAITING, next_try_at=at, attempt=F("attempt") - 1)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Extend the lease in the background for as long as the block runs."""
        done = threading.Event()

        def beat() -> None:
            while not done.wait(settings.LEASE_SECONDS / 4):
                try:
                    self.renew()
                except LeaseLost:
                    break  # the block finds out at its next write
                except DatabaseError:
                    # One hiccup must not give a portrait away while it is with the service.
                    logger.exception("lease %s: not renewed, trying again", self.portrait_id)
                    connection.close()
            connection.close()

        thread = threading.Thread(target=beat, name=f"lease-{self.portrait_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    @staticmethod
    def _until() -> datetime:
        return timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
