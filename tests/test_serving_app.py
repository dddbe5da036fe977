"""The public routes, asked in process."""

from __future__ import annotations

import ast
import asyncio
import gc
import json
import logging
import re
import threading
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI
from hypothesis import given, settings, strategies
from starlette.testclient import TestClient

from repliek.conversation import Conversation
from repliek.decision import Reason
from repliek.suggester import Suggester
from repliek.suggestions import SuggestionSet
from repliek.wire.problems import MAX_BODY_BYTES, MEDIA_TYPE
from repliek.wire.suggestions import MAX_BATCH, MAX_TURNS, SuggestRequest
from serving import logs, middleware
from serving.app import openapi_document
from serving.schema import to_engine
from serving.settings import ROOT, LogFormat, Settings
from tests.fixture_bundle import MESSAGES
from tests.served import served_alone

MARKER = "zonnebloemolie"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Let a test configure the logs, and give pytest its handlers back."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)


@pytest.fixture(scope="module")
def client(suggester: Suggester, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with served_alone(suggester, tmp_path_factory.mktemp("store")) as app, TestClient(app) as client:
        yield client


def assert_problem(response: Any, status: int, field: str | None = None) -> None:
    """The one shape of all errors; without a word of what was sent."""
    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA_TYPE
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail", "errors"]
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith(".")
    assert all(list(error) == ["field", "reason"] and error["reason"] for error in problem["errors"])
    assert [error["field"] for error in problem["errors"]] == ([field] if field else [])
    assert MARKER not in response.text


def suggest(client: TestClient, message: str, **more: object) -> Any:
    response = client.post("/v1/suggest", json={"message": message, **more})
    assert response.status_code == 200, response.text
    return response.json()


def test_a_suggestion_has_the_shape_of_the_contract(client: TestClient) -> None:
    answer = suggest(
        client,
        MESSAGES.suggested,
        channel="x",
        conversation=[{"speaker": "agent", "text": "pakket"}],
        customer={"name": "Eric"},
        agent={"initials": "EK"},
        language=None,
        register=None,
        received_at=None,
        k=1,
    )
    assert list(answer) == [
        "suggestion_set_id",
        "language",
        "intent",
        "tone",
        "suggestions",
        "matters",
        "abstained",
        "hand_over",
        "escalation",
        "priority",
        "warnings",
        "due",
        "bundle",
        "took_ms",
    ]
    assert answer["language"] == "nl"
    assert list(answer["intent"]) == ["label", "confidence"]
    assert answer["intent"]["label"] == "delivery"
    tone = answer["tone"]
    assert (tone["register"], tone["emotion"], tone["sarcasm"]) == ("neutral", "neutral", False)
    assert 0.5 < tone["confidence"] <= 1
    assert answer["abstained"] is answer["hand_over"] is answer["escalation"] is None
    assert answer["warnings"] == answer["matters"] == []
    assert list(answer["due"]) == ["first_reply", "solution"]
    assert answer["took_ms"] > 0
    (suggestion,) = answer["suggestions"]
    assert list(suggestion) == [
        "suggestion_id",
        "answer_id",
        "answer_ids",
        "text",
        "posts",
        "parts",
        "confidence",
        "register",
        "length",
        "evidence",
    ]
    assert suggestion["suggestion_id"] == f"{answer['suggestion_set_id']}-1"
    assert suggestion["answer_id"] == "delivery-je"
    assert suggestion["answer_ids"] == ["delivery-je"]
    assert suggestion["text"] == "Je pakket is onderweg. Je ontvangt het binnen twee werkdagen. ^EK"
    assert 0.9 < suggestion["confidence"] <= 1
    assert suggestion["register"] == "je"
    assert suggestion["length"] == {"used": len(suggestion["text"]), "limit": 280}
    assert list(suggestion["evidence"][0]) == ["exchange_id", "similarity"]
    assert suggestion["evidence"][0]["exchange_id"] == "past-00"
    assert 0.8 < suggestion["evidence"][0]["similarity"] <= 1


def test_who_must_decide_and_before_when(client: TestClient) -> None:
    answer = suggest(
        client,
        f"{MARKER}, ik bel mijn advocaat",
        channel="x",
        agent={"initials": "EK"},
        received_at="2026-11-20T12:00:00+01:00",
    )
    assert answer["suggestions"] == []
    assert answer["abstained"] == {"reason": "needs_human", "detail": "A human must decide: legal_threat."}
    detail = "The customer speaks of a lawyer or a court."
    assert answer["escalation"] == {"reasons": ["legal_threat"], "detail": detail}
    opening = answer["hand_over"].pop("opening")
    assert answer["hand_over"] == {
        "reasons": ["legal_threat"],
        "detail": detail,
        "route": "dm",
        "address": "dm.testlijn.example",
        "team": None,
    }
    assert opening.endswith("Dat kan via dm.testlijn.example. ^EK")
    assert answer["priority"] == {"level": "high", "before": "2026-11-20T12:15:00+01:00"}
    assert MARKER not in json.dumps(answer)


def test_priority_is_the_same_by_mail_chat_and_x(client: TestClient) -> None:
    sent = {"received_at": "2026-11-20T12:00:00+01:00"}
    priorities = [
        suggest(client, "Voor de derde keer vraag ik dit", channel=channel, **sent)["priority"]
        for channel in ("email", "chat", "x")
    ]
    assert priorities == [{"level": "raised", "before": "2026-11-20T12:30:00+01:00"}] * 3


def test_the_least_that_can_be_asked(client: TestClient) -> None:
    assert len(suggest(client, MESSAGES.three_questions)["suggestions"]) == 3


def test_two_matters_are_answered_together_or_in_part(client: TestClient) -> None:
    both = suggest(client, MESSAGES.two_matters)
    assert [one["answer_ids"] for one in both["suggestions"]] == [
        ["delivery-je", "refund"],
        ["delivery-je"],
        ["refund"],
    ]
    assert both["matters"] == [
        {"text": "Waar blijft mijn pakket?", "intent": "delivery", "answer_id": "delivery-je", "abstained": None},
        {"text": "wanneer krijg ik mijn geld terug?", "intent": "refund", "answer_id": "refund", "abstained": None},
    ]
    half = suggest(client, MESSAGES.half_answered)
    assert half["abstained"] is None
    assert half["matters"][1]["answer_id"] is None
    assert half["matters"][1]["abstained"] == {
        "reason": "no_valid_answer",
        "detail": "The fitting answer is blocked.",
    }


def test_white_space_around_a_message_is_dropped(client: TestClient) -> None:
    assert suggest(client, f"\n {MESSAGES.suggested}\t", k=1)["suggestions"][0]["evidence"][0]["similarity"] == 1.0


def test_free_text_has_its_day_on_whatsapp(client: TestClient) -> None:
    asked = {"channel": "whatsapp", "received_at": "2026-03-01T09:00:00+01:00"}
    in_time = suggest(client, MESSAGES.suggested, **asked, replying_at="2026-03-02T08:00:00Z")
    assert in_time["suggestions"]
    too_late = suggest(client, MESSAGES.suggested, **asked, replying_at="2026-03-02T08:00:01Z")
    assert too_late["suggestions"] == []
    assert too_late["abstained"]["reason"] == "template_required"
    assert "24 hours" in too_late["abstained"]["detail"]
    assert suggest(client, MESSAGES.suggested, **asked)["abstained"]["reason"] == "template_required"


def test_what_others_were_told_in_the_same_thread_reaches_the_engine() -> None:
    thread = ("Hoi Anne, je pakket is onderweg. ^EK",)
    assert to_engine(SuggestRequest(message="Hoi", thread=thread)).thread == thread


def test_the_promises_count_from_when_the_message_came_in(client: TestClient) -> None:
    due = suggest(client, MESSAGES.suggested, received_at="2026-03-01T09:00:00+01:00")["due"]
    received = datetime.fromisoformat("2026-03-01T09:00:00+01:00")
    assert datetime.fromisoformat(due["first_reply"]) == received + timedelta(hours=1)
    assert datetime.fromisoformat(due["solution"]) == received + timedelta(hours=24)


def test_names_fit_on_one_line_and_may_be_left_empty(client: TestClient) -> None:
    named = suggest(client, MESSAGES.suggested, customer={"name": " Eric\nJan "}, agent={"initials": ""}, k=1)
    assert named["suggestions"][0]["text"].startswith("Hoi Eric Jan,\n")


@pytest.mark.parametrize(
    ("message", "channel", "reason"),
    [
        (MESSAGES.out_of_scope, "chat", Reason.OUT_OF_SCOPE),
        (MESSAGES.low_confidence, "chat", Reason.LOW_CONFIDENCE),
        (MESSAGES.blocked, "chat", Reason.NO_VALID_ANSWER),
        (MESSAGES.expired, "chat", Reason.NO_VALID_ANSWER),
        (MESSAGES.private_only, "x", Reason.NO_VALID_ANSWER),
        (MESSAGES.too_long_for_x, "x", Reason.NO_VALID_ANSWER),
    ],
)
def test_silence_has_a_reason(client: TestClient, message: str, channel: str, reason: Reason) -> None:
    answer = suggest(client, message, channel=channel)
    assert answer["suggestions"] == []
    assert answer["warnings"] == []
    assert list(answer["abstained"]) == ["reason", "detail"]
    assert answer["abstained"]["reason"] == reason
    assert answer["abstained"]["detail"].endswith(".")


def test_warnings_are_about_what_is_shown(client: TestClient) -> None:
    assert suggest(client, MESSAGES.unreviewed, k=1)["warnings"] == ["outage: nobody has reviewed this answer yet."]
    assert suggest(client, MESSAGES.open_slot, k=1)["warnings"][0] == "refund: fill in order_number."
    assert suggest(client, MESSAGES.suggested, k=1)["warnings"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "message"),
        ({"message": ""}, "message"),
        ({"message": " \n\t "}, "message"),
        ({"message": "\u200b"}, "message"),
        ({"message": "😀 👍🏽 1️⃣ 🇳🇱"}, "message"),
        ({"message": None}, "message"),
        ({"message": 5}, "message"),
        ({"message": [MARKER]}, "message"),
        ({"message": f"{MARKER}\ud800"}, "message"),
        ({"message": f"{MARKER} " * 7_000}, "message"),
        ({"message": MARKER, "surprise": 1}, "surprise"),
        ({"message": "hallo", f"{MARKER} is een woord": 1}, "(unnamed)"),
        ({"message": MARKER, "channel": "fax"}, "channel"),
        ({"message": MARKER, "k": 0}, "k"),
        ({"message": MARKER, "k": 11}, "k"),
        ({"message": MARKER, "k": "3"}, "k"),
        ({"message": MARKER, "k": True}, "k"),
        ({"message": MARKER, "language": "Dutch"}, "language"),
        ({"message": MARKER, "register": "jij"}, "register"),
        ({"message": MARKER, "received_at": "2026-01-01T00:00:00"}, "received_at"),
        ({"message": MARKER, "received_at": "gisteren"}, "received_at"),
        ({"message": MARKER, "received_at": 1_700_000_000}, "received_at"),
        ({"message": MARKER, "received_at": "9999-12-31T23:59:59Z"}, "received_at"),
        ({"message": MARKER, "replying_at": "2026-01-01T00:00:00"}, "replying_at"),
        ({"message": MARKER, "replying_at": 1_700_000_000}, "replying_at"),
        ({"message": MARKER, "thread": MARKER}, "thread"),
        ({"message": MARKER, "thread": [7]}, "thread.0"),
        ({"message": MARKER, "thread": [MARKER] * (MAX_TURNS + 1)}, "thread"),
        ({"message": MARKER, "thread": [MARKER * 2_000]}, "thread.0"),
        ({"message": MARKER, "customer": "Eric"}, "customer"),
        ({"message": MARKER, "customer": {"name": MARKER * 10}}, "customer.name"),
        ({"message": MARKER, "customer": {"age": 5}}, "customer.age"),
        ({"message": MARKER, "agent": {"initials": MARKER}}, "agent.initials"),
        ({"message": MARKER, "conversation": [{"speaker": "bot", "text": MARKER}]}, "conversation.0.speaker"),
        ({"message": MARKER, "conversation": [{"speaker": "agent"}]}, "conversation.0.text"),
        ({"message": MARKER, "conversation": [{"speaker": "agent", "text": "x"}] * (MAX_TURNS + 1)}, "conversation"),
        ([MARKER], "body"),
        (MARKER, "body"),
        (None, "body"),
    ],
)
def test_a_wrong_field_is_named(client: TestClient, body: object, field: str) -> None:
    assert_problem(client.post("/v1/suggest", content=json.dumps(body), headers=JSON), 422, field)


def test_every_wrong_field_is_named(client: TestClient) -> None:
    response = client.post("/v1/suggest", json={"message": "", "k": 0})
    assert [error["field"] for error in response.json()["errors"]] == ["message", "k"]


@pytest.mark.parametrize("route", ["/v1/suggest", "/v1/suggest/batch"])
class TestEveryRouteRefuses:
    @pytest.mark.parametrize(
        "body",
        [
            b"{broken",
            b'{"message": "' + MARKER.encode() + b'"',
            b'{"message": "\xff"}',
            b"[" * 100_000,
        ],
    )
    def test_what_is_no_json(self, client: TestClient, route: str, body: bytes) -> None:
        assert_problem(client.post(route, content=body, headers=JSON), 400, "body")

    def test_an_empty_body(self, client: TestClient, route: str) -> None:
        assert_problem(client.post(route, headers=JSON), 422, "body")

    def test_an_unknown_field(self, client: TestClient, route: str) -> None:
        body = {"message": MARKER, "items": [{"message": MARKER}], "surprise": 1}
        response = client.post(route, json=body)
        assert response.status_code == 422
        assert "surprise" in [error["field"] for error in response.json()["errors"]]
        assert MARKER not in response.text

    @pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonl"])
    def test_another_content_type(self, client: TestClient, route: str, content_type: str) -> None:
        body = json.dumps({"message": MARKER})
        assert_problem(client.post(route, content=body, headers={"Content-Type": content_type}), 415, "Content-Type")

    def test_no_content_type(self, client: TestClient, route: str) -> None:
        assert_problem(client.post(route, content=b'{"message": "hallo"}'), 415, "Content-Type")

    def test_a_body_that_says_it_is_too_large(self, client: TestClient, route: str) -> None:
        body = json.dumps({"message": MARKER * MAX_BODY_BYTES})
        assert_problem(client.post(route, content=body, headers=JSON), 413, "body")

    def test_a_body_that_turns_out_too_large(self, client: TestClient, route: str) -> None:
        pieces = (MARKER.encode() * 1_000 for _ in range(MAX_BODY_BYTES // 10_000))
        assert_problem(client.post(route, content=pieces, headers=JSON), 413, "body")

    @pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
    def test_another_method(self, client: TestClient, route: str, method: str) -> None:
        response = client.request(method, route)
        assert response.status_code == 405
        assert response.headers["allow"] == "POST"
        if method != "HEAD":
            assert_problem(response, 405)

    def test_a_slash_too_many(self, client: TestClient, route: str) -> None:
        assert_problem(client.post(f"{route}/", json={"message": MARKER}), 404)


def test_all_methods_of_an_address_are_named(suggester: Suggester, tmp_path: Path) -> None:
    router = APIRouter()
    for method in ("PUT", "DELETE", "GET"):
        router.add_api_route("/things/{thing}", lambda thing: thing, methods=[method])
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        app.include_router(router, prefix="/v1")
        response = client.post("/v1/things/one")
    assert_problem(response, 405)
    assert response.headers["allow"] == "DELETE, GET, PUT"


@pytest.mark.parametrize("path", ["/", "/v1", f"/{MARKER}", "/docs/assets/nothing.js", "/docs/assets/../../service.py"])
def test_an_unknown_address(client: TestClient, path: str) -> None:
    assert_problem(client.get(path), 404)


def test_charset_may_be_said(client: TestClient) -> None:
    body = json.dumps({"message": MESSAGES.suggested})
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert client.post("/v1/suggest", content=body, headers=headers).status_code == 200


def test_one_bad_item_does_not_hinder_the_others(client: TestClient) -> None:
    items = [
        {"message": MESSAGES.suggested, "k": 1},
        {"message": "   "},
        MARKER,
        {"message": MESSAGES.blocked},
        {"message": MESSAGES.three_questions, "k": 2, "channel": "x"},
        {"message": MARKER, "surprise": 1},
    ]
    response = client.post("/v1/suggest/batch", json={"items": items})
    assert response.status_code == 200
    assert MARKER not in response.text
    found = response.json()["items"]
    assert [list(item) for item in found] == [["result", "problem"]] * len(items)
    assert [item["problem"] is None for item in found] == [True, False, False, True, True, False]
    assert all((item["problem"] is None) != (item["result"] is None) for item in found)
    assert [item["problem"]["errors"][0]["field"] for item in found if item["problem"]] == [
        "message",
        "body",
        "surprise",
    ]
    assert [suggestion["answer_id"] for suggestion in found[0]["result"]["suggestions"]] == ["delivery-je"]
    assert found[3]["result"]["abstained"]["reason"] == Reason.NO_VALID_ANSWER
    assert len(found[4]["result"]["suggestions"]) == 2


def test_bad_items_alone_are_answered_too(client: TestClient) -> None:
    response = client.post("/v1/suggest/batch", json={"items": [{"message": ""}, MARKER]})
    assert response.status_code == 200
    assert [item["result"] for item in response.json()["items"]] == [None, None]


def test_a_batch_says_the_same_as_one_by_one(client: TestClient) -> None:
    def essence(answer: Any) -> Any:
        kept = ("language", "intent", "tone", "abstained", "warnings", "bundle")
        texts = [(found["answer_id"], found["text"], found["confidence"]) for found in answer["suggestions"]]
        return {name: answer[name] for name in kept}, texts

    messages = [MESSAGES.suggested, MESSAGES.english, MESSAGES.frustrated, MESSAGES.out_of_scope]
    batch = client.post("/v1/suggest/batch", json={"items": [{"message": message} for message in messages]}).json()
    assert [essence(item["result"]) for item in batch["items"]] == [
        essence(suggest(client, message)) for message in messages
    ]


@pytest.mark.parametrize("items", [[], [{"message": "hallo"}] * (MAX_BATCH + 1), None, {}])
def test_a_batch_of_no_or_too_many_items(client: TestClient, items: object) -> None:
    assert_problem(client.post("/v1/suggest/batch", json={"items": items}), 422, "items")


class Failing:
    """A suggester that fails on one message, quoting it."""

    def __init__(self, suggester: Suggester) -> None:
        self._suggester, self.bundle = suggester, suggester.bundle

    def suggest(self, conversation: Conversation, k: int = 3) -> SuggestionSet:
        return self.suggest_many([conversation], k)[0]

    def suggest_many(self, conversations: Sequence[Conversation], k: int = 3) -> list[SuggestionSet]:
        for conversation in conversations:
            if MARKER in conversation.message:
                raise ValueError(conversation.message)
        return self._suggester.suggest_many(conversations, k)


def lines_of(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_an_accident_is_answered_and_logged_without_words(
    suggester: Suggester, tmp_path: Path, restored_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(Settings())
    with served_alone(Failing(suggester), tmp_path) as app, TestClient(app) as client:
        response = client.post("/v1/suggest", json={"message": MARKER}, headers={"X-Request-Id": "vraag-1"})
    assert_problem(response, 500)
    assert response.headers["x-request-id"] == "vraag-1"
    output = capsys.readouterr().out
    assert MARKER not in output
    failed, request = lines_of(output)
    assert failed["event"] == "failed"
    assert failed["level"] == "error"
    assert failed["request_id"] == request["request_id"] == "vraag-1"
    assert failed["exception"] == "ValueError"
    assert failed["places"][-1].endswith("suggest_many")
    assert request["status"] == 500


def test_an_accident_stays_with_its_item(
    suggester: Suggester, tmp_path: Path, restored_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(Settings())
    items = [{"message": MESSAGES.suggested}, {"message": MARKER}, {"message": MESSAGES.blocked}]
    with served_alone(Failing(suggester), tmp_path) as app, TestClient(app) as client:
        response = client.post("/v1/suggest/batch", json={"items": items})
    assert response.status_code == 200
    assert [item["problem"] and item["problem"]["status"] for item in response.json()["items"]] == [None, 500, None]
    output = capsys.readouterr().out
    assert MARKER not in output + response.text
    assert lines_of(output)[-1]["outcome"] == {"suggested": 1, "failed": 1, "no_valid_answer": 1}


def test_a_line_for_every_request_without_a_word_of_it(
    suggester: Suggester, tmp_path: Path, restored_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(Settings())
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        told = {"conversation": [{"speaker": "customer", "text": MARKER}], "customer": {"name": MARKER}}
        client.post("/v1/suggest", json={"message": MESSAGES.suggested, **told})
        client.post("/v1/suggest", json={"message": f"{MESSAGES.out_of_scope} {MARKER}"})
        client.post("/v1/suggest", json={"message": MARKER, "k": MARKER, MARKER: MARKER})
        client.post("/v1/suggest", content=f'{{"message": "{MARKER}', headers=JSON)
        client.get(f"/v1/{MARKER}?{MARKER}={MARKER}", headers={"X-Request-Id": f"{MARKER} {MARKER}"})
    output = capsys.readouterr().out
    assert MARKER not in output
    lines = lines_of(output)
    assert [(line["route"], line["status"], line["outcome"]) for line in lines] == [
        ("/v1/suggest", 200, "suggested"),
        ("/v1/suggest", 200, "out_of_scope"),
        ("/v1/suggest", 422, None),
        ("/v1/suggest", 400, None),
        (None, 404, None),
    ]
    for line in lines:
        assert set(line) == {
            "event",
            "level",
            "timestamp",
            "request_id",
            "method",
            "route",
            "status",
            "took_ms",
            "outcome",
            "brand",
            "bundle",
        }
        assert line["bundle"] == ((line["status"] != 404 and suggester.bundle.manifest.bundle) or None)
        assert line["took_ms"] > 0


def test_other_libraries_log_in_the_same_form(restored_logging: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings())
    try:
        raise ValueError(MARKER)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    (line,) = lines_of(capsys.readouterr().out)
    assert line["logger"] == "uvicorn.error"
    assert line["exception"] == "ValueError"
    assert MARKER not in str(line)


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("Invalid HTTP request received.", "Invalid HTTP request received."),
        (f"Cannot read '{MARKER}' as \"{MARKER}\", it isn't JSON", "Cannot read '…' as \"…\", it isn't JSON"),
        (f"Got b'{MARKER}'", "Got b'…'"),
        (f"Something is left\n<Task {MARKER}>", "Something is left"),
        ("No answer to jan@prive.example, 06-12345678", "No answer to [EMAIL], [PHONE]"),
    ],
)
def test_the_lines_of_others_hold_nobodys_words(
    restored_logging: None, capsys: pytest.CaptureFixture[str], said: str, logged: str
) -> None:
    logs.configure(Settings())
    for name in ("uvicorn.error", "bentoml", "some.library"):
        logging.getLogger(name).error("%s", said)
    assert [line["event"] for line in lines_of(capsys.readouterr().out)] == [logged] * 3


def test_an_exception_that_nobody_fetched_is_told_without_its_message(
    restored_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(Settings())

    async def fail() -> None:
        raise ValueError(f"{MARKER}, jan@prive.example")

    async def forget() -> None:
        task = asyncio.create_task(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    asyncio.run(forget())
    gc.collect()
    output = capsys.readouterr().out
    (line,) = lines_of(output)
    assert line["logger"] == "asyncio"
    assert line["event"] == "Task exception was never retrieved"
    assert line["exception"] == "ValueError"
    assert MARKER not in output
    assert "prive" not in output


def test_what_is_ours_is_logged_as_it_is(
    suggester: Suggester, tmp_path: Path, restored_logging: None, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(Settings())
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        client.post("/v1/suggest", json={"message": MESSAGES.suggested}, headers={"X-Request-Id": "0612345678"})
    (line,) = lines_of(capsys.readouterr().out)
    assert (line["request_id"], line["bundle"], line["outcome"]) == (
        "0612345678",
        suggester.bundle.manifest.bundle,
        "suggested",
    )


def test_any_other_field_is_redacted_however_deep(restored_logging: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings())
    mail = "jan@prive.example"
    structlog.stdlib.get_logger("serving.test").warning("mail", found={mail: [mail, 3, None, Path(mail)]}, error=mail)
    (line,) = lines_of(capsys.readouterr().out)
    assert line["found"] == {"[EMAIL]": ["[EMAIL]", 3, None, "[EMAIL]"]}
    assert line["error"] == "[EMAIL]"


def test_our_own_lines_have_a_fixed_event_and_fields_that_are_ours() -> None:
    fields = {"request_id", "method", "route", "status", "took_ms", "outcome", "brand", "bundle", "count"}
    fields |= {"delivery_id", "helpdesk", "attempt", "reason"}
    calls = [
        node
        for file in sorted((ROOT / "serving").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "_log"
    ]
    assert len(calls) >= 4
    for call in calls:
        assert [type(argument) for argument in call.args] == [ast.Constant]
        assert {keyword.arg for keyword in call.keywords} <= fields


def test_logs_for_eyes(restored_logging: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(log_format=LogFormat.CONSOLE))
    logging.getLogger("uvicorn.error").warning("Something to look at")
    assert "Something to look at" in capsys.readouterr().out


def test_a_request_keeps_the_id_it_came_with(client: TestClient) -> None:
    assert client.get("/docs", headers={"X-Request-Id": "a-1.b_2"}).headers["x-request-id"] == "a-1.b_2"
    assert len(client.get("/docs", headers={"X-Request-Id": "x" * 65}).headers["x-request-id"]) == 32


class Slow:
    """A suggester that waits until it is let go."""

    def __init__(self, suggester: Suggester) -> None:
        self._suggester, self.bundle = suggester, suggester.bundle
        self.started, self.go = threading.Event(), threading.Event()

    def suggest(self, conversation: Conversation, k: int = 3) -> SuggestionSet:
        self.started.set()
        assert self.go.wait(10)
        return self._suggester.suggest(conversation, k)

    def suggest_many(self, conversations: Sequence[Conversation], k: int = 3) -> list[SuggestionSet]:
        raise NotImplementedError


def asked(app: FastAPI, ask: Callable[[httpx.AsyncClient], Any]) -> Any:
    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await ask(client)

    return asyncio.run(run())


def test_work_does_not_hold_up_the_rest_and_waiting_ends(suggester: Suggester, tmp_path: Path) -> None:
    slow = Slow(suggester)
    body = {"message": MESSAGES.suggested}

    async def ask(client: httpx.AsyncClient) -> tuple[httpx.Response, ...]:
        first = asyncio.create_task(client.post("/v1/suggest", json=body))
        await asyncio.to_thread(slow.started.wait, 10)
        page = await client.get("/docs")
        refused = await client.post("/v1/suggest", json=body)
        slow.go.set()
        answered = await first
        return page, refused, answered, await client.post("/v1/suggest", json=body)

    with served_alone(slow, tmp_path, concurrency=1, patience_seconds=0.05) as app:
        page, refused, answered, later = asked(app, ask)
    assert page.status_code == 200
    assert_problem(refused, 503)
    assert refused.headers["retry-after"] == "1"
    assert answered.status_code == later.status_code == 200


def test_who_goes_away_leaves_the_place_to_the_next(suggester: Suggester, tmp_path: Path) -> None:
    slow = Slow(suggester)
    body = {"message": MESSAGES.suggested}

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        first = asyncio.create_task(client.post("/v1/suggest", json=body))
        await asyncio.to_thread(slow.started.wait, 10)
        first.cancel()
        await asyncio.wait([first])
        slow.go.set()
        return await client.post("/v1/suggest", json=body)

    with served_alone(slow, tmp_path, concurrency=1, patience_seconds=5) as app:
        assert asked(app, ask).status_code == 200


def test_what_takes_too_long_is_ended(suggester: Suggester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "TIME_LIMIT_SECONDS", 0.05)
    slow = Slow(suggester)

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        response = await client.post("/v1/suggest", json={"message": MESSAGES.suggested})
        slow.go.set()
        return response

    with served_alone(slow, tmp_path) as app:
        assert_problem(asked(app, ask), 504)


def test_a_full_batch(client: TestClient) -> None:
    messages = [MESSAGES.suggested, MESSAGES.english, MESSAGES.blocked]
    items = [{"message": messages[number % 3], "k": 1 + number % 2} for number in range(MAX_BATCH)]
    found = client.post("/v1/suggest/batch", json={"items": items}).json()["items"]
    assert len(found) == MAX_BATCH
    assert all((item["result"]["abstained"] is not None) == (number % 3 == 2) for number, item in enumerate(found))
    assert found[1]["result"]["suggestions"][0]["answer_id"] == "delivery-en"


@pytest.mark.parametrize(
    "name", ["", " ", "🙂", "<b>Eric</b>", "{first_name}", "محمد", "\u200b", "\u202e", "\x00", "a@b.nl"]
)
def test_who_has_no_name_that_can_be_said_is_greeted_without(client: TestClient, name: str) -> None:
    found = suggest(client, MESSAGES.suggested, customer={"name": name}, agent={"initials": name[:10]})
    assert found["suggestions"][0]["text"] == "Hoi,\nJe pakket is onderweg. Je ontvangt het binnen twee werkdagen."


@pytest.mark.parametrize("name", ["E\u200bric", "\u202eEric\u202c", "Eric 🙂", "ERIC", " eric\n"])
def test_what_cannot_be_seen_is_taken_off_a_name(client: TestClient, name: str) -> None:
    found = suggest(client, MESSAGES.suggested, customer={"name": name}, agent={"initials": "\u200bEK"})
    text = found["suggestions"][0]["text"]
    assert text == "Hoi Eric,\nJe pakket is onderweg. Je ontvangt het binnen twee werkdagen. ^EK"


@pytest.mark.parametrize("channel", ["x", "chat", "email", "sms", "phone"])
@pytest.mark.parametrize("odd", ["\u200b", "\u202e", "{dm_link}", "<script>", "שלום", "🙂", "\x00"])
def test_nothing_odd_in_a_message_comes_back(client: TestClient, odd: str, channel: str) -> None:
    message = f"{odd} {MESSAGES.suggested} {odd}"
    found = suggest(client, message, channel=channel, customer={"name": odd}, thread=[odd], language="nl")
    assert all(odd not in suggestion["text"] for suggestion in found["suggestions"])
    assert found["suggestions"] or found["abstained"]["detail"]


@pytest.mark.parametrize("register", ["gij", "JE", "", 1, ["u"]])
def test_a_register_that_does_not_exist_is_named(client: TestClient, register: object) -> None:
    response = client.post("/v1/suggest", json={"message": "hallo", "register": register})
    assert_problem(response, 422, "register")
    assert "'je', 'u' or 'neutral'" in response.text


@settings(max_examples=60, deadline=None)
@given(
    message=strategies.text(max_size=60),
    name=strategies.text(max_size=20),
    channel=strategies.sampled_from(["x", "chat", "email", "sms"]),
)
def test_no_text_is_an_accident(client: TestClient, message: str, name: str, channel: str) -> None:
    body = {"message": message, "customer": {"name": name}, "channel": channel}
    response = client.post("/v1/suggest", content=json.dumps(body), headers=JSON)
    assert response.status_code in {200, 422}


def test_the_documentation_comes_from_this_server_alone(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "https://" not in page
    for part in page.split('"'):
        if part.startswith("/docs/assets/"):
            assert client.get(part).status_code == 200


def test_the_openapi_document_is_the_one_that_is_written_down(client: TestClient) -> None:
    written = json.loads((ROOT / "docs/openapi.json").read_text(encoding="utf-8"))
    hint = "write it again with `python -m serving openapi > docs/openapi.json`"
    assert openapi_document() == written, hint
    assert client.get("/openapi.json").json() == written


def test_the_openapi_document_names_every_problem_and_leads_nowhere_empty() -> None:
    document = openapi_document()
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        for status, response in operation["responses"].items():
            media_types = set(response.get("content", ()))
            assert media_types == {MEDIA_TYPE} if int(status) >= 400 else MEDIA_TYPE not in media_types
    text = json.dumps(document)
    names = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names == set(document["components"]["schemas"])


def test_a_bento_installs_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked_for = project["dependencies"] + project["optional-dependencies"]["serving"]
    pinned = [line for line in (ROOT / "serving/requirements.txt").read_text().splitlines() if "==" in line]
    assert {line.partition("==")[0] for line in pinned} == {line.partition(">=")[0] for line in asked_for}


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLIEK_PORT", "8080")
    monkeypatch.setenv("REPLIEK_BUNDLE", "elsewhere")
    assert Settings().port == 8080
    assert Settings().bundle == Path("elsewhere")
    assert str(Settings().host) == "127.0.0.1"


def test_the_examples_in_the_documentation_work(client: TestClient) -> None:
    text = (ROOT / "docs/http.md").read_text(encoding="utf-8")
    examples = re.findall(
        r"curl -s http://127\.0\.0\.1:3000(\S+) [^\n]*application/json[^\n]* -d '\n(.*?)'\n```", text, re.DOTALL
    )
    assert [route for route, _ in examples] == ["/v1/suggest", "/v1/suggest/batch", "/v1/feedback"]
    (written,) = set(re.findall(r'"suggestion_set_id": "(\w+)"', text))
    set_id = suggest(client, MESSAGES.suggested)["suggestion_set_id"]
    for route, body in examples:
        assert client.post(route, content=body.replace(written, set_id), headers=JSON).is_success


def test_the_example_in_the_documentation_has_the_fields_of_an_answer(client: TestClient) -> None:
    def names(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: names(found) for name, found in value.items()}
        return [names(found) for found in value[:1]] if isinstance(value, list) else None

    text = (ROOT / "docs/http.md").read_text(encoding="utf-8")
    example = next(json.loads(part) for part in re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    assert names(example) == names(suggest(client, MESSAGES.suggested, k=1))
