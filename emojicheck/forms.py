"""The shape of what visitors send; whether a photo is any good is for `intake` to find out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .detection import frames
from .detection.base import MODELS
from .models import Portrait

if TYPE_CHECKING:
    from .detection.verdicts import BBox

DEFAULT_MODEL = "emoji-detect-v1"
DEFAULT_RATIO = "1:1"
MAX_URL_LENGTH = 2000
MAX_OBJECTION_LENGTH = 250
MOST_AT_ONCE = 10
"""Photos that one form may carry."""
TOO_MANY = _("These are %(count)s photos; at most %(limit)s go at a time. Choose fewer.")
RATIOS = sorted({ratio for ratios in MODELS.values() for ratio in ratios})

_NUMBERS = {
    "required": _("Type a whole number of pixels."),
    "invalid": _("Type a whole number of pixels."),
}


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:  # noqa: ARG002
        return list(files.getlist(name))


class _FilesField(forms.FileField):
    """All files that came under one name, in their order."""

    widget = _SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(_FilesField, self).clean(file, initial) for file in data]


class PortraitForm(forms.Form):
    """One photo or several, or the link to one, and what to ask about each."""

    photo = _FilesField(required=False, allow_empty_file=True, max_length=None)
    image_url = forms.CharField(
        required=False,
        max_length=MAX_URL_LENGTH,
        error_messages={"max_length": _("This link is too long. Choose the file itself.")},
    )
    model = forms.ChoiceField(choices=[(name, name) for name in MODELS], required=False)
    ratio = forms.ChoiceField(choices=[(ratio, ratio) for ratio in RATIOS], required=False)
    idempotency_key = forms.CharField(required=False, max_length=100)
    source = forms.CharField(required=False)

    def clean_model(self) -> str:
        return str(self.cleaned_data["model"] or DEFAULT_MODEL)

    def clean_ratio(self) -> str:
        return str(self.cleaned_data["ratio"] or DEFAULT_RATIO)

    def clean_source(self) -> str:
        """Where a photo came from: it is a note for the operator and decides nothing."""
        camera = self.cleaned_data["source"] == Portrait.Source.CAMERA
        return Portrait.Source.CAMERA if camera else Portrait.Source.UPLOAD

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        photos, image_url = cleaned.get("photo", []), cleaned.get("image_url")
        if photos and image_url:
            self.add_error("image_url", _("Choose either a file or a link, not both."))
        if not photos and not image_url and not self.errors:
            self.add_error("photo", _("Choose a photo, or paste the link to one."))
        if len(photos) > MOST_AT_ONCE:
            self.add_error("photo", TOO_MANY % {"count": len(photos), "limit": MOST_AT_ONCE})
        model, ratio = cleaned.get("model"), cleaned.get("ratio")
        if model and ratio and ratio not in MODELS[model]:
            self.add_error("ratio", _("Emoji videos are always 1:1. Choose 1:1, or EMO."))
        return cleaned

    @property
    def chosen_model(self) -> str:
        return self._chosen("model", list(MODELS), DEFAULT_MODEL)

    @property
    def chosen_ratio(self) -> str:
        return self._chosen("ratio", RATIOS, DEFAULT_RATIO)

    def _chosen(self, name: str, choices: list[str], default: str) -> str:
        """What to show as chosen, also when the form did not validate."""
        value = self[name].value()
        return value if value in choices else default


class FrameForm(forms.Form):
    """A frame in a photo, by its left upper corner and its width, in pixels of the photo."""

    left = forms.IntegerField(error_messages=_NUMBERS)
    top = forms.IntegerField(error_messages=_NUMBERS)
    width = forms.IntegerField(error_messages=_NUMBERS)

    def __init__(self, data: Any, *, photo: BBox, ratio: str) -> None:
        super().__init__(data)
        self.photo, self.ratio = photo, ratio

    def clean_width(self) -> int:
        width = int(self.cleaned_data["width"])
        most = frames.widest(self.ratio, width=self.photo.width, height=self.photo.height)
        if width < frames.MIN_SIDE_PIXELS:
            raise forms.ValidationError(
                _("At least %(least)s pixels: smaller photos are not accepted.")
                % {"least": frames.MIN_SIDE_PIXELS}
            )
        if width > most:
            raise forms.ValidationError(
                _("At most %(most)s pixels: the photo has no more.") % {"most": most}
            )
        return width

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        frame = self.nearest
        rooms = {"left": self.photo.width - frame.width, "top": self.photo.height - frame.height}
        for name, room in rooms.items():
            if name in cleaned and not 0 <= cleaned[name] <= room:
                self.add_error(
                    name,
                    _("From 0 to %(room)s: the frame has to stay inside the photo.")
                    % {"room": room},
                )
        return cleaned

    @property
    def nearest(self) -> BBox:
        """The frame that was asked for, or the nearest there is."""
        asked = (self._typed(name) for name in ("left", "top", "width"))
        return frames.nearest(*asked, ratio=self.ratio, within=self.photo)

    def _typed(self, name: str) -> int:
        try:
            return int(self.fields[name].clean(self.data.get(name)))
        except forms.ValidationError:
            return 0


class ObjectionForm(forms.Form):
    """Why a visitor thinks that the verdict is wrong."""

    objection = forms.CharField(
        max_length=MAX_OBJECTION_LENGTH,
        error_messages={
            "required": _("Say in a few words what is wrong with the verdict."),
            "max_length": _("Please use at most 250 characters."),
        },
    )
