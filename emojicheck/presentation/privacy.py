"""What happens to photos, generated from the settings in force: the policy is the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from emojicheck.delivery import way

from . import wording

HOUR_SECONDS = 3600
OFFICIAL_DOMAIN = ".aliyuncs.com"
OFFICIAL_HOST = "dashscope.aliyuncs.com"
TEMPORARY_HOURS = 48
"""How long the service's own upload space keeps a file, by its documentation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    title: str
    sentences: tuple[str, ...]


def promise() -> str:
    """The policy in three sentences, for the form."""
    kept = _kept()
    if settings.DETECTOR != "dashscope":
        return _(
            "We look here, for free, and pass nothing on. "
            "Gone after %(kept)s, or the moment you say so."
        ) % {"kept": kept}
    if settings.PRECHECK == "off":
        return _(
            "Your photo goes to %(service)s. Gone here after %(kept)s, or the moment you say so."
        ) % {"service": _service(), "kept": kept}
    if settings.PRECHECK == "warn":
        return _(
            "We look here, for free, then your photo goes to %(service)s. "
            "Gone here after %(kept)s, or the moment you say so."
        ) % {"service": _service(), "kept": kept}
    return _(
        "We look first, here, for free, and stop what cannot pass. Other photos go on to "
        "%(service)s. Gone here after %(kept)s, or the moment you say so."
    ) % {"service": _service(), "kept": kept}


def policy() -> tuple[Paragraph, ...]:
    return (
        Paragraph(
            title=_("What we keep"),
            sentences=(
                _("The photo, upright, and a small copy of it for your list."),
                _("Place, time, camera and all other hidden data are removed before it is stored."),
                _("The verdict with its numbers."),
                *_counted(),
                *_frames(),
            ),
        ),
        Paragraph(
            title=_("How long"),
            sentences=(
                _("%(kept)s, then the photo deletes itself.") % {"kept": _kept()},
                _("Sooner, if you press “Delete now”: it is gone at that moment."),
                _(
                    "A photo that we level, crop or brighten for you gets no hours of its own: it "
                    "goes with the time of the one it was made from, or when you delete it."
                ),
                _(
                    "What stays is a line without the photo: when, the verdict with its numbers, "
                    "what it cost, and a fingerprint of the file."
                ),
            ),
        ),
        Paragraph(title=_("Who sees it"), sentences=_who_sees_it()),
        Paragraph(
            title=_("What it is not"),
            sentences=(
                _("We measure how a face is held and lit. We do not recognise anybody."),
                _("Photos are not used for training, and faces are not compared."),
                _(
                    "The fingerprint tells only whether the very same file comes again, so that "
                    "nobody pays twice for one answer."
                ),
            ),
        ),
        Paragraph(
            title=_("Cookies"),
            sentences=(
                _(
                    "One says which portraits are yours, one protects the forms, and two "
                    "remember language and colours, if you choose them."
                ),
                _("No others, no tracking, and nothing is loaded from other sites."),
            ),
        ),
    )


def _counted() -> tuple[str, ...]:
    if not (settings.SUBMISSIONS_PER_HOUR or settings.VISITOR_DAILY_BUDGET):
        return ()
    return (
        _(
            "For a day: how much was asked from your internet address, under a number that does "
            "not tell the address."
        ),
    )


def _frames() -> tuple[str, ...]:
    if not settings.LIVE_HINTS:
        return ()
    return (
        _(
            "While the camera page is open, small frames from the camera are looked at on this "
            "machine and forgotten at once. They are stored nowhere and passed on to nobody."
        ),
    )


def _who_sees_it() -> tuple[str, ...]:
    own = _("You, in this browser. Nobody can guess or find the address.")
    shown = _("Whoever you give a link to, if you make one, until you take it back.")
    staff = _("People who run this site, when they look into a problem.")
    if settings.DETECTOR != "dashscope":
        return (own, shown, staff, _("Nobody else: photos are looked at on this machine."))
    sent = _("%(service)s, which looks at the photo and answers.") % {"service": _service()}
    return (own, shown, staff, sent, _delivered(), _stopped_here())


def _stopped_here() -> str:
    if settings.PRECHECK == "block":
        return _("A photo with a plain fault is stopped here and not sent on, unless you ask.")
    return _("Samples are never sent on.")


def _delivered() -> str:
    minutes = settings.PHOTO_LINK_MINUTES
    match way():
        case "public":
            return _(
                "It fetches the photo from a secret address that works for %(minutes)s minutes at "
                "most, and only until the verdict is there."
            ) % {"minutes": f"{minutes:g}"}
        case "storage":
            return _(
                "It fetches the photo from our store with a secret address that works for "
                "%(minutes)s minutes."
            ) % {"minutes": f"{minutes:g}"}
        case _:
            return _(
                "The photo is put into the service’s own store, which deletes it after "
                "%(hours)s hours."
            ) % {"hours": TEMPORARY_HOURS}


def _service() -> str:
    host = urlsplit(settings.DASHSCOPE_BASE_URL).hostname or ""
    if host == OFFICIAL_HOST:
        return _("Alibaba Cloud in Beijing")
    if host.endswith(OFFICIAL_DOMAIN):
        return _("Alibaba Cloud")
    return _("Alibaba Cloud by way of %(host)s") % {"host": host}


def _kept() -> str:
    return wording.span(settings.RETENTION_HOURS * HOUR_SECONDS)
