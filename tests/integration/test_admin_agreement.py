from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from emojicheck.admin import agreement as page
from emojicheck.detection.verdicts import Reason
from emojicheck.models import Outcome, Portrait
from tests.factories import make_detection, make_portrait

LIST = "/admin/emojicheck/portrait/"
AGREEMENT = "/admin/emojicheck/portrait/agreement/"
QUERIES = 5

pytestmark = pytest.mark.django_db


def judged(
    here: str = "",
    service: str = "",
    *,
    light: float = 60.0,
    answer: dict[str, Any] | None = None,
) -> Portrait:
    """A portrait that both judged: a local reason and a code of the service, or nothing."""
    portrait = make_portrait(photo=b"")
    look(portrait, here, light=light)
    told: dict[str, Any] = {"outcome": outcome(service)}
    if service:
        told |= {"code": service, "reason": Reason.OTHER}
    make_detection(portrait, detector="dashscope", **told | (answer or {}))
    return portrait


def look(portrait: Portrait, here: str = "", *, light: float = 60.0, **fields: Any) -> None:
    measurement = {"id": "light", "value": light, "low": 25.0, "high": None, "passed": light >= 25}
    make_detection(
        portrait,
        outcome=outcome(here),
        reason=here,
        measurements=[measurement],
        **fields,
    )


def outcome(rejected_for: str) -> str:
    return Outcome.REJECTED if rejected_for else Outcome.ACCEPTED


def shown(client: Any) -> page.Agreement:
    found: page.Agreement = client.get(AGREEMENT).context["agreement"]
    return found


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_agreement_counts_what_both_said(admin_client) -> None:
    for here, service in [
        ("", ""),
        ("", ""),
        ("", "InvalidFile.Value"),
        ("head_tilted", ""),
        ("head_tilted", "InvalidFile.FacePose"),
        ("head_tilted", "InvalidFile.MultiHuman"),
        ("too_dark", "InvalidFile.Value"),
    ]:
        judged(here, service)

    told = shown(admin_client)

    assert told.portraits == 7
    assert told.agree == "71 % (36 % to 92 %)"
    assert told.accepted_here == "67 % (21 % to 94 %)"
    assert told.rejected_here == "75 % (30 % to 95 %)"
    assert told.rows == (
        page.Row(
            name="Accepted",
            asked=3,
            accepted="67 % (21 % to 94 %)",
            same_reason="–",
            other_reason="33 % (6 % to 79 %)",
        ),
        page.Row(
            name="Head tilted",
            asked=3,
            accepted="33 % (6 % to 79 %)",
            same_reason="33 % (6 % to 79 %)",
            other_reason="33 % (6 % to 79 %)",
        ),
        page.Row(
            name="Too dark",
            asked=1,
            accepted="0 % (0 % to 79 %)",
            same_reason="100 % (21 % to 100 %)",
            other_reason="0 % (0 % to 79 %)",
        ),
    )


def test_reason_we_chose_ourselves_does_not_make_the_service_agree(admin_client) -> None:
    judged("too_dark", "InvalidFile.FacePose", answer={"reason": Reason.TOO_DARK})

    [row] = shown(admin_client).rows

    assert row.same_reason == "0 % (0 % to 79 %)"


def test_only_real_answers_about_the_same_photo_count(admin_client) -> None:
    first = judged("too_dark", "InvalidFile.Value")
    known = first.detections.get(detector="dashscope")
    judged(answer={"reused_from": known})
    judged(answer={"service": "http://127.0.0.1:9/another"})
    judged("", "DataInspectionFailed", answer={"reason": Reason.DECLINED})
    judged(answer={"digest": "of another photo"})
    judged(answer={"outcome": Outcome.FAILED})
    make_detection(detector="dashscope")
    look(make_portrait(photo=b""))

    assert shown(admin_client).portraits == 1


def test_newest_look_and_newest_answer_of_a_portrait_count(admin_client) -> None:
    portrait = judged("too_dark", "InvalidFile.Value")
    later = timezone.now() + timedelta(minutes=1)
    look(portrait, created=later)
    make_detection(portrait, detector="dashscope", created=later)

    told = shown(admin_client)

    assert [(row.name, row.asked, row.accepted) for row in told.rows] == [
        ("Accepted", 1, "100 % (21 % to 100 %)")
    ]


def test_only_the_newest_answers_are_looked_at(admin_client, monkeypatch) -> None:
    monkeypatch.setattr(page, "NEWEST", 2)
    for here in ("too_dark", "head_tilted", "head_tilted"):
        judged(here)

    assert [(row.name, row.asked) for row in shown(admin_client).rows] == [("Head tilted", 2)]


def test_limit_is_suggested_once_there_are_twenty_on_each_side(admin_client) -> None:
    for _ in range(20):
        judged(light=60.0)
        judged("too_dark", "InvalidFile.Value", light=30.0)

    response = admin_client.get(AGREEMENT)

    [row] = response.context["agreement"].limits
    assert (row.limit, row.suggested) == ("25", "45 (100 % on the right side instead of 50 %)")
    assert "Light on the face at least 25 20 20 45 (100 %" in text_of(response)


def test_limit_that_agrees_best_already_is_left_as_it_is(admin_client) -> None:
    for _ in range(20):
        judged(light=60.0)
        judged("too_dark", "InvalidFile.Value", light=10.0)

    [row] = shown(admin_client).limits

    assert row.suggested == "as it is (100 % on the right side)"


def test_too_few_answers_suggest_nothing(admin_client) -> None:
    judged()

    response = admin_client.get(AGREEMENT)

    assert "Light on the face at least 25 1 0 not enough yet" in text_of(response)


def test_new_site_is_told_in_words_that_there_is_nothing_to_compare(admin_client) -> None:
    words = text_of(admin_client.get(AGREEMENT))

    assert "No portrait was judged by both the free check and the service yet." in words


def test_looks_without_measurements_leave_no_limits(admin_client) -> None:
    portrait = make_portrait(photo=b"")
    make_detection(portrait)
    make_detection(portrait, detector="dashscope")

    assert "Nothing was measured." in text_of(admin_client.get(AGREEMENT))


@pytest.mark.parametrize("rows", [1, 30])
def test_agreement_takes_as_many_queries_for_one_portrait_as_for_thirty(
    admin_client, django_assert_num_queries, rows
) -> None:
    for _ in range(rows):
        judged()
    admin_client.get(AGREEMENT)

    with django_assert_num_queries(QUERIES):
        assert shown(admin_client).portraits == rows


@pytest.mark.parametrize(("codename", "status"), [("view_portrait", 200), ("view_gate", 403)])
def test_agreement_is_for_those_who_may_see_portraits(client, codename, status) -> None:
    user = User.objects.create_user("operator", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename=codename))
    client.force_login(user)

    assert client.get(AGREEMENT).status_code == status


def test_list_leads_to_the_agreement(admin_client) -> None:
    assert f'href="{AGREEMENT}"' in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize("rows", [0, 1])
def test_agreement_keeps_to_the_content_security_policy(admin_client, rows) -> None:
    for _ in range(rows):
        judged()

    html = admin_client.get(AGREEMENT).content.decode()

    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)[^>]*>", html) == []
    assert html.count("<h1") == 1


@pytest.mark.parametrize("rows", [0, 20])
def test_agreement_speaks_chinese(admin_client, rows) -> None:
    admin_client.cookies["django_language"] = "zh-hans"
    for _ in range(rows):
        judged()
        judged("too_dark", "InvalidFile.Value", light=30.0)

    response = admin_client.get(AGREEMENT)

    assert 'lang="zh-hans"' in response.content.decode()
    assert "与服务的一致程度" in text_of(response)
