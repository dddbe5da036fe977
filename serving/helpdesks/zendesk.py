"""Zendesk: webhooks that subscribe to events, and those that a trigger calls as docs/helpdesks/zendesk.md says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import httpx
from pydantic import BeforeValidator, Field, SecretStr, TypeAdapter
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel
from serving.helpdesks import calls
from serving.helpdesks.adapter import Account, Channels, Delivery, Event, Helpdesk, Ignored, Note
from serving.helpdesks.channels import channel_of
from serving.helpdesks.payload import LENIENT, Id, Key, Moment, Reference, read_as, read_json
from serving.helpdesks.proof import TimedSignature, base64_text, fingerprint, iso_time
from serving.helpdesks.text import message_of, name_of

_PROOF = TimedSignature(
    header="x-zendesk-webhook-signature",
    time_header="x-zendesk-webhook-signature-timestamp",
    joint=b"",
    write=base64_text,
    read_time=iso_time,
)
_MESSAGING_EVENT = "zen:event-type:messaging_ticket.message_added"
_COMMENT_EVENT = "zen:event-type:ticket.comment_added"
_CREATED_EVENT = "zen:event-type:ticket.created"

_CHANNELS: Channels = {
    "messaging": Channel.CHAT,
    "native_messaging": Channel.CHAT,
    "chat": Channel.CHAT,
    "mail": Channel.EMAIL,
    "email": Channel.EMAIL,
    "web": Channel.EMAIL,
    "web_form": Channel.EMAIL,
    "web_widget": Channel.EMAIL,
    "helpcenter": Channel.EMAIL,
    "mobile": Channel.EMAIL,
    "mobile_sdk": Channel.EMAIL,
    "api": Channel.EMAIL,
    "web_service": Channel.EMAIL,
    "facebook": Channel.FACEBOOK,
    "facebook_post": Channel.FACEBOOK,
    "facebook_message": Channel.DM,
    "sunshine_conversations_facebook_messenger": Channel.DM,
    "twitter": Channel.X,
    "twitter_favorite": Channel.X,
    "twitter_dm": Channel.DM,
    "sunshine_conversations_twitter_dm": Channel.DM,
    "instagram_dm": Channel.DM,
    "whatsapp": Channel.WHATSAPP,
    "telegram": Channel.DM,
    "line": Channel.DM,
    "viber": Channel.DM,
    "wechat": Channel.DM,
    "sms": Channel.SMS,
    "twilio_sms": Channel.SMS,
    "messagebird_sms": Channel.SMS,
    "voice": Channel.PHONE,
    "voicemail": Channel.PHONE,
    "phone_call_inbound": Channel.PHONE,
}
"""By via type, and by the word that the placeholder `ticket.via` writes."""

_CONVERSATIONS = frozenset({"native_messaging", "chat", "chat_transcript", "whatsapp", "instagram_dm"})
"""Via types of which each message is an event of its own; their tickets and comments only repeat them."""


@dataclass(frozen=True, config=LENIENT)
class _Envelope:
    type: str | None = None
    ticket_id: str | None = None


@dataclass(frozen=True, config=LENIENT)
class _Via:
    channel: str | None = None


@dataclass(frozen=True, config=LENIENT)
class _Detail:
    id: Id
    via: _Via = Field(default_factory=_Via)
    description: str = ""
    is_public: bool = True
    actor_id: Reference = None
    requester_id: Reference = None
    assignee_id: Reference = None


@dataclass(frozen=True, config=LENIENT)
class _Author:
    id: Reference = None
    name: str | None = None
    is_staff: bool = False
    type: str | None = None


@dataclass(frozen=True, config=LENIENT)
class _Comment:
    author: _Author
    body: str | None = None
    is_public: bool = False


@dataclass(frozen=True, config=LENIENT)
class _Sequence:
    id: Reference = None


@dataclass(frozen=True, config=LENIENT)
class _Meta:
    sequence: _Sequence = Field(default_factory=_Sequence)


@dataclass(frozen=True, config=LENIENT)
class _Added:
    comment: _Comment
    meta: _Meta = Field(default_factory=_Meta)


@dataclass(frozen=True, config=LENIENT)
class _Created:
    meta: _Meta = Field(default_factory=_Meta)


@dataclass(frozen=True, config=LENIENT)
class _CommentAdded:
    id: Key
    detail: _Detail
    event: _Added
    time: Moment = None


@dataclass(frozen=True, config=LENIENT)
class _TicketCreated:
    id: Key
    detail: _Detail
    event: _Created = Field(default_factory=_Created)
    time: Moment = None


@dataclass(frozen=True, config=LENIENT)
class _Words:
    id: Key
    body: str | None = None


@dataclass(frozen=True, config=LENIENT)
class _Said:
    actor: _Author
    message: _Words


@dataclass(frozen=True, config=LENIENT)
class _MessageAdded:
    detail: _Detail
    event: _Said
    time: Moment = None


def _yes(value: Any) -> Any:
    """Placeholders are text: Zendesk writes `true`, and nothing at all where there is no comment."""
    return value is True or value == "true"


@dataclass(frozen=True, config=LENIENT)
class _Triggered:
    """The body that docs/helpdesks/zendesk.md gives for a trigger."""

    ticket_id: Id
    message: str
    message_id: Reference = None
    public: Annotated[bool, BeforeValidator(_yes)] = False
    author_id: Reference = None
    customer_id: Reference = None
    customer_name: str | None = None
    agent_id: Reference = None
    channel: str | None = None
    written_at: Moment = None


_ENVELOPE = TypeAdapter(_Envelope)
_COMMENT_ADDED, _TICKET_CREATED = TypeAdapter(_CommentAdded), TypeAdapter(_TicketCreated)
_MESSAGE_ADDED, _TRIGGERED = TypeAdapter(_MessageAdded), TypeAdapter(_Triggered)


class Zendesk:
    """Zendesk Support, with or without messaging."""

    helpdesk = Helpdesk.ZENDESK

    def verify(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        _PROOF.check(delivery, secrets, now)

    def read(self, delivery: Delivery, channels: Channels) -> Event | Ignored:
        payload = read_json(delivery.body)
        envelope = read_as(_ENVELOPE, payload)
        if envelope.type == _COMMENT_EVENT:
            return _comment_added(read_as(_COMMENT_ADDED, payload), channels)
        if envelope.type == _CREATED_EVENT:
            return _ticket_created(read_as(_TICKET_CREATED, payload), channels)
        if envelope.type == _MESSAGING_EVENT:
            return _message_added(read_as(_MESSAGE_ADDED, payload), channels)
        if envelope.type is None:
            return _triggered(read_as(_TRIGGERED, payload), channels)
        return Ignored("an event that holds no message")

    def note(self, ticket: str, note: Note, account: Account) -> httpx.Request:
        body: Mapping[str, object] = {"ticket": {"comment": {"html_body": note.html, "public": False}}}
        return httpx.Request(
            "PUT", f"{account.url}/api/v2/tickets/{ticket}.json", headers=_authorization(account), json=body
        )


def _comment_added(added: _CommentAdded, channels: Channels) -> Event | Ignored:
    comment, detail = added.event.comment, added.detail
    if not comment.is_public:
        return Ignored("a private note")
    if comment.author.is_staff:
        return Ignored("written by an agent")
    if detail.via.channel in _CONVERSATIONS:
        return Ignored("repeats messages that came by themselves")
    return _event(_once(added.event.meta, added.id), detail, comment.author, comment.body, added.time, channels)


def _ticket_created(created: _TicketCreated, channels: Channels) -> Event | Ignored:
    detail = created.detail
    if not detail.is_public:
        return Ignored("a private note")
    if detail.actor_id != detail.requester_id:
        return Ignored("a ticket that an agent opened")
    if detail.via.channel in _CONVERSATIONS:
        return Ignored("repeats messages that came by themselves")
    once = _once(created.event.meta, created.id)
    return _event(once, detail, _Author(id=detail.requester_id), detail.description, created.time, channels)


def _message_added(added: _MessageAdded, channels: Channels) -> Event | Ignored:
    actor, message = added.event.actor, added.event.message
    if actor.type != "end_user":
        return Ignored("written by an agent or a bot")
    return _event(f"message-{message.id}", added.detail, actor, message.body, added.time, channels)


def _event(
    delivery_id: str,
    detail: _Detail,
    author: _Author,
    body: str | None,
    received_at: datetime | None,
    channels: Channels,
) -> Event | Ignored:
    channel = channel_of(detail.via.channel or "messaging", channels, _CHANNELS, Channel.EMAIL)
    message = message_of(body or "", channel)
    if message is None:
        return Ignored("no words")
    return Event(
        delivery_id=delivery_id,
        ticket=detail.id,
        message=message,
        channel=channel,
        customer_id=author.id,
        customer_name=name_of(author.name),
        agent_id=detail.assignee_id,
        received_at=received_at,
    )


def _triggered(called: _Triggered, channels: Channels) -> Event | Ignored:
    if not called.public:
        return Ignored("a private note")
    if called.author_id != called.customer_id:
        return Ignored("not written by the one who asked")
    channel = channel_of(called.channel, channels, _CHANNELS, Channel.EMAIL)
    message = message_of(called.message, channel)
    if message is None:
        return Ignored("no words")
    return Event(
        delivery_id=f"comment-{called.message_id or fingerprint(called.ticket_id, called.message)}",
        ticket=called.ticket_id,
        message=message,
        channel=channel,
        customer_id=called.customer_id,
        customer_name=name_of(called.customer_name),
        agent_id=called.agent_id,
        received_at=called.written_at,
    )


def _once(meta: _Meta, event_id: str) -> str:
    """A new ticket is told of twice, as a ticket and as a comment; both belong to one sequence."""
    return f"sequence-{meta.sequence.id}" if meta.sequence.id else f"event-{event_id}"


def _authorization(account: Account) -> Mapping[str, str]:
    """An API token belongs to a user; without one, the token is an OAuth access token."""
    if account.user:
        return calls.basic(f"{account.user}/token", account.token)
    return calls.bearer(account.token)
