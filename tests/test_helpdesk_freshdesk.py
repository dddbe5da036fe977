"""Freshdesk: the fields that a rule sends, and the private note."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import SecretStr

from repliek.conversation import Channel
from serving.helpdesks.adapter import Account, Event, Ignored, Note
from serving.helpdesks.freshdesk import Freshdesk
from serving.helpdesks.payload import PayloadError
from tests.helpdesk_deliveries import delivered, payload

MESSAGE = "Wanneer is de storing in Hoorn opgelost?"


def read(body: Any, **channels: Channel) -> Event | Ignored:
    return Freshdesk().read(delivered(body), channels)


def changed(**fields: object) -> Any:
    return {"freshdesk_webhook": payload("freshdesk_reply")["freshdesk_webhook"] | fields}


def event(body: Any) -> Event:
    found = read(body)
    assert isinstance(found, Event)
    return found


def test_a_reply_is_read_without_the_name_before_it() -> None:
    found = event(payload("freshdesk_reply"))
    assert found == Event(
        delivery_id=found.delivery_id,
        ticket="11",
        message=MESSAGE,
        channel=Channel.EMAIL,
        customer_id="43011",
        customer_name="Emily Adams",
        agent_initials="EdV",
    )


def test_a_new_ticket_is_read_from_its_description() -> None:
    found = event(payload("freshdesk_created"))
    assert found.message == "Al drie dagen geen internet.\nWanneer is het opgelost?"
    assert (found.customer_name, found.agent_initials, found.customer_id) == ("Emily Adams", None, None)


def test_the_same_words_on_a_ticket_are_one_delivery_however_the_ticket_changed() -> None:
    """Our own note changes the ticket, and may fire the rule once more."""
    first = event(payload("freshdesk_reply"))
    again = event(changed(ticket_status="Waiting on Customer", ticket_agent_name="Iemand Anders"))
    assert first.delivery_id == again.delivery_id
    assert first.delivery_id != event(changed(ticket_id=12)).delivery_id
    assert first.delivery_id != event(changed(ticket_latest_public_comment="Emily Adams : En nu?")).delivery_id


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (changed(ticket_latest_public_comment="Emma de Vries : <div>We kijken ernaar</div>"), "written by an agent"),
        (changed(triggered_event="{note_type:private}"), "written by an agent"),
        (changed(triggered_event="{reply_sent:sent}"), "written by an agent"),
        (changed(ticket_latest_public_comment='Emily Adams : <img src="x.png">'), "no words"),
        (changed(ticket_latest_public_comment="", ticket_description=None), "no words"),
    ],
)
def test_what_asks_for_nothing_is_ignored(body: Any, reason: str) -> None:
    assert read(body) == Ignored(reason)


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("<div>Mijn vraag : hoe laat?</div>", "Mijn vraag : hoe laat?"),
        ("Mijn vraag : hoe laat?", "Mijn vraag : hoe laat?"),
        ("Emily Adams : Mijn vraag : hoe laat?", "Mijn vraag : hoe laat?"),
        ("Iemand anders : <p>Hoe laat?</p>", "Hoe laat?"),
    ],
)
def test_a_colon_in_the_words_is_not_taken_for_a_name(comment: str, message: str) -> None:
    assert event(changed(ticket_latest_public_comment=comment)).message == message


@pytest.mark.parametrize(
    ("source", "channel"),
    [("Email", Channel.EMAIL), ("Twitter", Channel.X), ("Feedback Widget", Channel.EMAIL), ("?", Channel.EMAIL)],
)
def test_the_channel_is_the_source(source: str, channel: Channel) -> None:
    assert event(changed(ticket_source=source)).channel is channel


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ticket_id": 11}, "freshdesk_webhook"),
        ({"freshdesk_webhook": {"ticket_latest_public_comment": "zonnebloemolie"}}, "ticket_id"),
        (changed(ticket_id="11/../../agents"), "ticket_id"),
    ],
)
def test_a_wrong_field_is_named_and_not_shown(body: Any, field: str) -> None:
    with pytest.raises(PayloadError, match=field) as error:
        read(body)
    assert "zonnebloemolie" not in str(error.value)


def test_the_note_is_private() -> None:
    request = Freshdesk().note("11", Note("x", "<p>v</p>"), Account("https://w.freshdesk.com", SecretStr("k3y")))
    assert (request.method, str(request.url)) == ("POST", "https://w.freshdesk.com/api/v2/tickets/11/notes")
    assert json.loads(request.content) == {"body": "<p>v</p>", "private": True}
    assert request.headers["authorization"] == "Basic azN5Olg="
