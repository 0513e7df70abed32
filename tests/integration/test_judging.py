"""From a waiting portrait to its verdict, against a service that really fetches the photo."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from emojicheck import judging
from emojicheck.models import Detection, Gate, Outcome, Portrait, State
from tests.factories import make_detection, make_portrait
from tests.standin import steps

pytestmark = pytest.mark.django_db(transaction=True)

MODEL = "emoji-detect-v1"


def make_due(portrait: Portrait) -> None:
    Portrait.objects.filter(pk=portrait.pk).update(next_try_at=timezone.now())
    Gate.objects.update(open_until=timezone.now(), next_at=timezone.now())


def test_accepted_portrait_keeps_both_boxes_the_request_id_and_the_price(
    service, judged, coloured
) -> None:
    portrait = judged(coloured("#aabbcc"))

    detection = portrait.detections.get()
    assert portrait.state == State.ACCEPTED
    assert portrait.verdict == detection
    assert (detection.outcome, detection.billed_images, detection.price) == (
        Outcome.ACCEPTED,
        1,
        Decimal("0.0040"),
    )
    assert len(detection.face) == len(detection.extended) == 4
    assert detection.request_id
    assert bytes(detection.raw).startswith(b"{")
    assert len(service.paid_calls) == 1


def test_service_fetches_the_very_photo_that_is_stored(service, judged, coloured) -> None:
    portrait = judged(coloured("#aabbcc"))

    assert service.calls[0].digest == portrait.digest


def test_photo_is_no_longer_public_after_the_verdict(service, judged, coloured, client) -> None:
    portrait = judged(coloured("#aabbcc"))
    path = service.calls[0].image_url.removeprefix(service_site(service))

    assert portrait.state == State.ACCEPTED
    assert client.get(path).status_code == 404


def service_site(service) -> str:
    return "/".join(service.calls[0].image_url.split("/")[:3])


@pytest.mark.parametrize("shape", ["documented", "output_400", "top_400", "relay"])
def test_rejection_is_an_answer_in_every_shape(service, judged, coloured, shape) -> None:
    service.script(steps.rejected("InvalidFile.NoHuman", shape))

    portrait = judged(coloured("#aabbcc"))

    assert (portrait.state, portrait.reason) == (State.REJECTED, "no_person")
    assert portrait.verdict.code == "InvalidFile.NoHuman"


def test_rejection_without_a_code_has_the_reason_other(service, judged, coloured) -> None:
    service.script(steps.rejected("InvalidFile.NoHuman", "empty"))

    portrait = judged(coloured("#aabbcc", model="emo-detect-v1"))

    assert (portrait.state, portrait.reason) == (State.REJECTED, "other")


def test_price_follows_what_the_service_billed(service, judged, coloured) -> None:
    service.script(steps.rejected("InvalidFile.NoHuman", "top_400"))  # bills nothing

    portrait = judged(coloured("#aabbcc"))

    assert portrait.price == Decimal("0.0000")
    assert len(service.paid_calls) == 0


def test_busy_service_is_asked_again_later_and_nobody_else_meanwhile(
    service, judged, coloured
) -> None:
    service.script(steps.failed("Throttling.RateQuota", retry_after="30"))
    before = timezone.now()

    first, second = judged(coloured("#000001")), judged(coloured("#000002"))

    assert (first.state, second.state) == (State.WAITING, State.WAITING)
    assert first.next_try_at - before > timedelta(seconds=29)
    assert second.next_try_at - before > timedelta(seconds=29)
    assert (first.attempt, second.attempt) == (1, 0)
    assert len(service.calls) == 1


def test_account_trouble_opens_the_breaker_costs_no_attempt_and_heals(
    service, judged, coloured
) -> None:
    service.script(steps.failed("Arrearage"))
    first, second = judged(coloured("#000001")), judged(coloured("#000002"))
    assert [(p.state, p.attempt) for p in (first, second)] == [(State.WAITING, 0)] * 2
    assert len(service.calls) == 1
    assert Gate.objects.get().cause == "Arrearage"

    make_due(first)
    make_due(second)
    first, second = judged(first), judged(second)

    assert (first.state, second.state) == (State.ACCEPTED, State.ACCEPTED)
    assert Gate.objects.get().failures == 0


def test_lost_answer_is_counted_as_maybe_charged_and_asked_again_only_once(
    service, judged, coloured
) -> None:
    service.script(steps.drop(), steps.drop())
    portrait = judged(coloured("#aabbcc"))
    assert portrait.state == State.WAITING

    make_due(portrait)
    portrait = judged(portrait)

    assert (portrait.state, portrait.trouble) == (State.FAILED, Portrait.Trouble.SERVICE)
    ledger = portrait.detections.values_list("outcome", "error_kind", "maybe_paid", "price")
    assert list(ledger) == [(Outcome.FAILED, "answer_lost", True, Decimal("0.0040"))] * 2
    assert len(service.paid_calls) == 2


def test_unreadable_answer_fails_at_once_and_is_kept_for_admins(service, judged, coloured) -> None:
    service.script(steps.html(200))

    portrait = judged(coloured("#aabbcc"))

    detection = portrait.detections.get()
    assert (portrait.state, portrait.trouble) == (State.FAILED, Portrait.Trouble.ANSWER)
    assert bytes(detection.raw).startswith(b"<!doctype html>")
    assert len(service.calls) == 1


def test_unreachable_service_is_tried_until_the_attempts_are_spent(
    service, judged, coloured, settings
) -> None:
    settings.ATTEMPTS = 2
    settings.DASHSCOPE_BASE_URL = "http://127.0.0.1:9"  # nobody listens there
    portrait = judged(coloured("#aabbcc"))
    assert portrait.state == State.WAITING

    make_due(portrait)
    portrait = judged(portrait)

    assert (portrait.state, portrait.trouble) == (State.FAILED, Portrait.Trouble.SERVICE)
    assert portrait.price == 0


def test_photo_that_kills_its_worker_every_time_is_given_up(service, judged, coloured) -> None:
    portrait = coloured("#aabbcc", attempt=99)

    assert judged(portrait).trouble == Portrait.Trouble.OURS


def test_same_photo_of_another_visitor_is_answered_from_memory(service, judged, coloured) -> None:
    first = judged(coloured("#aabbcc", owner="visitor:one"))
    second = judged(coloured("#aabbcc", owner="visitor:two"))

    assert len(service.calls) == 1
    assert second.state == State.ACCEPTED
    assert second.verdict.reused_from == first.verdict
    assert (second.verdict.face, second.price) == (first.verdict.face, 0)


def test_same_photo_for_another_model_is_another_question(service, judged, coloured) -> None:
    judged(coloured("#aabbcc"))
    judged(coloured("#aabbcc", model="emo-detect-v1"))
    judged(coloured("#aabbcc", model="emo-detect-v1", ratio="3:4"))

    assert len(service.paid_calls) == 3


def test_asking_again_pays_for_a_new_answer(service, judged, coloured) -> None:
    judged(coloured("#aabbcc"))
    again = judged(coloured("#aabbcc", ask_again_at=timezone.now()))

    assert len(service.paid_calls) == 2
    assert again.verdict.reused_from is None


def test_two_equal_photos_at_the_same_moment_make_one_paid_call(service, judged, coloured) -> None:
    service.script(steps.slow(0.5))
    first, second = coloured("#aabbcc"), coloured("#aabbcc")

    def judge_first() -> None:
        try:
            judging.judge(first.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=judge_first)
    thread.start()
    while not Detection.objects.filter(outcome=Outcome.STARTED).exists():
        pass
    second = judged(second)
    thread.join()
    assert (second.state, second.attempt) == (State.WAITING, 0)

    make_due(second)
    second = judged(second)

    assert second.state == State.ACCEPTED
    assert len(service.paid_calls) == 1


def test_call_of_a_dead_worker_is_maybe_charged_and_made_again(service, judged, coloured) -> None:
    portrait = coloured("#aabbcc")
    lost = make_detection(
        portrait,
        detector="dashscope",
        outcome=Outcome.STARTED,
        sent_at=timezone.now(),
        price=Decimal("0.004"),
    )

    portrait = judged(portrait)

    lost.refresh_from_db()
    assert portrait.state == State.ACCEPTED
    assert (lost.outcome, lost.error_kind, lost.maybe_paid) == ("failed", "worker_lost", True)


def test_call_that_never_left_a_dead_worker_is_not_counted(service, judged, coloured) -> None:
    portrait = coloured("#aabbcc")
    make_detection(portrait, detector="dashscope", outcome=Outcome.STARTED)

    portrait = judged(portrait)

    assert portrait.detections.get() == portrait.verdict


def test_reply_that_a_dead_worker_recorded_is_read_and_not_paid_again(
    service, judged, coloured
) -> None:
    portrait = coloured("#aabbcc")
    make_detection(
        portrait,
        detector="dashscope",
        outcome=Outcome.STARTED,
        http_status=200,
        raw=b'{"output": {"bbox_face": [100, 100, 200, 200], "ext_bbox_face": [40, 34, 260, 254]},'
        b' "usage": {"image_count": 1}, "request_id": "kept"}',
    )

    portrait = judged(portrait)

    assert (portrait.state, portrait.verdict.request_id) == (State.ACCEPTED, "kept")
    assert len(service.calls) == 0


def test_dead_call_of_a_deleted_portrait_does_not_block_its_twin(service, judged, coloured) -> None:
    gone = coloured("#aabbcc", deleted_at=timezone.now())
    Portrait.objects.filter(pk=gone.pk).update(state=State.FAILED, trouble="ours")
    make_detection(gone, detector="dashscope", outcome=Outcome.STARTED)

    assert judged(coloured("#aabbcc")).state == State.ACCEPTED


def test_spent_budget_stops_before_the_call_and_says_so(
    service, judged, coloured, settings
) -> None:
    settings.DAILY_BUDGET = Decimal("0.004")
    judged(coloured("#000001"))

    portrait = judged(coloured("#000002"))

    assert (portrait.state, portrait.trouble) == (State.FAILED, Portrait.Trouble.BUDGET)
    assert len(service.calls) == 1


def test_told_to_stop_in_the_middle_the_portrait_goes_back_into_the_line(
    service, coloured, monkeypatch
) -> None:
    portrait = coloured("#aabbcc")

    def stop(*_: object) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(judging.asking, "verdict_for", stop)
    with pytest.raises(SystemExit):
        judging.judge(portrait.pk)

    portrait.refresh_from_db()
    assert (portrait.state, portrait.attempt) == (State.WAITING, 0)


def test_portrait_deleted_while_being_judged_stays_deleted(service, coloured) -> None:
    service.script(steps.slow(0.5))
    portrait = coloured("#aabbcc")

    def judge() -> None:
        try:
            judging.judge(portrait.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=judge)
    thread.start()
    while not service.calls:
        pass
    Portrait.objects.get(pk=portrait.pk).erase()
    thread.join()

    portrait.refresh_from_db()
    assert portrait.deleted_at is not None
    assert (portrait.photo.name, portrait.verdict) == ("", None)


def test_temporary_delivery_works_from_a_laptop(service, judged, coloured, settings) -> None:
    settings.PHOTO_DELIVERY = "auto"  # SITE_URL is a loopback address

    portrait = judged(coloured("#aabbcc"))

    assert portrait.state == State.ACCEPTED
    assert service.calls[0].image_url.startswith("oss://")
    assert service.calls[0].digest == portrait.digest


def test_refused_upload_is_the_operators_matter(service, judged, coloured, settings) -> None:
    settings.PHOTO_DELIVERY = "temporary"
    settings.DASHSCOPE_API_KEY = "sk-wrong"

    portrait = judged(coloured("#aabbcc"))

    assert (portrait.state, portrait.attempt) == (State.WAITING, 0)
    assert Gate.objects.get().failures == 1


def test_unsettled_portraits_of_two_models_have_gates_of_their_own(
    service, judged, coloured
) -> None:
    service.script(steps.failed("ModelNotFound"))
    judged(coloured("#000001"))

    assert judged(coloured("#000002", model="emo-detect-v1")).state == State.ACCEPTED


def test_waiting_portrait_that_is_not_due_is_left_alone(service, judged) -> None:
    portrait = make_portrait(next_try_at=timezone.now() + timedelta(minutes=1))

    assert judged(portrait).state == State.WAITING
    assert len(service.calls) == 0


def test_answer_of_another_address_is_another_services_answer(
    service, judged, coloured, settings
) -> None:
    judged(coloured("#aabbcc"))
    settings.DASHSCOPE_BASE_URL = service.base_url.replace("127.0.0.1", "localhost")

    judged(coloured("#aabbcc"))

    assert len(service.calls) == 2


def test_new_answer_that_a_dead_worker_got_is_not_asked_for_once_more(
    service, judged, coloured
) -> None:
    portrait = coloured("#aabbcc", ask_again_at=timezone.now())
    judged(portrait)
    Portrait.objects.update(state=State.WAITING, verdict=None, next_try_at=timezone.now())

    portrait = judged(portrait)

    assert portrait.state == State.ACCEPTED
    assert len(service.paid_calls) == 1


def test_portrait_deleted_while_waiting_for_its_slot_is_not_paid_for(
    service, coloured, monkeypatch
) -> None:
    portrait = coloured("#aabbcc")
    monkeypatch.setattr(
        judging.asking.pacing, "pass_gate", lambda _: Portrait.objects.get(pk=portrait.pk).erase()
    )

    judging.judge(portrait.pk)

    assert len(service.calls) == 0
    assert Detection.objects.count() == 0


def test_paid_answer_still_counts_when_the_attempts_are_spent(service, judged, coloured) -> None:
    portrait = coloured("#aabbcc", attempt=99)
    make_detection(
        portrait,
        detector="dashscope",
        outcome=Outcome.STARTED,
        http_status=200,
        raw=b'{"output": {"bbox_face": [100, 100, 200, 200], "ext_bbox_face": [40, 34, 260, 254]},'
        b' "usage": {"image_count": 1}, "request_id": "kept"}',
    )

    assert judged(portrait).state == State.ACCEPTED


def test_recorded_reply_that_cannot_be_read_is_not_bought_again(service, judged, coloured) -> None:
    portrait = coloured("#aabbcc")
    make_detection(
        portrait, detector="dashscope", outcome=Outcome.STARTED, http_status=200, raw=b"<html>"
    )

    assert judged(portrait).trouble == Portrait.Trouble.ANSWER
    assert len(service.calls) == 0


def test_coarse_code_is_told_by_what_our_own_check_saw(service, judged, coloured, settings) -> None:
    settings.PRECHECK = "warn"
    service.script(steps.rejected("InvalidFile.FacePose"))
    portrait = coloured("#aabbcc")
    make_detection(portrait, outcome=Outcome.REJECTED, reason="strong_expression")

    portrait = judged(portrait)

    assert (portrait.reason, portrait.verdict.code) == (
        "strong_expression",
        "InvalidFile.FacePose",
    )


def test_refused_upload_is_on_record(service, judged, coloured, settings) -> None:
    settings.PHOTO_DELIVERY = "temporary"
    service.script(steps.failed("InternalError"), at="upload")

    portrait = judged(coloured("#aabbcc"))

    detection = portrait.detections.get()
    assert (portrait.state, detection.outcome, detection.price) == (State.WAITING, "failed", 0)
