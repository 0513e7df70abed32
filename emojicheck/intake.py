"""A stranger's photo becomes a stored portrait in the line."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from . import limits, tasks
from .models import Portrait, State
from .photos import stored
from .pictures import check_address, read_picture
from .pictures.limits import DEFAULT

if TYPE_CHECKING:
    from .edits import Edit
    from .pictures import Picture


LIMITS = replace(DEFAULT, queue_seconds=8)
"""Somebody is waiting in front of a page: say soon that we are busy."""


class KeyReused(Exception):
    """The idempotency key was used before, for something else."""


def receive(
    *,
    owner: str,
    source: str,
    model: str,
    ratio: str,
    photo: bytes | None = None,
    image_url: str = "",
    idempotency_key: str | None = None,
    sample: str = "",
    derived_from: Portrait | None = None,
    address: str = "",
) -> Portrait:
    """Store a photo, or the link to one, and put it in the line to be judged.

    `address` is the client's, for the limits. A linked photo is downloaded by the worker. Raises
    PictureError for a photo that cannot be used, FetchError for a malformed link,
    DecoderUnavailable or OSError for trouble of ours, KeyReused and TooManySubmissions. Whatever
    is raised, no row and no file stays behind.
    """
    if photo is None:
        check_address(image_url)
    content = photo if photo is not None else image_url.encode()
    request_digest = hashlib.sha256(b"\0".join([model.encode(), ratio.encode(), content]))
    portrait = Portrait(
        owner=owner,
        source=source,
        model=model,
        ratio=ratio,
        image_url=image_url,
        idempotency_key=idempotency_key or None,
        request_digest=request_digest.hexdigest(),
        sample=sample,
        derived_from=derived_from,
        address_mark=_mark(address),
    )
    return _admit(portrait, photo=photo, address=address)


def fix(original: Portrait, edit: Edit, *, address: str = "") -> Portrait:
    """Put a new portrait in the line whose photo a worker makes of this one's.

    However often it is asked for, there is one portrait for one edit of one photo, until it is
    deleted. Raises TooManySubmissions.
    """
    wish = json.dumps([str(original.pk), edit.stored()], sort_keys=True).encode()
    portrait = Portrait(
        owner=original.owner,
        source=Portrait.Source.FIX,
        model=original.model,
        ratio=original.ratio,
        # Longer than a form may send, so that no visitor can have used it for something else.
        idempotency_key=f"fix:{hashlib.sha512(wish).hexdigest()}",
        request_digest=hashlib.sha256(wish).hexdigest(),
        sample=original.sample,
        derived_from=original,
        edit=edit.stored(),
        kept_since=original.kept_since or original.created,
        address_mark=_mark(address),
    )
    return _admit(portrait, photo=None, address=address)


def _mark(address: str) -> str:
    return limits.mark(address) if settings.VISITOR_DAILY_BUDGET else ""


def _admit(portrait: Portrait, *, photo: bytes | None, address: str) -> Portrait:
    """The portrait, in the line now; or the one that was made of the same wish before."""
    if earlier := _earlier(portrait):
        return earlier
    may_cost = _may_cost(portrait)
    try:
        with limits.admitted(owner=portrait.owner, address=address, may_cost=may_cost):
            if photo is None:
                _into_the_line(portrait)
            else:
                _keep(portrait, read_picture(photo, limits=LIMITS))
    except _Duplicate as duplicate:
        return duplicate.portrait
    return portrait


def _may_cost(portrait: Portrait) -> bool:
    return settings.DETECTOR == "dashscope" and not portrait.is_local_only


def _keep(portrait: Portrait, picture: Picture) -> None:
    with stored(picture) as fields:
        for name, value in fields.items():
            setattr(portrait, name, value)
        _into_the_line(portrait)


class _Duplicate(Exception):
    """The same form was sent twice at once, and the other one was first."""

    def __init__(self, portrait: Portrait) -> None:
        super().__init__(str(portrait))
        self.portrait = portrait


def _into_the_line(portrait: Portrait) -> None:
    try:
        with transaction.atomic():
            limits.hold_line()
            portrait.save(force_insert=True)
            tasks.enqueue(portrait.id)
    except IntegrityError as error:
        if earlier := _earlier(portrait):
            raise _Duplicate(earlier) from error
        raise


def _earlier(portrait: Portrait) -> Portrait | None:
    """What this owner made with the same key; raises KeyReused if it was for something else."""
    if not portrait.idempotency_key:
        return None
    earlier = Portrait.objects.filter(
        owner=portrait.owner, idempotency_key=portrait.idempotency_key
    ).first()
    if earlier and earlier.request_digest != portrait.request_digest:
        raise KeyReused
    return earlier


def retry(portrait: Portrait) -> bool:
    """Judge a portrait again that got no verdict. False if it is not one of those."""
    return _back_into_the_line(portrait, [State.FAILED])


def ask_anyway(portrait: Portrait) -> bool:
    """Ask the service although the free check rejected the photo.

    False when that is no longer what decides, so that a second press pays nothing.
    """
    if portrait.verdict is None or not portrait.verdict.is_local:
        return False
    return _back_into_the_line(portrait, [State.REJECTED], ask_anyway=True)


def ask_again(portrait: Portrait) -> bool:
    """Ask the service once more, paying for it, although its answer is known.

    False when the verdict that `portrait` was loaded with no longer decides, so that a second
    press pays nothing.
    """
    settled = [State.ACCEPTED, State.REJECTED, State.FAILED]
    return _back_into_the_line(portrait, settled, ask_anyway=True, ask_again_at=timezone.now())


def _back_into_the_line(portrait: Portrait, states: list[State], **wishes: Any) -> bool:
    """Only if nothing has happened to the portrait since it was loaded."""
    with transaction.atomic():
        moved = Portrait.objects.filter(
            pk=portrait.pk, state__in=states, verdict=portrait.verdict_id, deleted_at=None
        ).update(
            state=State.WAITING,
            reason="",
            trouble="",
            refusal={},
            verdict=None,
            attempt=0,
            next_try_at=timezone.now(),
            **wishes,
        )
        if moved:
            tasks.enqueue(portrait.pk)
    return bool(moved)
