"""Chatwoot: the account webhook `message_created`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import httpx
from pydantic import BeforeValidator, Field, SecretStr, TypeAdapter
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel, Speaker
from serving.helpdesks.adapter import Account, Channels, Delivery, Event, Helpdesk, Ignored, Note
from serving.helpdesks.channels import channel_of, plain
from serving.helpdesks.payload import LENIENT, Id, Key, Moment, Reference, read_as, read_json
from serving.helpdesks.proof import TimedSignature, hex_sha256, unix_time
from serving.helpdesks.text import initials_of, message_of, name_of, turns_of

_PROOF = TimedSignature(
    header="x-chatwoot-signature",
    time_header="x-chatwoot-timestamp",
    joint=b".",
    write=hex_sha256,
    read_time=unix_time,
)
_CREATED = "message_created"

_CHANNELS: Channels = {
    "channel_webwidget": Channel.CHAT,
    "channel_api": Channel.CHAT,
    "channel_email": Channel.EMAIL,
    "channel_facebookpage": Channel.DM,
    "channel_instagram": Channel.DM,
    "channel_tiktok": Channel.DM,
    "channel_twitterprofile": Channel.DM,
    "channel_telegram": Channel.DM,
    "channel_line": Channel.DM,
    "channel_whatsapp": Channel.WHATSAPP,
    "channel_twiliosms": Channel.SMS,
    "channel_sms": Channel.SMS,
    "channel_voice": Channel.PHONE,
    "tweet": Channel.X,
    "twilio_whatsapp": Channel.WHATSAPP,
}
"""By channel type, and by two words of our own for inboxes that hold several channels, see `_Conversation.word`."""


_TYPES = ("incoming", "outgoing", "activity", "template")


def _type_name(value: Any) -> Any:
    """Chatwoot names the type of the message itself and numbers those of the messages in its conversation."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return _TYPES[value] if is_number and 0 <= value < len(_TYPES) else value


_Type = Annotated[str | None, BeforeValidator(_type_name)]


@dataclass(frozen=True, config=LENIENT)
class _Person:
    id: Reference = None
    name: str | None = None
    type: str | None = None


@dataclass(frozen=True, config=LENIENT)
class _Earlier:
    id: Reference = None
    content: str | None = None
    message_type: _Type = None
    private: bool = False


@dataclass(frozen=True, config=LENIENT)
class _Meta:
    assignee: _Person | None = None


@dataclass(frozen=True, config=LENIENT)
class _ContactInbox:
    source_id: str | None = None


@dataclass(frozen=True, config=LENIENT)
class _More:
    type: str | None = None


@dataclass(frozen=True, config=LENIENT)
class _Conversation:
    id: Id
    channel: str | None = None
    messages: list[_Earlier] = Field(default_factory=list[_Earlier])
    meta: _Meta = Field(default_factory=_Meta)
    contact_inbox: _ContactInbox | None = None
    additional_attributes: _More | None = None

    @property
    def word(self) -> str:
        """The channel's word; an inbox for X holds posts too, and one of Twilio may be on WhatsApp."""
        if self.additional_attributes and self.additional_attributes.type == "tweet":
            return "tweet"
        twilio = plain(self.channel or "") == "channel_twiliosms"
        if twilio and self.contact_inbox and (self.contact_inbox.source_id or "").startswith("whatsapp:"):
            return "twilio_whatsapp"
        return self.channel or ""


@dataclass(frozen=True, config=LENIENT)
class _Account:
    id: Id


@dataclass(frozen=True, config=LENIENT)
class _Attributes:
    deleted: bool = False


@dataclass(frozen=True, config=LENIENT)
class _Message:
    id: Key
    account: _Account
    conversation: _Conversation
    content: str | None = None
    message_type: _Type = None
    private: bool = False
    sender: _Person | None = None
    content_attributes: _Attributes | None = None
    created_at: Moment = None


@dataclass(frozen=True, config=LENIENT)
class _Envelope:
    event: str
    message_type: _Type = None
    private: bool = False


_ENVELOPE, _MESSAGE = TypeAdapter(_Envelope), TypeAdapter(_Message)


class Chatwoot:
    """Chatwoot, hosted or self-hosted, of a version that signs its webhooks."""

    helpdesk = Helpdesk.CHATWOOT

    def verify(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        _PROOF.check(delivery, secrets, now)

    def read(self, delivery: Delivery, channels: Channels) -> Event | Ignored:
        payload = read_json(delivery.body)
        envelope = read_as(_ENVELOPE, payload)
        if envelope.event != _CREATED:
            return Ignored("an event that holds no new message")
        if envelope.private:
            return Ignored("a private note")
        if envelope.message_type != "incoming":
            return Ignored("not written by a customer")
        return _event(read_as(_MESSAGE, payload), channels)

    def note(self, ticket: str, note: Note, account: Account) -> httpx.Request:
        of_account, conversation = ticket.split("/")
        return httpx.Request(
            "POST",
            f"{account.url}/api/v1/accounts/{of_account}/conversations/{conversation}/messages",
            headers={"api_access_token": account.token.get_secret_value()},
            json={"content": note.text, "message_type": "outgoing", "private": True},
        )


def _event(written: _Message, channels: Channels) -> Event | Ignored:
    conversation = written.conversation
    channel = channel_of(conversation.word, channels, _CHANNELS, Channel.CHAT)
    message = message_of(written.content or "", channel)
    if message is None or (written.content_attributes and written.content_attributes.deleted):
        return Ignored("no words")
    customer, agent = written.sender or _Person(), conversation.meta.assignee or _Person()
    return Event(
        delivery_id=f"message-{written.id}",
        ticket=f"{written.account.id}/{conversation.id}",
        message=message,
        channel=channel,
        turns=turns_of(
            [
                (Speaker.CUSTOMER if one.message_type == "incoming" else Speaker.AGENT, one.content or "")
                for one in conversation.messages
                if one.id != written.id and not one.private and one.message_type in {"incoming", "outgoing", "template"}
            ]
        ),
        customer_id=customer.id,
        customer_name=name_of(customer.name),
        agent_id=agent.id,
        agent_initials=initials_of(agent.name),
        received_at=written.created_at,
    )
