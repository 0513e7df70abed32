"""What each page has to reach, and the figures of its runs made into one."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any

MAX_LCP_MS = 1000
MAX_TBT_MS = 50
MAX_CLS = 0.0005
"""Nothing moves; what is left is rounding."""
MAX_PAGE_BYTES = 50_000
MAX_SCRIPT_BYTES = 12_000
LEAST = {"home": 100, "guide": 100}
"""Points in every category; every other page: `LEAST_ELSEWHERE`."""
LEAST_ELSEWHERE = 98

PHOTOS = ("photo.jpg", "thumbnail.jpg")
LISTED = "is-crawlable"
"""Lighthouse's audit that search engines may list a page. Personal pages must not be listed, so
there it has to fail, and the score is told without it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One page, as the median of its runs."""

    name: str
    scores: dict[str, int]
    is_private: bool
    lcp_ms: float
    cls: float
    tbt_ms: float
    page_bytes: float
    photo_bytes: float
    script_bytes: float
    failing: list[str]
    """Audits that cost points in most runs."""

    def shortcomings(self) -> list[str]:
        """What is not as it has to be, in words."""
        least = LEAST.get(self.name, LEAST_ELSEWHERE)
        found = [
            f"{category} {score}, at least {least}"
            for category, score in self.scores.items()
            if score < least
        ]
        limits = {
            "LCP in ms": (self.lcp_ms, MAX_LCP_MS),
            "CLS": (self.cls, MAX_CLS),
            "TBT in ms": (self.tbt_ms, MAX_TBT_MS),
            "bytes without photos": (self.page_bytes, MAX_PAGE_BYTES),
            "bytes of script": (self.script_bytes, MAX_SCRIPT_BYTES),
        }
        found += [
            f"{what} {value:g}, at most {limit:g}"
            for what, (value, limit) in limits.items()
            if value > limit
        ]
        return [f"{self.name}: {words}" for words in found]


def figures(name: str, runs: list[dict[str, Any]], *, is_private: bool) -> Figures:
    """Raises ValueError when a personal page may be listed by search engines."""
    if is_private and any(is_listed(run) for run in runs):
        raise ValueError(f"{name}: search engines may list it, although it is personal")
    left_out = {LISTED} if is_private else set()
    categories = list(runs[0]["categories"])
    return Figures(
        name=name,
        scores={
            category: round(
                median(score(run["categories"][category], left_out) for run in runs) * 100
            )
            for category in categories
        },
        is_private=is_private,
        lcp_ms=median(run["lcp_ms"] for run in runs),
        cls=median(run["cls"] for run in runs),
        tbt_ms=median(run["tbt_ms"] for run in runs),
        page_bytes=median(sent(run, photos=False) for run in runs),
        photo_bytes=median(sent(run, photos=True) for run in runs),
        script_bytes=median(sent(run, photos=False, kind="Script") for run in runs),
        failing=sorted(failing(runs) - left_out),
    )


def score(category: dict[str, Any], left_out: set[str]) -> float:
    """Lighthouse's own score, or its weighted mean without some audits."""
    if not left_out & {audit["id"] for audit in category["audits"]}:
        return float(category["score"])
    audits = [audit for audit in category["audits"] if audit["id"] not in left_out]
    weight = sum(audit["weight"] for audit in audits)
    return float(sum(audit["score"] * audit["weight"] for audit in audits) / weight)


def is_listed(run: dict[str, Any]) -> bool:
    return any(
        audit["score"] > 0
        for category in run["categories"].values()
        for audit in category["audits"]
        if audit["id"] == LISTED
    )


def failing(runs: list[dict[str, Any]]) -> set[str]:
    """Audits below full marks in most of the runs."""
    below = [
        {
            audit["id"]
            for category in run["categories"].values()
            for audit in category["audits"]
            if audit["score"] < 1
        }
        for run in runs
    ]
    return {
        name for names in below for name in names if sum(name in b for b in below) * 2 > len(below)
    }


def sent(run: dict[str, Any], *, photos: bool, kind: str = "") -> int:
    """Bytes on the wire of all answers of a kind, headers included."""
    return sum(
        request["bytes"]
        for request in run["requests"]
        if request["url"].partition("?")[0].endswith(PHOTOS) == photos
        and kind in ("", request["kind"])
    )
