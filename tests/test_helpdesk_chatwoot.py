"""Chatwoot: `message_created`, and the private message."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from repliek.conversation import Channel, Speaker, Turn
from serving.helpdesks.adapter import Account, Event, Ignored, Note
from serving.helpdesks.chatwoot import Chatwoot
from serving.helpdesks.payload import PayloadError
from tests.helpdesk_deliveries import delivered, payload

MESSAGE = "Wanneer is de storing in Hoorn opgelost?"


def read(body: Any, **channels: Channel) -> Event | Ignored:
    return Chatwoot().read(delivered(body), channels)


def changed(**fields: object) -> Any:
    return payload("chatwoot_message_created") | fields


def test_a_customers_message_is_read() -> None:
    assert read(payload("chatwoot_message_created")) == Event(
        delivery_id="message-1001",
        ticket="3/48",
        message=MESSAGE,
        channel=Channel.CHAT,
        customer_id="21",
        customer_name="Emily Adams",
        agent_id="5",
        agent_initials="EdV",
        received_at=datetime(2026, 3, 2, 8, 15, 0, 419000, UTC),
    )


def test_our_own_note_comes_back_and_is_ignored() -> None:
    assert read(payload("chatwoot_private_note")) == Ignored("a private note")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (changed(message_type="outgoing"), "not written by a customer"),
        (changed(message_type="template"), "not written by a customer"),
        (changed(message_type="activity"), "not written by a customer"),
        (changed(message_type=1), "not written by a customer"),
        (changed(message_type=None), "not written by a customer"),
        (changed(message_type=True), "not written by a customer"),
        (changed(private=True), "a private note"),
        (changed(content=None), "no words"),
        (changed(content="", attachments=[{"id": 1, "file_type": "image"}]), "no words"),
        (changed(content_attributes={"deleted": True}), "no words"),
        (changed(event="message_updated"), "an event that holds no new message"),
        ({"event": "conversation_status_changed", "id": 48}, "an event that holds no new message"),
        ({"event": "contact_created", "name": "Emily"}, "an event that holds no new message"),
    ],
)
def test_what_asks_for_nothing_is_ignored(body: Any, reason: str) -> None:
    if body.get("message_type") is True:
        with pytest.raises(PayloadError, match="message_type"):
            read(body)
    else:
        assert read(body) == Ignored(reason)


def test_older_versions_number_the_type_and_write_the_time_otherwise() -> None:
    found = read(changed(message_type=0, created_at="2026-03-02 08:15:00 UTC"))
    assert isinstance(found, Event)
    assert found.message == MESSAGE


@pytest.mark.parametrize(
    ("conversation", "channel"),
    [
        ({"channel": "Channel::Email"}, Channel.EMAIL),
        ({"channel": "Channel::FacebookPage"}, Channel.DM),
        ({"channel": "Channel::Whatsapp"}, Channel.WHATSAPP),
        ({"channel": "Channel::TwilioSms"}, Channel.SMS),
        ({"channel": "Channel::TwilioSms", "contact_inbox": {"source_id": "whatsapp:+31600000000"}}, Channel.WHATSAPP),
        ({"channel": "Channel::TwitterProfile"}, Channel.DM),
        ({"channel": "Channel::TwitterProfile", "additional_attributes": {"type": "tweet"}}, Channel.X),
        ({"channel": "Channel::Somewhere"}, Channel.CHAT),
        ({"channel": None}, Channel.CHAT),
    ],
)
def test_the_channel_is_that_of_the_inbox(conversation: dict[str, Any], channel: Channel) -> None:
    body = payload("chatwoot_message_created")
    body["conversation"] |= conversation
    found = read(body)
    assert isinstance(found, Event)
    assert found.channel is channel


def test_the_source_may_map_an_inbox_otherwise() -> None:
    body = payload("chatwoot_message_created")
    body["conversation"]["channel"] = "Channel::Api"
    found = read(body, channel_api=Channel.REVIEW)
    assert isinstance(found, Event)
    assert found.channel is Channel.REVIEW


def test_what_was_said_before_leaves_out_notes_and_changes() -> None:
    body = payload("chatwoot_message_created")
    one = body["conversation"]["messages"][0]
    body["conversation"]["messages"] = [
        one | {"id": 1, "content": "Hallo?"},
        one | {"id": 2, "content": "Goedemorgen!", "message_type": 1},
        one | {"id": 3, "content": "Collega, weet jij dit?", "message_type": 1, "private": True},
        one | {"id": 4, "content": "Emma heeft het gesprek overgenomen", "message_type": 2},
        one | {"id": 5, "content": None},
        one,
    ]
    found = read(body)
    assert isinstance(found, Event)
    assert found.turns == (Turn(Speaker.CUSTOMER, "Hallo?"), Turn(Speaker.AGENT, "Goedemorgen!"))


def test_in_a_group_whoever_wrote_is_the_customer() -> None:
    body = payload("chatwoot_message_created")
    body["conversation"] |= {"group": True, "group_title": "Buren"}
    body["sender"] |= {"id": 22, "name": "Ali Yıldız"}
    found = read(body)
    assert isinstance(found, Event)
    assert (found.customer_id, found.customer_name) == ("22", "Ali Yıldız")


def test_a_conversation_that_nobody_took_has_no_agent() -> None:
    body = payload("chatwoot_message_created")
    body["conversation"]["meta"]["assignee"] = None
    found = read(body)
    assert isinstance(found, Event)
    assert (found.agent_id, found.agent_initials) == (None, None)


def test_an_id_that_leads_elsewhere_is_refused() -> None:
    body = payload("chatwoot_message_created")
    body["account"]["id"] = "3/conversations/1/messages?"
    with pytest.raises(PayloadError, match=r"account\.id"):
        read(body)


def test_the_note_is_a_private_message() -> None:
    request = Chatwoot().note("3/48", Note("Voorstel", "<p>"), Account("https://chat.example", SecretStr("t0ken")))
    assert request.method == "POST"
    assert str(request.url) == "https://chat.example/api/v1/accounts/3/conversations/48/messages"
    assert json.loads(request.content) == {"content": "Voorstel", "message_type": "outgoing", "private": True}
    assert request.headers["api_access_token"] == "t0ken"
