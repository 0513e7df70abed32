from __future__ import annotations

import html
import json
import re
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from emojicheck.detection.verdicts import Reason
from emojicheck.models import Outcome, Portrait, State
from tests.browser.states import STATES, make
from tests.factories import make_detection, make_photo, make_portrait

pytestmark = pytest.mark.django_db
OWNER = "visitor:me"


@pytest.fixture
def dashscope(settings: Any) -> None:
    settings.DETECTOR = "dashscope"
    settings.DASHSCOPE_API_KEY = "test"


def get(client: Client, portrait: Portrait, path: str = "") -> Any:
    """A reply, closed: one that streams a file has it open until then."""
    with closing(client.get(f"{portrait.get_absolute_url()}{path}")) as reply:
        return reply


def page_of(client: Client, portrait: Portrait) -> str:
    reply = client.get(portrait.get_absolute_url())
    assert reply.status_code == 200
    return re.sub(r"\s+", " ", reply.content.decode())


@pytest.mark.parametrize("detector", ["local", "dashscope"])
@pytest.mark.parametrize("name", STATES)
def test_every_state_has_a_page(me: Client, settings: Any, name: str, detector: str) -> None:
    settings.DETECTOR = detector
    portrait = STATES[name](OWNER)

    page = page_of(me, portrait)

    assert f'data-state="{portrait.state}"' in page
    assert ("data-reason=" in page) == (portrait.state == State.REJECTED)
    assert page.count("<h1") == 1
    assert "%(" not in page
    assert "None" not in page


def test_a_rejection_names_its_reason_for_scripts(me: Client) -> None:
    page = page_of(me, make_portrait(owner=OWNER, state=State.REJECTED, reason="head_turned"))

    assert 'data-state="rejected" data-reason="head_turned"' in page


def test_both_boxes_are_drawn_in_pixels_of_the_photo(me: Client) -> None:
    page = page_of(me, STATES["accepted_by_service"](OWNER))

    assert '<svg class="overlay" viewBox="0 0 1024 1024"' in page
    assert 'data-bbox="face" x="326" y="312" width="372" height="372"' in page
    assert 'data-bbox="extended" x="103" y="67" width="818" height="818"' in page
    assert "The face fills 36 % of the width, in the middle, with room to move all around." in page


def test_the_request_for_the_video_is_ready_to_paste(me: Client) -> None:
    page = page_of(me, STATES["accepted_by_service"](OWNER))

    assert "&quot;face_bbox&quot;: [326, 312, 698, 684]" in page
    assert "https://your-site.example/portrait.jpg" in page


@pytest.mark.parametrize(
    ("repairs", "own_link"), [([], True), (["turned"], False), (["converted"], False)]
)
def test_the_visitors_link_is_used_only_if_it_serves_the_photo_we_judged(
    me: Client,
    repairs: list[str],
    own_link: bool,  # noqa: FBT001
) -> None:
    portrait = make_portrait(
        owner=OWNER, state=State.ACCEPTED, image_url="https://e.com/me.jpg", repairs=repairs
    )

    assert ("https://e.com/me.jpg" in page_of(me, portrait)) is own_link


def test_the_json_is_json(me: Client) -> None:
    page = me.get(STATES["accepted_here"](OWNER).get_absolute_url()).content.decode()

    shown = re.search(r'id="json"[^>]*>(.*?)</pre>', page, re.DOTALL)

    assert shown
    assert json.loads(shown[1].replace("&quot;", '"')) == {
        "state": "accepted",
        "detector": "local",
        "model": "emoji-detect-v1",
        "ratio": "1:1",
        "width": 1024,
        "height": 1024,
        "face": [326, 312, 698, 684],
        "extended": [103, 67, 921, 885],
    }


@pytest.mark.parametrize("name", ["accepted_here", "rejected_head_tilted"])
def test_our_own_verdict_never_passes_for_the_services(me: Client, name: str) -> None:
    page = page_of(me, STATES[name](OWNER))

    assert "This is our own check. The service itself was not asked" in page


@pytest.mark.parametrize("name", ["accepted_by_service", "service_plain", "service_coarse"])
def test_the_services_verdict_is_not_called_ours(me: Client, name: str) -> None:
    page = page_of(me, STATES[name](OWNER))

    assert "This is our own check" not in page


def test_a_sample_is_called_a_drawing(me: Client) -> None:
    page = page_of(me, make_portrait(owner=OWNER, state=State.ACCEPTED, sample="ok"))

    assert "This is a drawing of ours" in page


def test_a_coarse_answer_is_told_as_what_it_may_mean(me: Client) -> None:
    page = page_of(me, STATES["service_coarse"](OWNER))

    assert "The pose of the face is not right yet" in page
    causes = re.findall(r"<li><b>([^<]+)</b>", page)
    assert causes == [
        "Head turned",
        "Head tilted",
        "Strong expression",
        "Hand near the face",
        "Face covered",
    ]


def test_our_own_evidence_decides_what_a_coarse_answer_is_told_as(me: Client) -> None:
    page = page_of(me, STATES["service_with_evidence"](OWNER))

    assert (
        '<h1 tabindex="-1" aria-describedby="spoken">It looks like a hand is near your face</h1>'
        in page
    )
    assert "Our own look at your photo points to: Hand near the face." in page
    assert 'class="spot"' in page


def test_the_services_own_words_are_never_shown(me: Client) -> None:
    portrait = STATES["service_plain"](OWNER)
    portrait.detections.update(message="multi human bodies, oriention")

    assert "oriention" not in page_of(me, portrait)


def test_a_spot_hides_the_face_box_at_first(me: Client) -> None:
    page = page_of(me, STATES["rejected_hand_near_face"](OWNER))

    assert '<input type="checkbox" name="spot" autocomplete="off" checked>' in page
    assert '<input type="checkbox" name="face" autocomplete="off">' in page
    assert 'data-bbox="face"' in page


def test_a_refused_link_tells_the_numbers_and_shows_no_photo(me: Client) -> None:
    page = page_of(me, STATES["refused_link"](OWNER))

    assert "Your photo is 320 × 240 pixels; each side needs at least 400." in page
    assert "photo.jpg" not in page


def test_a_failed_link_tells_why(me: Client) -> None:
    page = page_of(me, STATES["failed_link"](OWNER))

    assert "The site says that there is no such file (404)." in page


@pytest.mark.usefixtures("dashscope")
def test_the_line_says_how_many_are_before(me: Client) -> None:
    page = page_of(me, STATES["in_line"](OWNER))

    assert "Number 3 in line" in page
    assert "2 photos are before yours." in page


@pytest.mark.usefixtures("dashscope")
def test_a_service_that_does_not_answer_is_told_while_waiting(me: Client) -> None:
    page = page_of(me, STATES["asked_again_soon"](OWNER))

    assert "No answer from the service yet. We ask again in 40 s." in page


@pytest.mark.usefixtures("dashscope")
def test_without_the_free_check_there_is_no_step_for_it(me: Client, settings: Any) -> None:
    settings.PRECHECK = "off"

    page = page_of(me, STATES["waiting"](OWNER))

    assert "You are next" in page
    assert "We look, here" not in page


def test_a_photo_that_nobody_comes_for_is_told_that_it_is_us(me: Client) -> None:
    portrait = make_portrait(owner=OWNER, next_try_at=timezone.now() - timedelta(minutes=1))

    page = page_of(me, portrait)

    assert "This is taking longer, and that is us" in page
    assert "It has nothing to do with your photo. The photo is kept and goes on." in page
    assert "About" not in page[page.index("<main") : page.index("</main")]


def test_waiting_pages_load_themselves_anew_without_script(me: Client) -> None:
    refresh = '<noscript><meta http-equiv="refresh" content="2"></noscript>'

    assert refresh in page_of(me, STATES["waiting"](OWNER))
    assert refresh not in page_of(me, STATES["accepted_here"](OWNER))


@pytest.mark.parametrize(
    ("name", "detector", "short", "words"),
    [
        ("accepted_by_service", "dashscope", "¥0.004", "The service was asked once."),
        ("rejected_head_tilted", "dashscope", "nothing", "its no costs as much as its yes"),
        ("rejected_head_tilted", "local", "nothing", "The service was not asked."),
        ("failed_service", "dashscope", "nothing", "The service was not asked."),
    ],
)
def test_what_it_cost_is_told(
    me: Client, settings: Any, name: str, detector: str, short: str, words: str
) -> None:
    settings.DETECTOR = detector

    page = page_of(me, STATES[name](OWNER))

    assert f'What it cost <span class="soft">{short}</span>' in page
    assert words in page


def test_an_answer_that_was_known_is_told_to_be_free(me: Client) -> None:
    portrait = STATES["service_plain"](OWNER)
    known = make_detection(make_portrait(), detector="dashscope")
    portrait.detections.filter(detector="dashscope").update(reused_from=known, price=0)

    assert "had answered about this very photo before" in page_of(me, portrait)


def test_a_call_that_may_have_been_charged_is_told(me: Client) -> None:
    portrait = STATES["failed_service"](OWNER)
    make_detection(
        portrait, detector="dashscope", outcome=Outcome.FAILED, maybe_paid=True, price="0.004"
    )

    assert "may have been charged" in page_of(me, portrait)


def test_a_call_that_failed_for_free_is_told(me: Client) -> None:
    portrait = STATES["failed_service"](OWNER)
    make_detection(portrait, detector="dashscope", outcome=Outcome.FAILED)

    assert "was asked but did not charge" in page_of(me, portrait)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("accepted_here", "Passes here: nothing has to be changed."),
        ("accepted_by_service", "Accepted: nothing has to be changed."),
        (
            "rejected_head_tilted",
            "Not accepted here: please hold your head upright, both eyes on one level line.",
        ),
        (
            "service_coarse",
            "Not accepted: please look straight into the camera, face at rest, nothing near it.",
        ),
        ("service_plain", "Not accepted: please be alone in the picture."),
        ("refused_link", "Not accepted here: please send the original photo."),
        ("failed_service", "No verdict: nothing has to be changed about the photo."),
        ("failed_link", "No verdict: please choose the photo again."),
    ],
)
def test_the_heading_carries_the_verdict_and_what_to_change_for_those_who_listen(
    me: Client, name: str, sentence: str
) -> None:
    page = page_of(me, STATES[name](OWNER))

    assert '<h1 tabindex="-1" aria-describedby="spoken">' in page
    assert f'<p id="spoken" hidden>{sentence}</p>' in page


def test_how_long_the_photo_stays_is_there_for_eyes_and_for_scripts(me: Client) -> None:
    portrait = STATES["accepted_here"](OWNER)
    Portrait.objects.update(created=timezone.now() - timedelta(hours=20, minutes=39, seconds=30))

    page = page_of(me, portrait)

    left = re.search(r'<span data-left="(\d+)"[^>]*>3 h 21 min</span>', page)
    assert left
    assert 12_000 < int(left[1]) <= 12_030


@pytest.mark.parametrize("name", ["rejected_declined", "rejected_other"])
def test_what_has_no_lesson_leads_to_the_beginning_of_the_guide(me: Client, name: str) -> None:
    assert 'href="/guide/">See how it should look' in page_of(me, STATES[name](OWNER))


# Beside the try before it


def test_a_second_try_is_shown_beside_the_first(me: Client) -> None:
    portrait = STATES["second_try"](OWNER)
    first = Portrait.objects.exclude(pk=portrait.pk).get()

    page = page_of(me, portrait)

    assert "Compared with your last try" in page
    assert "Some got better, some did not." in page
    rows = re.findall(r"</svg>([^<]+)<br><span class=\"small soft\">([^<]+)</span></th>", page)
    assert rows == [("Head level", "fine now"), ("Light on the face", "not fine any more")]
    assert f'{first.get_absolute_url()}thumbnail.jpg"' in page


def test_a_first_try_is_compared_with_nothing(me: Client) -> None:
    portrait = STATES["second_try"](OWNER)
    first = Portrait.objects.exclude(pk=portrait.pk).get()

    assert 'class="versus"' not in page_of(me, first)


@pytest.mark.parametrize("name", ["waiting", "failed_service", "refused_link"])
def test_without_a_verdict_nothing_is_compared(me: Client, name: str) -> None:
    STATES["second_try"](OWNER)

    assert 'class="versus"' not in page_of(me, STATES[name](OWNER))


def test_a_sample_is_compared_with_nothing(me: Client) -> None:
    STATES["second_try"](OWNER)
    sample = make_portrait(owner=OWNER, state=State.ACCEPTED, sample="ok")

    assert 'class="versus"' not in page_of(me, sample)


def test_after_an_accepted_try_nothing_is_compared(me: Client) -> None:
    portrait = STATES["second_try"](OWNER)
    Portrait.objects.exclude(pk=portrait.pk).update(state=State.ACCEPTED)

    assert 'class="versus"' not in page_of(me, portrait)


def test_staff_see_no_comparison_of_a_visitors_tries(admin_client: Client) -> None:
    portrait = STATES["second_try"]("visitor:somebody")

    assert 'class="versus"' not in page_of(admin_client, portrait)


# Whose it is


PATHS = ["", "photo.jpg", "thumbnail.jpg", "annotated.png"]


@pytest.mark.parametrize("path", PATHS)
def test_others_portraits_are_not_found(client: Client, path: str) -> None:
    other = STATES["accepted_here"]("visitor:somebody else")

    assert client.get(f"{other.get_absolute_url()}{path}").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_unknown_and_others_portraits_look_alike(me: Client, path: str) -> None:
    other = STATES["accepted_here"]("visitor:somebody else")
    unknown = "/portraits/00000000-0000-4000-8000-000000000000/"

    replies = [me.get(f"{base}{path}") for base in (other.get_absolute_url(), unknown)]

    bodies = {
        re.sub(r"csrfmiddlewaretoken\" value=\"\w+|/portraits/[^\"]+", "", r.content.decode())
        for r in replies
    }
    assert [reply.status_code for reply in replies] == [404, 404]
    assert len(bodies) == 1


@pytest.mark.parametrize("action", ["delete", "retry", "ask", "objection"])
def test_others_portraits_cannot_be_touched(me: Client, dashscope: None, action: str) -> None:
    other = STATES["rejected_head_tilted"]("visitor:somebody else")

    reply = me.post(f"{other.get_absolute_url()}{action}/", {"objection": "no"})

    assert reply.status_code == 404
    assert Portrait.objects.filter(state=State.REJECTED, deleted_at=None, objection="").count() == 1


@pytest.mark.parametrize("path", PATHS)
def test_personal_pages_are_kept_by_nobody(me: Client, path: str) -> None:
    own = STATES["accepted_here"](OWNER)

    reply = get(me, own, path)

    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", PATHS)
def test_staff_with_permission_may_look(client: Client, path: str) -> None:
    staff = User.objects.create_user("staff", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_portrait"))
    client.force_login(staff)
    portrait = STATES["accepted_here"]("visitor:somebody")

    assert get(client, portrait, path).status_code == 200


def test_staff_without_permission_may_not_look(client: Client) -> None:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    portrait = STATES["accepted_here"]("visitor:somebody")

    assert client.get(portrait.get_absolute_url()).status_code == 404


def test_staff_cannot_act_in_a_visitors_name(admin_client: Client) -> None:
    portrait = STATES["rejected_head_tilted"]("visitor:somebody")

    assert "Delete now" not in page_of(admin_client, portrait)
    assert admin_client.post(f"{portrait.get_absolute_url()}delete/").status_code == 404


def test_a_portrait_nobody_has_is_not_found_for_staff_either(admin_client: Client) -> None:
    unknown = "/portraits/00000000-0000-4000-8000-000000000000/"

    assert admin_client.get(unknown).status_code == 404


# What can be done with it


def test_a_deleted_portrait_is_gone_at_once(me: Client) -> None:
    portrait = make(OWNER)
    name = portrait.photo.name

    reply = me.post(f"{portrait.get_absolute_url()}delete/")

    assert (reply.status_code, reply.headers["Location"]) == (303, "/portraits/")
    assert not portrait.photo.storage.exists(name)
    assert me.get(portrait.get_absolute_url()).status_code == 404
    assert me.post(f"{portrait.get_absolute_url()}delete/").status_code == 404


def test_a_failed_portrait_can_be_tried_again(me: Client) -> None:
    portrait = STATES["failed_service"](OWNER)

    reply = me.post(f"{portrait.get_absolute_url()}retry/")

    portrait.refresh_from_db()
    assert (reply.status_code, reply.headers["Location"]) == (303, portrait.get_absolute_url())
    assert portrait.state == State.WAITING


@pytest.mark.usefixtures("dashscope")
@pytest.mark.parametrize(
    ("name", "offer", "again"),
    [
        ("rejected_head_tilted", "Ask the service anyway, ¥0.004", False),
        ("service_plain", "Ask the service again, ¥0.004", True),
    ],
)
def test_the_service_can_be_asked_all_the_same(
    me: Client,
    name: str,
    offer: str,
    again: bool,  # noqa: FBT001
) -> None:
    portrait = STATES[name](OWNER)

    page = page_of(me, portrait)
    verdict = portrait.verdict_id
    reply = me.post(f"{portrait.get_absolute_url()}ask/", {"verdict": verdict})

    portrait.refresh_from_db()
    assert offer in page
    assert f'name="verdict" value="{verdict}"' in page
    assert reply.status_code == 303
    assert (portrait.state, portrait.ask_anyway, portrait.ask_again_at is not None) == (
        State.WAITING,
        True,
        again,
    )


@pytest.mark.usefixtures("dashscope")
@pytest.mark.parametrize(
    ("price", "words"), [("0.004", "It charges again."), ("0", "This time it charges.")]
)
def test_asking_again_is_said_to_cost_again_only_where_it_has_cost(
    me: Client, price: str, words: str
) -> None:
    portrait = STATES["service_plain"](OWNER)
    portrait.detections.filter(detector="dashscope").update(price=price)

    page = page_of(me, portrait)

    assert f"You can have the service look once more. {words}" in page


@pytest.mark.usefixtures("dashscope")
def test_button_beside_an_older_verdict_asks_nobody(me: Client) -> None:
    portrait = STATES["service_plain"](OWNER)

    me.post(f"{portrait.get_absolute_url()}ask/", {"verdict": portrait.verdict_id - 1})

    portrait.refresh_from_db()
    assert portrait.state == State.REJECTED


def test_there_is_no_service_to_ask_when_everything_is_local(me: Client) -> None:
    portrait = STATES["rejected_head_tilted"](OWNER)

    assert "Ask the service" not in page_of(me, portrait)
    assert me.post(f"{portrait.get_absolute_url()}ask/").status_code == 404


@pytest.mark.usefixtures("dashscope")
def test_the_service_is_never_asked_about_a_sample(me: Client) -> None:
    portrait = make_portrait(owner=OWNER, state=State.REJECTED, sample="head-tilted")

    assert "Ask the service" not in page_of(me, portrait)
    assert me.post(f"{portrait.get_absolute_url()}ask/").status_code == 404


def test_an_objection_is_kept_and_shown(me: Client) -> None:
    portrait = STATES["rejected_head_tilted"](OWNER)

    reply = me.post(
        f"{portrait.get_absolute_url()}objection/", {"objection": "My head <is> level."}
    )

    portrait.refresh_from_db()
    assert reply.headers["Location"] == f"{portrait.get_absolute_url()}#objection-fold"
    assert portrait.objection == "My head <is> level."
    assert "Thank you, a person will look. You told us: “My head &lt;is&gt; level.”" in page_of(
        me, portrait
    )


@pytest.mark.parametrize(
    ("objection", "words"),
    [
        ("", "Say in a few words what is wrong with the verdict."),
        ("x" * 251, "Please use at most 250 characters."),
    ],
)
def test_an_objection_that_will_not_do_is_told_and_not_lost(
    me: Client, objection: str, words: str
) -> None:
    portrait = STATES["rejected_head_tilted"](OWNER)

    reply = me.post(f"{portrait.get_absolute_url()}objection/", {"objection": objection})

    assert reply.status_code == 422
    assert words in reply.content.decode()
    assert f">{objection}</textarea>" in reply.content.decode()


@pytest.mark.parametrize("action", ["delete", "retry", "ask", "objection"])
def test_looking_does_nothing(me: Client, action: str) -> None:
    portrait = make(OWNER)

    assert me.get(f"{portrait.get_absolute_url()}{action}/").status_code == 405


# The list


def test_the_list_shows_the_visitors_own_newest_first(me: Client) -> None:
    for name in ("accepted_here", "service_coarse", "failed_service", "failed_link", "waiting"):
        STATES[name](OWNER)
    make_portrait(owner="visitor:somebody else")
    Portrait.objects.filter(owner=OWNER, state=State.ACCEPTED).update(
        created=timezone.now() - timedelta(minutes=9)
    )

    page = me.get("/portraits/").content.decode()

    words = re.findall(r'<span class="name[^"]*"[^>]*>(?:<b>)?([^<]+)', page)
    assert words == [
        "Waiting",
        "No verdict",
        "Link",
        "No verdict",
        "No answer",
        "Not accepted",
        "Pose of the face",
        "Passes here",
    ]
    assert "9 min ago" in page


@pytest.mark.parametrize("fixture", ["client", "me"])
def test_an_empty_list_says_so(request: pytest.FixtureRequest, fixture: str) -> None:
    page = request.getfixturevalue(fixture).get("/portraits/").content.decode()

    assert "None yet from this browser, or all are gone again." in page


def test_the_number_of_queries_does_not_grow_with_the_list(
    me: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        make_portrait(owner=OWNER, state=State.REJECTED)

    with django_assert_max_num_queries(2):
        me.get("/portraits/")


@pytest.mark.parametrize("name", ["accepted_by_service", "rejected_head_tilted", "failed_service"])
def test_a_settled_page_needs_five_queries(
    me: Client, django_assert_num_queries: Any, name: str
) -> None:
    portrait = STATES[name](OWNER)

    # session, portrait, detections, fixes; and the try before, where there is a verdict
    with django_assert_num_queries(5 if portrait.verdict else 4):
        me.get(portrait.get_absolute_url())


def test_a_comparison_needs_one_query_more_however_many_tries_there_were(
    me: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        STATES["rejected_head_tilted"](OWNER)
    portrait = STATES["second_try"](OWNER)

    with django_assert_num_queries(6):
        page = page_of(me, portrait)

    assert page.count('class="versus"') == 1


@pytest.mark.usefixtures("dashscope")
def test_a_waiting_page_needs_five_queries(me: Client, django_assert_max_num_queries: Any) -> None:
    portrait = STATES["in_line"](OWNER)

    with django_assert_max_num_queries(5):
        me.get(portrait.get_absolute_url())


# Photos


def test_a_photo_comes_with_its_type_and_length(me: Client) -> None:
    portrait = make_portrait(owner=OWNER)

    reply = me.get(f"{portrait.get_absolute_url()}photo.jpg")

    body = b"".join(reply)
    assert body == make_photo()
    assert reply.headers["Content-Type"] == "image/jpeg"
    assert reply.headers["Content-Length"] == str(len(body))
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("path", ["photo.jpg", "thumbnail.jpg", "annotated.png"])
def test_a_photo_that_is_not_there_is_not_found(me: Client, path: str) -> None:
    portrait = make_portrait(owner=OWNER, state=State.ACCEPTED)
    portrait.photo.storage.delete(portrait.photo.name)
    portrait.thumbnail.storage.delete(portrait.thumbnail.name)

    assert me.get(f"{portrait.get_absolute_url()}{path}").status_code == 404


@pytest.mark.parametrize("path", ["photo.jpg", "thumbnail.jpg", "annotated.png"])
def test_a_portrait_without_a_photo_has_none_to_show(me: Client, path: str) -> None:
    portrait = STATES["downloading"](OWNER)

    assert me.get(f"{portrait.get_absolute_url()}{path}").status_code == 404


def test_the_photo_with_boxes_can_be_saved(me: Client) -> None:
    portrait = STATES["accepted_here"](OWNER)

    reply = me.get(f"{portrait.get_absolute_url()}annotated.png")

    assert reply.content.startswith(b"\x89PNG")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="portrait.png"'


def test_a_rejected_photo_can_be_saved_with_its_spot(me: Client) -> None:
    portrait = STATES[f"rejected_{Reason.HEAD_TILTED}"](OWNER)

    reply = me.get(f"{portrait.get_absolute_url()}annotated.png")

    assert reply.content.startswith(b"\x89PNG")


# Language and colours of a page that has no address of its own


def test_from_a_refused_objection_other_words_and_colours_lead_to_the_portraits_page(
    me: Client,
) -> None:
    portrait = STATES["rejected_head_tilted"](OWNER)
    address = portrait.get_absolute_url()

    reply = me.post(f"{address}objection/", {"objection": "   "})

    assert reply.status_code == 422
    assert re.findall(r'name="next" value="([^"]*)"', reply.content.decode()) == [address, address]


def test_from_any_other_page_they_lead_back_to_it(me: Client) -> None:
    page = me.get("/guide/?from=here").content.decode()

    assert re.findall(r'name="next" value="([^"]*)"', page) == ["/guide/?from=here"] * 2


def test_a_link_that_gave_no_photo_asks_for_a_file_first(me: Client) -> None:
    page = page_of(me, STATES["failed_link"](OWNER))

    buttons = re.findall(r'class="(button[^"]*)"[^>]*>(?:<svg.*?</svg>)?([^<]+)<', page)
    wanted = [one for one in buttons if one[1] in {"Choose a file instead", "Try again now"}]
    assert wanted == [("button push", "Choose a file instead"), ("button", "Try again now")]


def test_a_fix_that_passed_is_the_next_thing_to_see(me: Client) -> None:
    original = STATES["fixed_twice"](OWNER)
    fix = original.fixes.get(state=State.ACCEPTED)

    page = page_of(me, original)

    pushed = re.findall(r'class="button push"([^>]*)>', page)
    assert pushed == [f' href="{fix.get_absolute_url()}"']
    assert "See the one that passes" in page


def test_whoever_tries_another_photo_asks_for_the_same_video(me: Client) -> None:
    emo = make_portrait(
        owner=OWNER, state=State.REJECTED, model="emo-detect-v1", ratio="3:4", width=300, height=400
    )
    emoji = make_portrait(owner=OWNER, state=State.REJECTED)

    address = "/?model=emo-detect-v1&ratio=3:4"
    form = me.get(address).content.decode()

    assert page_of(me, emo).count(f'href="{html.escape(address)}"') == 1
    assert 'value="emo-detect-v1" checked' in form
    assert 'value="3:4" checked' in form
    assert 'href="/?model' not in page_of(me, emoji)


def test_choices_that_do_not_exist_are_passed_over(me: Client) -> None:
    form = me.get("/?model=gpt&ratio=9:1").content.decode()

    assert 'value="emoji-detect-v1" checked' in form
    assert 'value="1:1" checked' in form
