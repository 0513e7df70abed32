"""What every answer of the site says to browsers, whatever its address and whoever asks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import timezone

from emojicheck.delivery.public import signed_photo_path
from emojicheck.models import Portrait, State
from tests.factories import make_portrait

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
CATCH_ALLS = {"app_label": "emojicheck/", "url": "nothing/"}
"""What the admin site writes as regular expressions."""


def addresses(
    patterns: list[URLPattern | URLResolver], values: dict[str, str], before: str = "/"
) -> Iterator[str]:
    """One address for each pattern of the site."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if isinstance(pattern.pattern, RoutePattern):
            here = before + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], route)
        else:
            [group] = re.findall(r"\(\?P<(\w+)>", route)
            here = before + CATCH_ALLS[group]
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, values, here)
        else:
            yield here


@pytest.fixture
def every_address(admin_client: Client) -> list[str]:
    """All of them, with a portrait behind those that need one."""
    session = admin_client.session
    session["visitor"] = "one"
    session.save()
    portrait = make_portrait(owner="visitor:one", state=State.ACCEPTED, share_token="t" * 22)
    signature = signed_photo_path(make_portrait()).removeprefix("/photos/").removesuffix(".jpg")
    values = {
        "portrait_id": str(portrait.pk),
        "object_id": str(portrait.pk),
        "signature": signature,
        "token": portrait.share_token,
        "prefix": "relay",
        "content_type_id": "1",
        "id": "1",
    }
    return list(addresses(get_resolver().url_patterns, values))


def test_walk_finds_the_whole_site(every_address: list[str]) -> None:
    assert {"/", "/portraits/", "/guide/", "/readyz", "/metrics", "/admin/"} <= set(every_address)
    assert "/api/v1/docs" in every_address
    assert len(every_address) > 40


@pytest.mark.parametrize("method", ["get", "head", "post", "delete", "options"])
@pytest.mark.parametrize("who", ["stranger", "owner and superuser"])
def test_every_answer_is_strict_with_browsers(
    every_address: list[str], admin_client: Client, settings: Any, method: str, who: str
) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    client = Client() if who == "stranger" else admin_client
    client.handler.load_middleware()  # with these settings
    lax = []

    for address in every_address:
        reply = getattr(client, method)(address, secure=True)
        list(reply)  # files are closed at their end
        lax += [f"{address}: {fault}" for fault in faults(reply)]

    assert lax == []


def faults(reply: Any) -> Iterator[str]:
    expected = {
        "Content-Security-Policy": r"default-src 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": r"camera=\(self\).*geolocation=\(\).*microphone=\(\)",
        "Referrer-Policy": "same-origin|no-referrer",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    for name, value in expected.items():
        if not re.search(value, reply.headers.get(name, "")):
            yield f"{name} is {reply.headers.get(name)!r}"
    if "unsafe" in reply.headers["Content-Security-Policy"]:
        yield "unsafe content policy"
    if reply.status_code >= 500:
        yield f"status {reply.status_code}"
    if reply.status_code == 200 and not reply.headers["Content-Type"]:
        yield "no content type"
    for cookie in reply.cookies.values():
        if cookie.value and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
            yield f"cookie {cookie.key}"


def test_row_60_every_page_of_the_admin_site_wants_a_login_and_a_permission(
    every_address: list[str], client: Client
) -> None:
    colleague = User.objects.create_user("colleague", is_staff=True)
    open_to_all = {"/admin/login/", "/admin/logout/"}
    open_to_staff = {"/admin/", "/admin/jsi18n/", "/admin/password_change/"}
    open_to_staff |= {"/admin/password_change/done/"}
    asked = {address for address in every_address if address.startswith("/admin/")} - open_to_all

    stranger = {address: client.get(address) for address in asked}
    client.force_login(colleague)
    staff = {address: client.get(address).status_code for address in asked - open_to_staff}

    assert {a: r.headers.get("Location", "") for a, r in stranger.items()} == {
        address: f"/admin/login/?next={address}" for address in asked
    }
    assert {a: code for a, code in staff.items() if code not in {302, 403, 404}} == {}
    assert sum(code == 403 for code in staff.values()) > 5


@pytest.mark.parametrize("what", ["somebody else's", "deleted", "unknown"])
def test_row_54_no_address_gives_or_does_anything_with_what_is_not_ones_own(
    every_address: list[str], client: Client, what: str
) -> None:
    """All addresses, of today and of tomorrow, that name a portrait."""
    session = client.session
    session["visitor"] = "two"
    session.save()
    known = Portrait.objects.get(owner="visitor:one")
    foreign = make_portrait(
        owner="visitor:two" if what == "deleted" else "visitor:one",
        state=State.REJECTED,
        **({"deleted_at": timezone.now()} if what == "deleted" else {}),
    )
    pk = str(uuid.uuid4()) if what == "unknown" else str(foreign.pk)
    named = [a.replace(str(known.pk), pk) for a in every_address if f"/{known.pk}" in a]
    named = [address for address in named if not address.startswith("/admin/")]
    before = Portrait.objects.filter(pk=foreign.pk).values().get()

    wrong = []
    for address in named:
        for method in ("get", "head", "post", "put", "delete"):
            status = getattr(client, method)(address).status_code
            if status not in {404, 405}:
                wrong.append((method, address, status))

    assert len(named) > 8
    assert wrong == []
    assert Portrait.objects.filter(pk=foreign.pk).values().get() == before


def test_row_57_nothing_personal_is_kept_by_anybody(
    every_address: list[str], admin_client: Client
) -> None:
    personal = ("/portraits/", "/shared/", "/photos/", "/api/v1/portraits/", "/admin/emojicheck/")
    programs = make_portrait(owner="api", state=State.ACCEPTED)
    kept = {}
    for address in [*every_address, f"/api/v1/portraits/{programs.pk}"]:
        reply = admin_client.get(address)
        list(reply)
        found = reply.headers.get("Cache-Control", "")
        if reply.status_code == 200 and address.startswith(personal) and "no-store" not in found:
            kept[address] = found

    assert kept == {}


@pytest.mark.parametrize(
    "path", ["", "photo.jpg", "thumbnail.jpg", "annotated.png", "delete/", "retry/", "ask/"]
)
def test_what_is_personal_is_kept_by_nobody_and_listed_nowhere(client: Client, path: str) -> None:
    session = client.session
    session["visitor"] = "one"
    session.save()
    portrait = make_portrait(owner="visitor:one", state=State.ACCEPTED)

    reply = client.get(f"/portraits/{portrait.pk}/{path}")
    list(reply)

    if reply.status_code == 200:
        assert reply.headers["Cache-Control"] == "private, no-store"
        assert reply.headers["X-Robots-Tag"] == "noindex"
    else:
        assert reply.status_code == 405


def test_photos_can_be_nothing_but_pictures(client: Client) -> None:
    reply = client.get(signed_photo_path(make_portrait()))
    list(reply)

    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert reply.headers["Content-Type"] == "image/jpeg"


def test_search_engines_are_told_where_not_to_look(client: Client) -> None:
    reply = client.get("/robots.txt")

    assert reply.headers["Content-Type"] == "text/plain"
    assert reply.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /portraits/",
        "Disallow: /photos/",
        "Disallow: /shared/",
        "Disallow: /api/",
        "Disallow: /admin/",
    ]


def test_https_site_sends_every_cookie_encrypted_only(tmp_path: Path) -> None:
    script = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"
    )

    said = manage(tmp_path, "shell", "--no-imports", "-c", script)

    assert said.split() == ["True", "True", "True", "31536000"]


def test_deployment_checks_of_a_public_site_are_clean(tmp_path: Path) -> None:
    said = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")

    assert said == "System check identified no issues (0 silenced).\n"


def manage(place: Path, *arguments: str) -> str:
    """What a command says at a site with the settings that we recommend."""
    variables = {
        "ENV_FILE": str(ROOT / ".env.production.example"),
        "DATA_DIR": str(place),
        "DJANGO_SETTINGS_MODULE": "emojicheck.settings",
    }
    unset = {"DATABASE_URL", "SECRET_KEY"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


# Forms


def test_nothing_changes_without_the_forms_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    session = strict.session
    session["visitor"] = "one"
    session.save()
    portrait = make_portrait(owner="visitor:one", state=State.FAILED)

    paths = ["/", "/theme/", "/language/", "/admin/login/"]
    paths += [f"/portraits/{portrait.pk}/{what}/" for what in ("delete", "retry", "objection")]

    assert [strict.post(path).status_code for path in paths] == [403] * len(paths)
    assert Portrait.objects.get().state == State.FAILED


def test_form_of_another_site_is_refused_although_it_knows_the_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.get("/").content.decode()
    [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
    fields = {"csrfmiddlewaretoken": token, "theme": "dark"}

    own = strict.post("/theme/", fields, headers={"origin": "http://testserver"})
    foreign = strict.post("/theme/", fields, headers={"origin": "https://evil.example"})

    assert (own.status_code, foreign.status_code) == (303, 403)


def test_api_takes_no_orders_from_a_browsers_session(client: Client) -> None:
    session = client.session
    session["visitor"] = "one"
    session.save()
    portrait = make_portrait(owner="visitor:one", state=State.ACCEPTED)

    replies = [
        client.get(f"/api/v1/portraits/{portrait.pk}"),
        client.delete(f"/api/v1/portraits/{portrait.pk}"),
    ]

    assert [reply.status_code for reply in replies] == [404, 404]
    portrait.refresh_from_db()
    assert portrait.deleted_at is None
