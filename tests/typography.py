"""Faults of Chinese typesetting in a text, in words."""

from __future__ import annotations

import re

HAN = "[\u3400-\u9fff]"
FULL = "[，。：；！？、”）》]"
OPEN = "[“（《]"
FAULTS = {
    "half-width mark after Chinese": rf"{HAN} ?[,;:!?]|{HAN}\.(?!\w)",
    "half-width mark before Chinese": rf"[,;:!?] ?{HAN}",
    "half-width bracket": rf"{HAN} ?\(|\) ?{HAN}",
    "other quotes than “”": rf"{HAN}[\"']|[\"']{HAN}|[「」『』]",
    "space before a full-width mark": rf"[ \u00a0]{FULL}",
    "space after a full-width mark": rf"(?:{FULL}|{OPEN})[ \u00a0](?=[^\s–])",
    "space before an opening mark": rf"[ \u00a0]{OPEN}",
    "no space between Chinese and Latin or a number": rf"{HAN}[A-Za-z0-9¥]|[A-Za-z0-9%]{HAN}",
    "space between Chinese and Chinese": rf"{HAN}[ \u00a0]+{HAN}",
    "three dots": r"\.\.\.|(?<!…)…(?!…)",
    "exclamation": "[!！]",
    "stiff address": "您",
}
SEPARATE = re.compile(
    r"</?(?:p|li|ul|ol|h\d|div|section|dl|dt|dd|td|th|tr|button|label|summary|legend|figcaption|"
    r"fieldset|option|title|desc|text|br|header|footer|nav|form|main|template|span|a|small)\b[^>]*>"
)


def faults(text: str) -> list[str]:
    return [
        f"{what}: {text[max(0, found.start() - 12) : found.end() + 12]}"
        for what, pattern in FAULTS.items()
        for found in re.finditer(pattern, text)
    ]


def texts_of(page: str) -> list[str]:
    """What stands together in an HTML page, without its tags: texts and attributes for people."""
    body = re.sub(r"<(pre|code|style|script)\b.*?</\1>|<!--.*?-->", "\n", page, flags=re.DOTALL)
    attributes = re.findall(r'\s(?:alt|aria-label|placeholder|title|data-\w+)="([^"]*)"', body)
    inner = re.sub(r"<[^>]+>", "", SEPARATE.sub("\n", body))
    return [line.strip() for line in [*inner.splitlines(), *attributes] if line.strip()]
