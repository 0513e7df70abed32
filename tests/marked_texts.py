"""Every text that code and templates mark for translation, found as Django itself reads them.

In Python, because gettext's own xgettext is not on every machine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(settings.BASE_DIR)
MARKS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
"""By the function: which argument is the context, the text, and the text for several."""


class Marked(NamedTuple):
    context: str | None
    text: str
    several: str = ""


def all_marked() -> set[Marked]:
    return {*in_code(), *in_templates()}


def in_code() -> Iterator[Marked]:
    """Raises TypeError when a text is put together before it is translated."""
    for path in sorted((ROOT / "emojicheck").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (places := MARKS.get(_called(node))):
                context, text, several = (
                    None if place is None else _constant(node.args[place], path) for place in places
                )
                yield Marked(context, text or "", several or "")


def in_templates() -> Iterator[Marked]:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    for path in templates():
        nodes = engine.get_template(str(path.relative_to(ROOT / "templates"))).nodelist
        for node in nodes.get_nodes_by_type((TranslateNode, BlockTranslateNode)):
            context = node.message_context.var if node.message_context else None
            if isinstance(node, TranslateNode):
                yield Marked(context, node.filter_expression.var.literal)
            else:
                parts = (node.singular, node.plural or [])
                text, several = (node.render_token_list(part)[0] for part in parts)
                yield Marked(context, text, several)


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*.*") if path.is_file())


def _called(node: ast.Call) -> str:
    """The name of the function that is called, lazy or not."""
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return str(name).removesuffix("_lazy").removesuffix("_noop")


def _constant(node: ast.expr, path: Path) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise TypeError(f"{path}:{node.lineno}: only a literal text can be found and translated")
