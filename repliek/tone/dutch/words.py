"""A Dutch text as words that know their sentence and clause, so that a rule can look around without offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from repliek.tone.stretches import stretch_at

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.?!…]+[\"'”’)]*(?:\s|$)|\n")
_MARKS = re.compile(r"[^\w\s]*")
_CLAUSE_END = re.compile(r"[.?!…,;:()\n>|•–—]|\s-\s|/\s")
# What others said, where a link leads and what a slot will hold is not ours to rewrite.
_LEFT_ALONE = re.compile(
    r"""
    https?://\S+ | www\.\S+ | \S+@\S+ | (?<!\w)[@\#]\w+
    | \b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?     # an address without its scheme: wadlijn.example/uw-account
    | \b(?:\w\.){2,}                                    # a.u.b.
    | \{[^{}]*\} | <[^<>]*>
    | "{1,2}[^"]+"{1,2} | “[^”]+” | „[^”“]+[”“] | «[^»]+» | ‘[^’]+’(?!\w) | (?<!\w)'[^'\n]+'(?!\w)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    `clause` and `sentence` number the stretches between commas and between full stops;
    `fixed` words stand in a quotation, a link or a slot and are never rewritten.
    """

    text: str
    start: int
    clause: int
    sentence: int
    fixed: bool

    @property
    def end(self) -> int:
        """Where the text goes on."""
        return self.start + len(self.text)

    @property
    def lower(self) -> str:
        """The word as the rules spell it."""
        return self.text.lower()


@dataclass(frozen=True)
class Line:
    """A text, read as words."""

    text: str
    words: tuple[Word, ...]

    @classmethod
    def read(cls, text: str) -> Line:
        """Split `text` into words."""
        fixed = [match.span() for match in _LEFT_ALONE.finditer(text, *_within_quotes(text))]
        words: list[Word] = []
        clause = sentence = end = 0
        for match in _WORD.finditer(text):
            between = text[end : match.start()]
            sentence += bool(_SENTENCE_END.search(between))
            clause += bool(_CLAUSE_END.search(between))
            inside = stretch_at(fixed, match.start())
            words.append(Word(match[0], match.start(), clause, sentence, inside is not None))
            end = match.end()
        return cls(text, tuple(words))

    @cached_property
    def lowered(self) -> tuple[str, ...]:
        """The words as the rules spell them."""
        return tuple(word.lower for word in self.words)

    def before(self, at: int, back: int = 1) -> str:
        """The word `back` places before `at` in the same clause; empty when the clause begins there."""
        there = at - back
        return self.lowered[there] if there >= 0 and self.words[there].clause == self.words[at].clause else ""

    def after(self, at: int, on: int = 1) -> str:
        """The word `on` places after `at` in the same clause; empty when the clause ends there."""
        there = at + on
        inside = there < len(self.words) and self.words[there].clause == self.words[at].clause
        return self.lowered[there] if inside else ""

    def clause(self, at: int) -> range:
        """The places of the words of the clause that holds `at`."""
        first = last = at
        while first and self.words[first - 1].clause == self.words[at].clause:
            first -= 1
        while last + 1 < len(self.words) and self.words[last + 1].clause == self.words[at].clause:
            last += 1
        return range(first, last + 1)

    def opens_sentence(self, at: int) -> bool:
        """Whether the word at `at` is the first of its sentence."""
        return at == 0 or self.words[at - 1].sentence != self.words[at].sentence

    def is_question(self, at: int) -> bool:
        """Whether the sentence around `at` ends in a question mark."""
        return "?" in self._closing(at)

    def sentence(self, at: int) -> str:
        """The sentence around `at`, with the marks that close it."""
        first, last = self._sentences[self.words[at].sentence]
        return self.text[self.words[first].start : self.words[last].end] + self._closing(at)

    def _closing(self, at: int) -> str:
        """The marks that close the sentence around `at`."""
        last = self._sentences[self.words[at].sentence][1]
        found = _MARKS.match(self.text, self.words[last].end)
        return found[0] if found else ""

    @cached_property
    def _sentences(self) -> dict[int, tuple[int, int]]:
        """The places of the first and the last word of each sentence."""
        bounds: dict[int, tuple[int, int]] = {}
        for place, word in enumerate(self.words):
            bounds[word.sentence] = bounds.get(word.sentence, (place, place))[0], place
        return bounds


def _within_quotes(text: str) -> tuple[int, int]:
    """Where to look for quotations: marks around the whole text are how a table was saved, they quote nobody."""
    stripped = text.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"':
        start = text.index('"') + 1
        return start, start + len(stripped) - 2
    return 0, len(text)
