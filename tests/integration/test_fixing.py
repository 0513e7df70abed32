"""One press makes a new portrait out of a rejected one, and nobody else's, and not for nothing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from django.test import Client

from emojicheck import judging
from emojicheck.models import Portrait, State
from tests import portraits
from tests.factories import make_portrait

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "visitor:me"


@pytest.fixture
def me(client: Client) -> Client:
    session = client.session
    session["visitor"] = "me"
    session.save()
    return client


def rejected(rgb: Any, **fields: Any) -> Portrait:
    """A portrait that our own check really looked at."""
    height, width = rgb.shape[:2]
    portrait = make_portrait(
        owner=OWNER, photo=portraits.jpeg(rgb), width=width, height=height, **fields
    )
    judging.judge(portrait.pk)
    portrait.refresh_from_db()
    assert portrait.state == State.REJECTED
    return portrait


def press(client: Client, original: Portrait, kind: str) -> Any:
    return client.post(f"{original.get_absolute_url()}fix/", {"kind": kind})


def fix_of(original: Portrait) -> Portrait:
    return Portrait.objects.get(derived_from=original)


def rolled(portrait: Portrait) -> float:
    assert portrait.verdict is not None
    return next(row["value"] for row in portrait.verdict.measurements if row["id"] == "roll")


def dark() -> Any:
    return (portraits.portrait() * 0.15).astype(np.uint8)


@pytest.mark.parametrize(
    ("rgb", "reason", "kind", "label"),
    [
        (portraits.tilted(20), "head_tilted", "level", "Level it for me"),
        (portraits.far_away(), "face_too_small", "crop", "Crop to fit"),
        (portraits.two_people(), "several_people", "crop", "Crop to fit"),
        (dark(), "too_dark", "brighten", "Make it brighter"),
    ],
    ids=["tilted", "far-away", "two-people", "dark"],
)
def test_one_press_makes_a_portrait_that_is_accepted(
    me: Client, rgb: Any, reason: str, kind: str, label: str
) -> None:
    original = rejected(rgb)
    page = me.get(original.get_absolute_url()).content.decode()

    reply = press(me, original, kind)
    fix = fix_of(original)
    judging.judge(fix.pk)
    fix.refresh_from_db()

    assert original.reason == reason
    assert re.search(rf'class="button push" name="kind" value="{kind}">.*{label}', page)
    assert reply.headers["Location"] == fix.get_absolute_url()
    assert (fix.state, fix.source) == (State.ACCEPTED, Portrait.Source.FIX)
    assert (fix.model, fix.ratio) == (original.model, original.ratio)
    assert fix.digest not in {"", original.digest}


def test_levelled_head_is_level(me: Client) -> None:
    original = rejected(portraits.tilted(25))
    press(me, original, "level")

    judging.judge(fix_of(original).pk)

    assert abs(rolled(original)) > 20
    assert abs(rolled(fix_of(original))) < 2
