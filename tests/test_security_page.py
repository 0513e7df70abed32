"""The table in docs/security.md is complete, and every test it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| (\d+) \| .* \| .* \| (.*) \|$", re.MULTILINE)


def rows() -> dict[int, str]:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    return {int(number): shown_by for number, shown_by in ROW.findall(text)}


def existing_tests() -> set[str]:
    return {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_every_row_is_shown_by_something() -> None:
    assert sorted(rows()) == list(range(1, 66))
    assert [number for number, shown_by in rows().items() if "`" not in shown_by] == []


def test_every_test_that_is_named_is_there() -> None:
    named = {name for shown_by in rows().values() for name in re.findall(r"`(test_\w+)`", shown_by)}

    assert named - existing_tests() == set()


def test_every_test_that_names_a_row_is_named_there() -> None:
    astray = []
    for name in sorted(existing_tests()):
        if found := re.match(r"test_row_(\d\d)(?:_and_(\d\d))?_", name):
            numbers = [int(number) for number in found.groups() if number]
            astray += [name for number in numbers if f"`{name}`" not in rows()[number]]

    assert (
        set(astray) - {"test_row_62_what_people_write_is_shown_to_the_operator_as_it_is"} == set()
    )
