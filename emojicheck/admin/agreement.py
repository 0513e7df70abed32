"""How often the free check and the service agree about the same portraits, and what would help."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from emojicheck.detection.catalogue import reasons_behind
from emojicheck.detection.verdicts import Reason
from emojicheck.ledger import ANSWERED
from emojicheck.models import Detection, Outcome
from emojicheck.presentation import wording
from emojicheck.presentation.checks import measurements_from
from emojicheck.presentation.guidance import guidance
from emojicheck.presentation.proportion import Proportion

from .thresholds import ENOUGH, Threshold, thresholds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from emojicheck.detection.verdicts import Measurement

NEWEST = 5000
"""Answers of the service that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What both said about one portrait."""

    here: Reason | None
    """None: accepted."""
    behind: tuple[Reason, ...] | None
    """All that the service's rejection may mean; None: it accepted."""
    measurements: tuple[Measurement, ...] = ()

    @property
    def agree(self) -> bool:
        return (self.here is None) == (self.behind is None)

    @property
    def same_reason(self) -> bool:
        return self.here is not None and self.behind is not None and self.here in self.behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Portraits about which the free check said the same."""

    name: str
    asked: int
    accepted: str
    """By the service: a share with its interval, in words."""
    same_reason: str
    """Rejected by it for the same reason."""
    other_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A threshold in words."""

    threshold: Threshold
    limit: str
    suggested: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    portraits: int
    agree: str
    accepted_here: str
    """Share that the service accepts too."""
    rejected_here: str
    """Share that the service rejects too."""
    rows: tuple[Row, ...]
    limits: tuple[Limit, ...]
    enough: int = ENOUGH
    newest: int = NEWEST


def agreement() -> Agreement:
    """From the newest NEWEST answers of the service in use, in two queries."""
    return of_pairs(_pairs())


def of_pairs(pairs: list[Pair]) -> Agreement:
    by_reason: dict[Reason | None, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_reason[pair.here].append(pair)
    commonest = sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0] or ""))
    return Agreement(
        portraits=len(pairs),
        agree=_share(pair.agree for pair in pairs),
        accepted_here=_share(pair.agree for pair in pairs if pair.here is None),
        rejected_here=_share(pair.agree for pair in pairs if pair.here is not None),
        rows=tuple(_row(reason, of_it) for reason, of_it in commonest),
        limits=tuple(
            _limit(row) for row in thresholds((pair.measurements, pair.behind) for pair in pairs)
        ),
    )


def _pairs() -> list[Pair]:
    """One for each portrait, newest first.

    Reused answers are left out, because they were counted when they were given; so are refusals
    of what a picture shows, which the free check does not look at; and answers of other services
    than the one in use.
    """
    local = Detection.objects.filter(detector="local", outcome__in=ANSWERED).order_by()
    same_photo = local.filter(portrait=OuterRef("portrait"), digest=OuterRef("digest"))
    answers = (
        Detection.objects.filter(
            Exists(same_photo),
            detector="dashscope",
            service=settings.DASHSCOPE_BASE_URL,
            outcome__in=ANSWERED,
            reused_from=None,
        )
        .exclude(reason=Reason.DECLINED)
        .order_by("-created", "-id")
    )[:NEWEST]
    # The local answers are asked for by a query inside the query: a list of 5000 ids is too much
    # for some databases.
    looks = local.filter(portrait__in=answers.values("portrait")).order_by("created", "id")
    newest_look = {
        (look["portrait"], look["digest"]): look
        for look in looks.values("portrait", "digest", "outcome", "reason", "measurements")
    }
    pairs: dict[UUID, Pair] = {}
    for answer in answers.values("portrait", "digest", "outcome", "code"):
        look = newest_look.get((answer["portrait"], answer["digest"]))
        if look is None or answer["portrait"] in pairs:
            continue
        rejected = answer["outcome"] == Outcome.REJECTED
        pairs[answer["portrait"]] = Pair(
            here=Reason(look["reason"]) if look["outcome"] == Outcome.REJECTED else None,
            # Not the answer's own reason: our measurements chose it from those behind the code.
            behind=reasons_behind(answer["code"]) if rejected else None,
            measurements=measurements_from(look["measurements"]),
        )
    return list(pairs.values())


def _row(reason: Reason | None, pairs: list[Pair]) -> Row:
    return Row(
        name=guidance(reason).name if reason else _("Accepted"),
        asked=len(pairs),
        accepted=_share(pair.behind is None for pair in pairs),
        same_reason=_share(pair.same_reason for pair in pairs) if reason else "–",
        other_reason=_share(pair.behind is not None and not pair.same_reason for pair in pairs),
    )


def _limit(row: Threshold) -> Limit:
    return Limit(threshold=row, limit=_number(row, row.limit), suggested=_suggested(row))


def _suggested(row: Threshold) -> str:
    if row.best is None or row.in_force is None:
        return _("not enough yet")
    now = wording.percent(row.in_force.balanced)
    if row.is_best:
        return _("as it is (%(now)s on the right side)") % {"now": now}
    return _("%(limit)s (%(best)s on the right side instead of %(now)s)") % {
        "limit": _number(row, row.best.limit),
        "best": wording.percent(row.best.balanced),
        "now": now,
    }


def _number(row: Threshold, limit: float) -> str:
    number = f"{limit:.3g}".replace("-", "−")
    return _("%(number)s × its own") % {"number": number} if row.moves else number


def _share(answers: Iterable[bool]) -> str:
    """81 % (72 % to 88 %); a dash when there was nothing to count."""
    found = Proportion.of(answers)
    if found.share is None:
        return "–"
    low, high = found.interval
    return _("%(share)s (%(low)s to %(high)s)") % {
        "share": wording.percent(found.share),
        "low": wording.percent(low),
        "high": wording.percent(high),
    }
