"""Why a human must decide: what a customer's words and the course of a conversation give away.

Rules, not a model: a threat, a death or a danger is rare in any history, and whoever is called in wants to know why.
Each signal looks for one need and has its own excuses: words that are negated, quoted, asked after or joked about.
A signal has a name and never repeats what the customer wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from repliek.conversation import Channel, Conversation, Speaker

CONTACTS = 3
"""A customer who has already been answered so often, and writes again, is not helped by one more answer."""


class Level(StrEnum):
    """How pressing a message is; the value travels in JSON."""

    NORMAL = "normal"
    RAISED = "raised"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def patience(self) -> float:
        """How much of the brand's reply time such a message may wait: all of it, or less."""
        return _PATIENCE[self]


_PATIENCE = {Level.NORMAL: 1.0, Level.RAISED: 0.5, Level.HIGH: 0.25, Level.URGENT: 0.0}


class Need(StrEnum):
    """Why a human must decide, the gravest first; the value travels in JSON."""

    SELF_HARM = "self_harm"
    DANGER = "danger"
    DATA_BREACH = "data_breach"
    LEGAL_THREAT = "legal_threat"
    REGULATOR_THREAT = "regulator_threat"
    PRESS_THREAT = "press_threat"
    DISCRIMINATION = "discrimination"
    BEREAVEMENT = "bereavement"
    VULNERABLE = "vulnerable"
    BROKEN_PROMISE = "broken_promise"
    THIRD_CONTACT = "third_contact"

    @property
    def level(self) -> Level:
        """How pressing it is."""
        if self in {Need.SELF_HARM, Need.DANGER}:
            return Level.URGENT
        return Level.HIGH if self.escalates else Level.RAISED

    @property
    def escalates(self) -> bool:
        """Whether somebody beyond the agent must know at once."""
        return self in {
            Need.SELF_HARM,
            Need.DANGER,
            Need.DATA_BREACH,
            Need.LEGAL_THREAT,
            Need.REGULATOR_THREAT,
            Need.PRESS_THREAT,
            Need.DISCRIMINATION,
        }

    @property
    def silences(self) -> bool:
        """Whether an answer that was written beforehand would do harm.

        Whoever waits for a promised call, asks for the third time or has a guardian still asks something that the
        knowledge base may know; the agent sees the answer and the reason to take care, side by side.
        """
        return self.escalates or self is Need.BEREAVEMENT


class Signal(Protocol):
    """One sign that a human must decide."""

    @property
    def need(self) -> Need:
        """What it is a sign of."""
        ...

    def shows(self, conversation: Conversation) -> bool:
        """Tell whether the conversation gives that sign."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that may be a sign: `sentence[start:end]`, written on `channel`."""

    sentence: str
    start: int
    end: int
    channel: Channel


class Excuse(Protocol):
    """One reason why words that look like a sign are none."""

    def holds(self, hit: Hit) -> bool:
        """Tell whether it clears the hit."""
        ...


class Negated:
    """The words, or the two before them, say no: "ik ga echt geen advocaat bellen".

    A no that belongs to another clause clears nothing: "als het niet lukt bel ik mijn advocaat".
    """

    _NO = re.compile(r"\b(?:geen|niet|nooit|zonder|not|never|no|without|won't|don't|isn't)\b")
    _NEXT_CLAUSE = r"(?:en|dus|dan|maar|daarom|ik|wij|we|and|so|then|but|i|i'll)\b"
    _BEFORE = re.compile(rf"{_NO.pattern}((?: (?!{_NEXT_CLAUSE})[\w'-]+){{0,2}}) ?$")
    _CONDITION = re.compile(r"\b(?:als|indien|zolang|wanneer|mocht|tenzij|if|unless|until)\b")

    def holds(self, hit: Hit) -> bool:
        if self._NO.search(hit.sentence, hit.start, hit.end):
            return True
        before = hit.sentence[max(0, hit.start - 100) : hit.start]
        found = self._BEFORE.search(before)
        return bool(found and not (found[1] and self._CONDITION.search(before, 0, found.start())))


class Quoted:
    """Somebody else's words, between quotation marks; notes of a phone call quote the customer, so there they count."""

    _QUOTATION = re.compile(r"\"[^\"]{1,300}\"|(?<!\w)'[^']{1,300}'(?!\w)")

    def holds(self, hit: Hit) -> bool:
        if hit.channel is Channel.PHONE:
            return False
        spans = (found.span() for found in self._QUOTATION.finditer(hit.sentence))
        return any(start < hit.start and hit.end < end for start, end in spans)


class Joking:
    """The sentence says that it is a joke."""

    _JOKE = re.compile(r"\b(?:grap(?:je)?|geintje|haha\w*|hihi\w*|lol|just kidding|jk)\b|[😂🤣😜😉]|[;:]-?[)pP](?!\w)")

    def holds(self, hit: Hit) -> bool:
        return bool(self._JOKE.search(hit.sentence))


class Asked:
    """A question how something goes is no threat: "wat kost de Geschillencommissie?"."""

    _QUESTION = re.compile(
        r"\?|^\W*(?:en |maar |and )?"
        r"(?:hoe|wat|waar|wanneer|welke|tot welke|kan|mag|moet|is|how|what|where|when|can|who)\b"
        r"|\bvra(?:ag|agt) (?:zich af )?(?:of|hoe|waar|wat)\b"
    )

    def holds(self, hit: Hit) -> bool:
        return bool(self._QUESTION.search(hit.sentence))


@dataclass(frozen=True, slots=True)
class About:
    """The sentence is about something else, or tells it of somebody else."""

    pattern: re.Pattern[str]

    def holds(self, hit: Hit) -> bool:
        return bool(self.pattern.search(hit.sentence))


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the message, unless an excuse holds. Earlier turns had their own turn to be read.

    Attributes:
        need: what they are a sign of.
        pattern: of lower-case text in one sentence.
        excuses: what clears a hit.
    """

    need: Need
    pattern: re.Pattern[str]
    excuses: tuple[Excuse, ...] = ()

    def shows(self, conversation: Conversation) -> bool:
        return any(
            not any(excuse.holds(hit) for excuse in self.excuses)
            for sentence in _sentences(conversation.message)
            for hit in self._hits(sentence, conversation.channel)
        )

    def _hits(self, sentence: str, channel: Channel) -> Iterator[Hit]:
        return (Hit(sentence, *found.span(), channel) for found in self.pattern.finditer(sentence))


class ManyContacts:
    """The customer was answered `CONTACTS` times in this conversation, and writes again."""

    need = Need.THIRD_CONTACT

    def shows(self, conversation: Conversation) -> bool:
        speakers = [turn.speaker for turn in conversation.turns]
        following = [*speakers[1:], Speaker.CUSTOMER]
        answered = sum(
            (one, after) == (Speaker.CUSTOMER, Speaker.AGENT) for one, after in zip(speakers, following, strict=False)
        )
        return answered >= CONTACTS


class Needs:
    """Signals, all of which are looked at."""

    def __init__(self, signals: Sequence[Signal]) -> None:
        self._signals = tuple(signals)

    def read(self, conversation: Conversation) -> tuple[Need, ...]:
        """Return what the conversation needs, each once, the gravest first."""
        shown = {signal.need for signal in self._signals if signal.shows(conversation)}
        return tuple(need for need in Need if need in shown)


_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_END = re.compile(r"(?<=[.!?…])[\s]+(?=\S)|\s*\n\s*")


def _sentences(text: str) -> list[str]:
    """Return the sentences in lower case, with plain quotation marks and single spaces, without what cannot be seen."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_MARKS).lower()
    return [" ".join(sentence.split()) for sentence in _END.split(plain) if sentence.strip()]
