"""One press makes a new portrait out of a rejected one, and nobody else's, and not for nothing."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image

from emojicheck import intake, judging
from emojicheck.detection.verdicts import BBox
from emojicheck.edits import Level
from emojicheck.models import Portrait, State
from emojicheck.pictures import Picture
from emojicheck.retouching import retouched
from tests import portraits
from tests.factories import make_photo, make_portrait
from tests.standin import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "visitor:me"
FRAME = {"left": "100", "top": "200", "width": "420"}


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


# Which buttons there are


def test_fix_that_may_be_enough_is_the_next_thing_to_do(me: Client) -> None:
    page = me.get(rejected(portraits.tilted(20)).get_absolute_url()).content.decode()

    assert page.count("button push") == 1
    assert 'class="button" href="/"' in page


def test_what_cannot_be_fixed_is_not_offered(me: Client) -> None:
    original = rejected(portraits.masked())
    page = me.get(original.get_absolute_url()).content.decode()

    assert 'name="kind"' not in page
    assert 'class="button push" href="/"' in page


@pytest.mark.parametrize("kind", ["brighten", "crop", "", "explode", "💥", "level\0"])
def test_what_is_not_offered_cannot_be_had(me: Client, kind: str) -> None:
    original = rejected(portraits.tilted(20))

    reply = press(me, original, kind)

    assert reply.status_code == 422
    assert "That would not help this photo." in reply.content.decode()
    assert Portrait.objects.count() == 1


def test_price_is_told_only_where_there_may_be_one(me: Client, settings: Any) -> None:
    original = rejected(portraits.tilted(20))
    free = me.get(original.get_absolute_url()).content.decode()
    settings.DETECTOR, settings.DASHSCOPE_API_KEY = "dashscope", "test"
    paid = me.get(original.get_absolute_url()).content.decode()
    cropping = me.get(f"{original.get_absolute_url()}crop/").content.decode()

    told = "If the service has to look at it, that costs ¥0.004."
    assert (told in free, told in paid, told in cropping) == (False, True, True)


# Whose, and how often


@pytest.mark.parametrize("path", ["fix/", "crop/"])
def test_others_portraits_cannot_be_fixed(me: Client, path: str) -> None:
    original = rejected(portraits.tilted(20))
    Portrait.objects.update(owner="visitor:somebody")

    reply = me.post(f"{original.get_absolute_url()}{path}", {"kind": "level"} | FRAME)

    assert (reply.status_code, Portrait.objects.count()) == (404, 1)


@pytest.mark.parametrize("path", ["fix/", "crop/"])
def test_staff_may_look_but_not_fix(admin_client: Client, path: str) -> None:
    original = rejected(portraits.tilted(20))

    page = admin_client.get(original.get_absolute_url()).content.decode()
    reply = admin_client.post(f"{original.get_absolute_url()}{path}", {"kind": "level"} | FRAME)

    assert 'name="kind"' not in page
    assert "/crop/" not in page
    assert (reply.status_code, Portrait.objects.count()) == (404, 1)


@pytest.mark.parametrize("path", ["fix/", "crop/"])
def test_deleted_and_expired_photos_cannot_be_fixed(me: Client, path: str) -> None:
    deleted, expired = rejected(portraits.tilted(20)), rejected(portraits.tilted(21))
    deleted.erase()
    Portrait.objects.filter(pk=expired.pk).update(created=timezone.now() - timedelta(hours=25))

    for original in (deleted, expired):
        reply = me.post(f"{original.get_absolute_url()}{path}", {"kind": "level"} | FRAME)
        assert reply.status_code == 404
    assert Portrait.objects.count() == 2


@pytest.mark.parametrize("path", ["fix/", "crop/"])
def test_fixing_takes_a_form_of_ours(path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    session = strict.session
    session["visitor"] = "me"
    session.save()
    original = rejected(portraits.tilted(20))

    reply = strict.post(f"{original.get_absolute_url()}{path}", {"kind": "level"} | FRAME)

    assert (reply.status_code, Portrait.objects.count()) == (403, 1)


def test_looking_fixes_nothing(me: Client) -> None:
    original = rejected(portraits.tilted(20))

    assert me.get(f"{original.get_absolute_url()}fix/?kind=level").status_code == 405
    assert me.get(f"{original.get_absolute_url()}crop/", FRAME).status_code == 200
    assert Portrait.objects.count() == 1


@pytest.mark.parametrize("path", ["fix/", "crop/"])
def test_portrait_without_a_verdict_is_shown_as_it_is(me: Client, path: str) -> None:
    waiting = make_portrait(owner=OWNER)

    reply = me.post(f"{waiting.get_absolute_url()}{path}", {"kind": "level"} | FRAME)

    assert reply.headers["Location"] == waiting.get_absolute_url()
    assert Portrait.objects.count() == 1


def test_second_press_leads_to_the_same_portrait_and_counts_once(me: Client, settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    original = rejected(portraits.tilted(20))

    first, second = press(me, original, "level"), press(me, original, "level")

    assert first.headers["Location"] == second.headers["Location"]
    assert Portrait.objects.count() == 2


def test_many_presses_at_once_make_one_portrait(me: Client) -> None:
    original = rejected(portraits.tilted(20))
    edit = Level(roll=20.0, face=BBox(300, 300, 500, 500))

    def press_too(_: int) -> Portrait:
        try:
            return intake.fix(original, edit)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        made = set(pool.map(press_too, range(12)))

    assert len(made) == 1
    assert Portrait.objects.count() == 2
    assert DBTaskResult.objects.count() == 1


def test_deleted_fix_can_be_made_again(me: Client) -> None:
    original = rejected(portraits.tilted(20))
    press(me, original, "level")
    fix_of(original).erase()

    press(me, original, "level")

    assert Portrait.objects.filter(derived_from=original).count() == 2


def test_fix_counts_as_a_submission(me: Client, settings: Any) -> None:
    settings.SUBMISSIONS_PER_HOUR = 1
    first, second = rejected(portraits.tilted(20)), rejected(portraits.tilted(21))
    press(me, first, "level")

    reply = press(me, second, "level")

    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) > 0
    assert "That was a lot of photos for one hour." in reply.content.decode()
    assert Portrait.objects.filter(derived_from=second).count() == 0


def test_spent_share_allows_no_fix_that_may_cost(me: Client, settings: Any) -> None:
    original, sample = rejected(portraits.tilted(20)), rejected(portraits.tilted(21), sample="ok")
    settings.DETECTOR, settings.DASHSCOPE_API_KEY = "dashscope", "test"
    settings.VISITOR_DAILY_BUDGET = Decimal("0.001")

    assert press(me, original, "level").status_code == 429
    assert press(me, sample, "level").status_code == 303


# Samples


def test_fix_of_a_fix_of_a_sample_is_never_shown_to_the_service(
    me: Client, service: StandIn
) -> None:
    service_asks_first = rejected(portraits.tilted(25), sample="head-tilted")
    press(me, service_asks_first, "level")
    first = fix_of(service_asks_first)
    judging.judge(first.pk)
    first.refresh_from_db()

    me.post(f"{first.get_absolute_url()}crop/", FRAME)
    second = fix_of(first)
    judging.judge(second.pk)
    second.refresh_from_db()

    assert (first.state, second.state) == (State.ACCEPTED, State.ACCEPTED)
    assert (first.is_local_only, second.is_local_only) == (True, True)
    assert [d.detector for d in second.detections.all()] == ["local"]
    assert service.calls == []


def test_fix_of_a_photo_is_shown_to_the_service(me: Client, service: StandIn) -> None:
    original = rejected(portraits.tilted(25), sample="head-tilted")
    Portrait.objects.update(sample="")
    press(me, original, "level")

    judging.judge(fix_of(original).pk)

    assert [call.digest for call in service.calls] == [fix_of(original).digest]


# What becomes of it


def test_same_fix_of_the_same_photo_has_the_same_pixels(me: Client) -> None:
    original = rejected(portraits.tilted(20))
    for _ in range(2):
        press(me, original, "level")
        fix = Portrait.objects.filter(derived_from=original).latest("created")
        judging.judge(fix.pk)
        fix.erase()

    assert len(set(Portrait.objects.values_list("digest", flat=True))) == 2


@pytest.mark.parametrize("gone", ["deleted", "expired", "lost", "no row"])
def test_original_that_went_meanwhile_ends_it_in_words(me: Client, gone: str) -> None:
    original = rejected(portraits.tilted(20))
    press(me, original, "level")
    fix = fix_of(original)
    if gone == "deleted":
        original.erase()
    elif gone == "expired":
        Portrait.objects.filter(pk=original.pk).update(created=timezone.now() - timedelta(days=9))
    elif gone == "lost":
        original.photo.storage.delete(original.photo.name)
    else:
        original.delete()

    judging.judge(fix.pk)
    fix.refresh_from_db()
    page = me.get(fix.get_absolute_url()).content.decode()

    assert (fix.state, fix.trouble) == (State.FAILED, Portrait.Trouble.ORIGINAL)
    assert "The photo to start from is gone" in page
    assert "Try again now" not in page
    assert page.count("button push") == 1


def test_trouble_of_ours_is_tried_again(me: Client, monkeypatch: Any) -> None:
    original = rejected(portraits.tilted(20))
    press(me, original, "level")
    fix = fix_of(original)
    with monkeypatch.context() as short:
        short.setattr(FileSystemStorage, "_save", no_room)
        judging.judge(fix.pk)
    fix.refresh_from_db()
    waited = (fix.state, fix.attempt, fix.photo.name)
    Portrait.objects.filter(pk=fix.pk).update(next_try_at=timezone.now())

    judging.judge(fix.pk)
    fix.refresh_from_db()

    assert waited == (State.WAITING, 1, "")
    assert fix.state == State.ACCEPTED


def no_room(*_: Any) -> str:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    "edit", [{"kind": "explode"}, {"kind": "crop", "left": 0, "top": 0, "width": 9, "height": 9}]
)
def test_edit_that_makes_no_sense_is_never_the_photos_fault(edit: dict[str, Any]) -> None:
    original = rejected(portraits.tilted(20))
    fix = make_portrait(owner=OWNER, photo=b"", derived_from=original, edit=edit, attempt=99)
    Portrait.objects.filter(pk=fix.pk).update(attempt=settings.ATTEMPTS - 1)

    judging.judge(fix.pk)
    fix.refresh_from_db()

    assert (fix.state, fix.trouble) == (State.FAILED, Portrait.Trouble.OURS)


def test_fix_and_original_lead_to_each_other(me: Client) -> None:
    original = rejected(portraits.tilted(20))
    press(me, original, "level")
    fix = fix_of(original)
    judging.judge(fix.pk)

    before = me.get(original.get_absolute_url()).content.decode()
    after = me.get(fix.get_absolute_url()).content.decode()

    assert f'<a href="{fix.get_absolute_url()}">Levelled by 2' in before
    assert f'Levelled by 24°. <a href="{original.get_absolute_url()}">' in after


def test_fix_outlives_the_deleting_of_its_original(me: Client) -> None:
    original = rejected(portraits.tilted(20))
    press(me, original, "level")
    fix = fix_of(original)
    judging.judge(fix.pk)

    original.erase()

    page = me.get(fix.get_absolute_url()).content.decode()
    assert 'data-state="accepted"' in page
    assert "The photo before is gone." in page


# How long it is kept


def test_face_is_kept_no_longer_for_being_fixed(me: Client, settings: Any) -> None:
    settings.RETENTION_HOURS = 24
    original = rejected(portraits.tilted(25))
    came = timezone.now() - timedelta(hours=20)
    Portrait.objects.update(created=came)
    press(me, original, "level")
    first = fix_of(original)
    judging.judge(first.pk)
    me.post(f"{first.get_absolute_url()}crop/", FRAME)
    second = fix_of(first)
    judging.judge(second.pk)

    page = me.get(second.get_absolute_url()).content.decode()

    assert second.expires_at == first.expires_at == came + timedelta(hours=24)
    assert re.search(r"Deletes itself in <b><span [^>]*>(3 h \d+ min|4 hours)</span></b>", page)


def test_fix_ends_with_its_original_everywhere(me: Client, settings: Any) -> None:
    settings.RETENTION_HOURS = 24
    fix = make_portrait(owner=OWNER, state=State.ACCEPTED, share_token="t" * 22)
    Portrait.objects.update(kept_since=timezone.now() - timedelta(hours=23))
    kept = (Portrait.objects.shared("t" * 22).count(), Portrait.objects.expired().count())
    Portrait.objects.update(kept_since=timezone.now() - timedelta(hours=25))
    over = (Portrait.objects.shared("t" * 22).count(), Portrait.objects.expired().count())

    call_command("prune", verbosity=0)
    fix.refresh_from_db()

    assert (kept, over) == ((1, 0), (0, 1))
    assert (fix.photo.name, fix.deleted_at is not None) == ("", True)


# The crop page


def test_crop_becomes_a_portrait_of_just_these_pixels(me: Client) -> None:
    original = rejected(portraits.far_away())

    reply = me.post(f"{original.get_absolute_url()}crop/", FRAME)
    fix = fix_of(original)
    judging.judge(fix.pk)
    fix.refresh_from_db()

    assert reply.headers["Location"] == fix.get_absolute_url()
    assert (fix.width, fix.height) == (420, 420)
    with original.photo.open() as file, fix.photo.open() as made:
        expected = Image.open(file).crop((100, 200, 520, 620))
        shown = Image.open(made).convert("RGB")
    difference = np.abs(np.asarray(expected, int) - np.asarray(shown, int))
    assert difference.mean() < 1


def test_crop_page_starts_from_the_frame_we_suggest(me: Client) -> None:
    original = rejected(portraits.far_away())
    address = f"{original.get_absolute_url()}crop/"

    first = me.get(address).content.decode()
    again = me.post(address, FRAME | {"suggest": "1"}).content.decode()
    shown = me.post(address, FRAME | {"show": "1"}).content.decode()

    assert 'name="left" type="number" inputmode="numeric" min="0" max="800" value="392"' in first
    assert 'max="800" value="392"' in again
    assert 'max="780" value="100"' in shown
    assert 'viewBox="100 200 420 420"' in shown
    assert Portrait.objects.count() == 1


def test_tall_frames_are_offered_for_tall_portraits(me: Client) -> None:
    original = rejected(portraits.far_away(), model="emo-detect-v1", ratio="3:4")

    me.post(f"{original.get_absolute_url()}crop/", {"left": "0", "top": "0", "width": "675"})

    assert fix_of(original).edit == {
        "kind": "crop",
        "left": 0,
        "top": 0,
        "width": 675,
        "height": 900,
    }


WHOLE = "Type a whole number of pixels."
LEAST = "At least 400 pixels: smaller photos are not accepted."
MOST = "At most 900 pixels: the photo has no more."


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("left", "", WHOLE),
        ("left", "NaN", WHOLE),
        ("left", "1e3", WHOLE),
        ("left", "12.5", WHOLE),
        ("left", "٫", WHOLE),
        ("left", "Ⅷ", WHOLE),
        ("left", "0x10", WHOLE),
        ("left", "\0", WHOLE),
        ("left", "9" * 5000, WHOLE),
        ("left", "-1", "From 0 to 780: the frame has to stay inside the photo."),
        ("left", "781", "From 0 to 780: the frame has to stay inside the photo."),
        ("top", "481", "From 0 to 480: the frame has to stay inside the photo."),
        ("top", "9" * 400, "From 0 to 480: the frame has to stay inside the photo."),
        ("width", "399", LEAST),
        ("width", "-420", LEAST),
        ("width", "901", MOST),
        ("width", "9" * 400, MOST),
    ],
)
def test_frame_that_cannot_be_is_told_at_its_field(
    me: Client, field: str, typed: str, told: str
) -> None:
    original = make_portrait(
        owner=OWNER, state=State.ACCEPTED, photo=make_photo(1200, 900), width=1200, height=900
    )

    for more in ({}, {"show": "1"}):
        reply = me.post(f"{original.get_absolute_url()}crop/", FRAME | {field: typed} | more)
        page = reply.content.decode()
        assert reply.status_code == 422
        assert f'id="{field}-wrong">{told}<' in page
        assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', page)
    assert Portrait.objects.count() == 1


def test_fields_that_are_missing_are_told(me: Client) -> None:
    original = make_portrait(
        owner=OWNER, state=State.ACCEPTED, photo=make_photo(900, 900), width=900, height=900
    )

    reply = me.post(f"{original.get_absolute_url()}crop/", {})

    assert (reply.status_code, reply.content.decode().count(WHOLE)) == (422, 3)


def test_digits_of_any_script_are_numbers(me: Client) -> None:
    original = rejected(portraits.far_away())

    me.post(f"{original.get_absolute_url()}crop/", {"left": "١٠٠", "top": "２００", "width": "420"})

    assert fix_of(original).edit["left"] == 100


def test_whole_photo_is_no_crop(me: Client) -> None:
    original = make_portrait(owner=OWNER, state=State.ACCEPTED)

    reply = me.post(
        f"{original.get_absolute_url()}crop/", {"left": "0", "top": "0", "width": "480"}
    )

    assert reply.status_code == 422
    assert "That is the whole photo. Make the frame smaller." in reply.content.decode()
    assert Portrait.objects.count() == 1


@pytest.mark.parametrize(
    ("width", "height", "ratio", "status"),
    [(400, 400, "1:1", 404), (401, 400, "1:1", 200), (480, 480, "3:4", 404)],
)
def test_photo_without_room_for_a_frame_is_not_cropped(
    me: Client, width: int, height: int, ratio: str, status: int
) -> None:
    portrait = make_portrait(
        owner=OWNER,
        state=State.ACCEPTED,
        photo=make_photo(width, height),
        width=width,
        height=height,
        ratio=ratio,
        model="emo-detect-v1",
    )

    page = me.get(portrait.get_absolute_url()).content.decode()
    reply = me.get(f"{portrait.get_absolute_url()}crop/")

    assert page.count("/crop/") == (1 if status == 200 else 0)
    assert reply.status_code == status


def test_crop_page_is_kept_and_listed_nowhere(me: Client) -> None:
    portrait = make_portrait(owner=OWNER, state=State.ACCEPTED)

    reply = me.get(f"{portrait.get_absolute_url()}crop/")

    assert reply.headers["Cache-Control"] == "private, no-store"
    assert reply.headers["X-Robots-Tag"] == "noindex"


# The machinery


def test_web_server_loads_no_image_libraries_for_fixes() -> None:
    program = (
        "import django, sys; django.setup()\n"
        "import emojicheck.urls\n"
        "print([name for name in ('cv2', 'mediapipe', 'numpy') if name in sys.modules])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}

    told = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "[]"


def test_worker_killed_in_the_middle_costs_nothing(me: Client) -> None:
    original = rejected(portraits.tilted(20))
    press(me, original, "level")
    fix = fix_of(original)
    # What a worker leaves that was killed while it was making the photo.
    Portrait.objects.filter(pk=fix.pk).update(
        state=State.JUDGING,
        attempt=1,
        lease_owner="dead",
        lease_until=timezone.now() - timedelta(seconds=1),
    )

    judging.judge(fix.pk)
    fix.refresh_from_db()

    assert (fix.state, fix.attempt) == (State.ACCEPTED, 2)


def test_fix_deleted_while_it_is_made_leaves_no_file(
    me: Client, monkeypatch: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    original = rejected(portraits.tilted(20))
    press(me, original, "level")
    fix = fix_of(original)
    before = files(tmp_path)

    def deleted_meanwhile(portrait: Portrait) -> Picture:
        picture = retouched(portrait)
        Portrait.objects.get(pk=portrait.pk).erase()
        return picture

    monkeypatch.setattr(judging, "retouched", deleted_meanwhile)
    judging.judge(fix.pk)
    fix.refresh_from_db()

    assert (fix.deleted_at is not None, fix.photo.name) == (True, "")
    assert files(tmp_path) == before


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_admin_sees_what_was_made_of_what(me: Client, admin_client: Client) -> None:
    original = rejected(portraits.tilted(20))
    press(me, original, "level")

    page = admin_client.get(f"/admin/emojicheck/portrait/{fix_of(original).pk}/change/")

    told = page.content.decode()
    assert f"{original.pk}</a>, Levelled by 24° (face [" in told
    assert ", kind level, roll 23." in told
