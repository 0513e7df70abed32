"""What the service would answer: the checks of a request in order, then the verdict."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from . import catalogue, replies
from .fetch import NotFetchedError, Picture, fetch, look
from .replies import Question, Sent, failed
from .store import Store

if TYPE_CHECKING:
    from .steps import Step

Place = Literal["detect", "policy", "upload"]

RATIOS = {"emoji-detect-v1": ("1:1",), "emo-detect-v1": ("1:1", "3:4")}
CALLS_PER_SECOND = {"emoji-detect-v1": 1, "emo-detect-v1": 5}
SIDES = range(400, 7001)


@dataclass(kw_only=True)
class Call:
    """One face-detect request and what became of it."""

    at: float
    """When it arrived, on the monotonic clock."""
    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    question: Question = field(default_factory=Question)
    image_url: str = ""
    digest: str = ""
    """SHA-256 of the picture, once fetched."""
    status: int = 0
    paid: bool = False
    problem: str = ""

    @property
    def payload(self) -> Any:
        return json.loads(self.body)


@dataclass(kw_only=True)
class _Scripted:
    step: Step
    place: Place
    digest: str | None
    left: int | None


class Refused(Exception):
    """The request ends here, with this reply."""

    def __init__(self, sent: Sent) -> None:
        super().__init__(sent.problem)
        self.sent = sent


class Service:
    """The face-detect endpoint and the temporary store behind it."""

    def __init__(self, *, key: str, limit: bool, allow_private: bool) -> None:
        self.key = key
        self.limit = limit
        self.allow_private = allow_private
        self.store = Store()
        self.calls: list[Call] = []
        self._script: list[_Scripted] = []
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def script(self, *steps: Step, at: Place, digest: str | None, times: int | None) -> None:
        with self._lock:
            self._script += [
                _Scripted(step=step, place=at, digest=digest, left=times) for step in steps
            ]

    def clear(self) -> None:
        """Forget calls, script, and recent traffic; uploads stay."""
        with self._lock:
            self.calls.clear()
            self._script.clear()
            self._recent.clear()

    def next_step(self, place: Place, digest: str = "") -> Step | None:
        """The first scripted step that fits, used up by this once."""
        with self._lock:
            for scripted in self._script:
                if scripted.place != place or scripted.digest not in {None, digest}:
                    continue
                if scripted.left is not None:
                    scripted.left -= 1
                    if scripted.left <= 0:
                        self._script.remove(scripted)
                return scripted.step
        return None

    def detect(self, call: Call) -> Sent:
        """Answer a call. The true order of the service's own checks is not known."""
        self.calls.append(call)
        try:
            sent = self._answer(call)
        except Refused as refusal:
            sent = refusal.sent
        except NotFetchedError as error:
            sent = failed(error.row, problem=error.problem)
        call.status, call.paid, call.problem = sent.status, sent.paid, sent.problem
        return sent

    def _answer(self, call: Call) -> Sent:
        self.check_caller(call.headers)
        payload = _payload(call)
        call.question, call.image_url = _question(payload)
        self._check_rate(call)
        step = self._blind_step()
        if step:
            time.sleep(step.delay_seconds)
            return step.answer(call.question)
        picture = self._picture(call)
        call.digest = picture.digest
        call.question = Question(
            model=call.question.model,
            ratio=call.question.ratio,
            width=picture.width,
            height=picture.height,
        )
        if picture.width not in SIDES or picture.height not in SIDES:
            return replies.rejected(call.question, catalogue.row("InvalidFile.Resolution"))
        step = self.next_step("detect", picture.digest)
        if step is None:
            return replies.accepted(call.question)
        time.sleep(step.delay_seconds)
        return step.answer(call.question)

    def check_caller(self, headers: dict[str, str]) -> None:
        """Key, and that nobody asks for an asynchronous call."""
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            _refuse("InvalidApiKey", "No API-key")
        if key != self.key:
            _refuse("InvalidApiKey", "Invalid API-key")
        if "x-dashscope-async" in headers:
            _refuse("AccessDenied", "asynchronous")

    def _check_rate(self, call: Call) -> None:
        if not self.limit:
            return
        model = call.question.model
        with self._lock:
            recent = self._recent[model]
            while recent and call.at - recent[0] >= 1.0:
                recent.popleft()
            if len(recent) >= CALLS_PER_SECOND[model]:
                _refuse("Throttling.RateQuota", "rate limit")
            recent.append(call.at)

    def _blind_step(self) -> Step | None:
        """The next step, if it answers without looking at the picture."""
        with self._lock:
            waiting = next((s for s in self._script if s.place == "detect"), None)
        if waiting is None or waiting.step.looks or waiting.digest is not None:
            return None
        return self.next_step("detect")

    def _picture(self, call: Call) -> Picture:
        if not call.image_url.startswith("oss://"):
            return fetch(call.image_url, allow_private=self.allow_private)
        if call.headers.get("x-dashscope-ossresourceresolve") != "enable":
            _refuse("InvalidParameter.DataInspection", "media format")
        content = self.store.find(call.image_url, call.question.model)
        if content is None:
            _refuse("InvalidURL", "available")
        return look(content)


def _payload(call: Call) -> dict[str, Any]:
    content_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        payload = json.loads(call.body)
    except ValueError:
        payload = None
    if content_type != "application/json" or not isinstance(payload, dict):
        _refuse("InvalidParameter", "required body invalid")
    return payload


def _question(payload: dict[str, Any]) -> tuple[Question, str]:
    model, given, parameters = (payload.get(key) for key in ("model", "input", "parameters"))
    if not model:
        _refuse("BadRequest.EmptyModel")
    if model not in RATIOS:
        _refuse("ModelNotFound")
    if not given:
        _refuse("BadRequest.EmptyInput")
    if not isinstance(given, dict):
        _refuse("BadRequest.IllegalInput")
    url = given.get("image_url")
    if not url or not isinstance(url, str):
        _refuse("InvalidParameter", "image_url")
    if not parameters:
        _refuse("BadRequest.EmptyParameters")
    ratio = parameters.get("ratio") if isinstance(parameters, dict) else None
    if ratio not in RATIOS[model]:
        _refuse("InvalidParameter.Ratio")
    return Question(model=model, ratio=ratio), url


def _refuse(code: str, containing: str = "") -> NoReturn:
    raise Refused(failed(catalogue.row(code, containing=containing)))
