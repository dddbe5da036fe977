"""Zendesk: events, a trigger's body, and the private comment."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from repliek.conversation import Channel
from serving.helpdesks.adapter import Account, Event, Ignored, Note
from serving.helpdesks.payload import PayloadError
from serving.helpdesks.zendesk import Zendesk
from tests.helpdesk_deliveries import delivered, payload

MESSAGE = "Wanneer is de storing in Hoorn opgelost?"


def read(body: Any, **channels: Channel) -> Event | Ignored:
    return Zendesk().read(delivered(body), channels)


def test_a_comment_is_read_without_the_mail_it_quotes() -> None:
    assert read(payload("zendesk_comment_added")) == Event(
        delivery_id="sequence-DB2A9DB4F2AF6E2A51D3B2C2A7C5F4E1",
        ticket="5158",
        message=f"Goedemorgen,\n\n{MESSAGE}",
        channel=Channel.EMAIL,
        customer_id="8659716080638",
        customer_name="Emily Adams",
        agent_id="8447388090494",
        received_at=datetime(2026, 3, 2, 8, 15, 0, 123456, UTC),
    )


def test_a_new_ticket_and_its_first_comment_are_one_delivery() -> None:
    created, commented = read(payload("zendesk_ticket_created")), read(payload("zendesk_comment_added"))
    assert isinstance(created, Event)
    assert isinstance(commented, Event)
    assert created.delivery_id == commented.delivery_id
    assert created.channel is Channel.X
    assert created.message == payload("zendesk_ticket_created")["detail"]["description"]


def test_a_message_of_a_conversation_is_read() -> None:
    found = read(payload("zendesk_message_added"))
    assert isinstance(found, Event)
    assert (found.delivery_id, found.ticket) == ("message-67ab5f55155becd183e284cb", "141")
    assert (found.channel, found.customer_name, found.agent_id) == (Channel.CHAT, "Emily Adams", None)


def test_a_trigger_is_read() -> None:
    found = read(payload("zendesk_trigger"))
    assert isinstance(found, Event)
    assert (found.message, found.channel, found.ticket) == (MESSAGE, Channel.EMAIL, "5158")
    assert found.delivery_id == "comment-8659716080999"


def test_a_trigger_without_an_id_of_the_comment_is_known_by_its_words() -> None:
    body = payload("zendesk_trigger") | {"message_id": "", "agent_id": "", "written_at": ""}
    first, again = read(body), read(body | {"agent_id": "1"})
    other = read(body | {"message": "Iets anders."})
    assert isinstance(first, Event)
    assert isinstance(again, Event)
    assert isinstance(other, Event)
    assert first.delivery_id == again.delivery_id != other.delivery_id
    assert (first.agent_id, first.received_at) == (None, None)


def test_the_source_may_map_channels_otherwise() -> None:
    body = payload("zendesk_comment_added")
    body["detail"]["via"]["channel"] = "any_channel"
    unknown, mapped = read(body), read(body, any_channel=Channel.REVIEW)
    assert isinstance(unknown, Event)
    assert isinstance(mapped, Event)
    assert (unknown.channel, mapped.channel) == (Channel.EMAIL, Channel.REVIEW)


def _changed(name: str, *path: str, to: object) -> Any:
    body = payload(name)
    place = body
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return body


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (_changed("zendesk_comment_added", "event", "comment", "is_public", to=False), "a private note"),
        (_changed("zendesk_comment_added", "event", "comment", "author", "is_staff", to=True), "written by an agent"),
        (_changed("zendesk_comment_added", "event", "comment", "body", to=""), "no words"),
        (_changed("zendesk_comment_added", "event", "comment", "body", to="👍👍 !"), "no words"),
        (
            _changed("zendesk_comment_added", "detail", "via", "channel", to="native_messaging"),
            "repeats messages that came by themselves",
        ),
        (
            _changed("zendesk_ticket_created", "detail", "via", "channel", to="whatsapp"),
            "repeats messages that came by themselves",
        ),
        (_changed("zendesk_ticket_created", "detail", "actor_id", to="8447388090494"), "a ticket that an agent opened"),
        (_changed("zendesk_ticket_created", "detail", "is_public", to=False), "a private note"),
        *(
            (_changed("zendesk_message_added", "event", "actor", "type", to=kind), "written by an agent or a bot")
            for kind in ("agent", "trigger", "system")
        ),
        (
            _changed(
                "zendesk_message_added", "event", "actor", to={"id": "zd:answerBot", "name": "Z", "type": "system"}
            ),
            "written by an agent or a bot",
        ),
        (_changed("zendesk_trigger", "public", to="false"), "a private note"),
        (_changed("zendesk_trigger", "public", to=""), "a private note"),
        (_changed("zendesk_trigger", "author_id", to="8447388090494"), "not written by the one who asked"),
        ({"type": "zen:event-type:ticket.status_changed", "detail": 5}, "an event that holds no message"),
    ],
)
def test_what_asks_for_nothing_is_ignored(body: Any, reason: str) -> None:
    assert read(body) == Ignored(reason)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (_changed("zendesk_comment_added", "event", "comment", "author", to="zonnebloemolie"), "event.comment.author"),
        (_changed("zendesk_comment_added", "detail", "id", to="../../users/1"), "detail.id"),
        (_changed("zendesk_trigger", "ticket_id", to="1?zonnebloemolie"), "ticket_id"),
        ({"ticket_id": "1"}, "message"),
        ({}, "ticket_id"),
    ],
)
def test_a_wrong_field_is_named_and_not_shown(body: Any, field: str) -> None:
    with pytest.raises(PayloadError, match=field) as error:
        read(body)
    assert "zonnebloemolie" not in str(error.value)


def test_the_note_is_a_private_comment() -> None:
    note = Note(text="x", html="<p>voorstel</p>")
    account = Account("https://wadlijn.zendesk.com", SecretStr("t0ken"), user="bot@wadlijn.example")
    request = Zendesk().note("5158", note, account)
    assert (request.method, str(request.url)) == ("PUT", "https://wadlijn.zendesk.com/api/v2/tickets/5158.json")
    assert json.loads(request.content) == {"ticket": {"comment": {"html_body": "<p>voorstel</p>", "public": False}}}
    assert request.headers["authorization"] == "Basic Ym90QHdhZGxpam4uZXhhbXBsZS90b2tlbjp0MGtlbg=="
    with_oauth = Zendesk().note("5158", note, Account("https://wadlijn.zendesk.com", SecretStr("t0ken")))
    assert with_oauth.headers["authorization"] == "Bearer t0ken"
