from __future__ import annotations

import os
from pathlib import Path

import pytest

from emojicheck.management.labelled import Labelled, LabelsError, labelled, without_label

HEAD = "file\tlabel\tnote\tsource\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "labels.tsv"


def problem(folder: Path) -> str:
    with pytest.raises(LabelsError) as caught:
        labelled(folder)
    return str(caught.value)


def test_table_is_read_in_its_order(table: Path) -> None:
    table.write_text(HEAD + "b.jpg\tok\t\t\na.jpg\tdark\tsynthetic\tus\n", encoding="utf-8")

    assert labelled(table.parent) == (
        Labelled(file="b.jpg", label="ok"),
        Labelled(file="a.jpg", label="dark", note="synthetic", source="us"),
    )


def test_table_needs_no_source_and_may_come_from_a_spreadsheet(table: Path) -> None:
    table.write_bytes(b'\xef\xbb\xbffile\tlabel\tnote\r\na.jpg\tok\t"says ""hi"""\r\n')

    assert labelled(table.parent) == (Labelled(file="a.jpg", label="ok", note='says "hi"'),)


def test_short_line_has_an_empty_note(table: Path) -> None:
    table.write_text(HEAD + "a.jpg\tok\n", encoding="utf-8")

    assert labelled(table.parent) == (Labelled(file="a.jpg", label="ok"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD, "{table} names no picture."),
        ("", "labels.tsv has no column file and no column label and no column note."),
        ("file,label,note\n", "labels.tsv has no column file and no column label and no column"),
        (HEAD + "a.jpg\tfine\n", "labels.tsv, line 2: 'fine' is no label; there are ok, none, "),
        (HEAD + "a.jpg\tok\na.jpg\tok\n", "labels.tsv, line 3: 'a.jpg' is named twice."),
        (HEAD + "\tok\n", "labels.tsv, line 2: no file is named."),
        (HEAD + "../a.jpg\tok\n", "labels.tsv, line 2: '../a.jpg' lies outside the folder."),
        (HEAD + "/a.jpg\tok\n", "labels.tsv, line 2: '/a.jpg' lies outside the folder."),
        (HEAD + "a" * 200_000 + "\tok\n", "{table} cannot be read as a table: field larger than"),
    ],
)
def test_faults_of_the_table_are_told(table: Path, text: str, message: str) -> None:
    table.write_text(text, encoding="utf-8")

    told = problem(table.parent)

    assert told[: len(message.format(table=table))] == message.format(table=table)


def test_missing_table_is_told_with_what_belongs_in_it(tmp_path: Path) -> None:
    assert problem(tmp_path) == (
        f"There is no labels.tsv in {tmp_path}. It has one line per picture: file, label, note "
        "and, if you like, source, with tabs between them."
    )


def test_missing_folder_is_told(tmp_path: Path) -> None:
    assert problem(tmp_path / "gone") == f"{tmp_path / 'gone'} is not a folder."


def test_table_that_is_no_text_is_told(table: Path) -> None:
    table.write_bytes(b"\xff\xfe\x00")

    assert problem(table.parent) == f"{table} is not text in UTF-8."


def test_table_that_cannot_be_read_is_told(table: Path) -> None:
    table.mkdir()

    assert problem(table.parent) == f"{table}: {os.strerror(21)}."


def test_pictures_without_a_label_are_counted(table: Path) -> None:
    table.write_text(HEAD + "a.jpg\tok\n", encoding="utf-8")
    for name in ("a.jpg", "b.jpg", "c.PNG", "notes.txt"):
        (table.parent / name).touch()

    assert without_label(table.parent, labelled(table.parent)) == 2
