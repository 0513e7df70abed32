"""Measure the local detector on a folder of labelled pictures. Needs no database, no server."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from emojicheck.detection.base import MODELS
from emojicheck.detection.local import LocalDetector
from emojicheck.detection.verdicts import Reason
from emojicheck.management.checking import Checked, check
from emojicheck.management.evaluation import Evaluation, Judged
from emojicheck.management.evaluation_page import Card, card, page
from emojicheck.management.evaluation_text import as_data, lines
from emojicheck.management.labelled import LABELS, TABLE, LabelsError, labelled, without_label
from emojicheck.management.progress import with_progress

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

    from emojicheck.management.labelled import Labelled

UNUSABLE, STOPPED = 2, 130


class Command(BaseCommand):
    help = (
        f"Judge the pictures that FOLDER/{TABLE} names with the local detector and tell how often "
        "it is right. The table has one line per picture (file, label, note, source; tabs "
        f"between them; source may be left out). Labels: {', '.join(LABELS)}. Exit status: 0, or "
        "2 when a picture is missing or cannot be read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--html",
            type=Path,
            metavar="REPORT",
            help="write one page with all figures and small copies of the pictures to this file",
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="print one JSON object"
        )

    def handle(self, *, folder: Path, html: Path | None, as_json: bool, **_options: Any) -> None:
        try:
            rows = labelled(folder)
            if html:  # rather now than after minutes of work
                html.parent.mkdir(parents=True, exist_ok=True)
        except LabelsError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except OSError as error:
            raise _unwritable(error) from error
        run = _Run(folder, rows, keep_cards=bool(html))
        try:
            run.judge()
        except KeyboardInterrupt:
            self.stderr.write(f"Stopped after {len(run.judged)} of {len(rows)}.")
            sys.exit(STOPPED)
        evaluation = Evaluation(judged=tuple(run.judged))
        self._tell(evaluation, run, as_json=as_json)
        if html:
            self._write(html, page(evaluation, run.cards, run.unread, title=_title(folder)))
        if run.unread:
            sys.exit(UNUSABLE)

    def _tell(self, evaluation: Evaluation, run: _Run, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(as_data(evaluation, run.unread)))
        else:
            self.stdout.write("\n".join(lines(evaluation)))
        for file, message in run.unread.items():
            self.stderr.write(f"{file!r} was not judged: {message}")
        if others := without_label(run.folder, run.rows):
            self.stderr.write(f"Left out, because {TABLE} does not name them: {others} pictures.")

    def _write(self, path: Path, text: str) -> None:
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise _unwritable(error) from error
        self.stderr.write(f"The report is in {path}.")


class _Run:
    """Judges one picture after the other and keeps of each what the figures need."""

    def __init__(self, folder: Path, rows: tuple[Labelled, ...], *, keep_cards: bool) -> None:
        self.folder = folder
        self.rows = rows
        self.keep_cards = keep_cards
        self.judged: list[Judged] = []
        self.cards: dict[str, Card] = {}
        self.unread: dict[str, str] = {}
        """By file: why no detector saw it."""

    def judge(self) -> None:
        detector = LocalDetector()
        detector.warm_up()
        model = next(iter(MODELS))
        results = check(
            [str(self.folder.absolute() / row.file) for row in self.rows],
            detector=detector,
            model=model,
            ratio=MODELS[model][0],
            address=lambda source, _picture: source,
        )
        for row, checked in zip(self.rows, with_progress(results, len(self.rows)), strict=True):
            self._keep(row, checked)

    def _keep(self, row: Labelled, checked: Checked) -> None:
        if not checked.photo:
            self.unread[row.file] = checked.message
            return
        light = (measured.value for measured in checked.measurements if measured.id == "light")
        self.judged.append(
            Judged(
                example=row,
                reason=Reason(checked.reason) if checked.reason else None,
                certain=checked.certain,
                light=next(light, None),
                took_ms=checked.took_ms,
            )
        )
        if self.keep_cards:
            self.cards[row.file] = card(checked.photo, checked.measurements)


def _title(folder: Path) -> str:
    return f"The local detector on {folder.resolve().name}"


def _unwritable(error: OSError) -> CommandError:
    return CommandError(f"{error.filename or 'output'}: {error.strerror}.", returncode=UNUSABLE)
