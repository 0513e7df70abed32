"""Judge portraits from the shell: files, folders, links. Needs no database and no server."""

from __future__ import annotations

import json
import math
import os
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm  # type: ignore[import-untyped]

from emojicheck.detection.base import MODELS
from emojicheck.detection.dashscope import DashScopeDetector
from emojicheck.detection.local import LocalDetector
from emojicheck.detection.verdicts import Reason
from emojicheck.management.annotations import SUFFIX, Annotations
from emojicheck.management.checking import check
from emojicheck.management.inputs import expanded
from emojicheck.management.progress import with_progress
from emojicheck.management.sending import Sender
from emojicheck.models import State
from emojicheck.presentation.guidance import guidance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.core.management.base import CommandParser

    from emojicheck.detection.base import Detector
    from emojicheck.management.checking import Checked

JSON_FIELDS = (
    *("input", "state", "reason", "certain", "code", "message"),
    *("face", "extended", "measurements", "detector", "took_ms"),
)
WIDEST_INPUT = 48
SOME_REJECTED, SOME_FAILED, STOPPED, READER_LEFT = 1, 2, 130, 141


class Command(BaseCommand):
    help = (
        "Judge portraits: files, folders (searched for pictures) or http(s) links. The local "
        "detector judges here, for nothing. With dashscope every photo is paid for. It gets a "
        "file through the service's own storage; of a link it gets the link, so that the picture "
        "there is what is judged, and boxes are in pixels of our upright copy of it. Exit "
        "status: 0 all accepted, 1 some rejected, 2 some failed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("inputs", nargs="+", metavar="PATH_OR_URL")
        parser.add_argument(
            "--detector",
            choices=["local", "dashscope"],
            default=settings.DETECTOR,
            help="who judges (default: who judges for the site, now %(default)s)",
        )
        parser.add_argument("--model", choices=list(MODELS), default=next(iter(MODELS)))
        parser.add_argument(
            "--ratio", default="1:1", help="1:1, or 3:4 for emo-detect-v1 (default: %(default)s)"
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="print one JSON object a line"
        )
        parser.add_argument(
            "--annotate",
            type=Path,
            metavar="DIR",
            help=f"write each photo with its boxes or spots to DIR, as <name>{SUFFIX}.png",
        )

    def handle(
        self,
        *,
        detector: str,
        model: str,
        ratio: str,
        as_json: bool,
        annotate: Path | None,
        **options: Any,
    ) -> None:
        if ratio not in MODELS[model]:
            raise _unusable(f"{model} can be asked for {' or '.join(MODELS[model])}, not {ratio}.")
        inputs = list(expanded(options["inputs"], without=SUFFIX))
        if not inputs:
            raise _unusable("There is no picture in there.")
        results = check(
            inputs,
            detector=_detector(detector),
            model=model,
            ratio=ratio,
            address=Sender(model),
        )
        tell = self._as_json if as_json else self._table(inputs)
        try:
            annotations = Annotations(annotate, inputs) if annotate else None
            states = self._run(with_progress(results, len(inputs)), tell, annotations)
        except OSError as error:
            raise _unusable(f"{error.filename or 'output'}: {error.strerror}.") from error
        if states[State.FAILED]:
            sys.exit(SOME_FAILED)
        if states[State.REJECTED]:
            sys.exit(SOME_REJECTED)

    def _run(
        self,
        results: Iterable[Checked],
        tell: Callable[[Checked], None],
        annotations: Annotations | None,
    ) -> Counter[State]:
        states: Counter[State] = Counter()
        try:
            for checked in results:
                states[checked.state] += 1
                tell(checked)
                if annotations:
                    annotations.keep(checked)
        except KeyboardInterrupt:
            self.stderr.write(f"Stopped after {states.total()}.")
            sys.exit(STOPPED)
        except BrokenPipeError:
            # Nobody reads any more; Python must not complain about it once again at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(READER_LEFT)
        return states

    def _as_json(self, checked: Checked) -> None:
        fields = {name: getattr(checked, name) for name in JSON_FIELDS}
        fields["measurements"] = [_finite(asdict(m)) for m in checked.measurements]
        self._line(json.dumps(fields))

    def _table(self, inputs: list[str]) -> Callable[[Checked], None]:
        width = min(WIDEST_INPUT, max(5, *map(len, inputs)))
        pending = [f"{'input':<{width}}  verdict       ms  reason"]

        def tell(checked: Checked) -> None:
            if pending:
                self._line(pending.pop())
            name, verdict = _printable(checked.input), checked.state.value
            words = _printable(_in_words(checked))
            self._line(f"{name:<{width}}  {verdict:<8} {checked.took_ms:>7}  {words}".rstrip())

        return tell

    def _line(self, text: str) -> None:
        with tqdm.external_write_mode():
            self.stdout.write(text)
            self.stdout.flush()


def _unusable(message: str) -> CommandError:
    return CommandError(message, returncode=SOME_FAILED)


def _detector(name: str) -> Detector:
    if name == "local":
        detector = LocalDetector()
        detector.warm_up()
        return detector
    try:
        return DashScopeDetector(
            api_key=settings.DASHSCOPE_API_KEY,
            base_url=settings.DASHSCOPE_BASE_URL,
            connect_seconds=settings.DASHSCOPE_CONNECT_SECONDS,
            read_seconds=settings.DASHSCOPE_READ_SECONDS,
        )
    except ValueError as error:
        raise _unusable(f"DASHSCOPE_API_KEY, DASHSCOPE_HTTP_BASE_URL: {error}") from error


def _finite(measurement: dict[str, Any]) -> dict[str, Any]:
    """JSON has no word for infinity or not-a-number."""
    value = measurement["value"]
    return measurement | {"value": value if value is None or math.isfinite(value) else None}


def _in_words(checked: Checked) -> str:
    """Why: about the photo if it was judged, else about the file or the trouble."""
    if checked.state == State.REJECTED and checked.photo:
        return guidance(Reason(checked.reason)).name
    return checked.message


def _printable(text: str) -> str:
    """Nothing that a terminal would obey or could not encode."""
    return "".join(character if character.isprintable() else "?" for character in text)
