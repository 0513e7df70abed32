"""Make a new portrait of an old one: levelled, brightened, or cropped to a frame."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from emojicheck import intake
from emojicheck.edits import Crop
from emojicheck.fixes import fixes
from emojicheck.forms import FrameForm
from emojicheck.limits import TooManySubmissions
from emojicheck.presentation.cropping import crop_page

from .limited import too_many
from .portraits import shown
from .redirects import see_other
from .visitors import address_of, own_portrait, personal

if TYPE_CHECKING:
    from uuid import UUID

    from emojicheck.edits import Edit
    from emojicheck.models import Detection, Portrait
    from emojicheck.presentation.cropping import CropPage


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


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def crop(request: HttpRequest, portrait_id: UUID) -> HttpResponse:
    """A frame to move about in the photo; the numbers it comes to make the new portrait."""
    original = _with_photo(request, portrait_id)
    if not original.is_settled:
        return see_other(original)
    page = crop_page(original, _detections(original))
    if page is None:
        raise Http404
    if request.method != "POST" or "suggest" in request.POST:
        return _cropping(request, page)
    form = FrameForm(request.POST, photo=page.photo, ratio=original.ratio)
    if form.is_valid() and "show" not in request.POST:
        if form.nearest != page.photo:
            return _made(request, original, Crop(frame=form.nearest))
        form.add_error("width", _("That is the whole photo. Make the frame smaller."))
    return _cropping(request, page.showing(form.nearest), form)


def _cropping(request: HttpRequest, page: CropPage, form: FrameForm | None = None) -> HttpResponse:
    wrong = form is not None and not form.is_valid()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "portrait/crop.html", {"page": page, "form": form}, status=status)


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
