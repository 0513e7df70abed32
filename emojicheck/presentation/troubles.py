"""Why there is no verdict. Never the photo's fault, and the words say so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emojicheck.models import Portrait

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleWords:
    tag: Text
    title: Text
    lead: Text
    retry: bool = True
    """Whether trying again at once can help."""


_OURS = _("Our fault")

_WORDS: dict[str, TroubleWords] = {
    Portrait.Trouble.LINK: TroubleWords(
        tag=_("Link"),
        title=_("We could not get the photo from that link"),
        lead="",
    ),
    Portrait.Trouble.SERVICE: TroubleWords(
        tag=_("No answer"),
        title=_("The service did not answer"),
        lead=_("It has nothing to do with your photo. The photo is kept; try again in a moment."),
    ),
    Portrait.Trouble.OPERATOR: TroubleWords(
        tag=_OURS,
        title=_("That was us, not your photo"),
        lead=_(
            "Our account with the service needs attention, and we have been told so. "
            "Your photo is kept; try again later."
        ),
    ),
    Portrait.Trouble.PHOTO_LINK: TroubleWords(
        tag=_OURS,
        title=_("That was us, not your photo"),
        lead=_("The service could not download the photo from us. The photo itself is fine."),
    ),
    Portrait.Trouble.ANSWER: TroubleWords(
        tag=_("No answer"),
        title=_("The service’s answer made no sense to us"),
        lead=_("It has nothing to do with your photo. The photo is kept; try again in a moment."),
    ),
    Portrait.Trouble.BUDGET: TroubleWords(
        tag=_("Closed for today"),
        title=_("No more questions to the service today"),
        lead=_(
            "This site asks the service only so many times a day, and today’s are used up. "
            "Your photo is kept; try again tomorrow, if it is still here by then."
        ),
    ),
    Portrait.Trouble.SHARE: TroubleWords(
        tag=_("Enough for today"),
        title=_("No more questions to the service for you today"),
        lead=_(
            "Everybody may ask the service only so many times a day, and yours are used up. "
            "Your photo is kept; try again tomorrow, if it is still here by then."
        ),
    ),
    Portrait.Trouble.ORIGINAL: TroubleWords(
        tag=_("Photo gone"),
        title=_("The photo to start from is gone"),
        lead=_(
            "It was deleted, or its time was over, before we could make the new one. "
            "Choose the photo once more."
        ),
        retry=False,
    ),
    Portrait.Trouble.DELETED: TroubleWords(
        tag=_("Deleted"),
        title=_("Deleted before it was judged"),
        lead="",
        retry=False,
    ),
    Portrait.Trouble.OURS: TroubleWords(
        tag=_OURS,
        title=_("That was us, not your photo"),
        lead=_("Something went wrong on our side. Your photo is kept; try again in a moment."),
    ),
}


def words(trouble: str) -> TroubleWords:
    return _WORDS.get(trouble) or _WORDS[Portrait.Trouble.OURS]
