"""The filters beside the list of portraits, in the words that visitors read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from emojicheck.detection.base import MODELS
from emojicheck.detection.verdicts import Reason
from emojicheck.models import Portrait, State
from emojicheck.presentation.guidance import guidance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    Choices = Iterable[tuple[str, Any]]


DETECTORS = {"local": _("Our own check"), "dashscope": _("The service")}
"""In words, by the names that are on record."""
WITHDRAWN = Portrait.Trouble.DELETED.value
"""Beside the states: what was deleted in the line did not fail."""


class FieldFilter(admin.SimpleListFilter):
    """Portraits with one value in one field; `field` may follow relations."""

    field: str

    def queryset(self, _request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class StateFilter(FieldFilter):
    title = _("state")
    parameter_name = field = "state"

    def lookups(self, *_: Any) -> Choices:
        return [*State.choices, (WITHDRAWN, Portrait.Trouble.DELETED.label)]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        withdrawn = {"state": State.FAILED, "trouble": Portrait.Trouble.DELETED}
        if self.value() == WITHDRAWN:
            return queryset.filter(**withdrawn)
        if self.value() == State.FAILED:
            return queryset.filter(state=State.FAILED).exclude(**withdrawn)
        return super().queryset(request, queryset)


class ReasonFilter(FieldFilter):
    title = _("reason")
    parameter_name = field = "reason"

    def lookups(self, *_: Any) -> Choices:
        return [(reason.value, guidance(reason).name) for reason in Reason]


class DetectorFilter(FieldFilter):
    title = _("who decided")
    parameter_name = "detector"
    field = "verdict__detector"

    def lookups(self, *_args: Any) -> Choices:
        return DETECTORS.items()


class ModelFilter(FieldFilter):
    title = _("model")
    parameter_name = field = "model"

    def lookups(self, *_: Any) -> Choices:
        return [(name, name) for name in MODELS]


class SourceFilter(FieldFilter):
    title = _("source")
    parameter_name = field = "source"

    def lookups(self, *_: Any) -> Choices:
        return Portrait.Source.choices


class ObjectionFilter(admin.SimpleListFilter):
    title = _("objection")
    parameter_name = "objection"

    def lookups(self, *_args: Any) -> Choices:
        return [("yes", _("The visitor objects")), ("no", _("No objection"))]

    def queryset(self, _request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "yes":
                return queryset.filter(objected=True)
            case "no":
                return queryset.filter(objected=False)
        return queryset


FILTERS = [StateFilter, ReasonFilter, DetectorFilter, ModelFilter, SourceFilter, ObjectionFilter]
