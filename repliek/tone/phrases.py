"""The words around an answer, in the brand's own wording: which of its phrases fits, and was not said yet.

A phrase adds tone and nothing else. What it may not hold, such as a figure or a link, comes from answers only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass as plain_dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel
from repliek.errors import RecordError
from repliek.records import read_records
from repliek.tone.emotion import Emotion
from repliek.tone.register import Register
from repliek.tone.rewriting import breaches
from repliek.vocabulary import SLOT, Part

SLOTS = frozenset({
    "first_name", "formal_name", "initials", "brand", "dm_link", "service_phone", "product", "place", "date", "waited"
})  # fmt: skip
"""What a phrase can be filled with."""

_SAID_BACK_FIRST = re.compile(r"\{(?:date|waited)\}")
"""Slots whose words begin a sentence with a capital; a name or a product is written as it is written."""

_APOLOGY = re.compile(r"\b(?:sorry|excuus|excuses|spijt|verontschuldig|apolog)", re.IGNORECASE)
_LINK = re.compile(r"https?:|www\.|@\w|\w\.(?:nl|com|be|net|org|eu|example)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.?!…])\s+|\n+")
_LETTERS = re.compile(r"[^\W\d_]{2}")


_NEEDED = frozenset({Part.GREETING, Part.PRIVATE_MOVE, Part.REMOVAL})
"""Said again when everything was said before: a reply is worse without them."""


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid", validate_default=True))
class Phrase:
    """One line of a brand's phrase bank.

    Attributes:
        part: where in a reply it stands; never the answer, which the knowledge base holds.
        text: may hold the slots of `SLOTS`.
        language: ISO 639-1.
        register: `NEUTRAL` addresses nobody and so fits both.
        emotion: of the customer; empty for any.
        channel: empty for any.
        intents: what the answer is about; empty for any.
    """

    part: Part
    text: str = Field(min_length=1, max_length=300)
    language: str = Field(pattern=r"^[a-z]{2}$")
    register: Register = Register.NEUTRAL
    emotion: tuple[Emotion, ...] = ()
    channel: tuple[Channel, ...] = ()
    intents: tuple[str, ...] = ()

    @field_validator("emotion", "channel", "intents", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("part")
    @classmethod
    def _is_no_answer(cls, value: Part) -> Part:
        if value is Part.ANSWER:
            raise ValueError("answers stand in answers.jsonl; expected another part")
        return value

    @field_validator("text")
    @classmethod
    def _adds_no_fact(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("expected text, found only white space")
        unknown = sorted(set(SLOT.findall(value)) - SLOTS)
        if unknown:
            raise ValueError(f"slot {{{unknown[0]}}} is not known; known: {', '.join(sorted(SLOTS))}")
        words = SLOT.sub("", value)
        if "{" in words or "}" in words:
            raise ValueError("a brace that makes no slot; write a slot like {first_name}")
        if any(char.isdigit() for char in words):
            raise ValueError("holds a digit; figures come from answers only, so take it out or use a slot")
        if _LINK.search(words):
            raise ValueError("holds a link or an address; use {dm_link}, or put it in an answer")
        if words.count("!") > 1:
            raise ValueError("holds more than one exclamation mark; keep one at most")
        return value

    @field_validator("register")
    @classmethod
    def _is_kept_to(cls, value: Register, info: ValidationInfo) -> Register:
        text, language = info.data.get("text", ""), info.data.get("language", "")
        for kept in (Register.JE, Register.U) if value is Register.NEUTRAL else (value,):
            if found := breaches(text, kept, language):
                words = ", ".join(found[0].words)
                raise ValueError(f"the text does not keep to {value.value!r}: {words}; mend either of them")
        return value

    @field_validator("intents")
    @classmethod
    def _apologises_where_it_is_due(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if not value and _APOLOGY.search(info.data.get("text", "")):
            raise ValueError("the text apologises; name the intents where something went wrong at the brand's side")
        return value

    @property
    def slots(self) -> frozenset[str]:
        """Names of the places to fill."""
        return frozenset(SLOT.findall(self.text))

    @property
    def apologises(self) -> bool:
        """Whether it says sorry."""
        return bool(_APOLOGY.search(self.text))


# No slots: what was said is made plain once, for all parts of a reply.
@plain_dataclass(frozen=True)
class Situation:
    """What a phrase has to fit.

    Attributes:
        language: ISO 639-1, of the reply.
        register: of the reply; `NEUTRAL` takes phrases that address nobody.
        channel: where it is written.
        emotion: of the customer.
        intent: what the answer is about, when that is known.
        values: what slots can be filled with, by their names; an empty value fills nothing.
        said: earlier texts by the brand in this conversation or public thread.
        seed: the same seed gets the same phrase, everywhere and every time.
    """

    language: str
    register: Register
    channel: Channel
    emotion: Emotion
    intent: str | None
    values: Mapping[str, str]
    said: tuple[str, ...]
    seed: str

    @cached_property
    def said_plainly(self) -> tuple[str, ...]:
        """What was said, without capitals and line ends."""
        return tuple(map(_plain, self.said))


@plain_dataclass(frozen=True, slots=True)
class _Wording:
    """A phrase with what choosing needs of it, worked out once."""

    phrase: Phrase
    slots: frozenset[str]
    sentences: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, phrase: Phrase) -> Self:
        sentences = (tuple(_plain(SLOT.sub("\0", one)).split("\0")) for one in _SENTENCE_END.split(phrase.text))
        return cls(phrase, phrase.slots, tuple(one for one in sentences if _LETTERS.search("".join(one))))

    @property
    def rank(self) -> tuple[bool, int, bool, bool, bool]:
        """How much of a situation it speaks to; the higher the better."""
        phrase = self.phrase
        addresses = phrase.register is not Register.NEUTRAL
        return bool(phrase.intents), len(self.slots), bool(phrase.emotion), bool(phrase.channel), addresses

    def fits(self, situation: Situation) -> bool:
        phrase = self.phrase
        return (
            (phrase.register is situation.register or phrase.register is Register.NEUTRAL)
            and (not phrase.emotion or situation.emotion in phrase.emotion)
            and (not phrase.channel or situation.channel in phrase.channel)
            and all(situation.values.get(slot) for slot in self.slots)
        )

    def stands_in(self, said: Iterable[str]) -> bool:
        """Tell whether a sentence of it stands in one of the plain texts, whatever filled its slots."""
        return any(_follow_each_other(pieces, text) for text in said for pieces in self.sentences)

    def filled(self, values: Mapping[str, str]) -> str:
        text = SLOT.sub(lambda slot: values[slot[1]], self.phrase.text)
        return text[:1].upper() + text[1:] if _SAID_BACK_FIRST.match(self.phrase.text) else text


_Tiers = tuple[tuple[_Wording, ...], ...]
"""Wordings of one rank together, the highest rank first."""


def read_phrases(path: Path) -> tuple[Phrase, ...]:
    """Read `phrases.jsonl`, of which every line must be right.

    Raises:
        DataError: the file cannot be read; names the file, and the line and field that are wrong.
    """
    read = read_records(path, Phrase, unique=None, strict=True)
    first: dict[tuple[Part, str, Register, str], int] = {}
    for line, phrase in zip(read.lines, read.records, strict=True):
        key = (phrase.part, phrase.language, phrase.register, _plain(phrase.text))
        if key in first:
            raise RecordError(str(path), line, f"text: stands on line {first[key]} already; give that line all it fits")
        first[key] = line
    return read.records


class PhraseBank:
    """A brand's phrases, by part, language and intent."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        wordings: defaultdict[tuple[Part, str, str | None], list[_Wording]] = defaultdict(list)
        for phrase in self._phrases:
            wording = _Wording.of(phrase)
            for intent in phrase.intents or (None,):
                wordings[phrase.part, phrase.language, intent].append(wording)
        self._tiers: dict[tuple[Part, str, str | None], _Tiers] = {key: _ranked(own) for key, own in wordings.items()}

    @classmethod
    def from_jsonl(cls, path: Path) -> PhraseBank:
        """Read `phrases.jsonl` as `read_phrases` does."""
        return cls(read_phrases(path))

    def completed_by(self, others: PhraseBank) -> PhraseBank:
        """Return a bank that takes from `others` each part, in each language, for which this one has no words."""
        own = {(phrase.part, phrase.language) for phrase in self._phrases}
        lacking = (phrase for phrase in others._phrases if (phrase.part, phrase.language) not in own)
        return PhraseBank((*self._phrases, *lacking))

    @cached_property
    def faults(self) -> frozenset[str]:
        """Intents for which there are words to apologise: there, something went wrong at the brand's side."""
        return frozenset(intent for phrase in self._phrases if phrase.apologises for intent in phrase.intents)

    def choose(self, part: Part, situation: Situation) -> str | None:
        """Return a phrase for `part`, its slots filled; `None` when none fits that was not said before.

        The most specific phrases that fit go first: those that name the intent, then those that pick up more
        of what is known, then those for the emotion, the channel and the register. What the brand has said is
        passed over, except the signature, which nobody takes for a repetition; a greeting, a move to private or
        a request to remove data is said again when there is no other.
        """
        said = () if part is Part.SIGNATURE else situation.said_plainly
        again: list[_Wording] = []
        for intent in dict.fromkeys((situation.intent, None)):
            for tier in self._tiers.get((part, situation.language, intent), ()):
                fitting = [wording for wording in tier if wording.fits(situation)]
                fresh = [wording for wording in fitting if not wording.stands_in(said)]
                if fresh:
                    return _picked(fresh, part, situation)
                again = again or fitting
        return _picked(again, part, situation) if again and part in _NEEDED else None


def _ranked(wordings: list[_Wording]) -> _Tiers:
    best_first = sorted(wordings, key=lambda wording: wording.rank, reverse=True)
    return tuple(tuple(tier) for _, tier in groupby(best_first, key=lambda wording: wording.rank))


def _picked(wordings: list[_Wording], part: Part, situation: Situation) -> str:
    digest = blake2b(f"{part}\0{situation.seed}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return wordings[int.from_bytes(digest) % len(wordings)].filled(situation.values)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _follow_each_other(pieces: Iterable[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


_WRITTEN = tuple(channel for channel in Channel if channel not in {Channel.EMAIL, Channel.PHONE})
_MAIL = (Channel.EMAIL,)

DEFAULT_PHRASES = PhraseBank(
    [
        *(
            Phrase(part=Part.GREETING, text=text, language=language, register=register, channel=channel)
            for text, language, register, channel in (
                ("Hoi {first_name},", "nl", Register.JE, ()),
                ("Hoi,", "nl", Register.JE, ()),
                ("Beste {first_name},", "nl", Register.U, ()),
                ("Goedendag,", "nl", Register.U, ()),
                ("Dag {first_name},", "nl", Register.NEUTRAL, ()),
                ("Goedendag,", "nl", Register.NEUTRAL, ()),
                ("Beste {first_name},", "nl", Register.NEUTRAL, _MAIL),
                ("Beste {formal_name},", "nl", Register.NEUTRAL, ()),
                ("Hi {first_name},", "en", Register.NEUTRAL, ()),
                ("Hello,", "en", Register.NEUTRAL, ()),
                ("Dear {first_name},", "en", Register.NEUTRAL, _MAIL),
                ("Dear {formal_name},", "en", Register.NEUTRAL, ()),
            )
        ),
        *(
            Phrase(part=Part.SIGNATURE, text=text, language=language, channel=channel)
            for language in ("nl", "en", "de", "fr")
            for text, channel in (("^{initials}", _WRITTEN), ("{initials}\n{brand}", _MAIL), ("{brand}", _MAIL))
        ),
    ]
)
"""What a brand without `phrases.jsonl` gets: greetings and signatures. A mail's closing line is a brand setting."""
