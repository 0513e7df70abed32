"""The operator's pages: all of the past can be read, none of it rewritten."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from emojicheck.detection.verdicts import Reason
from emojicheck.models import Gate, Outcome, Portrait, State
from tests.factories import EXTENDED, FACE, make_detection, make_portrait

pytestmark = pytest.mark.django_db

LIST = "/admin/emojicheck/portrait/"
GATES = "/admin/emojicheck/gate/"
FIGURES = "/admin/emojicheck/portrait/figures/"
EXPORT = "/admin/emojicheck/portrait/export.csv"
INDEX = "/admin/"
LIST_QUERIES = 7
PAGE_QUERIES = 4
FIGURES_QUERIES = 7
MIDDLE = timedelta(hours=1)


@pytest.fixture
def staff(client) -> Any:
    """Logs in somebody of the staff who has just these permissions."""

    def log_in(*codenames: str) -> Any:
        user = User.objects.create_user("operator", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return log_in


def page_of(portrait: Portrait) -> str:
    return reverse("admin:emojicheck_portrait_change", args=[portrait.pk])


def act(client: Any, action: str, *portraits: Portrait, **more: str) -> Any:
    chosen = [str(portrait.pk) for portrait in portraits]
    data = {"action": action, "_selected_action": chosen, **more}
    return client.post(LIST, data, follow=True)


def listed(response: Any) -> set[Portrait]:
    return set(response.context["cl"].result_list)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# The list


def test_list_tells_what_was_decided_why_by_whom_and_what_it_cost(admin_client) -> None:
    portrait = make_portrait(
        state=State.REJECTED, reason=Reason.HEAD_TILTED, detector="dashscope", model="emo-detect-v1"
    )

    response = admin_client.get(LIST)

    row = re.search(r"<tbody>(.*)</tbody>", response.content.decode(), re.DOTALL)[1]
    assert f'src="/portraits/{portrait.pk}/thumbnail.jpg"' in row
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
    assert words.strip().endswith("Not accepted Head tilted emo 1:1 The service 0.1 s ¥0.004")


def test_list_shows_portraits_in_every_state(admin_client) -> None:
    everything = {make_portrait(state=state) for state in State}
    everything.add(make_portrait(photo=b"", image_url="https://example.com/me.jpg"))

    assert listed(admin_client.get(LIST)) == everything


@pytest.mark.parametrize("rows", [1, 30])
def test_list_takes_as_many_queries_for_one_portrait_as_for_thirty(
    admin_client, django_assert_num_queries, rows
) -> None:
    for _ in range(rows):
        make_detection(make_portrait(state=State.ACCEPTED), detector="dashscope")
    admin_client.get(LIST)

    with django_assert_num_queries(LIST_QUERIES):
        admin_client.get(LIST)


def test_cost_sums_all_detections_of_a_portrait(admin_client) -> None:
    portrait = make_portrait(state=State.ACCEPTED, detector="dashscope")
    make_detection(portrait, detector="dashscope", price=Decimal("0.0040"))

    cost = admin_client.get(LIST).context["cl"].result_list[0].cost

    assert cost == Decimal("0.0080")


@pytest.mark.parametrize("order", ["1", "-2", "3", "-4", "5", "6", "-7", "8"])
def test_list_can_be_ordered_by_every_column(admin_client, order) -> None:
    portraits = {make_portrait(state=State.ACCEPTED), make_portrait(state=State.FAILED)}

    assert listed(admin_client.get(LIST, {"o": order})) == portraits


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"state": "failed"}, {"failed"}),
        ({"state": "deleted"}, {"withdrawn"}),
        ({"reason": "head_tilted"}, {"tilted"}),
        ({"detector": "dashscope"}, {"dashscope"}),
        ({"model": "emo-detect-v1"}, {"emo"}),
        ({"source": "camera"}, {"camera"}),
        ({"objection": "yes"}, {"tilted"}),
        ({"objection": "no", "state": "accepted"}, {"dashscope", "camera"}),
        ({"state": "no-such-state"}, set()),
    ],
)
def test_filters_narrow_the_list(admin_client, query, expected) -> None:
    made = {
        "failed": make_portrait(state=State.FAILED),
        "tilted": make_portrait(state=State.REJECTED, objection="I stood straight"),
        "dashscope": make_portrait(state=State.ACCEPTED, detector="dashscope"),
        "camera": make_portrait(state=State.ACCEPTED, source=Portrait.Source.CAMERA),
        "emo": make_portrait(model="emo-detect-v1"),
        "withdrawn": make_portrait(),
    }
    made["withdrawn"].erase()

    found = listed(admin_client.get(LIST, query))

    assert found == {made[name] for name in expected}


def test_portrait_that_was_deleted_in_the_line_is_called_so_and_no_failure(admin_client) -> None:
    portrait = make_portrait()
    portrait.erase()

    for address in (LIST, reverse("admin:emojicheck_portrait_change", args=[portrait.pk])):
        html = admin_client.get(address).content.decode()
        assert re.findall(r'<span class="state">(.+?)</span>', html) == ["Deleted"]
        assert "Deleted before it was judged" in html
        assert "Something went wrong" not in html
    total = admin_client.get(FIGURES).context["figures"].total
    assert (total.portraits, total.failed) == (1, 0)


def test_reasons_are_offered_in_plain_words(admin_client) -> None:
    assert "Hand near the face" in text_of(admin_client.get(LIST))


def test_list_can_be_narrowed_to_one_day(admin_client) -> None:
    today, other = make_portrait(), make_portrait(created=timezone.now() - timedelta(days=40))

    found = listed(
        admin_client.get(
            LIST,
            {
                "created__year": other.created.year,
                "created__month": other.created.month,
                "created__day": other.created.day,
            },
        )
    )

    assert today.pk != other.pk
    assert found == {other}


def test_search_finds_by_id_request_id_and_digest(admin_client) -> None:
    make_portrait()
    portrait = make_portrait(state=State.ACCEPTED, detector="dashscope")
    detection = make_detection(portrait, request_id=portrait.verdict.request_id)

    for term in [
        str(portrait.pk),
        portrait.pk.hex,
        detection.request_id,
        detection.request_id[:12],
        portrait.digest.upper(),
        f"  {portrait.digest[:16]} ",
    ]:
        assert list(admin_client.get(LIST, {"q": term}).context["cl"].result_list) == [portrait]


@pytest.mark.parametrize("term", ["nobody", "%", "' OR 1=1 --", "☺", "{not-a-uuid}", "a" * 3000])
def test_search_for_nonsense_finds_nothing(admin_client, term) -> None:
    make_portrait(state=State.ACCEPTED)

    assert listed(admin_client.get(LIST, {"q": term})) == set()


# One portrait


def test_page_shows_the_photo_under_the_same_boxes_as_the_visitors(admin_client) -> None:
    portrait = make_portrait(state=State.ACCEPTED)

    html = admin_client.get(page_of(portrait)).content.decode()

    assert f'src="/portraits/{portrait.pk}/photo.jpg"' in html
    assert '<svg class="overlay" viewBox="0 0 480 480"' in html
    for name, box in (("face", FACE), ("extended", EXTENDED)):
        assert (
            f'<rect data-bbox="{name}" x="{box.x1}" y="{box.y1}" '
            f'width="{box.width}" height="{box.height}"'
        ) in html


def test_page_lists_every_detection_with_the_services_own_words(admin_client) -> None:
    portrait = make_portrait(state=State.REJECTED, reason=Reason.NO_PERSON, detector="dashscope")
    make_detection(
        portrait,
        detector="dashscope",
        outcome=Outcome.FAILED,
        code="Throttling",
        error_kind="busy",
        error="Requests rate limit exceeded",
        maybe_paid=True,
        price=Decimal("0.004"),
    )
    verdict = portrait.verdict
    verdict.code, verdict.message = "InvalidFile.NoHuman", "No human in the image."
    verdict.save()

    words = text_of(admin_client.get(page_of(portrait)))

    assert "No face found InvalidFile.NoHuman No human in the image." in words
    assert "Throttling busy Requests rate limit exceeded" in words
    assert "¥0.004 may have been charged" in words
    assert verdict.request_id in words


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b'{"output":{"code":"x"}}', '{\n  "output": {\n    "code": "x"\n  }\n}'),
        (b"<html>502</html>", "&lt;html&gt;502&lt;/html&gt;"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (rb'{"half": "\ud83d"}', '{\n  "half": "?"\n}'),
        (b"[" * 60_000, "[" * 8000 + " …"),
    ],
    ids=["json", "html", "no text", "half a character", "deep and long"],
)
def test_raw_reply_is_laid_out_harmless_and_cut(admin_client, raw, shown) -> None:
    portrait = make_portrait(state=State.FAILED)
    make_detection(portrait, detector="dashscope", outcome=Outcome.FAILED, raw=raw)

    html = admin_client.get(page_of(portrait)).content.decode()

    pre = re.search(r"<pre>(.*?)</pre>", html, re.DOTALL)[1]
    assert pre.replace("&quot;", '"') == shown


@pytest.mark.parametrize("rows", [1, 30])
def test_page_takes_as_many_queries_for_one_detection_as_for_thirty(
    admin_client, django_assert_num_queries, rows
) -> None:
    portrait = make_portrait(state=State.ACCEPTED)
    for _ in range(rows):
        make_detection(portrait, detector="dashscope")
    admin_client.get(page_of(portrait))

    with django_assert_num_queries(PAGE_QUERIES):
        admin_client.get(page_of(portrait))


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_page(admin_client, state) -> None:
    portrait = make_portrait(state=state)

    words = text_of(admin_client.get(page_of(portrait)))

    assert portrait.get_state_display() in words
    assert str(portrait.pk) in words


def test_refused_link_has_a_page_without_photo(admin_client) -> None:
    portrait = make_portrait(
        state=State.REJECTED,
        reason=Reason.WRONG_DIMENSIONS,
        refusal={"code": "too_small", "width": 200, "height": 300, "limit": 400},
        photo=b"",
        width=None,
        height=None,
        image_url="https://example.com/small.jpg",
    )

    words = text_of(admin_client.get(page_of(portrait)))

    assert "There is no photo." in words
    assert "code too_small, height 300, limit 400, width 200" in words
    assert "https://example.com/small.jpg" in words


def test_erased_portrait_keeps_its_page_as_proof(admin_client) -> None:
    portrait = make_portrait(state=State.ACCEPTED)
    portrait.erase()

    response = admin_client.get(page_of(portrait))

    assert "The photo was deleted on" in text_of(response)
    assert "<img" not in response.content.decode()
    assert listed(admin_client.get(LIST)) == {portrait}


@pytest.mark.parametrize("harm", ["missing", "garbage"])
def test_harmed_file_breaks_neither_list_nor_page(admin_client, harm) -> None:
    portrait = make_portrait(state=State.ACCEPTED)
    for name in (portrait.photo.name, portrait.thumbnail.name):
        default_storage.delete(name)
        if harm == "garbage":
            with default_storage.open(name, "wb") as file:
                file.write(b"garbage")

    assert admin_client.get(LIST).status_code == 200
    assert admin_client.get(page_of(portrait)).status_code == 200


def test_page_tells_in_words_what_was_done_to_the_picture(admin_client) -> None:
    portrait = make_portrait(repairs=["shrunk_bytes", "turned"])

    shown = text_of(admin_client.get(page_of(portrait)))

    assert "weight made smaller, turned upright" in shown
    assert "shrunk_bytes" not in shown


def test_visitors_words_and_links_are_escaped(admin_client) -> None:
    evil = "<script>alert(1)</script>"
    portrait = make_portrait(state=State.REJECTED, objection=evil, image_url=f"https://x/{evil}")
    make_detection(portrait, outcome=Outcome.FAILED, error=evil, code=evil, message=evil)

    for address in (LIST, page_of(portrait)):
        assert evil not in admin_client.get(address).content.decode()


def test_unknown_portrait_leads_back_with_a_message(admin_client) -> None:
    response = admin_client.get(f"{LIST}00000000-0000-4000-8000-000000000000/change/")

    assert (response.status_code, response.url) == (302, INDEX)


# Reading only


@pytest.mark.parametrize("area", [LIST, GATES])
def test_nobody_can_add(admin_client, area) -> None:
    assert admin_client.get(f"{area}add/").status_code == 403


def test_nobody_can_change_or_delete_rows(admin_client) -> None:
    portrait = make_portrait(state=State.ACCEPTED)

    changed = admin_client.post(page_of(portrait), {"state": "rejected"})
    deleted = admin_client.post(f"{LIST}{portrait.pk}/delete/", {"post": "yes"})
    act(admin_client, "delete_selected", portrait, post="yes")

    assert (changed.status_code, deleted.status_code) == (403, 403)
    portrait.refresh_from_db()
    assert portrait.state == State.ACCEPTED


@pytest.mark.parametrize("address", [LIST, FIGURES, EXPORT, GATES])
def test_strangers_are_asked_to_log_in(client, address) -> None:
    response = client.get(address)

    assert (response.status_code, response.url) == (302, f"/admin/login/?next={address}")


@pytest.mark.parametrize("address", [LIST, FIGURES, EXPORT, GATES])
def test_staff_without_permission_see_nothing(staff, address) -> None:
    assert staff().get(address).status_code == 403


def test_photos_are_seen_only_with_permission(staff) -> None:
    portrait = make_portrait(state=State.ACCEPTED)
    client = staff()

    def statuses() -> list[int]:
        responses = [
            client.get(f"/portraits/{portrait.pk}/{name}.jpg") for name in ("photo", "thumbnail")
        ]
        assert all(list(response) for response in responses)  # read to the end closes the file
        return [response.status_code for response in responses]

    assert statuses() == [404, 404]

    User.objects.get().user_permissions.add(Permission.objects.get(codename="view_portrait"))

    assert statuses() == [200, 200]
    assert client.get(page_of(portrait)).status_code == 200


def test_viewers_are_offered_no_action_but_the_export(staff) -> None:
    portrait = make_portrait(state=State.FAILED)
    client = staff("view_portrait")

    choices = client.get(LIST).context["action_form"].fields["action"].choices
    for action in ("erase", "judge_again", "ask_again"):
        act(client, action, portrait, confirmed="yes")

    assert [value for value, _ in choices if value] == ["export"]
    portrait.refresh_from_db()
    assert (portrait.state, portrait.deleted_at) == (State.FAILED, None)


# Actions


def test_deleting_asks_first(admin_client) -> None:
    portrait = make_portrait(state=State.ACCEPTED)

    response = act(admin_client, "erase", portrait)

    assert "Delete these photos? The photos are gone for good." in text_of(response)
    assert "1 portrait is chosen." in text_of(response)
    portrait.refresh_from_db()
    assert portrait.deleted_at is None


def test_deleting_removes_the_files_keeps_the_row_and_is_logged(staff) -> None:
    portrait, other = make_portrait(state=State.ACCEPTED), make_portrait(state=State.ACCEPTED)
    files = [portrait.photo.name, portrait.thumbnail.name]

    response = act(staff("view_portrait", "delete_portrait"), "erase", portrait, confirmed="yes")

    assert "1 photo is deleted." in text_of(response)
    assert [default_storage.exists(name) for name in files] == [False, False]
    portrait.refresh_from_db()
    other.refresh_from_db()
    assert (portrait.state, portrait.deleted_at is None) == (State.ACCEPTED, False)
    assert other.deleted_at is None
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.get_change_message(), entry.user.username) == (
        str(portrait.pk),
        "Photo deleted.",
        "operator",
    )


def test_deleting_everything_a_filter_shows_spares_the_rest(admin_client) -> None:
    failed = [make_portrait(state=State.FAILED) for _ in range(3)]
    accepted = make_portrait(state=State.ACCEPTED)

    admin_client.post(
        f"{LIST}?state=failed",
        {
            "action": "erase",
            "_selected_action": [str(failed[0].pk)],
            "select_across": "1",
            "confirmed": "yes",
        },
    )

    assert Portrait.objects.exclude(deleted_at=None).count() == 3
    accepted.refresh_from_db()
    assert accepted.deleted_at is None


def test_confirmation_carries_the_choice_over(admin_client) -> None:
    portraits = [make_portrait(), make_portrait()]

    html = act(admin_client, "erase", *portraits, select_across="1").content.decode()

    assert '<input type="hidden" name="action" value="erase">' in html
    assert '<input type="hidden" name="select_across" value="1">' in html
    for portrait in portraits:
        hidden = f'<input type="hidden" name="_selected_action" value="{portrait.pk}">'
        assert hidden in html


def test_judging_again_puts_failed_portraits_back_into_the_line(staff) -> None:
    failed = make_portrait(state=State.FAILED)
    accepted = make_portrait(state=State.ACCEPTED)
    client = staff("view_portrait", "judge_again_portrait")

    words = text_of(act(client, "judge_again", failed, accepted))

    assert "1 portrait is judged again." in words
    assert "1 portrait was left as it is" in words
    failed.refresh_from_db()
    accepted.refresh_from_db()
    assert (failed.state, accepted.state) == (State.WAITING, State.ACCEPTED)
    assert LogEntry.objects.get().object_id == str(failed.pk)


def test_asking_the_service_again_costs_and_therefore_asks_first(admin_client, settings) -> None:
    settings.DETECTOR = "dashscope"
    portrait = make_portrait(state=State.ACCEPTED, detector="dashscope")

    asked = text_of(act(admin_client, "ask_again", portrait))
    act(admin_client, "ask_again", portrait, confirmed="yes")

    assert "Each portrait is paid for once more" in asked
    portrait.refresh_from_db()
    assert (portrait.state, portrait.ask_again_at is not None) == (State.WAITING, True)
    assert portrait.detections.count() == 1


def test_asking_again_is_not_offered_where_nobody_is_asked(admin_client, settings) -> None:
    settings.DETECTOR = "local"
    portrait = make_portrait(state=State.ACCEPTED)

    choices = admin_client.get(LIST).context["action_form"].fields["action"].choices

    assert "ask_again" not in [value for value, _ in choices]
    assert "Ask the service again" not in text_of(admin_client.get(page_of(portrait)))


def test_page_offers_the_actions_that_its_state_allows(admin_client, settings) -> None:
    settings.DETECTOR = "dashscope"

    def offered(portrait: Portrait) -> list[str]:
        html = admin_client.get(page_of(portrait)).content.decode()
        return re.findall(r'name="action" value="(\w+)"', html)

    erased = make_portrait(state=State.ACCEPTED)
    erased.erase()
    assert offered(make_portrait()) == ["erase"]
    assert offered(make_portrait(state=State.ACCEPTED)) == ["ask_again", "erase"]
    assert offered(make_portrait(state=State.FAILED)) == ["judge_again", "ask_again", "erase"]
    assert offered(erased) == []


# Export


def rows_of(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_export_has_a_row_for_everything_the_filter_shows(admin_client) -> None:
    make_portrait(state=State.ACCEPTED)
    portrait = make_portrait(
        state=State.REJECTED, reason=Reason.NO_PERSON, detector="dashscope", objection="我在照片里"
    )

    response = admin_client.get(EXPORT, {"state": "rejected"})

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="portraits-')
    (row,) = rows_of(response)
    assert (row["id"], row["state"], row["reason"], row["detector"], row["cost_yuan"]) == (
        str(portrait.pk),
        "rejected",
        "no_person",
        "dashscope",
        "0.0040",
    )
    assert (row["objection"], row["deleted"]) == ("我在照片里", "")


def test_export_of_chosen_portraits(admin_client) -> None:
    chosen, _other = make_portrait(), make_portrait()

    rows = rows_of(act(admin_client, "export", chosen))

    assert [row["id"] for row in rows] == [str(chosen.pk)]


def test_export_honours_the_search(admin_client) -> None:
    wanted, _other = make_portrait(), make_portrait()

    rows = rows_of(admin_client.get(EXPORT, {"q": str(wanted.pk)}))

    assert [row["id"] for row in rows] == [str(wanted.pk)]


def test_row_60_export_hides_no_formula_behind_what_parts_cells_elsewhere(
    admin_client,
) -> None:
    """Where commas write fractions, spreadsheets take semicolons for borders, even in quotes."""
    make_portrait(objection="a;=1+1;b")
    make_portrait(objection="a\t@SUM(1)")
    make_portrait(objection="a\r\n =1;-)")
    make_portrait(objection="1-2; so, a=b\n\nc")

    written = {row["objection"] for row in rows_of(admin_client.get(EXPORT))}

    assert written == {"a;'=1+1;b", "a\t'@SUM(1)", "a\r\n '=1;'-)", "1-2; so, a=b\n\nc"}


@pytest.mark.parametrize(
    "evil",
    ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "\t=1", "  =1", "\r=1", "＝1+1", "|calc"],
)
def test_export_gives_spreadsheets_no_formulas(admin_client, evil) -> None:
    make_portrait(objection=evil)

    (row,) = rows_of(admin_client.get(EXPORT))

    assert row["objection"] == f"'{evil}"


def test_export_with_an_impossible_page_of_filters_leads_back(admin_client) -> None:
    response = admin_client.get(EXPORT, {"created__year": "never"})

    assert (response.status_code, response.url) == (302, f"{LIST}?e=1")


def test_list_links_to_the_export_of_what_it_shows(admin_client) -> None:
    html = admin_client.get(LIST, {"state": "failed"}).content.decode()

    assert f'href="{EXPORT}?state=failed"' in html


def test_list_that_is_not_narrowed_down_offers_not_to_show_all(admin_client) -> None:
    make_portrait()

    offered = {
        query: "Show all" in text_of(admin_client.get(f"{LIST}?{query}"))
        for query in ("", "o=2", "state=waiting", "q=00", "created__year=2020")
    }

    assert offered == {
        "": False,
        "o=2": False,
        "state=waiting": True,
        "q=00": True,
        "created__year=2020": True,
    }


# Dates and ways back


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_dates_have_one_format_in_every_language(admin_client, settings, language) -> None:
    settings.TIME_ZONE = "UTC"
    admin_client.cookies["django_language"] = language
    sent = datetime(2026, 3, 4, 15, 6, tzinfo=UTC)
    portrait = make_portrait(state=State.ACCEPTED, created=sent, judged_at=sent)
    open_gate(open_until=sent)
    LogEntry.objects.create(
        user=User.objects.get(),
        action_time=sent,
        content_type=ContentType.objects.get_for_model(Portrait),
        object_id=str(portrait.pk),
        object_repr="one",
        action_flag=2,
        change_message="Deleted.",
    )
    history = reverse("admin:emojicheck_portrait_history", args=[portrait.pk])

    for address in (LIST, page_of(portrait), GATES, history):
        assert "2026-03-04 15:06" in text_of(admin_client.get(address)), address


@pytest.mark.parametrize("address", [FIGURES, "/admin/emojicheck/portrait/agreement/"])
def test_way_back_is_the_same_as_from_the_list(admin_client, address) -> None:
    from_the_list, from_here = (
        re.search(r'<div class="breadcrumbs">.*?</div>', html, re.DOTALL)[0]
        for html in (admin_client.get(at).content.decode() for at in (LIST, address))
    )

    assert re.findall(r'href="(.*?)"', from_the_list) == ["/admin/", "/admin/emojicheck/"]
    assert re.findall(r'href="(.*?)"', from_here) == ["/admin/", "/admin/emojicheck/", LIST]


# Pace, stops and notices


@pytest.mark.parametrize("address", [INDEX, GATES])
def test_gates_are_called_what_they_are(admin_client, address) -> None:
    words = text_of(admin_client.get(address))

    assert "Pace and stops of the service" in words
    assert not re.search("gates?", words, re.IGNORECASE)


def test_service_that_was_not_asked_is_told_as_such(admin_client) -> None:
    assert "The service was not asked yet." in text_of(admin_client.get(GATES))

    open_gate()

    assert "The service was not asked yet." not in text_of(admin_client.get(GATES))


def open_gate(**fields: Any) -> Gate:
    return Gate.objects.create(
        **{
            "model": "emoji-detect-v1",
            "open_until": timezone.now() + MIDDLE,
            "cause": "Arrearage",
            "detail": "Access denied, your account is overdue.",
            "failures": 3,
            **fields,
        }
    )


@pytest.mark.parametrize("address", [INDEX, LIST, FIGURES])
def test_open_breaker_is_told_on_top(admin_client, address) -> None:
    open_gate()

    words = text_of(admin_client.get(address))

    assert "The breaker for emoji-detect-v1 is open: the service is not asked." in words
    assert "Arrearage Access denied, your account is overdue." in words


def test_breaker_that_has_run_out_is_not_told(admin_client) -> None:
    open_gate(open_until=timezone.now() - MIDDLE)

    assert "The breaker for" not in text_of(admin_client.get(INDEX))


def test_spent_budget_is_told_on_top(admin_client, settings) -> None:
    settings.DAILY_BUDGET = Decimal("0.004")
    assert "is spent" not in text_of(admin_client.get(INDEX))

    make_portrait(state=State.ACCEPTED, detector="dashscope")

    assert "Today’s budget of ¥0.004 is spent" in text_of(admin_client.get(INDEX))


def test_staff_of_other_departments_are_told_nothing(staff) -> None:
    open_gate()

    assert "Arrearage" not in text_of(staff("view_user").get(INDEX))


def test_gates_show_what_the_service_said(admin_client) -> None:
    open_gate()

    words = text_of(admin_client.get(GATES))

    assert "Arrearage Access denied, your account is overdue. 3" in words


def test_breaker_is_closed_by_those_who_may(staff) -> None:
    gate = open_gate()
    choice = {"action": "close_breaker", "_selected_action": [gate.pk]}

    client = staff("view_gate")
    client.post(GATES, choice)
    gate.refresh_from_db()
    assert gate.failures == 3

    User.objects.get().user_permissions.add(Permission.objects.get(codename="change_gate"))
    words = text_of(client.post(GATES, choice, follow=True))

    gate.refresh_from_db()
    assert (gate.open_until, gate.cause, gate.failures) == (None, "", 0)
    assert "1 breaker is closed." in words
    assert LogEntry.objects.get().get_change_message() == "Breaker closed."


# Figures


def test_figures_add_up_what_was_spent_and_saved(admin_client, settings) -> None:
    settings.DETECTOR, settings.DAILY_BUDGET = "dashscope", Decimal(1)
    paid = make_portrait(state=State.ACCEPTED, detector="dashscope")
    twin = make_portrait(state=State.ACCEPTED)
    make_detection(
        twin,
        detector="dashscope",
        reused_from=paid.verdict,
        price=0,
        billed_images=0,
    )
    make_portrait(state=State.REJECTED, detector="local", objection="no")
    make_portrait(state=State.REJECTED, detector="local", sample="head-tilted")
    make_portrait(state=State.FAILED, created=timezone.now() - timedelta(days=31))

    response = admin_client.get(FIGURES)

    figures = response.context["figures"]
    total = figures.total
    assert (total.portraits, total.accepted, total.rejected, total.failed) == (4, 2, 2, 0)
    assert (total.spent, total.reused, total.stopped) == (Decimal("0.0040"), 1, 1)
    assert total.saved == Decimal("0.008")
    assert [(r.value, r.count, r.objections, r.bar) for r in figures.reasons] == [
        ("head_tilted", 2, 1, 100)
    ]
    assert "Spent today ¥0.004 of ¥1.00" in text_of(response)
    assert "1 answers known, 1 stopped by the free check" in text_of(response)


def test_figures_forecast_a_month_from_the_last_week(admin_client) -> None:
    for days_ago in (0, 6, 7):
        make_detection(
            detector="dashscope",
            price=Decimal("0.7"),
            created=timezone.now() - timedelta(days=days_ago),
        )

    figures = admin_client.get(FIGURES).context["figures"]

    assert figures.month_forecast == Decimal("6.000")


def test_figures_save_nothing_where_nothing_is_paid(admin_client, settings) -> None:
    settings.DETECTOR = "local"
    make_portrait(state=State.REJECTED, detector="local")

    assert admin_client.get(FIGURES).context["figures"].total.saved == 0


def test_chart_has_a_bar_per_day_that_fills_its_height_at_most(admin_client) -> None:
    make_detection(detector="dashscope", price=Decimal("0.3"))
    make_detection(
        detector="dashscope", price=Decimal("0.1"), created=timezone.now() - timedelta(days=1)
    )

    bars = admin_client.get(FIGURES).context["figures"].bars

    assert len(bars) == 30
    assert [(bar.spent_y, bar.spent_height) for bar in bars[-3:]] == [
        (120.0, 0.0),
        (80.0, 40.0),
        (0.0, 120.0),
    ]


def test_figures_of_a_new_site_are_all_nothing(admin_client) -> None:
    words = text_of(admin_client.get(FIGURES))

    assert "Money per day Nothing was charged in these 30 days." in words
    assert "Nothing was rejected." in words
    assert "Nobody sent a portrait." in words


def test_figures_show_what_was_saved_where_nothing_was_charged(admin_client, settings) -> None:
    settings.DETECTOR = "dashscope"
    make_portrait(state=State.REJECTED, detector="local")

    html = admin_client.get(FIGURES).content.decode()

    assert 'class="chart"' in html
    assert "Nothing was charged in these 30 days." in html


def test_figures_with_money_need_no_such_words(admin_client) -> None:
    make_portrait(state=State.ACCEPTED, detector="dashscope")

    assert "Nothing was charged" not in text_of(admin_client.get(FIGURES))


@pytest.mark.parametrize("rows", [1, 30])
def test_figures_take_as_many_queries_for_one_portrait_as_for_thirty(
    admin_client, django_assert_num_queries, rows
) -> None:
    for _ in range(rows):
        make_portrait(state=State.REJECTED)
    admin_client.get(FIGURES)

    with django_assert_num_queries(FIGURES_QUERIES):
        admin_client.get(FIGURES)


# All pages


@pytest.mark.parametrize("page", ["index", "list", "portrait", "figures", "gates", "confirmation"])
def test_pages_keep_to_the_content_security_policy(admin_client, page) -> None:
    portrait = make_portrait(state=State.REJECTED)
    open_gate()
    response = {
        "index": lambda: admin_client.get(INDEX),
        "list": lambda: admin_client.get(LIST),
        "portrait": lambda: admin_client.get(page_of(portrait)),
        "figures": lambda: admin_client.get(FIGURES),
        "gates": lambda: admin_client.get(GATES),
        "confirmation": lambda: act(admin_client, "erase", portrait),
    }[page]()

    html = response.content.decode()
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)[^>]*>", html) == []
    assert html.count("<h1") == 1


def test_pages_speak_chinese(admin_client) -> None:
    admin_client.cookies["django_language"] = "zh-hans"
    make_portrait(state=State.REJECTED)

    for address in (INDEX, LIST, FIGURES, GATES):
        assert 'lang="zh-hans"' in admin_client.get(address).content.decode()


def test_detail_survives_stored_values_of_odd_shapes(admin_client) -> None:
    portrait = make_portrait(state=State.REJECTED)
    verdict = portrait.verdict
    verdict.spots = [{"kind": "line"}, {"kind": "?", "points": [[1, 2]]}]
    verdict.measurements = json.loads('[{"id": "new_rule", "passed": false, "value": null}]')
    verdict.save()

    assert "new_rule" in text_of(admin_client.get(page_of(portrait)))


EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_row_44_and_60_nothing_that_others_wrote_is_markup_to_operators(admin_client) -> None:
    portrait = make_portrait(
        state=State.REJECTED, objection=EVIL, image_url=f"https://a.test/{EVIL}"
    )
    told = dict.fromkeys(("code", "message", "request_id", "error"), EVIL)
    make_detection(portrait, detector="dashscope", outcome=Outcome.FAILED, raw=EVIL.encode())
    make_detection(portrait, detector="dashscope", outcome=Outcome.REJECTED, **told)
    Gate.objects.create(
        model="emoji-detect-v1",
        open_until=timezone.now() + timedelta(hours=1),
        cause=EVIL,
        detail=EVIL,
        failures=1,
    )
    search = f"{LIST}?{urlencode({'q': EVIL, 'reason': EVIL})}"

    pages = [
        admin_client.get(address).content.decode()
        for address in (INDEX, LIST, page_of(portrait), FIGURES, GATES, search)
    ]

    assert [EVIL in page or "<script>alert" in page or "<img src=x" in page for page in pages] == (
        [False] * 6
    )
    assert escape(EVIL) in pages[2]
    assert escape(EVIL) in pages[4]
