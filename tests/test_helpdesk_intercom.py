"""Intercom: a conversation's topics, and the note."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from repliek.conversation import Channel, Speaker, Turn
from serving.helpdesks.adapter import Account, Event, Ignored, Note
from serving.helpdesks.intercom import Intercom
from serving.helpdesks.payload import PayloadError
from tests.helpdesk_deliveries import delivered, payload


def read(body: Any, **channels: Channel) -> Event | Ignored:
    return Intercom().read(delivered(body), channels)


def parts(body: Any) -> list[Any]:
    return body["data"]["item"]["conversation_parts"]["conversation_parts"]


def test_a_reply_is_read_with_what_was_said_before_it() -> None:
    assert read(payload("intercom_replied")) == Event(
        delivery_id="part-1005",
        ticket="1911149811",
        message="1621 AB.\n\nWanneer is het opgelost?",
        channel=Channel.CHAT,
        turns=(
            Turn(Speaker.CUSTOMER, "Hallo, ons internet ligt eruit."),
            Turn(Speaker.AGENT, "Een collega helpt je zo."),
            Turn(Speaker.AGENT, "Wat is je postcode?"),
        ),
        customer_id="5bc8f7ae2d96695c18a",
        customer_name="Emily Adams",
        agent_id="814860",
        received_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    )


def test_a_new_conversation_is_read() -> None:
    found = read(payload("intercom_created"))
    assert isinstance(found, Event)
    assert (found.message, found.channel) == ("Hallo, ons internet ligt eruit.", Channel.EMAIL)
    assert (found.delivery_id, found.turns, found.agent_id) == ("part-269650473", (), None)


def test_a_reply_to_a_campaign_has_the_campaign_before_it() -> None:
    body = payload("intercom_replied")
    item = body["data"]["item"]
    item["source"] |= {"delivered_as": "automated", "author": {"type": "admin", "id": "1", "name": "Emma"}}
    item["conversation_parts"]["conversation_parts"] = parts(body)[-1:]
    found = read(body)
    assert isinstance(found, Event)
    assert found.turns == (Turn(Speaker.AGENT, "Hallo, ons internet ligt eruit."),)


def test_of_several_messages_in_a_row_the_last_is_answered() -> None:
    body = payload("intercom_replied")
    parts(body).append(parts(body)[-1] | {"id": "1006", "body": "<p>Het is dringend!</p>"})
    found = read(body)
    assert isinstance(found, Event)
    assert found.message == "Het is dringend!"
    assert found.turns[-1] == Turn(Speaker.CUSTOMER, "1621 AB.\n\nWanneer is het opgelost?")


def _by(author: dict[str, str]) -> Any:
    body = payload("intercom_replied")
    parts(body).append(parts(body)[-1] | {"id": "1006", "author": author})
    return body


def _only(**part: object) -> Any:
    body = payload("intercom_replied")
    parts(body)[:] = [parts(body)[-1] | part]
    body["data"]["item"]["source"]["author"] = {"type": "bot", "id": "1"}
    return body


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (payload("intercom_ping"), "a topic that holds no customer's message"),
        ({"topic": "conversation.admin.noted", "data": 1}, "a topic that holds no customer's message"),
        ({"topic": "conversation.admin.replied"}, "a topic that holds no customer's message"),
        (_by({"type": "admin", "id": "814860"}), "answered since"),
        (_only(author={"type": "bot", "id": "1"}), "not written by a customer"),
        (_only(body='<div class="intercom-container"><img src="https://x.example/a.png"></div>'), "no words"),
        (_only(body=None), "not written by a customer"),
        (_only(part_type="note"), "not written by a customer"),
    ],
)
def test_what_asks_for_nothing_is_ignored(body: Any, reason: str) -> None:
    assert read(body) == Ignored(reason)


def test_a_bot_that_speaks_after_the_customer_answers_nothing() -> None:
    found = read(_by({"type": "bot", "id": "278"}))
    assert isinstance(found, Event)
    assert found.delivery_id == "part-1005"


@pytest.mark.parametrize("assigned", [None, 0, ""])
def test_a_conversation_that_nobody_took_has_no_agent(assigned: object) -> None:
    body = payload("intercom_replied")
    body["data"]["item"]["admin_assignee_id"] = assigned
    found = read(body)
    assert isinstance(found, Event)
    assert found.agent_id is None


def test_a_wrong_field_is_named_and_not_shown() -> None:
    body = payload("intercom_replied")
    body["data"]["item"]["id"] = "1/zonnebloemolie"
    with pytest.raises(PayloadError, match=r"data\.item\.id") as error:
        read(body)
    assert "zonnebloemolie" not in str(error.value)


def test_the_note_is_a_note() -> None:
    account = Account("https://api.intercom.io", SecretStr("t0ken"), user="814860")
    request = Intercom().note("1911149811", Note("x", "<p>v</p>"), account)
    assert (request.method, str(request.url)) == ("POST", "https://api.intercom.io/conversations/1911149811/reply")
    assert json.loads(request.content) == {
        "message_type": "note",
        "type": "admin",
        "admin_id": "814860",
        "body": "<p>v</p>",
    }
    assert request.headers["authorization"] == "Bearer t0ken"
    assert request.headers["intercom-version"] == "2.11"
