"""How Lighthouse's figures are judged, and that its packages are pinned."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.lighthouse.standards import Figures, figures

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "lighthouse"


def run(*, listed: float = 1, lcp_ms: float = 700, **more: Any) -> dict[str, Any]:
    described = {"id": "meta-description", "weight": 1, "score": 1}
    seo = [{"id": "is-crawlable", "weight": 4, "score": listed}, described]
    return {
        "categories": {
            "performance": {"score": 1, "audits": []},
            "seo": {"score": (4 * listed + 1) / 5, "audits": seo},
        },
        "lcp_ms": lcp_ms,
        "tbt_ms": 0,
        "cls": 0,
        "requests": [
            {"url": "http://127.0.0.1/", "kind": "Document", "bytes": 4000},
            {"url": "http://127.0.0.1/home.js", "kind": "Script", "bytes": 2000},
            {"url": "http://127.0.0.1/a/photo.jpg?", "kind": "Image", "bytes": 90_000},
        ],
        **more,
    }


def judged(*runs: dict[str, Any], name: str = "home", is_private: bool = False) -> Figures:
    return figures(name, list(runs), is_private=is_private)


def test_a_good_page_has_no_shortcomings() -> None:
    assert judged(run()).shortcomings() == []


def test_the_median_of_the_runs_counts() -> None:
    assert judged(run(lcp_ms=300), run(lcp_ms=5000), run(lcp_ms=900)).lcp_ms == 900


def test_photos_are_weighed_apart() -> None:
    page = judged(run())

    assert (page.page_bytes, page.script_bytes, page.photo_bytes) == (6000, 2000, 90_000)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (run(lcp_ms=1001), "home: LCP in ms 1001, at most 1000"),
        (run(tbt_ms=51), "home: TBT in ms 51, at most 50"),
        (run(cls=0.01), "home: CLS 0.01, at most 0.0005"),
        (run(listed=0), "home: seo 20, at least 100"),
        (
            run(requests=[{"url": "/x.js", "kind": "Script", "bytes": 12_001}]),
            "home: bytes of script 12001, at most 12000",
        ),
        (
            run(requests=[{"url": "/", "kind": "Document", "bytes": 50_001}]),
            "home: bytes without photos 50001, at most 50000",
        ),
    ],
)
def test_what_is_too_little_is_told(run: dict[str, Any], words: str) -> None:
    assert judged(run).shortcomings() == [words]


def test_a_personal_page_loses_nothing_by_staying_out_of_search_engines() -> None:
    assert judged(run(listed=0), is_private=True).scores["seo"] == 100


def test_a_personal_page_that_search_engines_may_list_is_an_error() -> None:
    with pytest.raises(ValueError, match="portraits: search engines may list it"):
        judged(run(listed=1), name="portraits", is_private=True)


def test_audits_that_cost_points_in_most_runs_are_named() -> None:
    assert judged(run(listed=0), run(listed=0), run()).failing == ["is-crawlable"]
    assert judged(run(listed=0), run(), run()).failing == []


def test_lock_pins_every_package_by_hash_and_names_no_registry() -> None:
    text = (FOLDER / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: lock for name, lock in json.loads(text)["packages"].items() if name}

    assert len(packages) > 100
    assert [name for name, lock in packages.items() if "integrity" not in lock] == []
    assert [name for name, lock in packages.items() if "resolved" in lock] == []
    assert re.findall(r"registry\.|npmjs|npmmirror", text) == []


def test_lighthouse_itself_is_pinned() -> None:
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))

    versions = [*wanted["dependencies"].values(), *wanted["overrides"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
