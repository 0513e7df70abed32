from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

from emojicheck.stylesheets import JoinedStylesheetsStorage


@pytest.fixture
def source(tmp_path: Path) -> StaticFilesStorage:
    folder = tmp_path / "source"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "all.css").write_text('@import url("a.css");\n@import url("b.css");\np {}\n')
    (folder / "css" / "a.css").write_text("a {}\n")
    (folder / "css" / "b.css").write_text("b { background: url(../dot.svg) }\n")
    (folder / "dot.svg").write_text("<svg/>")
    return StaticFilesStorage(location=folder)


def collected(source: StaticFilesStorage, place: Path, settings: Any) -> JoinedStylesheetsStorage:
    """What collectstatic does with the storage."""
    settings.STATIC_ROOT = place
    storage = JoinedStylesheetsStorage(location=place)
    names = ["css/all.css", "css/a.css", "css/b.css", "dot.svg"]
    for name in names:
        with source.open(name) as file:
            storage.save(name, file)
    list(storage.post_process({name: (source, name) for name in names}))
    return storage


def test_what_a_stylesheet_imports_is_served_with_it(
    source: StaticFilesStorage, tmp_path: Path, settings: Any
) -> None:
    storage = collected(source, tmp_path / "collected", settings)

    served = (tmp_path / "collected" / storage.stored_name("css/all.css")).read_text()

    assert (
        served
        == f'a {{}}\nb {{ background: url("../{storage.stored_name("dot.svg")}") }}\np {{}}\n'
    )


def test_a_change_in_what_is_imported_changes_the_name(
    source: StaticFilesStorage, tmp_path: Path, settings: Any
) -> None:
    before = collected(source, tmp_path / "before", settings).stored_name("css/all.css")
    Path(source.path("css/a.css")).write_text("a { color: red }\n")

    after = collected(source, tmp_path / "after", settings).stored_name("css/all.css")

    assert after != before


def test_the_site_s_own_sheet_imports_nothing_that_is_not_there() -> None:
    sheet = finders.find("css/site.css")
    assert isinstance(sheet, str)
    lines = Path(sheet).read_text().splitlines()[1:]

    assert [line for line in lines if not finders.find(f"css/{line.split(chr(34))[1]}")] == []
