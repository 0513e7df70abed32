"""Say in plain words whether this installation is ready."""

from __future__ import annotations

import io
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from typing import Any, Literal

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone
from PIL import Image

from emojicheck import delivery, vitals
from emojicheck.delivery.public import site_is_public
from emojicheck.detection.local import LocalDetector
from emojicheck.models import Gate
from emojicheck.pictures import DecoderUnavailable, PictureError, read_picture

MEGABYTE = 1024 * 1024
LOW_DISK_BYTES = 1024 * MEGABYTE
OVERDUE = timedelta(minutes=2)
"""Living workers may be busy for so long."""
ABANDONED = timedelta(seconds=30)
"""Without any sign of life it need not be waited for longer to tell that a worker lacks."""
ANSWER_SECONDS = 10
START_ONE = "`manage.py serve` starts some, `manage.py worker` is one."

DELIVERIES = {
    "public": "it downloads photos from us, at signed addresses that work for minutes",
    "storage": "it downloads photos from the object store, at presigned addresses",
    "temporary": "photos go through its own temporary storage",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `note` may be as it should; `wrong` has to be mended."""

    state: Literal["ok", "note", "wrong"]
    text: str


class Command(BaseCommand):
    help = "Say in plain words whether this installation is ready."
    requires_system_checks = []  # shown as findings of our own

    def handle(self, **_options: Any) -> None:
        styles = {"ok": self.style.SUCCESS, "note": self.style.WARNING, "wrong": self.style.ERROR}
        wrong = 0
        for look in LOOKS:
            for finding in look():
                mark = styles[finding.state](f"{finding.state:5}")
                self.stdout.write(f"{mark} {finding.text}")
                wrong += finding.state == "wrong"
        if wrong:
            raise CommandError("not ready: see what is wrong above")
        self.stdout.write("ready")


def settings_fit_together() -> Iterator[Finding]:
    public = site_is_public(settings.SITE_URL)
    for message in run_checks(include_deployment_checks=True):
        if public or str(message.id).startswith("emojicheck."):
            state: Literal["note", "wrong"] = "wrong" if message.level >= ERROR else "note"
            yield Finding(state, f"{message.msg} {message.hint or ''}".strip())


def database_is_up_to_date() -> Iterator[Finding]:
    try:
        if missing := vitals.missing_migrations():
            yield Finding("wrong", f"Missing migrations: {missing}. Run `manage.py migrate`.")
            return
        vitals.probe_database()
    except DatabaseError as error:
        yield Finding("wrong", f"The database does not answer: {error}".strip())
    else:
        yield Finding("ok", f"The database answers and is up to date ({connection.vendor}).")


def disk_has_room() -> Iterator[Finding]:
    free = vitals.free_bytes()
    text = f"{free // MEGABYTE} MB are free in {settings.DATA_DIR}."
    if free < vitals.LEAST_FREE_BYTES:
        yield Finding("wrong", text)
    else:
        yield Finding("note" if free < LOW_DISK_BYTES else "ok", text)


def photos_can_be_decoded() -> Iterator[Finding]:
    photo = io.BytesIO()
    Image.new("RGB", (640, 640), "white").save(photo, "JPEG")
    try:
        read_picture(photo.getvalue())
    except (PictureError, DecoderUnavailable, OSError) as error:
        yield Finding("wrong", f"Photos cannot be decoded: {error!r}")
    else:
        yield Finding("ok", "Photos can be decoded in a confined process.")


def models_load() -> Iterator[Finding]:
    started = time.monotonic()
    try:
        LocalDetector().warm_up()
    except (ImportError, OSError, RuntimeError) as error:
        yield Finding("wrong", f"The local detector's models do not load: {error!r}")
    else:
        took = time.monotonic() - started
        yield Finding("ok", f"The local detector's models load (in {took:.1f} s).")


def detector_is_configured() -> Iterator[Finding]:
    if settings.DETECTOR == "local":
        yield Finding("ok", "Portraits are judged on this machine; nothing is sent or charged.")
        return
    way = delivery.way()
    service = settings.DASHSCOPE_BASE_URL
    yield Finding("ok", f"Portraits are judged by {service}; a key is set; it was not tried.")
    yield Finding("ok", f"Delivery is {way}: {DELIVERIES[way]}.")


def site_answers() -> Iterator[Finding]:
    """An address that nobody else depends on may be silent: the site need not be started yet."""
    public = site_is_public(settings.SITE_URL)
    needed = public or (settings.DETECTOR == "dashscope" and delivery.way() == "public")
    failing: Literal["note", "wrong"] = "wrong" if needed else "note"
    if not public:
        yield Finding("ok", f"{settings.SITE_URL} is for this machine or network alone.")
    address = f"{settings.SITE_URL}/healthz"
    try:
        with _opener(public=public).open(address, timeout=ANSWER_SECONDS) as reply:
            ours = reply.read(100) == b"ok\n"
    except (OSError, ValueError, HTTPException) as error:
        why = getattr(error, "reason", error)  # without urllib's own wrapping
        yield Finding(
            failing, f"{address} does not answer ({why}). Is the site running, and at this PORT?"
        )
        return
    if ours:
        yield Finding("ok", f"{settings.SITE_URL} leads here.")
    else:
        yield Finding(failing, f"{address} is answered, but not by us.")


def _opener(*, public: bool) -> urllib.request.OpenerDirector:
    """A proxy may lead to a public address, and never to one of our own network."""
    own = [] if public else [urllib.request.ProxyHandler({})]
    return urllib.request.build_opener(*own)


def work_goes_on() -> Iterator[Finding]:
    try:
        overdue, workers = vitals.oldest_overdue(), vitals.living_workers()
        closed = list(Gate.objects.filter(open_until__gt=timezone.now()))
    except DatabaseError:
        return  # said already
    waits = f"A portrait has waited for {_span(overdue)}"
    if workers:
        yield Finding("ok", f"Workers that give signs of life: {workers}.")
        if overdue > OVERDUE:
            yield Finding("note", f"{waits}. Are there enough workers?")
    elif overdue > ABANDONED:
        yield Finding("wrong", f"{waits}, and no worker gives a sign of life. {START_ONE}")
    else:
        yield Finding("note", f"No worker gives a sign of life; photos would wait. {START_ONE}")
    for gate in closed:
        yield Finding("note", f"Calls of {gate.model} are stopped: {gate.cause} {gate.detail}")


def _span(waited: timedelta) -> str:
    if waited > OVERDUE:
        return f"{waited // timedelta(minutes=1)} minutes"
    return f"{waited // timedelta(seconds=1)} seconds"


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    settings_fit_together,
    database_is_up_to_date,
    disk_has_room,
    photos_can_be_decoded,
    models_load,
    detector_is_configured,
    site_answers,
    work_goes_on,
)
