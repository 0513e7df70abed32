"""Every page of the site that is not a portrait's own, found by itself in the list of addresses."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

ELSEWHERE = ("admin/", "api/")
"""Made by Django and Ninja; their own tools look after them."""
POSTED = {"theme", "set_language"}
"""Addresses that forms are sent to and nobody opens."""
PRIVATE = {"portraits"}
"""Pages of one visitor: search engines must not list them."""
MISSING = "/nothing/"


def pages() -> dict[str, str]:
    """Paths by name: those without an ending such as `.txt`, as a person would type them."""
    return {
        name: f"/{route}"
        for route, name in _routes(get_resolver().url_patterns)
        if route == "" or (route.endswith("/") and "<" not in route)
        if name not in POSTED
    }


def pages_of_a_portrait() -> dict[str, str]:
    """Further pages of a portrait by name, as what comes after its own address."""
    own = "portraits/<uuid:portrait_id>/"
    return {
        name: route.removeprefix(own)
        for route, name in _routes(get_resolver().url_patterns)
        if route.startswith(own) and route.endswith("/") and route != own
        if route.removeprefix(own) not in ACTIONS
    }


ACTIONS = {"delete/", "retry/", "ask/", "fix/", "objection/", "share/"}
"""What a portrait's forms are sent to."""


def _routes(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif pattern.name:
            yield route, pattern.name
