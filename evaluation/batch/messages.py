"""A message to be answered, as it stands in a row of a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field
from pydantic.dataclasses import dataclass

from repliek.conversation import MAX_MESSAGE_CHARS, Channel, Conversation, Turn
from repliek.history import ContextTurn
from repliek.tone.register import Register

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Between these a message may have been received: outside, dates cannot be reckoned with."""

_NOON = time(12, tzinfo=UTC)

# Columns of their own are left out of exports and histories alike.
_OPEN = ConfigDict(extra="ignore")


def _says_something(text: str) -> str:
    if not text.strip():
        raise ValueError("expected text, found only white space")
    return text


def _in_a_fixed_zone(moment: datetime) -> datetime:
    """Leave the rules of a zone behind, which JSON cannot carry: a day later is 24 hours later."""
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()))


_Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST), AfterValidator(_in_a_fixed_zone)]


@dataclass(frozen=True, kw_only=True, config=_OPEN)
class Customer:
    """Who is answered."""

    name: str | None = None


@dataclass(frozen=True, kw_only=True, config=_OPEN)
class Agent:
    """Who answers."""

    initials: str | None = None


@dataclass(frozen=True, kw_only=True, config=_OPEN)
class Message:
    """A row: what a request over HTTP may hold, or what an exchange of a history does. Other columns are ignored.

    Attributes:
        message: the customer's words.
        id, exchange_id: either; what the row is called in the output.
        conversation, context: either; what was said before, oldest first.
        agent: as in a request; in a history it is somebody's name, which says nothing here.
        customer_name, agent_initials: for tables, whose cells hold no objects.
        register: how to address the customer; the brand decides without it.
        received_at: when the message came in, with time zone.
        replying_at: when the reply goes out, with time zone.
        thread: the brand's last answers in the same public thread.
    """

    message: Annotated[str, Field(max_length=MAX_MESSAGE_CHARS), AfterValidator(_says_something)]
    id: str | None = None
    exchange_id: str | None = None
    channel: Channel | None = None
    conversation: tuple[ContextTurn, ...] = ()
    context: tuple[ContextTurn, ...] = ()
    customer: Customer | None = None
    agent: Agent | str | None = None
    customer_name: str | None = None
    agent_initials: str | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    register: Register | None = None
    received_at: _Moment | None = None
    replying_at: _Moment | None = None
    thread: tuple[str, ...] = ()

    def named(self, name: str) -> Message:
        """Return the message with an id: its own, or `name`."""
        return replace(self, id=self.id or self.exchange_id or name)

    def to_engine(self, day: date) -> Conversation:
        """Return the message in the engine's terms; `day` is when it came in, if the row does not say.

        Where the row does not say when the reply goes out, it does so at once: a file is answered today as tomorrow.
        """
        received = self.received_at or datetime.combine(day, _NOON)
        agent = self.agent if isinstance(self.agent, Agent) else Agent()
        customer = self.customer or Customer()
        return Conversation(
            message=self.message,
            channel=self.channel or Channel.CHAT,
            turns=tuple(Turn(turn.speaker, turn.text) for turn in self.conversation or self.context),
            customer_name=self.customer_name or customer.name,
            agent_initials=self.agent_initials or agent.initials,
            language=self.language,
            register=self.register,
            received_at=received,
            replying_at=self.replying_at or received,
            thread=self.thread,
        )
