"""What a download on a visitor's behalf may reach, from the settings."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from .pictures import FetchPolicy


def fetch_policy() -> FetchPolicy:
    """The public internet but for ourselves, through FETCH_PROXY if there is one.

    Our own pages hold other people's photos, and asking ourselves could go on for ever.
    """
    own = {str(urlsplit(settings.SITE_URL).hostname), *settings.EXTRA_HOSTS} - {"*"}
    return FetchPolicy(
        deny_hosts=frozenset(host.lower().strip("[]") for host in own), proxy=settings.FETCH_PROXY
    )
