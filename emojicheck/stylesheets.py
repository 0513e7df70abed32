"""Stylesheets that import others are served in one piece: every file costs a slow line a trip."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import url\("([\w-]+\.css)"\);\n', re.MULTILINE)
"""Neighbours only, so that what they refer to stays in place."""


class JoinedStylesheetsStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Collected files carry their hash in their name and lie there compressed, as before."""

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Any:
        if not options.get("dry_run"):
            paths = {**paths, **self._joined(paths)}
        return super().post_process(paths, *args, **options)

    def _joined(self, paths: dict[str, Any]) -> dict[str, Any]:
        """Where to find those that import others, now whole."""
        joined = {}
        for name in paths:
            if not name.endswith(".css"):
                continue
            sheet, *others = IMPORT.split(_text(paths[name]))
            for other, rest in zip(others[::2], others[1::2], strict=True):
                neighbour = str(PurePosixPath(name).with_name(other))
                sheet += _text(paths[neighbour]) + rest
            if others:
                self.delete(name)
                joined[name] = (self, self._save(name, ContentFile(sheet.encode())))
        return joined


def _text(place: Any) -> str:
    storage, path = place
    with storage.open(path) as file:
        return str(file.read().decode())
