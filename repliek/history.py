"""What was asked and replied before: the exchanges from which everything is learned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel, Speaker, Turn, query_text
from repliek.tone.emotion import Emotion
from repliek.tone.register import Register

OUT_OF_SCOPE = "out_of_scope"
"""The intent that marks messages which the knowledge base does not serve."""


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class ContextTurn:
    """One earlier turn, as it stands in a file."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Exchange:
    """A historic message, with its reply and labels where they are known."""

    exchange_id: str = Field(min_length=1, max_length=200)
    message: str = Field(min_length=1, max_length=100_000)
    reply: str | None = None
    answer_id: str | None = None
    suggested: str | None = None
    intent: str | None = None
    conversation_id: str | None = None
    context: tuple[ContextTurn, ...] = ()
    channel: Channel | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    register: Register | None = None
    emotion: Emotion | None = None
    sarcasm: bool | None = None
    asked_at: datetime | None = None
    replied_at: datetime | None = None
    agent: str | None = None
    outcome: str | None = None

    @field_validator("message", "exchange_id")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("expected text, found only white space")
        return value

    @field_validator("reply", "answer_id", "suggested", "intent")
    @classmethod
    def _blank_is_none(cls, value: str | None) -> str | None:
        return value if value and value.strip() else None

    @property
    def conversation(self) -> str:
        """What exchanges of one conversation share; an exchange that names none is one by itself."""
        return self.conversation_id or self.exchange_id

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The context in the engine's own terms."""
        return tuple(Turn(turn.speaker, turn.text) for turn in self.context)

    @property
    def sent_at(self) -> datetime | None:
        """When the reply was sent, or else when the message came in."""
        return self.replied_at or self.asked_at

    @property
    def query(self) -> str:
        """The text that is encoded, the same that a new message is encoded by."""
        return query_text(self.message, self.turns)

    @property
    def wording(self) -> str:
        """The query without capitals and line ends: what two exchanges share that say the same in the same words."""
        return " ".join(self.query.lower().split())

    @property
    def sarcastic(self) -> bool | None:
        """Whether it is sarcastic, as far as labels tell: sarcasm is frustration, so who feels another thing is not."""
        if self.sarcasm is not None:
            return self.sarcasm
        return None if self.emotion in {None, Emotion.FRUSTRATED} else False

    @property
    def in_scope(self) -> bool:
        return self.intent != OUT_OF_SCOPE


def intent_labels(history: Iterable[Exchange]) -> tuple[str, ...]:
    """Return the intents that can be learned from a history, in the order of a head's columns."""
    return tuple(sorted({exchange.intent for exchange in history if exchange.intent and exchange.in_scope}))
