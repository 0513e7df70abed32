"""What the last weeks cost, what was saved, and how it went: sums for one page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from emojicheck import pacing
from emojicheck.detection.verdicts import Reason
from emojicheck.models import Detection, Outcome, Portrait, State
from emojicheck.presentation.guidance import guidance

DAYS = 30
FORECAST_FROM_DAYS = 7
CHART_HEIGHT = 120
BAR_WIDTH, BAR_STEP = 14, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of this installation's own time zone. Money is in yuan."""

    date: date
    portraits: int = 0
    accepted: int = 0
    rejected: int = 0
    failed: int = 0
    spent: Decimal = Decimal(0)
    reused: int = 0
    """Answers of the service that were known already."""
    stopped: int = 0
    """Portraits that the free check kept from the service."""

    @property
    def saved(self) -> Decimal:
        price: Decimal = settings.PRICE_PER_IMAGE
        return price * (self.reused + self.stopped)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonFigure:
    value: str
    name: str
    count: int
    objections: int
    share: float
    """Of all rejections, 0 to 1."""

    @property
    def bar(self) -> int:
        """Width of its bar, of 100."""
        return round(100 * self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day in the chart, in units of its view box."""

    x: int
    spent_y: float
    spent_height: float
    saved_y: float
    saved_height: float
    day: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    days: tuple[Day, ...]
    """Newest last; days without portraits are there too."""
    reasons: tuple[ReasonFigure, ...]
    spent_today: Decimal
    budget: Decimal
    """0 = no limit."""

    @property
    def total(self) -> Day:
        names = ("portraits", "accepted", "rejected", "failed", "reused", "stopped")
        sums = {name: sum(getattr(day, name) for day in self.days) for name in names}
        spent = sum((day.spent for day in self.days), Decimal(0))
        return Day(date=self.days[-1].date, spent=spent, **sums)

    @property
    def month_forecast(self) -> Decimal:
        """If the next thirty days are like the last seven."""
        recent = sum((day.spent for day in self.days[-FORECAST_FROM_DAYS:]), Decimal(0))
        return (recent / FORECAST_FROM_DAYS * DAYS).quantize(Decimal("0.001"))

    @property
    def chart_width(self) -> int:
        return BAR_STEP * len(self.days)

    @property
    def bars(self) -> list[Bar]:
        """Spent below, saved on top of it, all to one scale."""
        highest = max((day.spent + day.saved for day in self.days), default=Decimal(0))
        unit = CHART_HEIGHT / float(highest) if highest else 0.0
        bars = []
        for place, day in enumerate(self.days):
            spent, saved = float(day.spent) * unit, float(day.saved) * unit
            bars.append(
                Bar(
                    x=place * BAR_STEP + (BAR_STEP - BAR_WIDTH) // 2,
                    spent_y=round(CHART_HEIGHT - spent, 1),
                    spent_height=round(spent, 1),
                    saved_y=round(CHART_HEIGHT - spent - saved, 1),
                    saved_height=round(saved, 1),
                    day=day,
                )
            )
        return bars


def figures() -> Figures:
    """Sums over the last DAYS days, in four queries however many portraits there are."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS - 1)
    since = timezone.make_aware(datetime.combine(first, time.min))
    portraits = Portrait.objects.filter(created__gte=since)
    sums: dict[date, dict[str, Any]] = defaultdict(dict)
    for row in _by_day(
        portraits,
        portraits=Count("pk"),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
        rejected=Count("pk", filter=Q(state=State.REJECTED)),
        failed=Count("pk", filter=Q(state=State.FAILED) & ~Q(trouble=Portrait.Trouble.DELETED)),
        stopped=Count("pk", filter=_stopped_here()),
    ):
        sums[row.pop("day")] |= row
    for row in _by_day(
        Detection.objects.filter(created__gte=since),
        spent=Sum("price"),
        reused=Count("pk", filter=Q(reused_from__isnull=False)),
    ):
        sums[row.pop("day")] |= row
    days = [first + timedelta(days=n) for n in range(DAYS)]
    return Figures(
        days=tuple(Day(date=day, **sums[day]) for day in days),
        reasons=_reasons(portraits),
        spent_today=pacing.spent_today(),
        budget=settings.DAILY_BUDGET,
    )


def _by_day(rows: Any, **sums: Any) -> Any:
    return rows.order_by().annotate(day=TruncDate("created")).values("day").annotate(**sums)


def _stopped_here() -> Q:
    """Rejected by the local detector where otherwise the service would have been asked."""
    if settings.DETECTOR == "local":
        return Q(pk__in=[])
    return Q(
        ~Q(source=Portrait.Source.SERVICE),
        sample="",
        state=State.REJECTED,
        verdict__detector="local",
        verdict__outcome=Outcome.REJECTED,
    )


def _reasons(portraits: Any) -> tuple[ReasonFigure, ...]:
    rows = (
        portraits.filter(state=State.REJECTED)
        .order_by()
        .values("reason")
        .annotate(count=Count("pk"), objections=Count("pk", filter=Q(objected=True)))
    )
    total = sum(row["count"] for row in rows)
    return tuple(
        ReasonFigure(
            value=row["reason"],
            name=guidance(Reason(row["reason"])).name,
            count=row["count"],
            objections=row["objections"],
            share=row["count"] / total,
        )
        for row in sorted(rows, key=lambda row: (-row["count"], row["reason"]))
    )
