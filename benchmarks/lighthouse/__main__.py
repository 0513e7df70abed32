"""Lighthouse's judgement of every page of a real site, as a phone on a slow line sees it.

`make lighthouse` starts the site in a temporary folder, has two portraits judged, and measures each
page five times. Status 1 if a page misses what `standards` asks for.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

from benchmarks.visitors import Record, Visitor, serving
from tests import portraits

from .standards import LISTED, Figures, figures

HERE = Path(__file__).parent
JUDGED_SECONDS = 90
COLUMNS = ["page", "perf.", "a11y", "best", "SEO", "LCP", "CLS", "TBT", "page", "script", "photos"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="*", metavar="PAGE", help="names as in the table")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, serving(place) as (_site, address):
        pages, cookies, private = _pages(address)
        wanted = {name: pages[name] for name in options.only or pages}
        measured = _measured(address, cookies, wanted, options.runs)
        found = [figures(name, measured[name], is_private=name in private) for name in wanted]
    print("\n".join(_report(found, options.runs, measured)))
    sys.exit(1 if any(page.shortcomings() for page in found) else 0)


def _pages(address: str) -> tuple[dict[str, str], dict[str, str], set[str]]:
    """Paths of all pages by name, the visitor's cookies, and which pages are that visitor's own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "emojicheck.settings")
    django.setup()
    from tests.browser.pages import PRIVATE, pages

    visitor = Visitor(address, Record())
    paths = pages()
    verdicts = {
        "accepted": portraits.jpeg(portraits.portrait()),
        "rejected": portraits.jpeg(portraits.tilted(25)),
    }
    for state, photo in verdicts.items():
        paths[state] = visitor.upload(photo)
        assert visitor.follow(paths[state], time.monotonic() + JUDGED_SECONDS) == state
    return paths, visitor.cookies, PRIVATE | set(verdicts)


def _measured(
    address: str, cookies: dict[str, str], pages: dict[str, str], runs: int
) -> dict[str, list[dict[str, Any]]]:
    """Lighthouse's figures, run by run, by page."""
    task = {"address": address, "cookies": cookies, "pages": pages, "runs": runs}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in pages}
    for line in _lines(json.dumps(task)):
        run = json.loads(line)
        found[run["name"]].append(run)
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def _lines(task: str) -> Iterator[str]:
    environment = os.environ | {"CHROME_PATH": os.environ.get("CHROMIUM", "/usr/bin/chromium")}
    command = ["node", str(HERE / "measure.mjs"), task]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        yield from process.stdout
    if process.returncode:
        sys.exit(f"Lighthouse ended with status {process.returncode}")


def _report(
    found: list[Figures], runs: int, measured: dict[str, list[dict[str, Any]]]
) -> Iterator[str]:
    rows = [COLUMNS, *(_row(page) for page in found)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    for row in rows:
        first, *others = zip(row, widths, strict=True)
        yield "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])
    speeds = sorted(run["machine"] for every in measured.values() for run in every)
    yield f"Median of {runs}; ms and bytes on the wire; page: all but the photos."
    yield f"This machine while measuring: {speeds[0]:.0f} to {speeds[-1]:.0f} (Lighthouse's index)."
    if any(page.is_private for page in found):
        yield f"* without {LISTED}: personal pages tell search engines to stay away, and each did."
    for page in found:
        if page.failing:
            yield f"{page.name} loses points by: {', '.join(page.failing)}"
    shortcomings = [words for page in found for words in page.shortcomings()]
    yield from (f"TOO LITTLE  {words}" for words in shortcomings)
    if not shortcomings:
        yield "All pages are as they have to be."


def _row(page: Figures) -> list[str]:
    scores = [str(score) for score in page.scores.values()]
    scores[-1] += "*" if page.is_private else ""
    numbers = [page.tbt_ms, page.page_bytes, page.script_bytes, page.photo_bytes]
    return [
        page.name,
        *scores,
        f"{page.lcp_ms:.0f}",
        f"{page.cls:.3f}",
        *(f"{number:.0f}" for number in numbers),
    ]


if __name__ == "__main__":
    main()
