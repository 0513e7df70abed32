"""What was done to a picture to make it a photo, in words for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from emojicheck.pictures import Repair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import Promise

_WORDS: dict[Repair, str | Promise] = {
    Repair.FIRST_FRAME: _("first picture of several"),
    Repair.SHRUNK_PIXELS: _("sides made smaller"),
    Repair.SHRUNK_BYTES: _("weight made smaller"),
    Repair.RECOLOURED: _("colours converted to sRGB"),
    Repair.FLATTENED: _("transparent parts laid on white"),
    Repair.TURNED: _("turned upright"),
    Repair.CONVERTED: _("converted to JPG"),
}


def in_words(names: Iterable[str]) -> list[str]:
    """One short phrase for each repair that a portrait has on record."""
    return [str(_WORDS[Repair(name)]) for name in names]
