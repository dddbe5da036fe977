"""What the client sends, and what it makes of what comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from inspect import signature
from typing import Any

import httpx
import pytest

from repliek.client.errors import Invalid, Unreadable
from repliek.client.suggesting import feedback, suggest
from repliek.conversation import Channel, Speaker
from repliek.tone.register import Register
from repliek.vocabulary import EditKind, Status
from repliek.wire.answers import AnswerBody, Format, SavedAnswer, Source
from repliek.wire.deliveries import DeliveryStatus
from repliek.wire.feedback import Action, FeedbackRequest, Verdict
from repliek.wire.problems import MAX_BODY_BYTES
from repliek.wire.suggestions import Agent, Customer, SuggestRequest, SuggestResponse, Turn
from tests.client_offers import ALL
from tests.client_stand_in import ANSWER, DELIVERY, FOLLOW_UP, KEPT, SUGGESTED, StandIn, ask_awaiting, ask_plainly
from tests.operations import OPERATIONS, Operation

MARKER = "zonnebloemolie"
Ask = Callable[..., Any]

each_kind = pytest.mark.parametrize("ask", [ask_plainly, ask_awaiting], ids=["plain", "awaited"])


@dataclass(frozen=True)
class Sent:
    """A call, the response that it gets, and the request that it must be."""

    call: Callable[[Any], Any]
    response: Any
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


JSON = {"content-type": "application/json"}
MOMENT = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
AUTHORS = {
    "items": [
        {
            "author": "eva",
            "origin": None,
            "answers": 3,
            "suggested": 9,
            "shown_first": 7,
            "accepted": 5,
            "edited": 2,
            "rejected": 1,
        }
    ]
}
SAVED = {**ANSWER, "warnings": ["language: not recognised"]}
VERSIONS = {
    "items": [
        {"version": 4, "updated_at": "2026-03-02T09:20:00+01:00", "updated_by": "desk", "answer": None},
        {"version": 0, "updated_at": None, "updated_by": None, "answer": ANSWER},
    ]
}
IMPORTED = {"created": 1, "updated": 2, "unchanged": 3, "rejected": [{"line": 4, "reason": "text: expected"}]}

REVIEWED = {
    "feedback_id": "b-1",
    "suggestion_set_id": "7625f5ef",
    "suggestion_id": "7625f5ef-1",
    "action": "edited",
    "message": "Waar blijft mijn pakket?",
    "answer_ids": ["parcel"],
    "suggestion": "Je pakket is onderweg.",
    "sent_text": "Je pakket komt morgen.",
    "edit": {"kind": "facts", "similarity": 0.61},
    "channel": "chat",
    "language": "nl",
    "agent": "eva",
    "sent_at": "2026-03-02T09:20:00+01:00",
    "received_at": "2026-03-02T09:20:00+01:00",
    "verdict": None,
    "reviewed_at": None,
}
APPROVED = {**REVIEWED, "verdict": "approved", "reviewed_at": "2026-03-03T09:20:00+01:00"}
PLACE = "1772439600000000-5a557638c0f14f67b74986f6f2a0be86"

CALLS = {
    "suggest": Sent(
        lambda repliek: repliek.suggest(
            "Waar blijft mijn pakket?",
            channel=Channel.X,
            conversation=[Turn(speaker=Speaker.AGENT, text="Hoi")],
            conversation_id="c-7",
            customer=Customer(name="Eric", id="42"),
            agent=Agent(initials="EK"),
            language="nl",
            register=Register.U,
            received_at=MOMENT,
            replying_at=MOMENT,
            thread=["Onderweg."],
            k=1,
        ),
        SUGGESTED,
        "POST",
        "/suggest",
        headers=JSON,
        body={
            "message": "Waar blijft mijn pakket?",
            "channel": "x",
            "conversation": [{"speaker": "agent", "text": "Hoi"}],
            "conversation_id": "c-7",
            "customer": {"name": "Eric", "id": "42"},
            "agent": {"initials": "EK"},
            "language": "nl",
            "register": "u",
            "received_at": "2026-03-02T09:15:00Z",
            "replying_at": "2026-03-02T09:15:00Z",
            "thread": ["Onderweg."],
            "k": 1,
        },
    ),
    "suggest_many": Sent(
        lambda repliek: repliek.suggest_many([SuggestRequest(message="Hoi", k=1)]),
        {"items": [{"result": SUGGESTED, "problem": None}]},
        "POST",
        "/suggest/batch",
        headers=JSON,
        body={"items": [{"message": "Hoi", "channel": "chat", "conversation": [], "thread": [], "k": 1}]},
    ),
    "feedback": Sent(
        lambda repliek: repliek.feedback(
            "7625f5ef",
            Action.EDITED,
            suggestion_id="7625f5ef-1",
            sent_text="Je pakket komt morgen.",
            agent="eva",
            sent_at=MOMENT,
            idempotency_key="mine",
        ),
        KEPT,
        "POST",
        "/feedback",
        headers={**JSON, "idempotency-key": "mine"},
        body={
            "suggestion_set_id": "7625f5ef",
            "suggestion_id": "7625f5ef-1",
            "action": "edited",
            "sent_text": "Je pakket komt morgen.",
            "agent": "eva",
            "sent_at": "2026-03-02T09:15:00Z",
        },
    ),
    "reviews.list": Sent(
        lambda repliek: repliek.reviews.list(
            reviewed=False,
            action=Action.EDITED,
            agent="eva",
            since=date(2026, 1, 1),
            until=MOMENT,
            limit=10,
            after=PLACE,
        ),
        {"items": [REVIEWED], "next": PLACE},
        "GET",
        "/feedback",
        query={
            "reviewed": "false",
            "action": "edited",
            "agent": "eva",
            "since": "2026-01-01",
            "until": "2026-03-02T09:15:00+00:00",
            "limit": "10",
            "after": PLACE,
        },
    ),
    "reviews.iterate": Sent(
        lambda repliek: repliek.reviews.iterate(
            reviewed=True, action=Action.REJECTED, agent="eva", since=MOMENT, until=date(2026, 4, 1), limit=10
        ),
        {"items": [REVIEWED], "next": None},
        "GET",
        "/feedback",
        query={
            "reviewed": "true",
            "action": "rejected",
            "agent": "eva",
            "since": "2026-03-02T09:15:00+00:00",
            "until": "2026-04-01",
            "limit": "10",
        },
    ),
    "reviews.approve": Sent(
        lambda repliek: repliek.reviews.approve("b-1"),
        APPROVED,
        "POST",
        "/feedback/b-1/review",
        headers=JSON,
        body={"verdict": "approved"},
    ),
    "reviews.refuse": Sent(
        lambda repliek: repliek.reviews.refuse("b-1"),
        {**APPROVED, "verdict": "refused"},
        "POST",
        "/feedback/b-1/review",
        headers=JSON,
        body={"verdict": "refused"},
    ),
    "answers.list": Sent(
        lambda repliek: repliek.answers.list(
            limit=5, after="a&b", q="é è", intent="delivery", status=Status.BLOCKED, language="nl"
        ),
        {"items": [ANSWER], "next": "d"},
        "GET",
        "/answers",
        query={"limit": "5", "after": "a&b", "q": "é è", "intent": "delivery", "status": "blocked", "language": "nl"},
    ),
    "answers.iterate": Sent(
        lambda repliek: repliek.answers.iterate(
            limit=5, q="é è", intent="delivery", status=Status.BLOCKED, language="nl"
        ),
        {"items": [ANSWER], "next": None},
        "GET",
        "/answers",
        query={"limit": "5", "q": "é è", "intent": "delivery", "status": "blocked", "language": "nl"},
    ),
    "answers.get": Sent(lambda repliek: repliek.answers.get("parcel"), ANSWER, "GET", "/answers/parcel"),
    "answers.create": Sent(
        lambda repliek: repliek.answers.create("parcel", AnswerBody(text="Onderweg.")),
        SAVED,
        "PUT",
        "/answers/parcel",
        headers={**JSON, "if-none-match": "*"},
        body={
            "text": "Onderweg.",
            "register": "neutral",
            "audience": "any",
            "origin": "agent",
            "status": "allowed",
            "tags": [],
        },
    ),
    "answers.put": Sent(
        lambda repliek: repliek.answers.put(
            "parcel", AnswerBody(text="Onderweg.", valid_until=date(2026, 12, 31)), etag='"3"'
        ),
        SAVED,
        "PUT",
        "/answers/parcel",
        headers={**JSON, "if-match": '"3"'},
        body={
            "text": "Onderweg.",
            "register": "neutral",
            "audience": "any",
            "valid_until": "2026-12-31",
            "origin": "agent",
            "status": "allowed",
            "tags": [],
        },
    ),
    "answers.delete": Sent(
        lambda repliek: repliek.answers.delete("parcel", etag='"3"'),
        None,
        "DELETE",
        "/answers/parcel",
        headers={"if-match": '"3"'},
    ),
    "answers.versions": Sent(
        lambda repliek: repliek.answers.versions("parcel"), VERSIONS, "GET", "/answers/parcel/versions"
    ),
    "answers.import_": Sent(
        lambda repliek: repliek.answers.import_(b'{"text": "Hoi"}', form=Format.JSONL),
        IMPORTED,
        "POST",
        "/answers",
        headers={"content-type": "application/jsonl"},
        body={"text": "Hoi"},
    ),
    "answers.export": Sent(
        lambda repliek: repliek.answers.export(
            form=Format.CSV, q="é è", intent="delivery", status=Status.ALLOWED, language="nl"
        ),
        ANSWER,
        "GET",
        "/answers",
        query={"format": "csv", "q": "é è", "intent": "delivery", "status": "allowed", "language": "nl"},
    ),
    "insights.authors": Sent(
        lambda repliek: repliek.insights.authors(since=date(2026, 1, 1), until=MOMENT),
        AUTHORS,
        "GET",
        "/insights/authors",
        query={"since": "2026-01-01", "until": "2026-03-02T09:15:00+00:00"},
    ),
    "follow_ups.list": Sent(
        lambda repliek: repliek.follow_ups.list(
            overdue=True, done=False, agent="eva", within_hours=0, limit=10, after=PLACE
        ),
        {"items": [FOLLOW_UP], "next": None},
        "GET",
        "/follow-ups",
        query={
            "overdue": "true",
            "done": "false",
            "agent": "eva",
            "within_hours": "0",
            "limit": "10",
            "after": PLACE,
        },
    ),
    "follow_ups.iterate": Sent(
        lambda repliek: repliek.follow_ups.iterate(overdue=False, done=True, agent="eva", within_hours=2, limit=10),
        {"items": [FOLLOW_UP], "next": None},
        "GET",
        "/follow-ups",
        query={"overdue": "false", "done": "true", "agent": "eva", "within_hours": "2", "limit": "10"},
    ),
    "follow_ups.done": Sent(lambda repliek: repliek.follow_ups.done("f-1"), FOLLOW_UP, "POST", "/follow-ups/f-1/done"),
    "deliveries.list": Sent(
        lambda repliek: repliek.deliveries.list(status=DeliveryStatus.DEAD, helpdesk="zendesk", limit=10, after=PLACE),
        {"items": [DELIVERY], "next": None},
        "GET",
        "/deliveries",
        query={"status": "dead", "helpdesk": "zendesk", "limit": "10", "after": PLACE},
    ),
    "deliveries.iterate": Sent(
        lambda repliek: repliek.deliveries.iterate(status=DeliveryStatus.QUEUED, helpdesk="zammad", limit=10),
        {"items": [DELIVERY], "next": None},
        "GET",
        "/deliveries",
        query={"status": "queued", "helpdesk": "zammad", "limit": "10"},
    ),
    "deliveries.replay": Sent(
        lambda repliek: repliek.deliveries.replay("d-1"), DELIVERY, "POST", "/deliveries/d-1/replay"
    ),
}


def calls_of(operation: Operation) -> list[Sent]:
    """The calls of the client that are sent to an operation."""
    path = re.sub(r"{\w+}", "[^/]+", operation.name.removeprefix(f"{operation.method} /v1"))
    return [sent for sent in CALLS.values() if sent.method == operation.method and re.fullmatch(path, sent.path)]


def test_every_call_is_tried() -> None:
    assert set(CALLS) == ALL - {"health"}


# What has a signature instead of a key is for helpdesks and browsers.
@pytest.mark.parametrize(
    "operation",
    [one for one in OPERATIONS if one.wants_a_key and not one.names_a_brand],
    ids=lambda operation: operation.name,
)
def test_every_operation_has_a_call_and_every_parameter_is_sent(operation: Operation) -> None:
    found = calls_of(operation)
    assert found, f"nothing of the client is sent to {operation.name}"
    assert set().union(*(one.query for one in found)) == set(operation.parameters("query"))
    headers = {name.lower() for name in operation.parameters("header")} | {"content-type"}
    assert set().union(*(one.headers for one in found)) <= headers


@pytest.mark.parametrize(("call", "request_type"), [(suggest, SuggestRequest), (feedback, FeedbackRequest)])
def test_every_field_of_a_request_is_an_argument(call: Callable[..., Any], request_type: type) -> None:
    assert set(signature(call).parameters) - {"idempotency_key"} == {one.name for one in fields(request_type)}


@each_kind
@pytest.mark.parametrize("sent", CALLS.values(), ids=CALLS.keys())
def test_what_is_sent(ask: Ask, sent: Sent) -> None:
    server = StandIn([httpx.Response(200, json=sent.response)])
    ask(server, sent.call, key="rpk_secret")
    (request,) = server.asked
    assert (request.method, request.url.host) == (sent.method, "repliek.example")
    assert request.url.path == f"/helpdesk/v1{sent.path}"
    assert dict(request.url.params) == dict(sent.query)
    assert request.headers["authorization"] == "Bearer rpk_secret"
    assert len(request.headers["x-request-id"]) == 32
    told = ("content-type", "if-match", "if-none-match", "idempotency-key")
    assert {name: request.headers[name] for name in told if name in request.headers} == dict(sent.headers)
    assert (json.loads(request.content) if request.content else None) == sent.body


@each_kind
def test_what_comes_back(ask: Ask) -> None:
    def found(name: str) -> Any:
        return ask(StandIn([httpx.Response(200, json=CALLS[name].response)]), CALLS[name].call)

    suggested = found("suggest")
    assert isinstance(suggested, SuggestResponse)
    assert suggested.due.solution == datetime.fromisoformat("2026-03-03T09:15:00+01:00")
    kept = found("feedback")
    assert (kept.action, kept.edit.kind, kept.follow_ups[0].channel) == (Action.EDITED, EditKind.TONE, Channel.CHAT)
    answer = found("answers.get")
    assert (answer.valid_until, answer.status, answer.source) == (date(2026, 12, 31), Status.ALLOWED, Source.LIVE)
    assert found("answers.list").items == tuple(found("answers.iterate")) == (answer,)
    saved = found("answers.put")
    assert saved == found("answers.create") == SavedAnswer(**asdict(answer), warnings=("language: not recognised",))
    deleted, bundled = found("answers.versions").items
    assert (deleted.answer, bundled.updated_at, bundled.answer) == (None, None, answer)
    assert found("answers.delete") is None
    assert found("answers.import_").rejected[0].line == 4
    assert json.loads(found("answers.export")) == ANSWER
    page = found("reviews.list")
    assert (page.items, page.next) == (tuple(found("reviews.iterate")), PLACE)
    assert (page.items[0].verdict, page.items[0].edit.kind) == (None, EditKind.FACTS)
    assert (found("reviews.approve").verdict, found("reviews.refuse").verdict) == (Verdict.APPROVED, Verdict.REFUSED)
    (author,) = found("insights.authors").items
    assert (author.origin, author.shown_first, author.accepted) == (None, 7, 5)
    assert found("follow_ups.list").items == tuple(found("follow_ups.iterate")) == (found("follow_ups.done"),)
    assert found("deliveries.list").items == tuple(found("deliveries.iterate")) == (found("deliveries.replay"),)


@each_kind
def test_every_brand_has_its_own_address(ask: Ask) -> None:
    server = StandIn([httpx.Response(200, json=ANSWER)])
    ask(server, lambda repliek: repliek.answers.get("parcel"), brand="Wad & Lijn/1")
    assert server.asked[0].url.raw_path == b"/helpdesk/v1/brands/Wad%20%26%20Lijn%2F1/answers/parcel"


@pytest.mark.parametrize(
    ("answer_id", "segment"),
    [("a/b?c#d", b"a%2Fb%3Fc%23d"), ("..", b"%2E%2E"), (".", b"%2E"), ("v1.2", b"v1.2"), ("é", b"%C3%A9")],
)
def test_an_id_stays_in_its_place(answer_id: str, segment: bytes) -> None:
    server = StandIn([httpx.Response(200, json=ANSWER)])
    ask_plainly(server, lambda repliek: repliek.answers.get(answer_id))
    assert server.asked[0].url.raw_path == b"/helpdesk/v1/answers/" + segment


def test_an_old_server_is_not_told_what_is_left_out() -> None:
    server = StandIn([httpx.Response(200, json=SUGGESTED)])
    ask_plainly(server, lambda repliek: repliek.suggest("Hoi"))
    told = {"message": "Hoi", "channel": "chat", "conversation": [], "thread": [], "k": 3}
    assert json.loads(server.asked[0].content) == told
    assert "authorization" not in server.asked[0].headers


@each_kind
def test_what_a_newer_server_adds_is_ignored(ask: Ask) -> None:
    newer = {**SUGGESTED, "mood": "fine", "tone": {**SUGGESTED["tone"], "irony": 0.3}}
    found = ask(StandIn([httpx.Response(200, json=newer)]), lambda repliek: repliek.suggest("Hoi"))
    assert found.tone.sarcasm is False
    assert not hasattr(found, "mood")


@each_kind
@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (httpx.Response(200, html=f"<p>{MARKER}"), "expected SuggestResponse (body: "),
        (httpx.Response(200, json=[MARKER]), "expected SuggestResponse (body: expected a JSON object)"),
        (httpx.Response(200, json={**SUGGESTED, "language": [MARKER]}), "expected SuggestResponse (language: "),
        (httpx.Response(308, headers={"Location": "https://elsewhere.example"}), "is base_url right?"),
    ],
    ids=["html", "list", "field", "redirect"],
)
def test_what_cannot_be_read(ask: Ask, response: httpx.Response, reason: str) -> None:
    server = StandIn([response])
    with pytest.raises(Unreadable) as caught:
        ask(server, lambda repliek: repliek.suggest(MARKER))
    assert len(server.asked) == 1
    assert reason in str(caught.value)
    assert MARKER not in f"{caught.value} {caught.value!r}"
    assert caught.value.request_id == server.asked[0].headers["x-request-id"]


@each_kind
@pytest.mark.parametrize(
    ("call", "fields"),
    [
        (lambda repliek: repliek.suggest(" "), ["message"]),
        (lambda repliek: repliek.suggest(MARKER, k=0, language=MARKER), ["language", "k"]),
        (lambda repliek: repliek.suggest(MARKER, received_at=datetime(2026, 3, 1)), ["received_at"]),
        (lambda repliek: repliek.feedback("s", Action.EDITED, sent_text=f"{MARKER}\0"), ["sent_text"]),
        (lambda repliek: repliek.feedback("s", Action.EDITED, idempotency_key=f"{MARKER}\n"), ["Idempotency-Key"]),
        (lambda repliek: repliek.feedback("s", Action.EDITED, idempotency_key="x" * 256), ["Idempotency-Key"]),
    ],
    ids=["no words", "two fields", "no zone", "nul", "line break in key", "long key"],
)
def test_what_is_wrong_is_not_even_sent(ask: Ask, call: Any, fields: list[str]) -> None:
    server = StandIn([httpx.Response(200, json=SUGGESTED)])
    with pytest.raises(Invalid) as caught:
        ask(server, call)
    assert server.asked == []
    assert [error.field for error in caught.value.fields] == fields
    assert MARKER not in f"{caught.value} {caught.value!r}"
    assert (caught.value.asked, caught.value.request_id) == (None, None)


@each_kind
def test_all_answers_page_by_page(ask: Ask) -> None:
    def answer(name: str) -> dict[str, Any]:
        return {**ANSWER, "answer_id": name}

    pages = [{"items": [answer("a"), answer("b")], "next": "b"}, {"items": [answer("c")], "next": None}]
    server = StandIn([httpx.Response(200, json=page) for page in pages])
    found = ask(server, lambda repliek: repliek.answers.iterate(limit=2, status=Status.ALLOWED))
    assert [one.answer_id for one in found] == ["a", "b", "c"]
    assert [dict(request.url.params) for request in server.asked] == [
        {"limit": "2", "status": "allowed"},
        {"limit": "2", "status": "allowed", "after": "b"},
    ]


def answer_each(request: httpx.Request) -> httpx.Response:
    assert len(request.content) <= MAX_BODY_BYTES
    items = json.loads(request.content)["items"]
    results = [{"result": {**SUGGESTED, "language": item["message"][:2]}, "problem": None} for item in items]
    return httpx.Response(200, json={"items": results})


@each_kind
@pytest.mark.parametrize(
    ("count", "length", "sizes"),
    [(0, 10, []), (1, 10, [1]), (130, 10, [64, 64, 2]), (30, 19_000, [13, 13, 4])],
    ids=["none", "one", "many", "long"],
)
def test_as_many_at_a_time_as_the_server_takes(ask: Ask, count: int, length: int, sizes: list[int]) -> None:
    names = [chr(97 + place // 26) + chr(97 + place % 26) for place in range(count)]
    requests = [SuggestRequest(message=name.ljust(length, "x")) for name in names]
    server = StandIn([answer_each])
    found = ask(server, lambda repliek: repliek.suggest_many(iter(requests)))
    assert [item.result.language for item in found] == names
    assert [len(json.loads(request.content)["items"]) for request in server.asked] == sizes


def test_results_that_do_not_belong_to_the_requests() -> None:
    server = StandIn([httpx.Response(200, json={"items": []})])
    with pytest.raises(Unreadable, match="expected 1 items, as were asked, found 0"):
        ask_plainly(server, lambda repliek: repliek.suggest_many([SuggestRequest(message="Hoi")]))


@each_kind
@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
def test_health(ask: Ask, status: int, ready: bool) -> None:
    server = StandIn([httpx.Response(status)])
    assert ask(server, lambda repliek: repliek.health(), brand="wadlijn") is ready
    assert [request.url.path for request in server.asked] == ["/helpdesk/readyz"]
