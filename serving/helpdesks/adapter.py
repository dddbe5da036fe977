"""What every helpdesk can do for us: prove that it sent a webhook, tell what a customer wrote, and take a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import httpx
from pydantic import SecretStr

from repliek.conversation import Channel, Turn

Channels = Mapping[str, Channel]
"""Repliek's channel by a helpdesk's own word for it, the word as `channels.plain` writes it."""


class Helpdesk(StrEnum):
    """Who sends webhooks; the value stands in addresses and settings."""

    ZENDESK = "zendesk"
    CHATWOOT = "chatwoot"
    ZAMMAD = "zammad"
    FRESHDESK = "freshdesk"
    INTERCOM = "intercom"
    STANDARD = "standard"


class Answer(StrEnum):
    """How a suggestion reaches the agent; the value stands in settings."""

    NOTE = "note"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook as it came in.

    Attributes:
        body: the bytes that were sent, before anything has read them.
        headers: by lower-case name.
        token: the `token` of the address's query, for a helpdesk that cannot sign.
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    token: str | None = None

    @classmethod
    def of(cls, body: bytes, headers: Mapping[str, str], token: str | None = None) -> Delivery:
        """Take headers in whatever case they came."""
        return cls(body, {name.lower(): value for name, value in headers.items()}, token)


@dataclass(frozen=True, slots=True)
class Event:
    """A customer's message, out of a webhook.

    Attributes:
        delivery_id: the same for every delivery of the same message. It comes from the signed body, never from a header
            that anybody can change on the way.
        ticket: where a note goes: what `Adapter.note` takes.
        message: the words to be answered.
        channel: where they were written.
        turns: what was said before, as far as the webhook tells, oldest first.
        customer_id: the helpdesk's own, `None` where it tells none.
        customer_name: as the helpdesk writes it.
        agent_id: of whom the ticket is assigned to, `None` where nobody is.
        agent_initials: of the same.
        received_at: when the customer wrote, with time zone.
    """

    delivery_id: str
    ticket: str
    message: str
    channel: Channel
    turns: tuple[Turn, ...] = ()
    customer_id: str | None = None
    customer_name: str | None = None
    agent_id: str | None = None
    agent_initials: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A webhook that asks for nothing; `reason` says why, without a word of what was written."""

    reason: str


@dataclass(frozen=True, slots=True)
class Account:
    """With what an adapter calls its helpdesk.

    Attributes:
        url: without a slash at its end.
        token: of the helpdesk's API.
        user: whom the token belongs to, where the helpdesk asks.
        answer: as a note, or as a draft where the helpdesk knows them.
    """

    url: str
    token: SecretStr
    user: str | None = None
    answer: Answer = Answer.NOTE


@dataclass(frozen=True, slots=True)
class Note:
    """What an agent is shown.

    Attributes:
        text: plain text.
        html: the same, safe to show as HTML.
        draft: the best suggestion alone as HTML, `None` where an agent must read the note first.
    """

    text: str
    html: str
    draft: str | None = None


class Adapter(Protocol):
    """One helpdesk."""

    @property
    def helpdesk(self) -> Helpdesk:
        """Which one."""
        ...

    def verify(self, delivery: Delivery, secrets: Sequence[SecretStr], now: datetime) -> None:
        """Return when the helpdesk sent the delivery, proved by any of `secrets`.

        Raises:
            Unproven: it is not proved, or it is too old.
        """
        ...

    def read(self, delivery: Delivery, channels: Channels) -> Event | Ignored:
        """Return what a customer wrote, or why there is nothing to answer.

        Args:
            delivery: a verified one.
            channels: of the source; they go before the adapter's own.

        Raises:
            PayloadError: the body is not what the helpdesk's documentation says.
        """
        ...

    def note(self, ticket: str, note: Note, account: Account) -> httpx.Request:
        """Return the call that shows `note` to agents, and to nobody else."""
        ...
