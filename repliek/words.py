"""Which words the past messages of an intent hold, and how much of a new message they have in common."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import FloatArray
from repliek.lexical import MAX_CHARS
from repliek.retrieval import IntArray

_WORD = re.compile(r"[^\W\d_]{3,}")
"""Numbers and words of one or two letters tell nothing about what a message is about."""

Intents = frozenset[int]


@dataclass(frozen=True, slots=True)
class IntentWords:
    """Words of past messages, by intent.

    A sentence encoder puts "waar verleng ik mijn paspoort" beside a contract that is to be renewed; nobody who wrote
    about contracts ever wrote of a passport.

    Attributes:
        holders: the intents, by their columns, whose messages hold a word.
        rarity: of each word, from 0 to 1: the square of its inverse document frequency (Spärck Jones 1972) as a share
            of what a new word has, so that everyday words hardly count.
    """

    holders: Mapping[str, Intents]
    rarity: Mapping[str, float]

    @classmethod
    def build(cls, messages: Sequence[str], rows: IntArray) -> IntentWords:
        """Learn the words of m messages; `rows` is (m,) int64, the column of each one's intent, negative without."""
        count: Counter[str] = Counter()
        holders: defaultdict[str, set[int]] = defaultdict(set)
        for message, row in zip(messages, rows.tolist(), strict=True):
            found = _words(message)
            count.update(found)
            if row >= 0:
                for word in found:
                    holders[word].add(row)
        new = math.log(len(messages) + 1)
        rarity = {word: (1 - math.log(times + 1) / new) ** 2 if new else 1.0 for word, times in count.items()}
        return cls({word: frozenset(columns) for word, columns in holders.items()}, rarity)

    def shares(self, texts: Sequence[str], columns: IntArray) -> FloatArray:
        """Return (n,) float32: the share of each text's words, by rarity, that one intent's messages hold.

        Args:
            texts: n of them.
            columns: (n,) int64, the intent to which each is compared.
        """
        pairs = zip(texts, columns.tolist(), strict=True)
        return np.array([self._share(text, column) for text, column in pairs], dtype=np.float32)

    def _share(self, text: str, column: int) -> float:
        weights = [(self.rarity.get(word, 1.0), column in self.holders.get(word, ())) for word in _words(text)]
        total = sum(weight for weight, _ in weights)
        return sum(weight for weight, held in weights if held) / total if total else 1.0


def _words(text: str) -> list[str]:
    """Return the different words of a text, as far as the lexical view reads it; sorted, so that sums are the same."""
    return sorted(set(_WORD.findall(text[:MAX_CHARS].lower())))
