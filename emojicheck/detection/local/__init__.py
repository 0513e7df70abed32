"""The local detector: MediaPipe's bundled models, measured numbers, plain rules.

`looking` asks the models, `traits` measures what they saw, `rules` judge the numbers, `detector`
puts it together. Importing this package imports no model; the first use does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .detector import LocalDetector

__all__ = ["LocalDetector"]


def __getattr__(name: str) -> object:
    if name == "LocalDetector":
        from .detector import LocalDetector

        return LocalDetector
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
