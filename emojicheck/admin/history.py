"""What all pages about the past have in common: they can be read, not written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.text import capfirst

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class HistoryAdmin(admin.ModelAdmin[Any]):
    """Rows are made by the site alone, and stay as proof."""

    show_full_result_count = False
    view_on_site = False
    list_per_page = 50

    def has_add_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))
