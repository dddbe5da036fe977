"""What travels over HTTP, apart from any server."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, strategies
from pydantic import TypeAdapter, ValidationError

from repliek import wire
from repliek.knowledge import Answer
from repliek.wire.answers import AnswerBody, AnswerView
from repliek.wire.feedback import Action, FeedbackRequest, IdempotencyKey
from repliek.wire.fields import MAX_AGENT_ID_CHARS, MAX_ID_CHARS, MAX_TEXT_CHARS, AgentId, Id, Text, Words
from repliek.wire.problems import FieldError, Problem
from repliek.wire.suggestions import Agent, Customer, SuggestRequest

MARKER = "zonnebloemolie"


def modules() -> list[Any]:
    found = [importlib.import_module(one.name) for one in pkgutil.iter_modules(wire.__path__, f"{wire.__name__}.")]
    assert len(found) >= 8
    return found


def types(ending: str) -> list[type]:
    return [
        found
        for module in modules()
        for name, found in vars(module).items()
        if isinstance(found, type) and found.__module__ == module.__name__ and name.endswith(ending)
    ]


def wrong(model: type, given: object) -> list[FieldError]:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(model).validate_python(given)
    assert MARKER not in str(caught.value)
    return [FieldError.of(error) for error in caught.value.errors()]


@pytest.mark.parametrize("model", [*types("Request"), *types("Body")], ids=lambda model: model.__name__)
def test_a_request_refuses_what_it_does_not_know(model: type) -> None:
    assert FieldError("surprise", "unknown field; see GET /docs for those there are") in wrong(model, {"surprise": 1})


def test_a_response_ignores_what_it_does_not_know() -> None:
    told = {"type": "about:blank", "title": "Conflict", "status": 409, "detail": "No.", "errors": [], "instance": "/x"}
    assert TypeAdapter(Problem).validate_python(told).status == 409


def test_an_answer_is_saved_and_shown_with_every_column() -> None:
    columns = {field.name for field in fields(Answer)}
    assert {field.name for field in fields(AnswerBody)} == columns
    added = {field.name for field in fields(AnswerView)} - columns
    assert added == {"version", "etag", "updated_at", "updated_by", "source"}
    body = AnswerBody(text="Je pakket is onderweg.")
    answer = Answer(answer_id="parcel", text=body.text, language="nl")
    same = columns - {"answer_id", "language"}
    assert {name: getattr(body, name) for name in same} == {name: getattr(answer, name) for name in same}


@pytest.mark.parametrize(
    ("given", "kept"),
    [("42", "42"), (" klant 42 ", "klant 42"), ("é" * MAX_ID_CHARS, "é" * MAX_ID_CHARS)],
)
def test_names_of_other_systems(given: str, kept: str) -> None:
    request = SuggestRequest(message="Hoi", conversation_id=given, customer=Customer(id=given))
    assert request.customer
    assert request.conversation_id == request.customer.id == kept


@pytest.mark.parametrize("given", ["", " ", "\u00a0", "a\nb", "a\0", "a\x85b", "a\n", "x" * (MAX_ID_CHARS + 1), 42])
def test_what_is_no_name(given: object) -> None:
    asked = {"message": MARKER, "conversation_id": given, "customer": {"id": given}}
    assert [error.field for error in wrong(SuggestRequest, asked)] == ["conversation_id", "customer.id"]


def test_names_of_agents_are_shorter() -> None:
    assert Agent(id="a" * MAX_AGENT_ID_CHARS).id
    assert [error.field for error in wrong(Agent, {"id": "a" * (MAX_AGENT_ID_CHARS + 1)})] == ["id"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"suggestion_set_id": None}, "suggestion_set_id"),
        ({"action": "liked"}, "action"),
        ({"sent_text": f"{MARKER}\0"}, "sent_text"),
        ({"sent_text": MARKER * MAX_TEXT_CHARS}, "sent_text"),
        ({"sent_at": "gisteren"}, "sent_at"),
        ({"sent_at": 1_700_000_000}, "sent_at"),
        ({"agent": "a" * (MAX_AGENT_ID_CHARS + 1)}, "agent"),
    ],
)
def test_wrong_feedback(given: dict[str, object], field: str) -> None:
    told = {"suggestion_set_id": "s", "action": "accepted", **given}
    assert [error.field for error in wrong(FeedbackRequest, told)] == [field]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": f"{MARKER}\0"}, "text"),
        ({"text": "{first_name}, {order_number}!"}, "text"),
        ({"language": "Dutch"}, "language"),
        ({"valid_from": "2026-03-02", "valid_until": "2026-03-01"}, "valid_until"),
        ({"source_url": f"{MARKER}\0"}, "source_url"),
        ({"valid_from": 20_000}, "valid_from"),
        ({"valid_until": "morgen"}, "valid_until"),
        ({"status": "fine"}, "status"),
        ({"tags": ["a", " "]}, "tags.1"),
        ({"author": "Jan\nPiet"}, "author"),
    ],
)
def test_a_wrong_answer(given: dict[str, object], field: str) -> None:
    assert [error.field for error in wrong(AnswerBody, {"text": MARKER, **given})] == [field]


def test_moments_may_be_given_as_moments() -> None:
    sent_at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert FeedbackRequest(suggestion_set_id="s", action=Action.IGNORED, sent_at=sent_at).sent_at == sent_at
    assert AnswerBody(text="Hoi", valid_until=date(2026, 3, 1)).valid_until == date(2026, 3, 1)


@pytest.mark.parametrize(
    "kind", [Id, AgentId, Text, Words, IdempotencyKey], ids=["id", "agent", "text", "words", "key"]
)
@given(
    text=strategies.text(alphabet=" \n\t\0\x85\xa0\ud7ffaé!~", max_size=6)
    | strategies.sampled_from(["a" * 256, "b" * 101])
)
def test_the_document_says_exactly_what_is_accepted(kind: Any, text: str) -> None:
    adapter = TypeAdapter[str](kind)
    schema = adapter.json_schema()
    said = (
        schema.get("minLength", 0) <= len(text) <= schema["maxLength"]
        and re.search(schema["pattern"].replace("$", r"\Z"), text) is not None  # as ECMAScript reads it
    )
    try:
        adapter.validate_python(text)
    except ValidationError:
        assert not said
    else:
        assert said
