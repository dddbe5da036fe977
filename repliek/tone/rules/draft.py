"""A suggestion before anybody sees it, with everything that it may be grounded in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from repliek.conversation import Channel
from repliek.tone.prose import Prose, plain, sentences_of
from repliek.tone.register import Register


# No slots: every rule shares the views below, each made once.
@dataclass(frozen=True)
class Draft:
    """A composed text and what it was composed from.

    Attributes:
        text: what would be sent.
        answers: what is said of the knowledge base, slots filled and in the register of the text.
        said: the message and the turns by the customer.
        known: the brand's own name and addresses, what slots were filled with, the customer's name, the agent's
            initials.
        language: ISO 639-1 code of the text.
        register: how the customer should be addressed.
        channel: where the text would be sent.
    """

    text: str
    answers: tuple[str, ...]
    said: tuple[str, ...]
    known: tuple[str, ...]
    language: str
    register: Register
    channel: Channel

    @classmethod
    def of_text(cls, text: str, language: str, register: Register) -> Draft:
        """Make a draft of a text of which nothing else is known, for the rules that look at the text alone."""
        return cls(text, (), (), (), language, register, Channel.CHAT)

    @cached_property
    def prose(self) -> Prose:
        """The whole text."""
        return Prose.read(self.text)

    @cached_property
    def rest(self) -> str:
        """The text without the answers that stand in it word for word."""
        rest = self.text
        for answer in self.answers:
            rest = _without(rest, answer.strip())
        return rest

    @cached_property
    def added(self) -> Prose:
        """The sentences that stand in no answer."""
        sentences = sentences_of(self.rest)
        if not sentences:
            return Prose(())
        in_parts = [answer for answer in self.answers if answer.strip() not in self.text]
        answered = {plain(sentence) for answer in in_parts for sentence in sentences_of(answer)}
        return Prose(tuple(sentence for sentence in sentences if plain(sentence) not in answered))

    @cached_property
    def own(self) -> str:
        """What the brand may say of itself: the answers and what is known, one below the other."""
        return "\n".join((*self.answers, *self.known))

    @cached_property
    def grounds(self) -> str:
        """What may be named: what the brand may say, and what the customer said."""
        return "\n".join((self.own, *self.said))


def _without(text: str, part: str) -> str:
    """Return `text` with a line end for `part`, where that stands between words."""
    start = text.find(part) if part else -1
    if start < 0:
        return text
    end = start + len(part)
    inside = (start and text[start - 1].isalnum()) or (end < len(text) and text[end].isalnum())
    return text if inside else f"{text[:start]}\n{text[end:]}"
