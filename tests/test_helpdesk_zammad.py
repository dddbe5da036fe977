"""Zammad: the payload of a trigger, and the internal note or shared draft."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from repliek.conversation import Channel
from serving.helpdesks.adapter import Account, Answer, Event, Ignored, Note
from serving.helpdesks.payload import PayloadError
from serving.helpdesks.zammad import Zammad
from tests.helpdesk_deliveries import delivered, payload

NOTE = Note("Voorstel", "<p>Voorstel</p>", draft="<div>Hallo Emily</div>")
ACCOUNT = Account("https://zammad.example", SecretStr("t0ken"))


def read(body: Any, **channels: Channel) -> Event | Ignored:
    return Zammad().read(delivered(body), channels)


def changed(**article: object) -> Any:
    body = payload("zammad_article")
    body["article"] |= article
    return body


def test_an_article_is_read_without_markup_and_signature() -> None:
    assert read(payload("zammad_article")) == Event(
        delivery_id="article-104",
        ticket="81",
        message="Goedemorgen,\n\nAl drie dagen geen internet in Hoorn & omgeving.\nWanneer is het opgelost?",
        channel=Channel.EMAIL,
        customer_id="8",
        customer_name="Emily Adams",
        agent_id="5",
        agent_initials="EdV",
        received_at=datetime(2026, 3, 2, 8, 15, 35, 318000, UTC),
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (changed(internal=True), "a private note"),
        (changed(internal=True, sender="Agent", type="note"), "a private note"),
        (changed(sender="Agent"), "not written by a customer"),
        (changed(sender="System"), "not written by a customer"),
        (changed(preferences={"is-auto-response": True}), "an automatic reply"),
        (changed(body='<div><img src="/api/v1/ticket_attachment/81/104/174"></div>'), "no words"),
        (changed(body=None), "no words"),
        (payload("zammad_article") | {"article": None}, "a change of the ticket without a new article"),
        ({"ticket": {"id": 81}}, "a change of the ticket without a new article"),
    ],
)
def test_what_asks_for_nothing_is_ignored(body: Any, reason: str) -> None:
    assert read(body) == Ignored(reason)


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("email", Channel.EMAIL),
        ("web", Channel.EMAIL),
        ("phone", Channel.PHONE),
        ("sms", Channel.SMS),
        ("chat", Channel.CHAT),
        ("twitter status", Channel.X),
        ("twitter direct-message", Channel.DM),
        ("facebook feed comment", Channel.FACEBOOK),
        ("telegram personal-message", Channel.DM),
        ("whatsapp message", Channel.WHATSAPP),
        ("something new", Channel.EMAIL),
        (None, Channel.EMAIL),
    ],
)
def test_the_channel_is_that_of_the_article(kind: str | None, channel: Channel) -> None:
    found = read(changed(type=kind))
    assert isinstance(found, Event)
    assert found.channel is channel


def test_plain_text_is_left_as_it_is() -> None:
    found = read(changed(content_type="text/plain", body="Is 3 < 5 en 7 > 5?", type="sms"))
    assert isinstance(found, Event)
    assert found.message == "Is 3 < 5 en 7 > 5?"


def test_of_a_phone_call_the_customer_spoke_though_an_agent_wrote() -> None:
    body = changed(type="phone", origin_by_id=8, created_by_id=5)
    body["article"]["created_by"] = body["ticket"]["owner"]
    found = read(body)
    assert isinstance(found, Event)
    assert (found.customer_id, found.customer_name) == ("8", "Emily Adams")


def test_somebody_who_joins_in_is_not_taken_for_the_customer() -> None:
    joined = {"id": 9, "firstname": "Ali", "lastname": "Yıldız"}
    found, unknown = read(changed(created_by=joined)), read(changed(created_by=joined, origin_by_id=10))
    assert isinstance(found, Event)
    assert isinstance(unknown, Event)
    assert (found.customer_id, found.customer_name) == ("9", "Ali Yıldız")
    assert (unknown.customer_id, unknown.customer_name) == ("10", None)


def test_a_ticket_that_nobody_took_has_no_agent() -> None:
    body = payload("zammad_article")
    body["ticket"]["owner"] = {"id": 1, "firstname": "-", "lastname": ""}
    found = read(body)
    assert isinstance(found, Event)
    assert (found.agent_id, found.agent_initials) == (None, None)


def test_a_wrong_field_is_named_and_not_shown() -> None:
    with pytest.raises(PayloadError, match=r"article\.sender") as error:
        read(changed(sender={"zonnebloemolie": 1}))
    assert "zonnebloemolie" not in str(error.value)


def test_the_note_is_internal() -> None:
    request = Zammad().note("81", NOTE, ACCOUNT)
    assert (request.method, str(request.url)) == ("POST", "https://zammad.example/api/v1/ticket_articles")
    assert json.loads(request.content) == {
        "ticket_id": 81,
        "body": "<p>Voorstel</p>",
        "content_type": "text/html",
        "type": "note",
        "internal": True,
        "sender": "Agent",
    }
    assert request.headers["authorization"] == "Token token=t0ken"


def test_a_draft_holds_the_suggestion_alone() -> None:
    account = Account(ACCOUNT.url, ACCOUNT.token, answer=Answer.DRAFT)
    request = Zammad().note("81", NOTE, account)
    assert (request.method, str(request.url)) == ("PUT", "https://zammad.example/api/v1/tickets/81/shared_draft")
    assert json.loads(request.content)["new_article"]["body"] == "<div>Hallo Emily</div>"
    nothing_to_send = Zammad().note("81", Note("x", "<p>"), account)
    assert (nothing_to_send.method, json.loads(nothing_to_send.content)["internal"]) == ("POST", True)
