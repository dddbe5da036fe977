"""Zammad: a webhook that a trigger calls, with Zammad's own payload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import httpx
from pydantic import Field, SecretStr, TypeAdapter
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel
from serving.helpdesks.adapter import Account, Answer, Channels, Delivery, Event, Helpdesk, Ignored, Note
from serving.helpdesks.channels import channel_of
from serving.helpdesks.payload import LENIENT, Id, Key, Moment, Reference, read_as, read_json
from serving.helpdesks.proof import BodySignature
from serving.helpdesks.text import from_html, initials_of, message_of, name_of

_PROOF = BodySignature()
_NOBODY = "1"
"""The id of the user "-", whom tickets belong to while nobody has taken them."""

_CHANNELS: Channels = {
    "email": Channel.EMAIL,
    "web": Channel.EMAIL,
    "note": Channel.EMAIL,
    "fax": Channel.EMAIL,
    "phone": Channel.PHONE,
    "sms": Channel.SMS,
    "chat": Channel.CHAT,
    "twitter_status": Channel.X,
    "twitter_direct_message": Channel.DM,
    "facebook_feed_post": Channel.FACEBOOK,
    "facebook_feed_comment": Channel.FACEBOOK,
    "facebook_direct_message": Channel.DM,
    "telegram_personal_message": Channel.DM,
    "whatsapp_message": Channel.WHATSAPP,
}
"""By article type."""


@dataclass(frozen=True, config=LENIENT)
class _User:
    id: Reference = None
    firstname: str | None = None
    lastname: str | None = None

    @property
    def name(self) -> str | None:
        return name_of(self.firstname, self.lastname)


@dataclass(frozen=True, config=LENIENT)
class _Ticket:
    id: Id
    customer: _User | None = None
    owner: _User | None = None


@dataclass(frozen=True, config=LENIENT)
class _Preferences:
    automatic: Annotated[bool, Field(alias="is-auto-response")] = False


@dataclass(frozen=True, config=LENIENT)
class _Article:
    id: Key
    sender: str
    internal: bool
    body: str | None = None
    type: str | None = None
    content_type: str = "text/html"
    created_by: _User | None = None
    origin_by_id: Reference = None
    preferences: _Preferences | None = None
    created_at: Moment = None


@dataclass(frozen=True, config=LENIENT)
class _Payload:
    ticket: _Ticket
    article: _Article | None = None


_PAYLOAD = TypeAdapter(_Payload)


class Zammad:
    """Zammad, hosted or self-hosted."""

    helpdesk = Helpdesk.ZAMMAD

    def verify(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        _PROOF.check(delivery, secrets, now)

    def read(self, delivery: Delivery, channels: Channels) -> Event | Ignored:
        payload = read_as(_PAYLOAD, read_json(delivery.body))
        article = payload.article
        if article is None:
            return Ignored("a change of the ticket without a new article")
        if article.internal:
            return Ignored("a private note")
        if article.sender != "Customer":
            return Ignored("not written by a customer")
        if article.preferences and article.preferences.automatic:
            return Ignored("an automatic reply")
        return _event(payload.ticket, article, channels)

    def note(self, ticket: str, note: Note, account: Account) -> httpx.Request:
        headers = {"Authorization": f"Token token={account.token.get_secret_value()}"}
        if account.answer is Answer.DRAFT and note.draft is not None:
            draft: Mapping[str, object] = {
                "new_article": {"body": note.draft, "content_type": "text/html", "type": "email", "internal": False},
                "ticket_attributes": {},
            }
            return httpx.Request(
                "PUT", f"{account.url}/api/v1/tickets/{ticket}/shared_draft", headers=headers, json=draft
            )
        article: Mapping[str, object] = {
            "ticket_id": int(ticket) if ticket.isdecimal() else ticket,
            "body": note.html,
            "content_type": "text/html",
            "type": "note",
            "internal": True,
            "sender": "Agent",
        }
        return httpx.Request("POST", f"{account.url}/api/v1/ticket_articles", headers=headers, json=article)


def _event(ticket: _Ticket, article: _Article, channels: Channels) -> Event | Ignored:
    channel = channel_of(article.type, channels, _CHANNELS, Channel.EMAIL)
    body = article.body or ""
    message = message_of(from_html(body) if article.content_type == "text/html" else body, channel)
    if message is None:
        return Ignored("no words")
    writer = _writer(ticket, article)
    owner = ticket.owner if ticket.owner and ticket.owner.id != _NOBODY else _User()
    return Event(
        delivery_id=f"article-{article.id}",
        ticket=ticket.id,
        message=message,
        channel=channel,
        customer_id=writer.id,
        customer_name=writer.name,
        agent_id=owner.id,
        agent_initials=initials_of(owner.name),
        received_at=article.created_at,
    )


def _writer(ticket: _Ticket, article: _Article) -> _User:
    """Return who said it: of a phone call an agent writes the article, and in mail others than the customer join in."""
    customer, creator = ticket.customer or _User(), article.created_by or _User()
    by = article.origin_by_id or creator.id
    return next((user for user in (customer, creator) if user.id and user.id == by), _User(id=by))
