from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from repliek.conversation import Speaker, Turn
from repliek.history import OUT_OF_SCOPE, Exchange

ADAPTER = TypeAdapter(Exchange)


def exchange(**fields: Any) -> Exchange:
    return ADAPTER.validate_python({"exchange_id": "1", "message": "Waar blijft mijn pakket?"} | fields)


def test_context_becomes_turns_and_is_read_before_the_message() -> None:
    found = exchange(
        message="ja, klopt",
        context=[{"speaker": "customer", "text": "Mijn router doet het niet."}, {"speaker": "agent", "text": "Echt?"}],
    )
    assert found.turns == (Turn(Speaker.CUSTOMER, "Mijn router doet het niet."), Turn(Speaker.AGENT, "Echt?"))
    assert found.query == "Mijn router doet het niet. Echt?\nja, klopt"


@pytest.mark.parametrize("field", ["reply", "answer_id", "intent"])
def test_a_blank_label_is_no_label(field: str) -> None:
    assert getattr(exchange(**{field: "  "}), field) is None


def test_out_of_scope_is_marked_by_its_label() -> None:
    assert not exchange(intent=OUT_OF_SCOPE).in_scope
    assert exchange(intent="invoice").in_scope
    assert exchange().in_scope


@pytest.mark.parametrize(
    ("labels", "sarcastic"),
    [
        ({"emotion": "frustrated", "sarcasm": True}, True),
        ({"emotion": "frustrated", "sarcasm": "false"}, False),
        ({"emotion": "frustrated"}, None),
        ({"emotion": "neutral"}, False),
        ({}, None),
    ],
)
def test_sarcasm_is_known_where_it_is_labelled_or_no_frustration_shows(
    labels: dict[str, Any], sarcastic: bool | None
) -> None:
    assert exchange(**labels).sarcastic is sarcastic


def test_times_are_read_from_text() -> None:
    assert exchange(asked_at="2026-11-20T09:30:00Z").asked_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "telex"},
        {"language": "nld"},
        {"register": "jij"},
        {"emotion": "angry"},
        {"sarcasm": "perhaps"},
        {"asked_at": "gisteren"},
        {"context": [{"speaker": "customer"}]},
        {"message": ""},
        {"exchange_id": "x" * 201},
        {"answer": "oeps"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_cannot_be_right_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        exchange(**fields)
