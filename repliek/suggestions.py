"""What comes out: suggestions for one message, or silence with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from repliek.brand import ReplyTimes
from repliek.decision import Abstention
from repliek.hours import OpeningHours
from repliek.matters import Matter
from repliek.tone.channels import Length
from repliek.tone.emotion import Emotion, EmotionReading
from repliek.tone.plan import Segment
from repliek.tone.register import Register
from repliek.triage import Escalation, Priority, Referral


@dataclass(frozen=True, slots=True)
class PastExchange:
    """A past message that speaks for a suggestion. `similarity` is a raw cosine in the bundle's space."""

    exchange_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer, ranked and composed for this conversation; or several, where the message holds several matters.

    Attributes:
        answer_id: the answer; of several, that to the first matter.
        text: what would be sent.
        confidence: calibrated probability that an agent would send the answer; of several, all of them.
        register: how the text addresses the customer.
        length: of the text.
        evidence: past messages that speak for it, nearest first.
        further: the other answers in the text, in the order of the matters.
        parts: what the text is composed of, in reading order.
        posts: the text as the channel takes it: one, or several that are numbered.
    """

    answer_id: str
    text: str
    confidence: float
    register: Register
    length: Length
    evidence: tuple[PastExchange, ...]
    further: tuple[str, ...] = ()
    parts: tuple[Segment, ...] = ()
    posts: tuple[str, ...] = ()

    @property
    def answer_ids(self) -> tuple[str, ...]:
        """Every answer in the text."""
        return (self.answer_id, *self.further)


@dataclass(frozen=True, slots=True)
class Intent:
    """The likeliest intent, with its calibrated probability."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Tone:
    """How the customer writes.

    Attributes:
        register: `None` where je and u are mixed.
        emotion: the one that is read.
        confidence: calibrated probability of the emotion; `None` where the bundle cannot read any.
        sarcasm: whether the message means another thing than it says, as a reproach.
    """

    register: Register | None
    emotion: Emotion
    confidence: float | None
    sarcasm: bool

    @classmethod
    def of(cls, register: Register | None, reading: EmotionReading) -> Tone:
        """Put together what rules and heads read of one message."""
        return cls(register, reading.emotion, reading.confidence, reading.sarcastic)


@dataclass(frozen=True, slots=True)
class Due:
    """When the brand's promises run out.

    "A reply within 60 minutes" counts while somebody is there to reply: within opening hours. "Solved within 24 hours"
    is what the clock says, from when the brand first had a chance to see the message: a time that would run out while
    it is closed does so when it opens, and never before the first reply.
    """

    first_reply: datetime
    solution: datetime

    @classmethod
    def after(cls, received: datetime, times: ReplyTimes, hours: OpeningHours) -> Due:
        """Reckon from when a message came in; what comes out is in that moment's zone."""
        first_reply = hours.add(received, times.first_reply)
        return cls(first_reply, max(first_reply, hours.add_on_the_clock(received, times.solution)))


@dataclass(frozen=True, slots=True)
class SuggestionSet:
    """What an agent is shown for one message.

    Attributes:
        language: of the message.
        intent: the likeliest one of the whole message.
        tone: how the customer writes.
        suggestions: best first; where there are matters, one text that answers all goes before one for each.
        abstained: why there are none.
        warnings: what an agent should look at before sending.
        due: when the brand's promises run out.
        bundle: name of the bundle.
        priority: how soon a human should look at it.
        matters: what the message asks, where it asks several things; empty otherwise.
        hand_over: to whom the conversation goes, where a human must decide; suggestions may stand beside it.
        escalation: the alarm, where it cannot wait for one agent.
    """

    language: str
    intent: Intent | None
    tone: Tone
    suggestions: tuple[Suggestion, ...]
    abstained: Abstention | None
    warnings: tuple[str, ...]
    due: Due
    bundle: str
    priority: Priority
    matters: tuple[Matter, ...] = ()
    hand_over: Referral | None = None
    escalation: Escalation | None = None
