"""Strings that break programs: each has broken one somewhere."""

from __future__ import annotations

LONG = 10_000

NAUGHTY = [
    # nothing, and next to nothing
    *("", " ", "\t", "\n", "\r\n", "\x0b", "\x0c", "\x1b[31m", "\x7f", "\x85", "\xa0", "\ufeff"),
    *("null", "None", "NULL", "undefined", "nil", "NaN", "Infinity", "-Infinity", "true", "()"),
    # numbers that are none
    *("0", "-1", "1e400", "0x0", "1/0", "١٢٣", "９９９", "1,000.00", "0" * 400, "9" * 5_000),
    # markup and scripts
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "'\"><svg/onload=alert(1)>"),
    *("javascript:alert(1)", "&lt;b&gt;", "]]>", "<!--", "<![CDATA[", "&#0;", "{{ 7 * 7 }}"),
    *("{% debug %}", "${7*7}", "#{7*7}", "<%= 7 %>", "%s%n%x", "%(name)s", "{0.__class__}"),
    # databases, shells, files
    *(
        "' OR 1=1 --",
        '"; DROP TABLE emojicheck_portrait; --',
        "\\",
        "\\x00",
        "%00",
        "\x00",
        "a\x00b",
    ),
    *("$(id)", "`id`", "; cat /etc/passwd", "| ls", "../../../etc/passwd", "..\\..\\x", "file:///"),
    *("CON", "con.jpg", "aux", ".", "..", "~", "/", "//", "C:\\x"),
    # spreadsheets and logs
    *("=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "a\r\nSet-Cookie: x=y", "%0d%0aX: y"),
    # letters
    *("é", "e\u0301", "ß", "İ", "ı", "ﬁ", "Ω", "ﷺ", "田中さん", "表ポあ", "사회과학원", "Ⱥ", "ⅷ"),
    *("הָיְתָה", "مُنَاقَشَةُ", "\u202egpj.exe", "\u2066x\u2069", "\u200b", "\u200d", "\u00ad"),
    *("😍", "👨‍👩‍👧‍👦", "🇨🇳", "👩🏽", "\U0001f4a9", "\U0010ffff", "\ue000", "\ufdd0", "\uffff"),
    *("Z\u0351\u036b\u0343a\u0320l\u0489go", "a" + "\u0300" * 500, "ᚻᛖ", "⒜⒝", "̡̢̛", "ͣ"),
    # halves of characters, which no encoding takes
    *("\ud83d", "\udcff", "a\udc00b"),
    # long
    *("a" * LONG, "é" * LONG, "😍" * LONG, " " * LONG, "<" * LONG, "\u202e" * LONG),
]
"""In every script, and some that no keyboard has."""

SENDABLE = [text for text in NAUGHTY if not any("\ud800" <= mark <= "\udfff" for mark in text)]
"""Those that can be written in UTF-8, and so in a form."""
