"""Portraits, the detections made for them, and the gate in front of the paid service."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .detection.base import MODELS
from .detection.verdicts import BBox, Reason

if TYPE_CHECKING:
    from datetime import datetime


def photo_name(_portrait: Portrait | None, _name: str) -> str:
    """A random name in a dated folder; the visitor's own file name is never used."""
    return f"photos/{timezone.now():%Y/%m/%d}/{secrets.token_urlsafe(16)}.jpg"


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    JUDGING = "judging", _("Being judged")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Not accepted")
    FAILED = "failed", _("Failed")


class PortraitQuerySet(models.QuerySet["Portrait"]):
    def of(self, owner: str) -> PortraitQuerySet:
        """What one visitor or API client may see."""
        return self.filter(owner=owner, deleted_at=None)

    def due(self) -> PortraitQuerySet:
        """What a worker may take now: waiting and due, or left behind by a dead worker."""
        now = timezone.now()
        return self.filter(
            Q(state=State.WAITING, next_try_at__lte=now)
            | Q(state=State.JUDGING, lease_until__lt=now),
            deleted_at=None,
        )

    def shared(self, token: str) -> PortraitQuerySet:
        """What whoever holds this token may look at: a photo with its verdict, within its time."""
        shared = self.filter(share_token=token, verdict__isnull=False, deleted_at=None)
        return shared.exclude(share_token="").exclude(_past_its_time())

    def versions_of(self, portrait: Portrait) -> PortraitQuerySet:
        """What its owner still has of the same first photo: that one, and what was made from it."""
        first = portrait.kept_since or portrait.created
        same = Q(kept_since=first) | Q(created=first)
        return self.of(portrait.owner).filter(same).exclude(pk=portrait.pk)

    def tried_before(self, portrait: Portrait) -> PortraitQuerySet:
        """The same visitor's earlier tries that can be compared with this one, the nearest first.

        Nearest of all is the one it was made from.
        """
        return (
            self.of(portrait.owner)
            .filter(
                state__in=[State.ACCEPTED, State.REJECTED],
                verdict__isnull=False,
                model=portrait.model,
                ratio=portrait.ratio,
                sample="",
                created__lt=portrait.created,
            )
            .exclude(photo="")
            .exclude(_past_its_time())
            .order_by(Case(When(pk=portrait.derived_from_id, then=0), default=1), "-created")
        )

    def expired(self) -> PortraitQuerySet:
        """Portraits whose photo has been kept for as long as promised."""
        return self.filter(_past_its_time(), deleted_at=None)


def _past_its_time() -> Q:
    """As `Portrait.expires_at` has it; the first photo of a fix is never younger than the fix."""
    before = timezone.now() - timedelta(hours=settings.RETENTION_HOURS)
    return Q(created__lt=before) | Q(kept_since__lt=before)


class Portrait(models.Model):
    """One photo somebody asked about, with its state."""

    class Source(models.TextChoices):
        UPLOAD = "upload", _("Upload")
        URL = "url", _("Link")
        CAMERA = "camera", _("Camera")
        API = "api", _("API")
        FIX = "fix", _("Fix")
        SAMPLE = "sample", _("Sample")
        SERVICE = "service", _("In place of the service")

    class Trouble(models.TextChoices):
        """Why there is no verdict, in the kinds a visitor can understand."""

        LINK = "link", _("The link could not be downloaded")
        SERVICE = "service", _("The service did not answer")
        OPERATOR = "operator", _("The site's account with the service needs attention")
        PHOTO_LINK = "photo_link", _("The service could not download the photo from us")
        ANSWER = "answer", _("The service's answer could not be understood")
        BUDGET = "budget", _("The day's budget is spent")
        SHARE = "share", _("The visitor's share of the day is spent")
        ORIGINAL = "original", _("The photo to start from was gone")
        DELETED = "deleted", _("Deleted before it was judged")
        OURS = "ours", _("Something went wrong on our side")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=64, db_index=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 (unique)
    request_digest = models.CharField(max_length=64, blank=True)
    image_url = models.TextField(blank=True)
    sample = models.CharField(max_length=32, blank=True)
    derived_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="fixes")
    edit = models.JSONField(default=dict, blank=True)
    """How the photo is made from the one it is derived from; see `edits`."""
    kept_since = models.DateTimeField(null=True, blank=True, db_index=True)
    """For a fix: when the first photo it goes back to came. A face stays no longer for being fixed,
    so the hours of a fix are counted from there."""

    photo = models.FileField(upload_to=photo_name, blank=True, max_length=120)
    thumbnail = models.FileField(upload_to=photo_name, blank=True, max_length=120)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    photo_bytes = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    repairs = models.JSONField(default=list, blank=True)

    model = models.CharField(max_length=32, choices=[(name, name) for name in MODELS])
    ratio = models.CharField(max_length=4, choices=[("1:1", "1:1"), ("3:4", "3:4")])
    ask_anyway = models.BooleanField(default=False)
    """The visitor wants the service asked whatever the free check says."""
    ask_again_at = models.DateTimeField(null=True, blank=True)
    """The visitor wants a paid answer newer than this, although one is known for this photo."""

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(
        max_length=24, blank=True, choices=[(reason.value, reason.value) for reason in Reason]
    )
    trouble = models.CharField(max_length=12, blank=True, choices=Trouble.choices)
    refusal = models.JSONField(default=dict, blank=True)
    """For a linked photo that was refused before any detector saw it: code and facts."""
    verdict = models.ForeignKey(
        "Detection", models.SET_NULL, null=True, blank=True, related_name="decided"
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    attempt = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True, default=timezone.now)

    address_mark = models.CharField(max_length=32, blank=True)
    """Tells equal addresses from unequal ones, for the daily share; kept for a day at most."""

    share_token = models.CharField(max_length=32, blank=True)
    """Whoever knows it may see photo and verdict; empty unless the owner wants that."""

    objected = models.BooleanField(default=False)
    objection = models.CharField(max_length=250, blank=True)
    """In the visitor's own words, which go when the photo goes; that there was one stays."""
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = PortraitQuerySet.as_manager()

    class Meta:
        verbose_name = _("portrait")
        verbose_name_plural = _("portraits")
        ordering = ["-created", "-id"]
        permissions = [("judge_again_portrait", "Can have portraits judged again")]
        indexes = [models.Index(fields=["state", "next_try_at"])]
        constraints = [
            models.CheckConstraint(
                name="portrait_accepted_has_verdict",
                condition=~Q(state="accepted") | Q(verdict__isnull=False),
            ),
            models.CheckConstraint(
                name="portrait_rejected_has_reason",
                condition=~Q(state="rejected") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="portrait_failed_has_trouble",
                condition=~Q(state="failed") | ~Q(trouble=""),
            ),
            models.CheckConstraint(
                name="portrait_judging_has_lease",
                condition=~Q(state="judging") | Q(lease_until__isnull=False),
            ),
            models.UniqueConstraint(
                name="portrait_idempotency", fields=["owner", "idempotency_key"]
            ),
            models.UniqueConstraint(
                name="portrait_share_token", fields=["share_token"], condition=~Q(share_token="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def get_absolute_url(self) -> str:
        return reverse("portrait", args=[self.id])

    @property
    def is_local_only(self) -> bool:
        """Never shown to the paid service: our drawings, and whoever uses us in its place."""
        return bool(self.sample) or self.source == self.Source.SERVICE

    @property
    def is_settled(self) -> bool:
        return self.state in {State.ACCEPTED, State.REJECTED, State.FAILED}

    @property
    def expires_at(self) -> datetime:
        since = self.kept_since or self.created
        return since + timedelta(hours=settings.RETENTION_HOURS)

    @property
    def price(self) -> Decimal:
        """What all detections for this portrait were charged, in yuan."""
        return sum((d.price for d in self.detections.all()), Decimal(0))

    @property
    def was_withdrawn(self) -> bool:
        """Deleted by who sent it, or for them, before there was a verdict: nothing failed."""
        return self.state == State.FAILED and self.trouble == self.Trouble.DELETED

    def erase(self, *, unjudged: Trouble = Trouble.DELETED) -> None:
        """Remove the photo and everything that shows the person; the row stays as proof.

        `unjudged` is why there will be no verdict, where there is none yet.

        Raises the storage's own error, and changes nothing, when the files cannot be deleted.
        """
        with transaction.atomic():
            self.refresh_from_db(from_queryset=type(self).objects.select_for_update())
            for file in (self.photo, self.thumbnail):
                if file.name:
                    file.storage.delete(file.name)
            self.deleted_at = timezone.now()
            self.photo = self.thumbnail = ""
            self.image_url = self.objection = self.share_token = ""
            self.idempotency_key = None  # the key is free for another photo
            if not self.is_settled:
                self.state, self.trouble = State.FAILED, unjudged
            self.next_try_at = None
            self.save()
            self.forget_looks()

    def forget_looks(self) -> None:
        """Remove what detectors said about where things are in the photo."""
        self.detections.update(spots=[], raw=b"")


class Outcome(models.TextChoices):
    STARTED = "started", _("Asked, no answer yet")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Not accepted")
    FAILED = "failed", _("No answer")


class Detection(models.Model):
    """One call of one detector for one portrait: answered or failed, with its cost."""

    portrait = models.ForeignKey(Portrait, models.CASCADE, related_name="detections")
    created = models.DateTimeField(default=timezone.now, db_index=True)
    detector = models.CharField(max_length=16)
    model = models.CharField(max_length=32)
    ratio = models.CharField(max_length=4)
    digest = models.CharField(max_length=64)
    service = models.CharField(max_length=200, blank=True)
    """The address that answered; what a stand-in or another relay says is its own answer."""
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.STARTED)
    reason = models.CharField(
        max_length=24, blank=True, choices=[(reason.value, reason.value) for reason in Reason]
    )
    certain = models.BooleanField(default=False)
    code = models.CharField(max_length=100, blank=True)
    message = models.TextField(blank=True)
    face = models.JSONField(null=True, blank=True)
    extended = models.JSONField(null=True, blank=True)
    measurements = models.JSONField(default=list, blank=True)
    spots = models.JSONField(default=list, blank=True)
    request_id = models.CharField(max_length=100, blank=True, db_index=True)
    billed_images = models.PositiveSmallIntegerField(default=0)
    maybe_paid = models.BooleanField(default=False)
    price = models.DecimalField(max_digits=10, decimal_places=4, default=Decimal(0))
    reused_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="reuses")
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    """When the paid request left us; empty while it is still waiting for its slot."""
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    raw = models.BinaryField(default=b"", blank=True)
    error_kind = models.CharField(max_length=24, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["created", "id"]
        indexes = [models.Index(fields=["digest", "model", "ratio"])]
        constraints = [
            models.CheckConstraint(
                name="detection_accepted_has_boxes",
                condition=~Q(outcome="accepted") | Q(face__isnull=False, extended__isnull=False),
            ),
            models.CheckConstraint(
                name="detection_rejected_has_reason",
                condition=~Q(outcome="rejected") | ~Q(reason=""),
            ),
            # Two equal photos judged at the same moment must not be paid for twice.
            models.UniqueConstraint(
                name="detection_one_paid_call_at_a_time",
                fields=["digest", "model", "ratio", "service"],
                condition=Q(outcome="started", detector="dashscope"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.detector} {self.outcome} {self.reason}".strip()

    @property
    def face_box(self) -> BBox | None:
        return BBox(*self.face) if self.face else None

    @property
    def extended_box(self) -> BBox | None:
        return BBox(*self.extended) if self.extended else None

    @property
    def is_local(self) -> bool:
        return self.detector == "local"


class Gate(models.Model):
    """The pace of calls of one model, and the breaker; one row shared by all workers."""

    model = models.CharField(primary_key=True, max_length=32)
    next_at = models.DateTimeField(default=timezone.now)
    """When the next call may be made."""
    open_until = models.DateTimeField(null=True, blank=True)
    """While in the future no call is made: the operator has to act first."""
    cause = models.CharField(max_length=100, blank=True)
    detail = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("pace and stops of a model")
        verbose_name_plural = _("pace and stops of the service")

    def __str__(self) -> str:
        return self.model


class Heartbeat(models.Model):
    """The latest sign of life of one worker."""

    worker = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.worker


class BucketQuerySet(models.QuerySet["Bucket"]):
    def hold(self, key: str) -> None:
        """Keep others from what this key stands for, until the end of this transaction."""
        self.get_or_create(key=key, slot=0)
        self.select_for_update().get(key=key, slot=0)

    def stale(self) -> BucketQuerySet:
        """Those of hours that are over."""
        hour = int(timezone.now().timestamp()) // 3600
        return self.filter(slot__gt=0, slot__lt=hour)


class Bucket(models.Model):
    """How often something was done within one hour. Slot 0 counts nothing: it is there to hold."""

    key = models.CharField(max_length=32)
    slot = models.PositiveIntegerField()
    """The number of the hour since 1970."""
    taken = models.PositiveIntegerField(default=0)

    objects = BucketQuerySet.as_manager()

    class Meta:
        verbose_name = _("bucket")
        verbose_name_plural = _("buckets")
        constraints = [models.UniqueConstraint(name="bucket_key_slot", fields=["key", "slot"])]

    def __str__(self) -> str:
        return f"{self.key} {self.slot}: {self.taken}"
