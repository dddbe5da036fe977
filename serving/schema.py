"""What travels over HTTP: requests, validated before the engine sees them, and responses.

Dataclasses instead of `BaseModel`, because a field called `register` would hide a method of the latter.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.dataclasses import dataclass

from repliek import conversation as engine
from repliek.conversation import MAX_MESSAGE_CHARS, Channel, Speaker
from repliek.decision import Abstention, Reason
from repliek.needs import Level, Need
from repliek.suggester import MAX_SUGGESTIONS
from repliek.suggestions import SuggestionSet, Tone
from repliek.tone.emotion import Emotion
from repliek.tone.phrases import Part
from repliek.tone.register import Register
from repliek.triage import Referral, Route
from serving.problems import Problem

MAX_TURNS = 50
MAX_BATCH = 64
MAX_NAME_CHARS = 100
MAX_INITIALS_CHARS = 10
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Between these a message may have been received: outside, dates cannot be reckoned with."""

_CLOSED = ConfigDict(extra="forbid")

# Variation selector 16 turns the character before it (a digit, too) into an emoji.
_EMOJI_OF_A_CHARACTER = re.compile(r".\ufe0f", re.DOTALL)


def _says_something(text: str) -> str:
    if not any(char.isalnum() for char in _EMOJI_OF_A_CHARACTER.sub("", text)):
        raise ValueError("expected words: at least one letter or digit")
    return text


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _refuse_timestamps(value: Any) -> Any:
    if isinstance(value, str | None):
        return value
    raise ValueError("expected date and time as text, such as 2026-11-21T09:30:00+01:00")


def _in_our_time(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise ValueError(f"expected a time from {EARLIEST.year} up to {LATEST.year}")
    return moment


Message = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_MESSAGE_CHARS),
    AfterValidator(_says_something),
]
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]


@dataclass(frozen=True, kw_only=True, config=_CLOSED)
class Turn:
    """One earlier contribution to the conversation."""

    speaker: Annotated[Speaker, Field(description="Who wrote it.")]
    text: Annotated[str, Field(max_length=MAX_MESSAGE_CHARS, description="What was written; may be empty.")]


@dataclass(frozen=True, kw_only=True, config=_CLOSED)
class Customer:
    """Who is answered."""

    name: Annotated[
        Annotated[str, StringConstraints(max_length=MAX_NAME_CHARS), AfterValidator(_on_one_line)] | None,
        Field(description="First name, for the greeting."),
    ] = None


@dataclass(frozen=True, kw_only=True, config=_CLOSED)
class Agent:
    """Who answers."""

    initials: Annotated[
        Annotated[str, StringConstraints(max_length=MAX_INITIALS_CHARS), AfterValidator(_on_one_line)] | None,
        Field(description="Initials, for the signature."),
    ] = None


@dataclass(frozen=True, kw_only=True, config=_CLOSED)
class SuggestRequest:
    """A customer's message, with what is known around it."""

    message: Annotated[Message, Field(description="The words to be answered; white space around them is dropped.")]
    channel: Annotated[Channel, Field(description="Where they were written.")] = Channel.CHAT
    conversation: Annotated[
        tuple[Turn, ...], Field(max_length=MAX_TURNS, description="What was said before, oldest first.")
    ] = ()
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
        BeforeValidator(_refuse_timestamps),
        Field(description="When the message came in, with time zone; now when left out."),
    ] = None
    replying_at: Annotated[
        Moment | None,
        BeforeValidator(_refuse_timestamps),
        Field(description="When the reply goes out, with time zone; now when left out."),
    ] = None
    thread: Annotated[
        tuple[Annotated[str, Field(max_length=MAX_MESSAGE_CHARS)], ...],
        Field(
            max_length=MAX_TURNS,
            description="Your last answers to others in the same public thread, oldest first: nothing is said twice.",
        ),
    ] = ()
    k: Annotated[StrictInt, Field(ge=1, le=MAX_SUGGESTIONS, description="How many suggestions at most.")] = 3

    def to_engine(self) -> engine.Conversation:
        """Return the same in the engine's terms."""
        return engine.Conversation(
            message=self.message,
            channel=self.channel,
            turns=tuple(engine.Turn(turn.speaker, turn.text) for turn in self.conversation),
            customer_name=(self.customer and self.customer.name) or None,
            agent_initials=(self.agent and self.agent.initials) or None,
            language=self.language,
            register=self.register,
            received_at=self.received_at,
            replying_at=self.replying_at,
            thread=self.thread,
        )


@dataclass(frozen=True, kw_only=True, config=_CLOSED)
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

    @classmethod
    def from_engine(cls, tone: Tone) -> ToneView:
        """Give what the engine read the digits that can be relied on."""
        confidence = None if tone.confidence is None else _four_digits(tone.confidence)
        return cls(register=tone.register, emotion=tone.emotion, confidence=confidence, sarcasm=tone.sarcasm)


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

    @classmethod
    def from_engine(cls, found: SuggestionSet, took_ms: float) -> SuggestResponse:
        """Give what the engine suggests an identity and the names of the HTTP contract."""
        set_id = uuid.uuid4().hex
        return cls(
            suggestion_set_id=set_id,
            language=found.language,
            intent=found.intent
            and IntentView(label=found.intent.label, confidence=_four_digits(found.intent.confidence)),
            tone=ToneView.from_engine(found.tone),
            suggestions=tuple(
                SuggestionView(
                    suggestion_id=f"{set_id}-{rank}",
                    answer_id=suggestion.answer_id,
                    answer_ids=suggestion.answer_ids,
                    text=suggestion.text,
                    posts=suggestion.posts,
                    parts=tuple(PartView(part=one.part, text=one.text) for one in suggestion.parts),
                    confidence=_four_digits(suggestion.confidence),
                    register=suggestion.register,
                    length=LengthView(used=suggestion.length.used, limit=suggestion.length.limit),
                    evidence=tuple(
                        EvidenceView(exchange_id=past.exchange_id, similarity=_four_digits(past.similarity))
                        for past in suggestion.evidence
                    ),
                )
                for rank, suggestion in enumerate(found.suggestions, start=1)
            ),
            matters=tuple(
                MatterView(
                    text=matter.text,
                    intent=matter.intent,
                    answer_id=matter.answer_id,
                    abstained=_silence(matter.abstained),
                )
                for matter in found.matters
            ),
            abstained=_silence(found.abstained),
            hand_over=_referral(found.hand_over),
            escalation=found.escalation
            and EscalationView(reasons=found.escalation.reasons, detail=found.escalation.detail),
            priority=PriorityView(level=found.priority.level, before=found.priority.before),
            warnings=found.warnings,
            due=DueView(first_reply=found.due.first_reply, solution=found.due.solution),
            bundle=found.bundle,
            took_ms=round(took_ms, 2),
        )


@dataclass(frozen=True, kw_only=True)
class BatchItem:
    """What became of one request of a batch: exactly one of the two is not `null`."""

    result: SuggestResponse | None
    problem: Problem | None


@dataclass(frozen=True, kw_only=True)
class BatchResponse:
    """One item for each request, in their order."""

    items: tuple[BatchItem, ...]


def _silence(abstained: Abstention | None) -> AbstentionView | None:
    return abstained and AbstentionView(reason=abstained.reason, detail=abstained.detail)


def _referral(hand_over: Referral | None) -> HandOverView | None:
    return hand_over and HandOverView(
        reasons=hand_over.reasons,
        detail=hand_over.detail,
        route=hand_over.route,
        address=hand_over.address,
        team=hand_over.team,
        opening=hand_over.opening,
    )


def _four_digits(value: float) -> float:
    return round(value, 4)
