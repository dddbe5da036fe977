"""How much a text sounds like a person, and how much like a form letter: a score, and what brings it down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from repliek.tone.dutch.lexicon import word_set
from repliek.tone.prose import Expressions, Prose
from repliek.tone.stock import OFFICE_LANGUAGE, ORGANISATION_SPEAKS, STOCK_PHRASES

LONG_SENTENCE = 26
"""Words. Texts for the public are written with 15 to 20 at most; one that runs on so far was not spoken by anybody."""

MEASURED_FROM = 10
"""Words. A shorter text ("Nee hoor.") is too short to measure its words by."""

PLAIN_WORDS = 4.7
"""Letters to a word: nine in ten of the bundled replies keep below 4.8, nine in ten of invented form letters do not."""

COMPOUND = 12
"""Letters that count at most: "aansluitkosten" and a web address name one thing."""

LONG_WORDS_COST = 0.5
"""For each letter to a word beyond `PLAIN_WORDS`."""

LONG_WORDS_MOST = 0.4

LEAST_SPOKEN = 0.04
"""Share of the words: nine in ten of the bundled answers have more words of speech, half of the form letters none."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How a text sounds.

    Attributes:
        score: 1 where nothing gives it away as a standard text, 0 for a form letter.
        reasons: what brought it down, the heaviest first, each with what it costs.
    """

    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that persons who write to persons do not do.

    Attributes:
        reason: what it is; never the words themselves, of which some may be the customer's.
        cost: how much of the score it takes.
    """

    reason: str
    cost: float


class Trait(Protocol):
    """One way to sound like a form."""

    def marks(self, text: str, prose: Prose) -> Sequence[Mark]:
        """Return where `text`, read as `prose`, does so."""
        ...


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases that give a standard text away: the first costs all, every other one half, for they come in company."""

    reason: str
    cost: float
    expressions: Expressions

    def marks(self, text: str, prose: Prose) -> Sequence[Mark]:  # noqa: ARG002
        said = dict.fromkeys(found.name for found in self.expressions.find(prose))
        return [Mark(f"{self.reason}: {name}", self.cost / (2 if place else 1)) for place, name in enumerate(said)]


_PARTICIPLE = r"(?:ge\w{2,14}(?:d|t|en)|(?:be|ver|ont|her|over|onder)\w{2,14}(?:d|t|en)|\w{2,6}ge\w{2,12}(?:d|t|en))"
_PASSIVE = re.compile(
    rf"\b(?:wordt|worden|werd|werden)\b(?: [\w-]++){{0,6}} {_PARTICIPLE}\b|\b{_PARTICIPLE} (?:te )?(?:wordt|worden|"
    rf"werd|werden)\b"
    r"|\b(?:is|are|was|were|be|been|being) (?:\w+ly )?\w{3,12}ed\b(?: by\b)?"
)
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ]{4,}\b")
_EXCLAMATION = re.compile(r"!(?!\w)")


class LongWords:
    """Offices write in long words: form letters have five letters to a word, speech and a good answer four."""

    def marks(self, text: str, prose: Prose) -> Sequence[Mark]:  # noqa: ARG002
        count = sum(map(len, prose.line_words))
        if count < MEASURED_FROM:
            return ()
        mean = sum(min(len(word), COMPOUND) for words in prose.line_words for word in words) / count
        cost = min((mean - PLAIN_WORDS) * LONG_WORDS_COST, LONG_WORDS_MOST)
        return [Mark(f"{mean:.1f} letters to a word", cost)] if cost > 0 else ()


class NothingSpoken:
    """Nobody talks without the small words of talk: I and you, "even", "gewoon", "just", yes and no."""

    def marks(self, text: str, prose: Prose) -> Sequence[Mark]:  # noqa: ARG002
        count = sum(map(len, prose.line_words))
        if count < MEASURED_FROM:
            return ()
        spoken = sum(word in _SPOKEN for words in prose.line_words for word in words)
        if not spoken:
            return [Mark("no word of speech", 0.3)]
        return [Mark("hardly a word of speech", 0.15)] if spoken < LEAST_SPOKEN * count else ()


class Wij:
    """Wij, never we or ik: the stress is on the organisation."""

    def marks(self, text: str, prose: Prose) -> Sequence[Mark]:  # noqa: ARG002
        return [Mark("wij, never we or ik", 0.15)] if "wij" in prose.words and not prose.words & _ONE_OF_US else ()


_ONE_OF_US = frozenset({"we", "ik", "mij", "me"})
_SPOKEN = word_set(
    """
    ik me mij mijn jij jou jouw je er hem die dat wat hoe waar hier zo maar dan wel nog al nu weer pas ook toch even
    gewoon hoor hè eens best echt lekker ha haha oei ai ja nee nou klopt goeie leuk balen jammer fijn snap zie kijk
    i i'm i'll i've i'd you're you'll don't doesn't didn't isn't can't won't it's that's let's we'll we're they'll
    what how it that here there just so now yes no nope ok oh ouch ha odd sorry
    """
)


class Passive:
    """Things are done, by nobody: once is a way of speaking, more is a way of hiding."""

    def marks(self, text: str, prose: Prose) -> Sequence[Mark]:  # noqa: ARG002
        if prose.words.isdisjoint(_PASSIVE_SIGNS):
            return ()
        count = sum(1 for _ in _PASSIVE.finditer(prose.plain))
        return [Mark(f"{count} passives", 0.15 * min(count, 2) - 0.15)] if count > 1 else ()


_PASSIVE_SIGNS = word_set("wordt worden werd werden is are was were be been being")


class LongSentences:
    """Sentences that nobody says in one breath."""

    def marks(self, text: str, prose: Prose) -> Sequence[Mark]:  # noqa: ARG002
        longest = max(map(len, prose.line_words), default=0)
        return [Mark(f"a sentence of {longest} words", 0.2)] if longest > LONG_SENTENCE else ()


class Shouting:
    """Exclamation marks in a row, words in capitals: adverts do that."""

    def marks(self, text: str, prose: Prose) -> Sequence[Mark]:  # noqa: ARG002
        found: list[Mark] = []
        marks = len(_EXCLAMATION.findall(text)) if "!" in text else 0
        if marks > 1:
            found.append(Mark(f"{marks} exclamation marks", 0.15))
        capitals = len(_CAPITALS.findall(text))
        if capitals > 2:
            found.append(Mark(f"{capitals} words in capitals", 0.3))
        return found


_IN_ANY_LANGUAGE: tuple[Trait, ...] = (LongSentences(), Shouting())
_TRAITS: tuple[Trait, ...] = (
    Phrases("stock phrase", 0.5, STOCK_PHRASES),
    Phrases("office language", 0.3, OFFICE_LANGUAGE),
    Phrases("an organisation speaks", 0.2, ORGANISATION_SPEAKS),
    NothingSpoken(),
    LongWords(),
    Wij(),
    Passive(),
    *_IN_ANY_LANGUAGE,
)
_LANGUAGES = frozenset({"nl", "en"})


def human_voice(text: str, language: str) -> Voice:
    """Return how human `text` sounds; in another language than Dutch and English, only its form is judged."""
    return voice_of(text, Prose.read(text), language)


def voice_of(text: str, prose: Prose, language: str) -> Voice:
    """Return how human `text` sounds, when it was read already."""
    traits = _TRAITS if language in _LANGUAGES else _IN_ANY_LANGUAGE
    marks = sorted((mark for trait in traits for mark in trait.marks(text, prose)), key=lambda mark: -mark.cost)
    score = max(0.0, 1.0 - sum(mark.cost for mark in marks))
    return Voice(round(score, 2), tuple(f"{mark.reason} (-{mark.cost:.2f})" for mark in marks))
