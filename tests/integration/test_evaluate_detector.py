"""The detector measured from the shell. No test here touches a database or is marked for it."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests import portraits

PICTURES = {
    "fine.jpg": ("ok", portraits.portrait),
    "upright.jpg": ("ok", portraits.upright),
    "dim.jpg": ("ok", portraits.dim),
    "dark.jpg": ("dark", portraits.dark),
    "sky.jpg": ("none", portraits.nobody),
    "two.jpg": ("multiple", portraits.two_people),
    "tilted.jpg": ("pose", lambda: portraits.tilted(30)),
    "good.jpg": ("hand", portraits.portrait),
    "blurred.jpg": ("small", portraits.blurred),
}
"""The last two bear a wrong label, so that the detector is wrong about them."""


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labelled")
    rows = ["file\tlabel\tnote"]
    for name, (label, pixels) in PICTURES.items():
        (folder / name).write_bytes(portraits.jpeg(pixels()))
        rows.append(f"{name}\t{label}\t<b>synthetic</b>")
    (folder / "labels.tsv").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.fixture
def folder(originals: Path, tmp_path: Path) -> Path:
    return shutil.copytree(originals, tmp_path / "labelled")


def keep(folder: Path, *names: str) -> None:
    """Leave only these in the table."""
    rows = (folder / "labels.tsv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows[1:] if row.split("\t")[0] in names]
    (folder / "labels.tsv").write_text("\n".join([rows[0], *kept]), encoding="utf-8")


def run(*arguments: Any) -> tuple[int, str, str]:
    """Exit status, output and errors of the command."""
    output, errors = io.StringIO(), io.StringIO()
    try:
        call_command("evaluate_detector", *map(str, arguments), stdout=output, stderr=errors)
    except SystemExit as end:
        return int(str(end.code)), output.getvalue(), errors.getvalue()
    return 0, output.getvalue(), errors.getvalue()


def test_figures_and_report_tell_the_same(originals: Path, tmp_path: Path) -> None:
    report = tmp_path / "new" / "report.html"

    status, output, errors = run(originals, "--json", "--html", report)

    told = json.loads(output)
    assert (status, errors) == (0, f"The report is in {report}.\n")
    assert told["ok_accepted"]["hits"] == 3
    assert told["others_rejected"] == {
        "hits": 5,
        "total": 6,
        "share": 5 / 6,
        "interval": told["others_rejected"]["interval"],
    }
    assert told["balanced_accuracy"] == pytest.approx((1 + 5 / 6) / 2)
    assert told["right_reasons"]["hits"] == 4
    assert told["confusion"] == {
        "ok": {"accepted": 3},
        "none": {"no_person": 1},
        "multiple": {"several_people": 1},
        "pose": {"head_tilted": 1},
        "hand": {"accepted": 1},
        "small": {"too_blurred": 1},
        "dark": {"too_dark": 1},
    }
    assert [third["total"] for third in told["by_light"]] == [1, 1, 1]
    assert told["labels"]["ok"]["natural"]["total"] == 0
    assert [one["file"] for one in told["pictures"]] == list(PICTURES)

    html = report.read_text(encoding="utf-8")
    sections = re.split(r'<h2 id="\w+">', html)[1:]
    named = [re.findall(r"<p>([\w-]+\.jpg)</p>", section) for section in sections]
    assert named == [["good.jpg"], ["blurred.jpg"], list(PICTURES)]
    assert len(re.findall(r'src="data:image/jpeg;base64,', html)) == len(PICTURES) + 2
    assert re.findall(r"<script|(?:src|href)=\"(?!data:|#)", html) == []
    assert html.count("&lt;b&gt;synthetic&lt;/b&gt;") == len(PICTURES) + 2


def test_tables_are_printed_without_being_asked_for(folder: Path) -> None:
    keep(folder, "sky.jpg")

    status, output, errors = run(folder)

    assert status == 0
    assert output.splitlines()[:2] == [
        "label        right    of  95 % interval   natural only",
        "none        100.0%     1  21% to 100%     –",
    ]
    assert errors == "Left out, because labels.tsv does not name them: 8 pictures.\n"


def test_missing_and_broken_files_are_told_and_left_out_of_the_figures(folder: Path) -> None:
    keep(folder, "sky.jpg", "two.jpg", "dark.jpg")
    (folder / "two.jpg").unlink()
    (folder / "dark.jpg").write_bytes(b"no picture")
    report = folder / "report.html"

    status, output, errors = run(folder, "--json", "--html", report)

    told = json.loads(output)
    assert status == 2
    assert list(told["unread"]) == ["dark.jpg", "two.jpg"]
    assert told["others_rejected"]["total"] == 1
    assert "'two.jpg' was not judged: Not read: No such file or directory.\n" in errors
    assert "Not judged (2)" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (None, "There is no labels.tsv"),
        ("file\tlabel\tnote\n", "names no picture"),
        ("file\tlabel\tnote\nsky.jpg\tlovely\t\n", "line 2: 'lovely' is no label"),
    ],
)
def test_folder_that_cannot_be_used_is_told_before_any_work(
    tmp_path: Path, table: str | None, message: str
) -> None:
    if table is not None:
        (tmp_path / "labels.tsv").write_text(table, encoding="utf-8")

    with pytest.raises(CommandError, match=message) as caught:
        run(tmp_path)

    assert caught.value.returncode == 2


def test_report_that_cannot_be_written_is_told_before_any_work(folder: Path) -> None:
    with pytest.raises(CommandError, match=r"labels\.tsv: .+\.") as caught:
        run(folder, "--html", folder / "labels.tsv" / "report.html")

    assert caught.value.returncode == 2


def test_report_in_place_of_a_folder_is_told(folder: Path) -> None:
    keep(folder, "sky.jpg")

    with pytest.raises(CommandError, match="Is a directory"):
        run(folder, "--html", folder)


def test_stopping_says_how_far_it_came(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("emojicheck.management.commands.evaluate_detector.check", stop)

    assert run(folder) == (130, "", "Stopped after 0 of 9.\n")
