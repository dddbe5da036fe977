"""Intercom: the topics `conversation.user.created` and `conversation.user.replied`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import httpx
from pydantic import Field, SecretStr, TypeAdapter
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel, Speaker
from serving.helpdesks import calls
from serving.helpdesks.adapter import Account, Channels, Delivery, Event, Helpdesk, Ignored, Note
from serving.helpdesks.channels import channel_of
from serving.helpdesks.payload import LENIENT, Id, Key, Moment, Reference, read_as, read_json
from serving.helpdesks.proof import BodySignature
from serving.helpdesks.text import from_html, message_of, name_of, turns_of

API_VERSION = "2.11"
"""The calls below are the same in all versions since; a version that is named does not change under us."""

_PROOF = BodySignature()
_TOPICS = frozenset({"conversation.user.created", "conversation.user.replied"})
_CUSTOMERS = frozenset({"user", "lead", "contact", "visitor"})
_SAID = frozenset({"comment", "open", "close", "message", "conversation", "quick_reply"})
"""Types of parts that the customer sees; the others are notes, assignments and the like."""

_CHANNELS: Channels = {
    "conversation": Channel.CHAT,
    "push": Channel.CHAT,
    "email": Channel.EMAIL,
    "facebook": Channel.DM,
    "instagram": Channel.DM,
    "twitter": Channel.DM,
    "whatsapp": Channel.WHATSAPP,
    "sms": Channel.SMS,
    "phone_call": Channel.PHONE,
    "phone_switch": Channel.PHONE,
}
"""By the type of a conversation's source."""


@dataclass(frozen=True, config=LENIENT)
class _Author:
    type: str | None = None
    id: Reference = None
    name: str | None = None


@dataclass(frozen=True, config=LENIENT)
class _Part:
    id: Key
    author: _Author
    part_type: str = "conversation"
    body: str | None = None
    created_at: Moment = None

    @property
    def by_customer(self) -> bool:
        return self.author.type in _CUSTOMERS


@dataclass(frozen=True, config=LENIENT)
class _Source(_Part):
    type: str | None = None


@dataclass(frozen=True, config=LENIENT)
class _Parts:
    conversation_parts: list[_Part] = Field(default_factory=list[_Part])


@dataclass(frozen=True, config=LENIENT)
class _Conversation:
    id: Id
    source: _Source
    created_at: Moment = None
    conversation_parts: _Parts | None = None
    admin_assignee_id: Reference = None

    @property
    def said(self) -> list[_Part]:
        """What customer, agents and bots said, oldest first."""
        parts = self.conversation_parts.conversation_parts if self.conversation_parts else []
        return [self.source, *(part for part in parts if part.part_type in _SAID and part.body)]


@dataclass(frozen=True, config=LENIENT)
class _Data:
    item: _Conversation


@dataclass(frozen=True, config=LENIENT)
class _Notification:
    data: _Data


@dataclass(frozen=True, config=LENIENT)
class _Envelope:
    topic: str


_ENVELOPE, _NOTIFICATION = TypeAdapter(_Envelope), TypeAdapter(_Notification)


class Intercom:
    """Intercom, by an app of one's own workspace."""

    helpdesk = Helpdesk.INTERCOM

    def verify(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        _PROOF.check(delivery, secrets, now)

    def read(self, delivery: Delivery, channels: Channels) -> Event | Ignored:
        payload = read_json(delivery.body)
        if read_as(_ENVELOPE, payload).topic not in _TOPICS:
            return Ignored("a topic that holds no customer's message")
        return _event(read_as(_NOTIFICATION, payload).data.item, channels)

    def note(self, ticket: str, note: Note, account: Account) -> httpx.Request:
        return httpx.Request(
            "POST",
            f"{account.url}/conversations/{ticket}/reply",
            headers={**calls.bearer(account.token), "Intercom-Version": API_VERSION},
            json={"message_type": "note", "type": "admin", "admin_id": account.user, "body": note.html},
        )


def _event(conversation: _Conversation, channels: Channels) -> Event | Ignored:
    said = conversation.said
    newest = next((place for place in reversed(range(len(said))) if said[place].by_customer), None)
    if newest is None:
        return Ignored("not written by a customer")
    if any(part.author.type == "admin" for part in said[newest + 1 :]):
        return Ignored("answered since")
    part = said[newest]
    channel = channel_of(conversation.source.type, channels, _CHANNELS, Channel.CHAT)
    message = message_of(from_html(part.body or ""), channel)
    if message is None:
        return Ignored("no words")
    return Event(
        delivery_id=f"part-{part.id}",
        ticket=conversation.id,
        message=message,
        channel=channel,
        turns=turns_of(
            [
                (Speaker.CUSTOMER if one.by_customer else Speaker.AGENT, from_html(one.body or ""))
                for one in said[:newest]
            ]
        ),
        customer_id=part.author.id,
        customer_name=name_of(part.author.name),
        agent_id=conversation.admin_assignee_id,
        received_at=part.created_at or conversation.created_at,
    )
