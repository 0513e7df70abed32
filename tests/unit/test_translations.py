from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOGUES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
ENTRIES = [(path.parts[-3], entry) for path in CATALOGUES for entry in polib.pofile(str(path))]
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|%%")
TAG = re.compile(r"</?\w+[^>]*>")


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_language_but_english_has_a_catalogue() -> None:
    languages = {code.replace("-h", "_H") for code, _name in settings.LANGUAGES} - {"en"}

    assert {language for language, _entry in ENTRIES} == languages


@pytest.mark.parametrize("language", sorted({language for language, _entry in ENTRIES}))
def test_every_text_is_translated(language: str) -> None:
    missing = [
        entry.msgid
        for of, entry in ENTRIES
        if of == language and (entry.fuzzy or entry.obsolete or not all(texts(entry)))
    ]

    assert missing == []


@pytest.mark.parametrize("pattern", [PLACEHOLDER, TAG], ids=["placeholders", "tags"])
def test_translations_keep_what_is_filled_in(pattern: re.Pattern[str]) -> None:
    changed = [
        entry.msgid
        for _language, entry in ENTRIES
        for text in texts(entry)
        if set(pattern.findall(text)) - set(pattern.findall(entry.msgid + entry.msgid_plural))
        or (
            not entry.msgid_plural
            and sorted(pattern.findall(text)) != sorted(pattern.findall(entry.msgid))
        )
    ]

    assert changed == []
