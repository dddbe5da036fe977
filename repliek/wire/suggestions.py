"""`POST /v1/suggest` and `POST /v1/suggest/batch`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema
from pydantic.dataclasses import dataclass

from repliek.conversation import MAX_MESSAGE_CHARS, Channel, Speaker
from repliek.decision import MAX_SUGGESTIONS, Reason
from repliek.needs import Level, Need
from repliek.tone.register import Register
from repliek.vocabulary import Emotion, Part, Route
from repliek.wire.fields import CLOSED, AgentId, AsNumber, Id, Moment, OnOneLine, closed_with_example
from repliek.wire.problems import Problem

MAX_TURNS = 50
MAX_BATCH = 64
MAX_NAME_CHARS = 100
MAX_INITIALS_CHARS = 10

# Variation selector 16 turns the character before it (a digit, too) into an emoji.
_EMOJI_OF_A_CHARACTER = re.compile(r".\ufe0f", re.DOTALL)

# The same as a pattern, so that the OpenAPI document says exactly what is accepted.
_SAYING_SOMETHING = r"[\p{L}\p{N}](?!\ufe0f)"


def _says_something(text: str) -> str:
    if not any(char.isalnum() for char in _EMOJI_OF_A_CHARACTER.sub("", text)):
        raise ValueError("expected words: at least one letter or digit")
    return text


Message = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_MESSAGE_CHARS),
    AfterValidator(_says_something),
    Field(json_schema_extra={"pattern": _SAYING_SOMETHING}),
]


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Turn:
    """One earlier contribution to the conversation."""

    speaker: Annotated[Speaker, Field(description="Who wrote it.")]
    text: Annotated[str, Field(max_length=MAX_MESSAGE_CHARS, description="What was written; may be empty.")]


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Customer:
    """Who is answered."""

    name: Annotated[
        Annotated[str, StringConstraints(max_length=MAX_NAME_CHARS), OnOneLine] | None,
        Field(description="First name, for the greeting."),
    ] = None
    id: Annotated[
        Id | None,
        Field(description="What the customer is called in your system: their data can be erased by it."),
    ] = None


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Agent:
    """Who answers."""

    initials: Annotated[
        Annotated[str, StringConstraints(max_length=MAX_INITIALS_CHARS), OnOneLine] | None,
        Field(description="Initials, for the signature."),
    ] = None
    id: Annotated[AgentId | None, Field(description="What the agent is called in your system.")] = None


@dataclass(
    frozen=True,
    kw_only=True,
    config=closed_with_example(
        message="Mijn pakket zou gisteren komen, maar ik heb nog niets ontvangen. Waar blijft het?",
        channel="chat",
        customer={"name": "Eric"},
        agent={"initials": "EK"},
    ),
)
class SuggestRequest:
    """A customer's message, with what is known around it."""

    message: Annotated[Message, Field(description="The words to be answered; white space around them is dropped.")]
    channel: Annotated[Channel, Field(description="Where they were written.")] = Channel.CHAT
    conversation: Annotated[
        tuple[Turn, ...], Field(max_length=MAX_TURNS, description="What was said before, oldest first.")
    ] = ()
    conversation_id: Annotated[Id | None, Field(description="What the conversation is called in your system.")] = None
    customer: Customer | None = None
    agent: Agent | None = None
    language: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None,
        Field(description="ISO 639-1 code; detected when left out."),
    ] = None
    register: Annotated[
        Register | None, Field(description="How to address the customer; the brand decides when left out.")
    ] = None
    received_at: Annotated[
        Moment | None,
        Field(description="When the message came in, with time zone; now when left out."),
    ] = None
    replying_at: Annotated[
        Moment | None,
        Field(description="When the reply goes out, with time zone; now when left out."),
    ] = None
    thread: Annotated[
        tuple[Annotated[str, Field(max_length=MAX_MESSAGE_CHARS)], ...],
        Field(
            max_length=MAX_TURNS,
            description="Your last answers to others in the same public thread, oldest first: nothing is said twice.",
        ),
    ] = ()
    k: Annotated[int, Field(ge=1, le=MAX_SUGGESTIONS, description="How many suggestions at most."), AsNumber] = 3


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class BatchRequest:
    """Up to 64 requests at once. Each is judged by itself: a wrong one does not hinder the others."""

    items: Annotated[
        list[Any],
        Field(min_length=1, max_length=MAX_BATCH),
        # Items are validated one by one later, but this is what they should be.
        WithJsonSchema(
            {
                "type": "array",
                "items": {"$ref": "#/components/schemas/SuggestRequest"},
                "minItems": 1,
                "maxItems": MAX_BATCH,
                "title": "Items",
            }
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class IntentView:
    """What the customer wants."""

    label: str
    confidence: Annotated[float, Field(description="Calibrated probability.")]


@dataclass(frozen=True, kw_only=True)
class ToneView:
    """How the customer writes."""

    register: Annotated[Register | None, Field(description="`null` where je and u are mixed.")]
    emotion: Emotion
    confidence: Annotated[
        float | None,
        Field(description="Calibrated probability of the emotion; `null` where the bundle cannot read any."),
    ]
    sarcasm: Annotated[bool, Field(description="Whether the message means another thing than it says, as a reproach.")]


@dataclass(frozen=True, kw_only=True)
class LengthView:
    """Length in the channel's own units."""

    used: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class PartView:
    """What a text is composed of."""

    part: Part
    text: str


@dataclass(frozen=True, kw_only=True)
class EvidenceView:
    """A past message that speaks for a suggestion."""

    exchange_id: str
    similarity: Annotated[float, Field(description="Cosine; not a probability.")]


@dataclass(frozen=True, kw_only=True)
class SuggestionView:
    """An answer, composed for this conversation."""

    suggestion_id: str
    answer_id: Annotated[str, Field(description="Of several answers in one text, the one to the first matter.")]
    answer_ids: Annotated[tuple[str, ...], Field(description="Every answer in the text, in its order.")]
    text: str
    posts: Annotated[
        tuple[str, ...], Field(description="The text as the channel takes it: one, or several that are numbered.")
    ]
    parts: Annotated[tuple[PartView, ...], Field(description="What the text is composed of, in reading order.")]
    confidence: Annotated[float, Field(description="Calibrated probability that an agent would send it.")]
    register: Register
    length: LengthView
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, kw_only=True)
class AbstentionView:
    """Why nothing is suggested."""

    reason: Reason
    detail: str


@dataclass(frozen=True, kw_only=True)
class MatterView:
    """One of several things that the message asks."""

    text: Annotated[str, Field(description="The customer's words for it.")]
    intent: str | None
    answer_id: Annotated[str | None, Field(description="The answer to it; `null` where there is none.")]
    abstained: Annotated[AbstentionView | None, Field(description="Why there is no answer to it.")]


@dataclass(frozen=True, kw_only=True)
class HandOverView:
    """Who takes the conversation on, and how a human may begin."""

    reasons: Annotated[tuple[Need, ...], Field(description="Why a human must decide, the gravest first.")]
    detail: Annotated[str, Field(description="The same for people; no word of the customer's.")]
    route: Annotated[Route, Field(description="How the conversation goes on.")]
    address: Annotated[str | None, Field(description="Of that route; `null` where the brand names none.")]
    team: Annotated[str | None, Field(description="Who takes it on; `null` where the brand names none.")]
    opening: Annotated[str, Field(description="What an agent may send first; it is no answer.")]


@dataclass(frozen=True, kw_only=True)
class EscalationView:
    """An alarm: somebody beyond the agent must know at once."""

    reasons: Annotated[tuple[Need, ...], Field(description="Why, the gravest first.")]
    detail: Annotated[str, Field(description="The same for people; no word of the customer's.")]


@dataclass(frozen=True, kw_only=True)
class PriorityView:
    """How pressing the message is: the earliest `before` goes first."""

    level: Level
    before: Annotated[datetime, Field(description="When a human should have looked at it.")]


@dataclass(frozen=True, kw_only=True)
class DueView:
    """When the brand's promises run out."""

    first_reply: datetime
    solution: datetime


@dataclass(frozen=True, kw_only=True)
class SuggestResponse:
    """Suggestions, best first, or the reason why there are none."""

    suggestion_set_id: str
    language: str
    intent: IntentView | None
    tone: ToneView
    suggestions: tuple[SuggestionView, ...]
    matters: Annotated[
        tuple[MatterView, ...],
        Field(description="What the message asks, where it asks several things; empty otherwise."),
    ]
    abstained: Annotated[AbstentionView | None, Field(description="When not `null`, `suggestions` is empty.")]
    hand_over: Annotated[
        HandOverView | None,
        Field(description="When not `null`, a human must decide; suggestions may stand beside it."),
    ]
    escalation: Annotated[EscalationView | None, Field(description="When not `null`, it cannot wait for one agent.")]
    priority: PriorityView
    warnings: Annotated[tuple[str, ...], Field(description="What to look at before sending.")]
    due: DueView
    bundle: Annotated[str, Field(description="The trained bundle that suggested.")]
    took_ms: Annotated[float, Field(description="Time in the server; in a batch, that of the whole batch.")]


@dataclass(frozen=True, kw_only=True)
class BatchItem:
    """What became of one request of a batch: exactly one of the two is not `null`."""

    result: SuggestResponse | None
    problem: Problem | None


@dataclass(frozen=True, kw_only=True)
class BatchResponse:
    """One item for each request, in their order."""

    items: tuple[BatchItem, ...]
