"""A text as rules read it: its sentences, its words, and the expressions that are looked for in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\t": " "})
# A full stop before a small letter closes an abbreviation. The look-behind keeps a row of marks from being read once
# from each of them.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+\s++(?=[^\sa-zà-ÿ])")
_WORD = re.compile(r"[^\W_]++(?:['-][^\W_]++)*+")
_SPACES = re.compile(r"  ++")

GAP = r"(?:,? [\w'-]++)"
"""One word between two of an expression; `{0,3}` behind it allows three."""


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of `text` as they are written; a new line begins a new one."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for end in _END.finditer(line):
            found.append(line[start : end.end()].strip())
            start = end.end()
        found.append(line[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def plain(sentence: str) -> str:
    """Return `sentence` in lower case, with straight quotation marks and single spaces."""
    if not sentence.isascii():
        sentence = unicodedata.normalize("NFKC", sentence)
    lowered = sentence.translate(_MARKS).lower()
    return _SPACES.sub(" ", lowered) if "  " in lowered else lowered


def words_of(plain_text: str) -> list[str]:
    """Return the words of plain text, in their order."""
    return _WORD.findall(plain_text)


# No slots: the views below are made when a rule first asks for them.
@dataclass(frozen=True)
class Prose:
    """Sentences, in the order of their text."""

    sentences: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Prose:
        """Take `text` apart."""
        return cls(sentences_of(text))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The sentences, each `plain`."""
        return tuple(plain(sentence) for sentence in self.sentences)

    @cached_property
    def plain(self) -> str:
        """The sentences, each `plain` and on a line of its own, so that a pattern with spaces stays within one."""
        return "\n".join(self.lines)

    @cached_property
    def line_words(self) -> tuple[tuple[str, ...], ...]:
        """The words of each sentence, in lower case."""
        return tuple(tuple(words_of(line)) for line in self.lines)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that occurs, in lower case."""
        return frozenset(word for words in self.line_words for word in words)


@dataclass(frozen=True, slots=True)
class Said:
    """An expression in a text: `words` stand from `start` to `end` of its plain form."""

    name: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Expression:
    """Something that can be said in a few ways, such as a promise to call.

    Attributes:
        name: what is said, whatever the words.
        signs: words of which one must occur for `pattern` to match; they spare the search in most texts.
        pattern: of plain text. Repetitions are possessive or bounded, which keeps the time linear in the text.
    """

    name: str
    signs: frozenset[str]
    pattern: re.Pattern[str]

    def find(self, line: str) -> Iterator[Said]:
        """Yield where it is said in `line`, plain text."""
        for match in self.pattern.finditer(line):
            yield Said(self.name, match[0].strip(), *match.span())


def expression(name: str, signs: str, *patterns: str) -> Expression:
    """Make an expression; `signs` are set apart by blanks."""
    return Expression(name, frozenset(signs.split()), re.compile("|".join(patterns)))


class Expressions:
    """Expressions, all of which are looked for at once."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._expressions = tuple(expressions)
        self._signs = frozenset(sign for one in self._expressions for sign in one.signs)

    def find(self, prose: Prose) -> Iterator[Said]:
        """Yield what is said in `prose`, expression by expression."""
        return self.find_in(prose.plain, prose.words)

    def find_in(self, line: str, words: Iterable[str]) -> Iterator[Said]:
        """Yield what is said in `line`, plain text that holds `words`."""
        present = self._signs.intersection(words)
        if not present:
            return
        for one in self._expressions:
            if not one.signs.isdisjoint(present):
                yield from one.find(line)

    def find_unsigned(self, prose: Prose) -> Iterator[Said]:
        """Yield what is said in `prose`, whatever words it holds: slow, and the measure of `find`."""
        for one in self._expressions:
            yield from one.find(prose.plain)
