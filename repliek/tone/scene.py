"""One conversation as a reply has to fit it: read once, whatever is said in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from repliek.brand import Brand
from repliek.conversation import Conversation, Speaker
from repliek.tone.emotion import Emotion, EmotionReading
from repliek.tone.mentions import mentioned
from repliek.tone.names import first_name, formal_name, signing_initials
from repliek.tone.phrases import Situation
from repliek.tone.register import Register
from repliek.variants import Occasion

SURE = 0.5
"""Less sure of an emotion than this, a reply that speaks to it would more often be wrong than right."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What surrounds a reply.

    Attributes:
        conversation: what was said.
        occasion: what an answer's wording has to fit.
        emotion: which the reply speaks to.
        intent: what the message wants, `None` without an intent head.
        grave: whether lightness would hurt.
        exposed: whether the customer shows personal data to others.
        values: what slots of phrases can be filled with.
    """

    conversation: Conversation
    occasion: Occasion
    emotion: Emotion = Emotion.NEUTRAL
    intent: str | None = None
    grave: bool = False
    exposed: bool = False
    values: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def read(
        cls,
        conversation: Conversation,
        occasion: Occasion,
        brand: Brand,
        *,
        emotion: Emotion = Emotion.NEUTRAL,
        intent: str | None = None,
        grave: bool = False,
        exposed: bool = False,
    ) -> Scene:
        """Read what can be said back to the customer: of what they mentioned, nothing where no feeling is spoken to."""
        name, products = conversation.customer_name or "", brand.products.get(occasion.language, {})
        speaks = emotion is not Emotion.NEUTRAL
        known = {
            **brand.facts,
            **(mentioned(conversation.message, occasion.language, products, occasion.day) if speaks else {}),
            "brand": brand.name,
            "first_name": first_name(name),
            "formal_name": formal_name(name, occasion.language),
            "initials": signing_initials(conversation.agent_initials or "") if brand.signature.initials else None,
        }
        values = {name: value for name, value in known.items() if value}
        return cls(conversation, occasion, emotion, intent, grave, exposed, values)

    @property
    def said_by_brand(self) -> tuple[str, ...]:
        """The brand's earlier texts in this conversation or public thread."""
        return (*self._turns_of(Speaker.AGENT), *self.conversation.thread)

    @property
    def said_by_customer(self) -> tuple[str, ...]:
        """What the customer wrote, the message to be answered last."""
        return (*self._turns_of(Speaker.CUSTOMER), self.conversation.message)

    @property
    def answered_before(self) -> bool:
        """Whether the brand has already spoken to this customer."""
        return bool(self._turns_of(Speaker.AGENT))

    def situation(self, register: Register) -> Situation:
        """Return what a phrase has to fit, beside an answer in `register`."""
        return Situation(
            language=self.occasion.language,
            register=register,
            channel=self.occasion.channel,
            emotion=self.emotion,
            intent=self.intent,
            values=self.values,
            said=self.said_by_brand,
            seed=self.conversation.message,
        )

    def _turns_of(self, speaker: Speaker) -> tuple[str, ...]:
        return tuple(turn.text for turn in self.conversation.turns if turn.speaker is speaker)


def speaks_to(reading: EmotionReading, *, humour: bool) -> Emotion:
    """Return the emotion that a reply speaks to.

    Args:
        reading: of the message.
        humour: whether the brand can joke, and nothing is wrong.
    """
    if reading.sarcastic:
        return Emotion.FRUSTRATED
    sure = reading.confidence is not None and reading.confidence >= SURE
    if not sure or (reading.emotion is Emotion.PLAYFUL and not humour):
        return Emotion.NEUTRAL
    return reading.emotion
