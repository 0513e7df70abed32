"""Our own drawings: shown on the pages, and to be tried out as samples."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    slug: str
    name: Text
    alt: Text
    passes: bool = False

    @property
    def drawing(self) -> str:
        """The drawing for pages, below the static files."""
        return f"img/portraits/{self.slug}.svg"

    @property
    def photo(self) -> str:
        """The same as a photo, below the static files."""
        return f"samples/{self.slug}.jpg"


_ALL = (
    Sample(
        slug="ok",
        name=_("This passes"),
        alt=_("A woman looks straight into the camera."),
        passes=True,
    ),
    Sample(
        slug="hand-near-face",
        name=_("Hand near the face"),
        alt=_("The same woman holds a hand beside her face."),
    ),
    Sample(slug="face-covered", name=_("Face covered"), alt=_("A man wears a mask.")),
    Sample(slug="strong-expression", name=_("Strong expression"), alt=_("A woman shouts.")),
    Sample(
        slug="head-tilted",
        name=_("Head tilted"),
        alt=_("A man leans his head to one side."),
    ),
    Sample(slug="several-people", name=_("Several people"), alt=_("Two people in one photo.")),
    Sample(slug="head-turned", name=_("Head turned"), alt=_("A woman looks to one side.")),
    Sample(slug="face-too-small", name=_("Face too small"), alt=_("A woman stands far away.")),
    Sample(
        slug="face-too-large",
        name=_("Face too large"),
        alt=_("A face that is larger than the picture."),
    ),
    Sample(
        slug="face-cut-off",
        name=_("Face cut off"),
        alt=_("Half of a head is outside the picture."),
    ),
    Sample(slug="too-dark", name=_("Too dark"), alt=_("A woman in the dark.")),
    Sample(slug="too-blurred", name=_("Too blurred"), alt=_("A photo out of focus.")),
    Sample(slug="no-person", name=_("No face found"), alt=_("A stool with nobody on it.")),
)
SAMPLES: dict[str, Sample] = {sample.slug: sample for sample in _ALL}
"""Every sample a visitor may try, by slug."""
ON_THE_HOME_PAGE: tuple[Sample, ...] = _ALL[:6]
