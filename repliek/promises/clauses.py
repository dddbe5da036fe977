"""Take a text apart into clauses, and say of each whether something is promised in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from repliek.promises import excuses
from repliek.promises.acts import acts_in, deed_in
from repliek.tone.prose import plain, sentences_of, words_of

_BORDER = re.compile(
    r"[,;:] +| [-–] | (?=(?:en|maar|want|omdat|and|but|because|so) (?!een\b|alles\b|weer\b)[^\W\d])", re.IGNORECASE
)
_ACTOR = re.compile(r"\b(?:ik|we|wij|i|i'll|we'll|i'm|i've|we've)\b")
_COORDINATED = re.compile(r"^(?:en|and|maar|but)(?: dan| daarna| then)? (?!(?:ik|we|wij|i|we|i'll|we'll)\b)")
_WILL = re.compile(r"^(?:will|am|are|shall)\b")
_BY_WHEN = re.compile(r"(?:binnen|uiterlijk|within|by)\b")
_LONGEST = 500
"""How much of a clause is read, in characters: each act is weighed against all of its clause."""
_SHORT = 5
"""So many words without an act, such as "uiterlijk vrijdag", say by when, and nothing else."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence.

    Attributes:
        sentence: which one of the text, from 0.
        words: as they were sent.
        promises: whether something is promised in it.
        deed: whether it tells what "ik" does, which promises something if it says by when.
        timed: what of it may name a term, in plain text.
    """

    sentence: int
    words: str
    promises: bool
    deed: bool
    timed: str


def clauses_of(text: str) -> Iterator[Clause]:
    """Yield the clauses of `text`, in its order."""
    asked = False
    for number, sentence in enumerate(sentences_of(text)):
        line = plain(sentence)
        if excuses.is_question(line):
            asked = True
            continue
        read = _Sentence.read(sentence, asked)
        yield from read.clauses(number)
        asked = any(map(excuses.is_request, read.plain))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence in parts.

    Attributes:
        parts: as they were sent.
        plain: the same in plain text.
        asked: whether the sentence before asks the customer for something.
    """

    parts: tuple[str, ...]
    plain: tuple[str, ...]
    asked: bool

    @classmethod
    def read(cls, sentence: str, asked: bool) -> _Sentence:
        parts: list[str] = []
        start = 0
        for border in _BORDER.finditer(sentence):
            parts.append(sentence[start : border.end()].strip())
            start = border.end()
        parts.append(sentence[start:].strip())
        parts = [part for part in parts if part]
        return cls(tuple(parts), tuple(plain(part)[:_LONGEST] for part in parts), asked)

    def clauses(self, number: int) -> Iterator[Clause]:
        acted = hanging = False
        for place, words in enumerate(self.parts):
            hanging = not acted and (hanging or self._begins_to_hang(place))
            excused = hanging or self._is_condition_of_its_own(place)
            part = self._with_subject(place)
            end = None if excused else _promise_ends(part)
            deed = None if excused or end else _deed_ends(part)
            acted = acted or end is not None
            yield Clause(number, words, end is not None, deed is not None, self._timed(place, end or deed))

    def _with_subject(self, place: int) -> str:
        """Return a part with the subject that it shares with the one before: "en bel je morgen"."""
        part = self.plain[place]
        found = _COORDINATED.match(part)
        before = self.plain[place - 1] if place else ""
        if not found or not _ACTOR.search(before) or excuses.is_request(before):
            return part
        rest = part[found.end() :]
        if part.startswith(("en", "maar")):
            return f"we {rest}"
        return f"we {rest}" if _WILL.match(rest) else f"we'll {rest}"

    def _begins_to_hang(self, place: int) -> bool:
        """Whether all that follows is only done when the customer does something, or when something happens."""
        part = self._with_subject(place)
        if excuses.is_condition(part) or excuses.is_request(part) or excuses.is_otherwise(part):
            return True
        if not excuses.hangs_on(self.plain[place]):
            return False
        before = self.plain[:place]
        return not all(excuses.is_assent(one) or _ACTOR.search(one) for one in before) if before else self.asked

    def _is_condition_of_its_own(self, place: int) -> bool:
        """Whether a part makes a condition, or the last part of the sentence makes it for this one."""
        own = self.plain[place : place + 2] if place + 2 == len(self.plain) else self.plain[place : place + 1]
        return any(map(excuses.is_condition, own))

    def _timed(self, place: int, end: int | None) -> str:
        part = self.plain[place]
        if end is not None:
            return self._with_subject(place)[:end]
        if excuses.is_aside(part) or excuses.is_condition(part) or excuses.is_request(part):
            return ""
        return part if _ACTOR.search(part) or _BY_WHEN.match(part) or len(words_of(part)) <= _SHORT else ""


def _deed_ends(part: str) -> int | None:
    """Return how far a part tells what "ik" does; `None` where it does not."""
    deed = deed_in(part)
    if deed is None or excuses.is_excused(part, deed.start, deed.end):
        return None
    return excuses.dependent(part, deed.end)


def _promise_ends(part: str) -> int | None:
    """Return how far a part promises something; `None` where it does not."""
    ends = [
        excuses.dependent(part, act.end) for act in acts_in(part) if not excuses.is_excused(part, act.start, act.end)
    ]
    return max(ends, default=None)
