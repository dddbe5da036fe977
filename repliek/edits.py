"""What an agent did with a suggestion before they sent it.

The first that holds, in this order:

1. `as_is`: the same, but for white space, who signs, and how the greeting is punctuated.
2. `register`: the same facts in nearly the same words, je for u or u for je. Whatever else was changed is compared with
   the suggestion as it reads in the register of what was sent.
3. `rewritten`: of the shorter text, less than `KEPT` of the words stand in the other in the same order.
4. `facts`: a figure, link, name, day or "not" came in, or was changed; a sentence came in that promises; or one that
   said what is not so went out. A customer who acts on one text would act otherwise on the other.
5. `length`: whole sentences that state something came in or went out, or the rest became `SHORTER` of what it was.
6. `tone`: anything else: greeting, recognition, closing, softer words, another order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, LCSseq

from repliek.facts import facts_in, is_negated
from repliek.promises.acts import acts_in
from repliek.tone.calendar import MONTHS
from repliek.tone.courtesy import is_courtesy
from repliek.tone.prose import plain, sentences_of, words_of
from repliek.tone.register import Register, detect_register
from repliek.tone.rewriting import rewrite
from repliek.tone.rules.acts import DAYS
from repliek.tone.rules.facts import names_in
from repliek.vocabulary import EditKind

MAX_CHARS = 10_000
"""What stands behind so much of a text is not compared: no reply is that long."""

KEPT = 0.5
"""Share of the words of the shorter text that must be left of a suggestion."""

SHORTER = 0.75
"""Length of what is compared, in words, from which a text was shortened; its inverse, from which it was drawn out."""

_SAME_SENTENCE = 0.5
"""Similarity in words, in any order, of two sentences of which one was made of the other."""

_MOST_SENTENCES = 200
"""So many are compared, each with each."""

_EXCLAMATION = 2
"""So many words state nothing."""

_SAME_WORDING = 0.9
"""Similarity in words of two texts that only differ in register."""

_INITIALS = re.compile(r"\s*(?:\^\w{1,4}|(?:^|(?<=\s))-\s?[A-Z][\w.]{0,12})\s*$")
_CLOSING = re.compile(
    r"\s*(?<![\w-])(?:(?:met )?(?:(?:vriendelijke|hartelijke|zonnige) )?groet(?:en|jes)?|mvg|"
    r"(?:(?:kind|best|warm) )?regards|best wishes),?(?: van)?\s*(?:[^\W\d_][\w.'-]*+[ ,]*+){0,5}$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^((?:hoi|hallo|hai|hi|hey|hé|hee|dag|beste|geachte|goede(?:morgen|middag|navond)|goeie\w+|hello|dear|good \w+)\b"
    r"(?: [^\s,!.:]+){0,4}?)\s*(?:[,!.:]+|\n)\s*",
    re.IGNORECASE,
)


_MONTHS = frozenset(name for names in MONTHS.values() for name in names) - {"may"}
"""What "may" is mostly not."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What an agent did with a suggestion.

    Attributes:
        kind: the gravest thing that was changed.
        similarity: from 0 to 1, 1 where nothing was changed: the share of characters that stayed in their order, who
            signs left out (normalised indel similarity).
    """

    kind: EditKind
    similarity: float


def edit_of(suggested: str, sent: str, language: str) -> Edit:
    """Class what was made of a suggestion.

    Args:
        suggested: the text that was shown.
        sent: the text that went out.
        language: ISO 639-1 code of both; je and u are told apart in Dutch.
    """
    before, after = _Letter.read(suggested), _Letter.read(sent)
    if before == after:
        return Edit(EditKind.AS_IS, 1.0)
    similarity = Indel.normalized_similarity(before.whole, after.whole)
    return Edit(_kind(before, after, language), similarity)


def _kind(before: _Letter, after: _Letter, language: str) -> EditKind:
    register = _new_register(before, after)
    if register is not None:
        before = before.in_register(register, language)
    change = _Change.between(before, after)
    if register is not None and change.is_small:
        return EditKind.REGISTER
    if change.kept < KEPT:
        return EditKind.REWRITTEN
    if change.touches_facts:
        return EditKind.FACTS
    return EditKind.LENGTH if change.is_of_length else EditKind.TONE


def _new_register(before: _Letter, after: _Letter) -> Register | None:
    """Return the register that a text was put in, `None` where it is the old one or neither."""
    was, became = detect_register(before.body), detect_register(after.body)
    return became if {was, became} == {Register.JE, Register.U} else None


@dataclass(frozen=True, slots=True)
class _Letter:
    """A text taken apart; two are the same where only white space, marks behind the greeting and signature differ.

    Attributes:
        greeting: in lower case, without marks.
        body: with single spaces.
    """

    greeting: str
    body: str

    @classmethod
    def read(cls, text: str) -> _Letter:
        lines = (" ".join(line.split()) for line in text[:MAX_CHARS].splitlines())
        unsigned = _CLOSING.sub("", _INITIALS.sub("", "\n".join(filter(None, lines))))
        unsigned = _INITIALS.sub("", unsigned)
        greeting = _GREETING.match(unsigned)
        body = unsigned[greeting.end() :] if greeting else unsigned
        body = " ".join(body.split())
        return cls(greeting[1].lower() if greeting else "", body[:1].upper() + body[1:])

    @property
    def whole(self) -> str:
        return f"{self.greeting} {self.body}"

    def in_register(self, register: Register, language: str) -> _Letter:
        """Return the text as it reads in another register."""
        return _Letter(self.greeting, rewrite(self.body, register, language).text)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as it is compared."""

    text: str
    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> _Sentence:
        return cls(text, tuple(words_of(plain(text))))

    @property
    def facts(self) -> frozenset[str]:
        """What it states: figures and links, days and months."""
        days = {day.words for day in DAYS.find_in(plain(self.text), self.words)}
        return facts_in(self.text) | days | _MONTHS.intersection(self.words)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name.lower() for name in names_in(self.text))

    @property
    def courteous(self) -> bool:
        """Whether it greets, recognises, thanks or closes, and states nothing: "Verhuizen?" does not either."""
        return is_courtesy(plain(self.text)) or (len(self.words) <= _EXCLAMATION and not self.facts)

    @property
    def promises(self) -> bool:
        return any(True for _ in acts_in(plain(self.text)))


@dataclass(frozen=True, slots=True)
class _Change:
    """What became of the sentences of a text.

    Attributes:
        kept: share of the words of the shorter text that stand in the other, in the same order.
        similarity: of all words, 1 where they are the same.
        pairs: sentences that were made of others.
        removed: those of which nothing was made.
        added: those that were made of none.
    """

    kept: float
    similarity: float
    pairs: tuple[tuple[_Sentence, _Sentence], ...]
    removed: tuple[_Sentence, ...]
    added: tuple[_Sentence, ...]

    @classmethod
    def between(cls, before: _Letter, after: _Letter) -> _Change:
        old, new = (tuple(map(_Sentence.read, sentences_of(one.body)[:_MOST_SENTENCES])) for one in (before, after))
        pairs = _pairs(old, new)
        left, right = ({id(pair[side]) for pair in pairs} for side in (0, 1))
        old_words, new_words = (tuple(word for one in some for word in one.words) for some in (old, new))
        shorter = min(len(old_words), len(new_words))
        return cls(
            kept=LCSseq.similarity(old_words, new_words) / shorter if shorter else 0.0,
            similarity=Indel.normalized_similarity(old_words, new_words),
            pairs=pairs,
            removed=tuple(one for one in old if id(one) not in left),
            added=tuple(one for one in new if id(one) not in right),
        )

    @property
    def touches_facts(self) -> bool:
        """Whether something else is stated now; that a sentence was left out makes nothing else true."""
        was = _facts(one for one, _ in self.pairs) | _facts(self.removed)
        became = _facts(one for _, one in self.pairs) | _facts(_stating(self.added))
        lost = _facts(one for one, _ in self.pairs) - became
        negations = any(is_negated(plain(one.text)) != is_negated(plain(other.text)) for one, other in self.pairs)
        promised = _promise(_stating(self.added)) and not _promise(self.removed)
        denied = any(is_negated(plain(one.text)) for one in _stating(self.removed))
        return bool(became - was or lost or negations or promised or denied or self._renames)

    @property
    def _renames(self) -> bool:
        """Whether a name came in that the old text does not hold in any case, or another took its place."""
        was, became = ([pair[side] for pair in self.pairs] for side in (0, 1))
        old, new = _words((*was, *self.removed)), _words((*became, *self.added))
        named = (name for one in (*became, *_stating(self.added)) for name in one.names)
        return any(name not in old for name in named) or any(name not in new for one in was for name in one.names)

    @property
    def is_of_length(self) -> bool:
        """Whether what states something became longer or shorter."""
        if _stating(self.added) or _stating(self.removed):
            return True
        was, became = (sum(len(pair[side].words) for pair in self.pairs) for side in (0, 1))
        return bool(was) and not SHORTER < became / was < 1 / SHORTER

    @property
    def is_small(self) -> bool:
        """Whether hardly a word was changed, and no fact."""
        return self.similarity >= _SAME_WORDING and not self.touches_facts


def _facts(sentences: Iterable[_Sentence]) -> frozenset[str]:
    return frozenset(fact for one in sentences for fact in one.facts)


def _words(sentences: Iterable[_Sentence]) -> frozenset[str]:
    return frozenset(word for one in sentences for word in one.words)


def _promise(sentences: Iterable[_Sentence]) -> bool:
    return any(one.promises for one in sentences)


def _stating(sentences: Sequence[_Sentence]) -> list[_Sentence]:
    return [one for one in sentences if not one.courteous]


def _pairs(old: Sequence[_Sentence], new: Sequence[_Sentence]) -> tuple[tuple[_Sentence, _Sentence], ...]:
    """Match sentences with what was made of them, the most alike first, each once."""
    alike = sorted(
        (
            (similarity, -place, -other)
            for place, one in enumerate(old)
            for other, made in enumerate(new)
            if (similarity := Indel.normalized_similarity(sorted(one.words), sorted(made.words))) >= _SAME_SENTENCE
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for _, place, other in alike:
        if -place not in taken and -other not in taken.values():
            taken[-place] = -other
    return tuple((old[place], new[other]) for place, other in sorted(taken.items()))
