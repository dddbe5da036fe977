"""A name for what customers want, out of the words in which they ask."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from training.mining.slots import unused

TERMS = 2
"""Words in a name."""

COMMON, FEW = 0.05, 5
"""A word in a larger share of all messages, and in more than a few, tells no group from another."""

SHARED, TIMES_AS_OFTEN = 0.25, 3.0
"""A word names a group when so much of its messages hold it, and so many times the share of all others."""

_WORD = re.compile(r"(?<![\w\[{-])[^\W\d_]{3,}(?![\w\]}-])")


def suggest_names(
    groups: Sequence[Sequence[str]], wordings: Sequence[str], messages: Iterable[str], taken: Iterable[str]
) -> tuple[str, ...]:
    """Suggest an intent for each group of messages, such as `wachtwoord_vergeten`; no two are the same.

    A word weighs more the more of the group's messages hold it and the fewer others do (tf-idf with groups
    for documents, as in Grootendorst 2022, BERTopic). Where a group's messages have no word in common, the
    answer's own words name it.

    Args:
        groups: the messages that got each answer.
        wordings: the answer of each.
        messages: all there are, those of the groups among them.
        taken: names that are in use.
    """
    asked = _Words.of(groups, messages)
    said = _Words.of([[wording] for wording in wordings], wordings)
    used = set(taken)
    names: list[str] = []
    for number in range(len(groups)):
        terms = asked.distinguishing(number) or said.distinguishing(number)
        names.append(unused("_".join(terms) or "answer", used))
        used.add(names[-1])
    return tuple(names)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of texts in groups.

    Attributes:
        groups: the words of each text, group by group.
        spread: how many of all texts hold each word.
        total: how many texts there are, in groups or not.
    """

    groups: tuple[tuple[frozenset[str], ...], ...]
    spread: Counter[str]
    total: int

    @classmethod
    def of(cls, groups: Sequence[Sequence[str]], texts: Iterable[str]) -> _Words:
        """Take the texts of groups, and all texts, apart."""
        every = [_words(text) for text in texts]
        spread = Counter(word for words in every for word in words)
        return cls(tuple(tuple(map(_words, group)) for group in groups), spread, len(every))

    def distinguishing(self, number: int) -> list[str]:
        """Return the words that tell a group from the others, the most telling first."""
        group = self.groups[number]
        counts = Counter(word for words in group for word in words)
        least = max(min(2, len(group)), SHARED * len(group))
        weights = {
            word: count / len(group) * float(np.log1p(self.total / self.spread[word]))
            for word, count in counts.items()
            if count >= least and self._tells(word, count, len(group))
        }
        return sorted(weights, key=lambda word: (-weights[word], -len(word), word))[:TERMS]

    def _tells(self, word: str, count: int, size: int) -> bool:
        """Whether a word in `count` of a group's `size` texts is rare, and rarer elsewhere."""
        elsewhere = (self.spread[word] - count) / max(self.total - size, 1)
        return self.spread[word] <= max(COMMON * self.total, FEW) and count / size >= TIMES_AS_OFTEN * elsewhere


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return frozenset(word.lower() for word in _WORD.findall(plain) if not word.isupper())
