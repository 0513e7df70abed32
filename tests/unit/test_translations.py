from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from tests.marked_texts import Marked, all_marked, templates
from tests.typography import faults

CATALOGUES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))
ENTRIES = [(path.parts[-3], entry) for path in CATALOGUES for entry in polib.pofile(str(path))]
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|%%")
TEMPLATE_TAG = re.compile(
    r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL
)
ATTRIBUTE = re.compile(r'\s[\w-]+="[^"]*"')
SAID_IN_ATTRIBUTES = re.compile(r'\s(?:alt|aria-label|placeholder|title|data-[\w-]+)="([^"]*)"')
FOR_US = {"admin", "reports", "styleguide.html"}
"""Templates for operators and for those who work on the site; these may be in English alone."""
SAME_IN_ALL_LANGUAGES = {"emojicheck", "EMO", "English", "中文", "JSON", "API"}
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


@pytest.mark.parametrize("language", sorted({language for language, _entry in ENTRIES}))
def test_catalogue_holds_what_is_marked_for_translation_and_nothing_else(language: str) -> None:
    held = {
        Marked(entry.msgctxt, entry.msgid, entry.msgid_plural)
        for of, entry in ENTRIES
        if of == language
    }
    marked = all_marked()

    assert sorted(marked - held, key=str) == []
    assert sorted(held - marked, key=str) == []


@pytest.mark.parametrize("entry", [entry for _language, entry in ENTRIES if entry.msgid_plural])
def test_counted_texts_have_every_form_of_their_language(entry: polib.POEntry) -> None:
    assert list(entry.msgstr_plural) == [0]  # Chinese has one


def test_chinese_is_set_as_chinese_is() -> None:
    # What is filled in is looked at on the pages.
    wrong = {
        text: found
        for _language, entry in ENTRIES
        for text in texts(entry)
        if (found := faults(PLACEHOLDER.sub("\N{OBJECT REPLACEMENT CHARACTER}", TAG.sub("", text))))
    }

    assert wrong == {}


@pytest.mark.parametrize(
    "template",
    [path for path in templates() if not FOR_US & {*path.parts, path.name}],
    ids=lambda path: path.name,
)
def test_templates_say_nothing_in_one_language_only(template: Path) -> None:
    bare = TEMPLATE_TAG.sub("", template.read_text(encoding="utf-8"))
    # Words for scripts are in small letters.
    attributes = [value for value in SAID_IN_ATTRIBUTES.findall(bare) if value[:1].isupper()]
    said = re.sub(r"<[^>]+>", "\n", ATTRIBUTE.sub("", bare))

    words = {word for text in (said, *attributes) for word in re.findall("[A-Za-z一-鿿]{2,}", text)}
    assert words - SAME_IN_ALL_LANGUAGES == set()
