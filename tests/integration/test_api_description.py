"""What the API says of itself: true examples, closed lists, who may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from emojicheck import intake
from emojicheck.api import examples, schemas
from emojicheck.detection.base import MODELS
from emojicheck.detection.verdicts import Reason
from emojicheck.models import Portrait, State
from emojicheck.pictures import DecoderUnavailable
from tests.factories import make_detection, make_photo, make_portrait

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/portraits"
FACE, EXTENDED = [326, 312, 698, 684], [103, 67, 921, 885]
WIDTH = {"id": "face_width", "value": 0.36, "low": 0.12, "high": 0.85, "passed": True}
TILT = {"id": "roll", "value": 25.6, "low": -15, "high": 15, "passed": False}


@pytest.fixture
def told(client: Client) -> Any:
    return client.get("/api/v1/openapi.json").json()


def operations(told: Any) -> Iterator[Any]:
    for path in told["paths"].values():
        yield from path.values()


def enum(told: Any, schema: Any) -> list[str]:
    """The closed list of a field, which may also be null."""
    kinds = schema.get("anyOf", [schema])
    kind = next(kind for kind in kinds if kind.get("type") != "null")
    if "$ref" in kind:
        kind = told["components"]["schemas"][kind["$ref"].rpartition("/")[2]]
    return list(kind["enum"])


def test_secret_is_told_as_a_bearer_token_that_may_be_left_out(told: Any) -> None:
    scheme = told["components"]["securitySchemes"]["Secret"]

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert [operation["security"] for operation in operations(told)] == [[{"Secret": []}, {}]] * 4


def test_operations_have_names_and_words(told: Any) -> None:
    assert {operation["operationId"]: operation["summary"] for operation in operations(told)} == {
        "submit_portrait": "Give a photo to be judged",
        "get_portrait": "Ask for the verdict",
        "get_photo": "Get the checked photo",
        "delete_portrait": "Delete a portrait",
    }
    [tag] = told["tags"]
    assert tag["description"].endswith(".")
    assert [operation["tags"] for operation in operations(told)] == [[tag["name"]]] * 4


def test_closed_lists_are_told_in_full(told: Any) -> None:
    kinds = told["components"]["schemas"]
    fields = kinds["Result"]["properties"]

    assert [name for name in kinds if "__" in name] == []
    assert enum(told, fields["state"]) == list(State)
    assert enum(told, fields["reason"]) == list(Reason)
    assert enum(told, fields["detector"]) == ["local", "dashscope"]
    assert enum(told, fields["model"]) == list(MODELS)
    assert enum(told, fields["ratio"]) == ["1:1", "3:4"]
    assert enum(told, kinds["Failure"]["properties"]["code"]) == list(Portrait.Trouble)
    assert enum(told, kinds["Check"]["properties"]["source"]) == ["local", "service"]


def test_choices_of_the_request_are_those_that_are_taken(told: Any) -> None:
    body = told["paths"][ADDRESS]["post"]["requestBody"]["content"]
    taken = {"model": list(get_args(schemas.Model)), "ratio": list(get_args(schemas.Ratio))}

    for content in body.values():
        properties = content["schema"]["properties"]
        assert {name: properties[name]["enum"] for name in taken} == taken


def decided(detector: str, state: State, checks: list[Any], **fields: Any) -> None:
    portrait = made()
    verdict = make_detection(
        portrait, detector=detector, outcome=state, measurements=checks, **fields
    )
    portrait.state, portrait.verdict, portrait.reason = state, verdict, verdict.reason
    portrait.save()


def made(**fields: Any) -> Portrait:
    created = datetime(2026, 11, 27, 10, tzinfo=UTC)
    return make_portrait(
        id=examples.ID, owner="api", created=created, width=1024, height=1024, **fields
    )


def accepted() -> None:
    boxes = {"face": FACE, "extended": EXTENDED, "price": Decimal("0.004")}
    decided("dashscope", State.ACCEPTED, [WIDTH], **boxes)


def rejected() -> None:
    decided("local", State.REJECTED, [WIDTH, TILT], reason="head_tilted")


def failed() -> None:
    made(state=State.FAILED, trouble="service")


@pytest.mark.parametrize(
    ("name", "make"),
    [("waiting", made), ("accepted", accepted), ("rejected", rejected), ("failed", failed)],
)
def test_examples_of_results_are_what_such_portraits_answer(
    client: Client, told: Any, settings: Any, name: str, make: Callable[[], Any]
) -> None:
    settings.SITE_URL = "https://emojicheck.example"
    make()

    reply = client.get(f"{ADDRESS}/{examples.ID}")

    content = told["paths"][f"{ADDRESS}/{{portrait_id}}"]["get"]["responses"]["200"]["content"]
    example = content["application/json"]["examples"][name]["value"]
    assert reply.json() == example
    schemas.Result.model_validate(example)


def test_example_of_what_is_given_is_taken_and_answered_as_told(
    client: Client, settings: Any
) -> None:
    settings.SITE_URL = "https://emojicheck.example"

    reply = client.post(ADDRESS, examples.WISH, content_type="application/json")

    taken = Portrait.objects.get()
    told = {**examples.RECEIVED, "url": examples.URL.replace(examples.ID, str(taken.pk))}
    assert reply.json() == {**told, "id": str(taken.pk)}
    assert (taken.image_url, taken.model, taken.ratio) == tuple(examples.WISH.values())


def post(client: Client, photo: bytes, **headers: str) -> Any:
    return client.post(ADDRESS, {"photo": SimpleUploadedFile("me.jpg", photo)}, headers=headers)


def no_json(client: Client, **_context: Any) -> Any:
    return client.post(ADDRESS, "{", content_type="application/json")


def nothing_there(client: Client, **_context: Any) -> Any:
    return client.get(f"{ADDRESS}/{examples.ID}")


def key_used_twice(client: Client, **_context: Any) -> Any:
    post(client, make_photo(), **{"Idempotency-Key": "one"})
    return post(client, make_photo(colour="#123456"), **{"Idempotency-Key": "one"})


def too_many_bytes(client: Client, **_context: Any) -> Any:
    return post(client, make_photo() + bytes(30_000_001))


def neither_form_nor_json(client: Client, **_context: Any) -> Any:
    return client.post(ADDRESS, b"x", content_type="image/jpeg")


def too_small(client: Client, **_context: Any) -> Any:
    return post(client, make_photo(300, 400))


def full_line(client: Client, settings: Any, **_context: Any) -> Any:
    settings.MAX_WAITING = 1
    make_portrait()
    return post(client, make_photo())


def no_decoder(client: Client, monkeypatch: pytest.MonkeyPatch, **_context: Any) -> Any:
    def away(**_asked: Any) -> None:
        raise DecoderUnavailable

    monkeypatch.setattr(intake, "receive", away)
    return post(client, make_photo())


PROVOKED: dict[int, Callable[..., Any]] = {
    400: no_json,
    404: nothing_there,
    409: key_used_twice,
    413: too_many_bytes,
    415: neither_form_nor_json,
    422: too_small,
    429: full_line,
    503: no_decoder,
}


def test_every_problem_that_is_shown_is_one_below() -> None:
    assert set(PROVOKED) == set(examples.PROBLEMS)


@pytest.mark.parametrize("status", PROVOKED)
def test_examples_of_problems_are_what_is_answered(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    reply = PROVOKED[status](client, settings=settings, monkeypatch=monkeypatch)

    assert (reply.status_code, reply.json()) == (status, examples.PROBLEMS[status])
    schemas.Problem.model_validate(examples.PROBLEMS[status])
