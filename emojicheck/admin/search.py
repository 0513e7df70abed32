"""Finding portraits by what stands in a letter to support."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from emojicheck.models import Detection

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from emojicheck.models import Portrait


def matching(portraits: QuerySet[Portrait], search_term: str) -> QuerySet[Portrait]:
    """Portraits that every word of the term names: by id, or by how a request id or digest begins.

    Beginnings only, so that indexes serve.
    """
    for word in search_term.split():
        requests = Detection.objects.filter(portrait=OuterRef("pk"), request_id__startswith=word)
        found = Q(Exists(requests)) | Q(digest__startswith=word.lower())
        with suppress(ValueError):
            found |= Q(pk=UUID(word))
        portraits = portraits.filter(found)
    return portraits
