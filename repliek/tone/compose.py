"""From an answer to a suggestion: greet, fill in, sign, and keep within the channel's limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from repliek.brand import Brand
from repliek.conversation import Channel, Conversation, Speaker
from repliek.knowledge import SLOT, Answer
from repliek.tone.channels import Length, measure
from repliek.tone.register import Register

_GREETINGS: Mapping[tuple[str, Register], tuple[str, str]] = {
    # language, register: with a name, without one
    ("nl", Register.JE): ("Hoi {name},", "Hoi,"),
    ("nl", Register.U): ("Beste {name},", "Goedendag,"),
    ("nl", Register.NEUTRAL): ("Dag {name},", "Goedendag,"),
    ("en", Register.NEUTRAL): ("Hi {name},", "Hello,"),
}


@dataclass(frozen=True, slots=True)
class Composed:
    """A text that is ready for an agent's eye.

    Attributes:
        text: what would be sent.
        length: used and allowed, in the channel's own units.
        open_slots: places that nobody could fill; they stand in the text as `{name}`.
    """

    text: str
    length: Length
    open_slots: tuple[str, ...]


class Composer:
    """Composes in a brand's name."""

    def __init__(self, brand: Brand) -> None:
        self._brand = brand

    def compose(self, answer: Answer, conversation: Conversation, register: Register) -> Composed:
        """Put `answer` in the form of a reply to `conversation`, greeting in `register`: see `compose_together`."""
        return self.compose_together([answer], conversation, register)

    def compose_together(self, answers: Sequence[Answer], conversation: Conversation, register: Register) -> Composed:
        """Put one or more `answers` in one language in the form of one reply: greeted once, and signed once.

        The greeting is optional: it is left out after an earlier turn of an agent, and where the
        text would otherwise exceed the channel's limit. The answers themselves are never shortened,
        so the result may still be too long; `length.fits` tells.
        """
        between = "\n\n" if conversation.channel is Channel.EMAIL else "\n"
        text = between.join(answer.text for answer in answers)
        return self.compose_text(text, answers[0].language, conversation, register)

    def compose_text(self, text: str, language: str, conversation: Conversation, register: Register) -> Composed:
        """Put a text in `language` in the form of a reply, as `compose_together` does."""
        body, open_slots = self._fill(text, conversation)
        greeting = self._greeting(language, register, conversation)
        closing = self._closing(language, conversation)
        text = _joined(conversation.channel, greeting, body, closing)
        length = measure(text, conversation.channel)
        if greeting and not length.fits:
            text = _joined(conversation.channel, "", body, closing)
            length = measure(text, conversation.channel)
        return Composed(text, length, open_slots)

    def _fill(self, text: str, conversation: Conversation) -> tuple[str, tuple[str, ...]]:
        values = dict(self._brand.slots)
        if self._brand.hand_over.phone:
            values.setdefault("service_phone", self._brand.hand_over.phone)
        if self._brand.hand_over.dm:
            values.setdefault("dm_link", self._brand.hand_over.dm)
        if conversation.customer_name:
            values["first_name"] = conversation.customer_name
        filled = SLOT.sub(lambda slot: values.get(slot[1], slot[0]), text)
        return filled, tuple(dict.fromkeys(name for name in SLOT.findall(text) if name not in values))

    def _greeting(self, language: str, register: Register, conversation: Conversation) -> str:
        if any(turn.speaker is Speaker.AGENT for turn in conversation.turns):
            return ""
        forms = _GREETINGS.get((language, register)) or _GREETINGS.get((language, Register.NEUTRAL))
        if forms is None:
            return ""
        with_name, without_name = forms
        name = conversation.customer_name
        return with_name.format(name=name) if name else without_name

    def _closing(self, language: str, conversation: Conversation) -> str:
        initials = conversation.agent_initials if self._brand.signature.initials else None
        if conversation.channel is Channel.EMAIL:
            lines = [self._brand.signature.closing.get(language, ""), initials or "", self._brand.name]
            return "\n".join(line for line in lines if line)
        return f"^{initials}" if initials else ""


def _joined(channel: Channel, greeting: str, body: str, closing: str) -> str:
    if channel is Channel.EMAIL:
        return "\n\n".join(part for part in (greeting, body, closing) if part)
    signed = f"{body} {closing}" if closing else body
    return f"{greeting}\n{signed}" if greeting else signed
