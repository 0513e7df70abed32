"""The application's registration with Django."""

from __future__ import annotations

from django.apps import AppConfig


class EmojicheckConfig(AppConfig):
    name = verbose_name = "emojicheck"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (app ready: registers the start-up checks)
