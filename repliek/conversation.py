"""What was said, where and by whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from repliek.errors import LimitError
from repliek.tone.register import Register

MAX_MESSAGE_CHARS = 20_000
"""Longest message that the engine reads; a long mail has some 5,000 characters."""

CONTEXT_CHARS = 300
"""How much of what was said before is read with a message; chosen on held-out folds of the bundled history."""


class Channel(StrEnum):
    """Where a conversation takes place; the value travels in JSON."""

    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    REVIEW = "review"
    DM = "dm"
    WHATSAPP = "whatsapp"
    CHAT = "chat"
    SMS = "sms"
    EMAIL = "email"
    PHONE = "phone"

    @property
    def public(self) -> bool:
        """Whether others than the customer can read along."""
        return self in {Channel.X, Channel.FACEBOOK, Channel.INSTAGRAM, Channel.REVIEW}


class Speaker(StrEnum):
    """Who wrote a turn."""

    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier contribution to a conversation."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A customer's message with what surrounds it.

    Attributes:
        message: the customer's latest words, the ones to be answered.
        channel: where they were written.
        turns: what was said before, oldest first.
        customer_name: first name for the greeting, when known.
        agent_initials: who signs, when known.
        language: ISO 639-1 code when the caller knows it; detected otherwise.
        register: how to address the customer when the caller decides; otherwise the brand does.
        received_at: when the message came in; now, when the caller does not say. A time without a zone is in UTC.
        replying_at: when the reply goes out; now, when the caller does not say.
        thread: the brand's last answers to others in the same public thread, oldest first: what stands there is not
            said again.

    Raises:
        LimitError: the message is empty, or longer than `MAX_MESSAGE_CHARS`.
    """

    message: str
    channel: Channel = Channel.CHAT
    turns: tuple[Turn, ...] = field(default=())
    customer_name: str | None = None
    agent_initials: str | None = None
    language: str | None = None
    register: Register | None = None
    received_at: datetime | None = None
    replying_at: datetime | None = None
    thread: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.message.strip():
            raise LimitError("message is empty; expected the customer's words")
        if len(self.message) > MAX_MESSAGE_CHARS:
            raise LimitError(
                f"message has {len(self.message)} characters; at most {MAX_MESSAGE_CHARS} are read, "
                "send the part to be answered"
            )

    @property
    def query(self) -> str:
        """The text that is encoded: see `query_text`."""
        return query_text(self.message, self.turns)

    @property
    def waited(self) -> timedelta:
        """How long the customer has waited when the reply goes out; no time at all where nobody knows since when."""
        if self.received_at is None:
            return timedelta()
        replying = in_utc(self.replying_at) if self.replying_at else datetime.now(UTC)
        return max(timedelta(), replying - in_utc(self.received_at))


def query_text(message: str, turns: tuple[Turn, ...] = ()) -> str:
    """Return the text that stands for a message when it is encoded: the end of what was said before, then the message.

    "Ja, gisteren" or a customer number says nothing by itself; what it answers does.
    """
    before = " ".join(turn.text.strip() for turn in turns)[-CONTEXT_CHARS:]
    return f"{before}\n{message.strip()}".strip()


def in_utc(moment: datetime) -> datetime:
    """Return `moment` in UTC; a time without a zone is in UTC already."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
