"""Make a new portrait of an old one: levelled, cropped or brightened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emojicheck import intake
from emojicheck.fixes import fixes
from emojicheck.limits import TooManySubmissions

from .limited import too_many
from .portraits import shown
from .redirects import see_other
from .visitors import address_of, own_portrait, personal

if TYPE_CHECKING:
    from uuid import UUID

    from emojicheck.edits import Edit
    from emojicheck.models import Detection, Portrait


@require_POST
@personal
def fix(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    """What the button promised, by the numbers that are on record now."""
    original = _with_photo(request, portrait_id)
    if not original.is_settled:
        return see_other(original)
    offered = {found.edit.kind: found.edit for found in fixes(original, _detections(original))}
    edit = offered.get(request.POST.get("kind", ""))  # type: ignore[call-overload]
    if edit is None:
        return shown(request, original, problem=_("That would not help this photo."))
    return _made(request, original, edit)


def _with_photo(request: HttpRequest, portrait_id: UUID) -> Portrait:
    """The visitor's own portrait with a photo whose time is not over. Raises Http404."""
    own = own_portrait(request, portrait_id)
    if not own.photo or own.expires_at <= timezone.now():
        raise Http404
    return own


def _detections(portrait: Portrait) -> list[Detection]:
    return list(portrait.detections.defer("raw"))


def _made(request: HttpRequest, original: Portrait, edit: Edit) -> HttpResponse:
    try:
        return see_other(intake.fix(original, edit, address=address_of(request)))
    except TooManySubmissions as error:
        return too_many(request, error)
