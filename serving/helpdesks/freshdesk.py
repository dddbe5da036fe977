"""Freshdesk: a webhook that an automation rule calls, with the fields that docs/helpdesks/freshdesk.md ticks."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from datetime import datetime
from typing import Annotated

import httpx
from pydantic import AliasChoices, Field, SecretStr, TypeAdapter
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel
from serving.helpdesks import calls
from serving.helpdesks.adapter import Account, Channels, Delivery, Event, Helpdesk, Ignored, Note
from serving.helpdesks.channels import channel_of
from serving.helpdesks.payload import LENIENT, Id, Reference, read_as, read_json
from serving.helpdesks.proof import SharedToken, fingerprint
from serving.helpdesks.text import clean, from_html, initials_of, message_of, name_of

_PROOF = SharedToken()
_SAID_BY = re.compile(r"([^<:\n]{1,100}?) ?: ")
"""Freshdesk puts the writer's name before a comment: `Emily Adams : <div>...`."""

_CHANNELS: Channels = {
    "email": Channel.EMAIL,
    "outbound_email": Channel.EMAIL,
    "portal": Channel.EMAIL,
    "feedback_widget": Channel.EMAIL,
    "phone": Channel.PHONE,
    "chat": Channel.CHAT,
    "forum": Channel.REVIEW,
    "facebook": Channel.FACEBOOK,
    "twitter": Channel.X,
    "whatsapp": Channel.WHATSAPP,
    "sms": Channel.SMS,
    "mobihelp": Channel.CHAT,
}
"""By the ticket's source."""

_OF_AN_AGENT = ("note_type", "reply_sent")
"""What `triggered_event` speaks of when an agent wrote something."""


def _either(*names: str) -> AliasChoices:
    return AliasChoices(*names)


@dataclass(frozen=True, config=LENIENT)
class _Ticket:
    """Newer accounts say contact where older ones say requester."""

    id: Annotated[Id, Field(validation_alias="ticket_id")]
    comment: Annotated[str | None, Field(validation_alias="ticket_latest_public_comment")] = None
    description: Annotated[str | None, Field(validation_alias="ticket_description")] = None
    source: Annotated[str | None, Field(validation_alias="ticket_source")] = None
    customer_id: Annotated[
        Reference,
        Field(
            validation_alias=_either(
                "ticket_contact_id",
                "ticket_requester_id",
                "ticket_contact_unique_external_id",
                "ticket_requester_unique_external_id",
            )
        ),
    ] = None
    customer: Annotated[str | None, Field(validation_alias=_either("ticket_contact_name", "ticket_requester_name"))] = (
        None
    )
    agent: Annotated[str | None, Field(validation_alias="ticket_agent_name")] = None
    event: Annotated[str | None, Field(validation_alias="triggered_event")] = None


@dataclass(frozen=True, config=LENIENT)
class _Payload:
    freshdesk_webhook: _Ticket


_PAYLOAD = TypeAdapter(_Payload)


class Freshdesk:
    """Freshdesk, which cannot sign: the token that the rule sends proves who calls, and nothing proves when."""

    helpdesk = Helpdesk.FRESHDESK

    def verify(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        _PROOF.check(delivery, secrets, now)

    def read(self, delivery: Delivery, channels: Channels) -> Event | Ignored:
        ticket = read_as(_PAYLOAD, read_json(delivery.body)).freshdesk_webhook
        if any(word in (ticket.event or "") for word in _OF_AN_AGENT):
            return Ignored("written by an agent")
        customer, agent = name_of(ticket.customer), name_of(ticket.agent)
        writer, said = _comment(ticket.comment or "", {customer, agent})
        if writer and writer == agent:
            return Ignored("written by an agent")
        channel = channel_of(ticket.source, channels, _CHANNELS, Channel.EMAIL)
        message = message_of(from_html(said or ticket.description or ""), channel)
        if message is None:
            return Ignored("no words")
        return Event(
            # There is no id of a comment. The same words again on the same ticket are the rule that fires once more,
            # as it does when our own note changes the ticket.
            delivery_id=f"comment-{fingerprint(ticket.id, message)}",
            ticket=ticket.id,
            message=message,
            channel=channel,
            customer_id=ticket.customer_id,
            customer_name=customer,
            agent_initials=initials_of(agent),
        )

    def note(self, ticket: str, note: Note, account: Account) -> httpx.Request:
        return httpx.Request(
            "POST",
            f"{account.url}/api/v2/tickets/{ticket}/notes",
            # Freshdesk takes the key as the user and looks at no password.
            headers=calls.basic(account.token.get_secret_value(), SecretStr("X")),
            json={"body": note.html, "private": True},
        )


def _comment(comment: str, known: Set[str | None]) -> tuple[str | None, str]:
    """Return who wrote a comment, `None` where that is not told, and what was written.

    A customer may write a colon, too: what stands before it is a name when it is a known one, or when markup follows.
    """
    found = _SAID_BY.match(comment)
    writer = found and clean(found[1])
    if not found or not (writer in known or comment.startswith("<", found.end())):
        return None, comment
    return writer, comment[found.end() :]
