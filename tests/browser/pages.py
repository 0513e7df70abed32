"""Every page of the site that is not a portrait's own, found by itself in the list of addresses."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ELSEWHERE = ("admin/", "api/")
"""Made by Django and Ninja; their own tools look after them."""
FOR_US = {"styleguide"}
"""Only there while somebody works on the site."""
PRIVATE = {"portraits"}
"""Pages of one visitor: search engines must not list them."""
MISSING = "/nothing/"


def pages() -> dict[str, str]:
    """Paths by name: those without an ending such as `.txt`, as a person would type them."""
    return {
        name: f"/{route}"
        for route, name in _routes(get_resolver().url_patterns)
        if route == "" or (route.endswith("/") and "<" not in route)
        if name not in FOR_US
    }


def pages_of_a_portrait() -> dict[str, str]:
    """Further pages of a portrait by name, as what comes after its own address."""
    own = "portraits/<uuid:portrait_id>/"
    return {
        name: route.removeprefix(own)
        for route, name in _routes(get_resolver().url_patterns)
        if route.startswith(own) and route.endswith("/") and route != own
    }


def _can_be_opened(pattern: URLPattern) -> bool:
    """Whether its view, by the decorators around it, answers to GET."""
    view: Any = pattern.callback
    while inspect.isfunction(view):
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True


def _routes(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif pattern.name and _can_be_opened(pattern):
            yield route, pattern.name
