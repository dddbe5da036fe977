"""Which words the past messages of an intent, or of a topic, hold, and how many of a new message are among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import FloatArray
from repliek.lexical import MAX_CHARS
from repliek.retrieval import IntArray
from repliek.terms import spans_between

_WORD = re.compile(r"[^\W\d_]{3,}")
"""Numbers and words of one or two letters tell nothing about what a message is about."""


@dataclass(frozen=True, slots=True)
class GroupWords:
    """Words of past messages, by the group that a message belongs to.

    A sentence encoder puts "waar verleng ik mijn paspoort" beside a contract that is to be renewed; nobody who wrote
    about contracts ever wrote of a passport.

    Attributes:
        vocabulary: row of each known word.
        rarity: (words,) float32 from 0 to 1: the square of the inverse document frequency (Spärck Jones 1972), as a
            share of that of a new word, so that everyday words hardly count.
        starts: (words + 1,) int64; the postings of word w stand from starts[w] to starts[w + 1].
        groups: (postings,) int64 group whose messages hold the word.
        times: (postings,) int64 how many of them do.
        count: how many groups there are.
    """

    vocabulary: dict[str, int]
    rarity: FloatArray
    starts: IntArray
    groups: IntArray
    times: IntArray
    count: int

    @classmethod
    def build(cls, messages: Sequence[str], groups: IntArray, count: int) -> GroupWords:
        """Learn the words of m messages; `groups` is (m,) int64, negative for a message of none of the `count`."""
        held = [words_of(message) for message in messages]
        spread = Counter(word for words in held for word in words)
        vocabulary = {word: row for row, word in enumerate(spread)}
        pairs = Counter(
            vocabulary[word] * count + group
            for words, group in zip(held, groups.tolist(), strict=True)
            if group >= 0
            for word in words
        )
        keys = np.array(sorted(pairs), dtype=np.int64)
        rows, holders = np.divmod(keys, max(count, 1))
        frequency = np.array(list(spread.values()), dtype=np.float64)
        rarity = (1 - np.log(frequency + 1) / np.log(len(messages) + 1)) ** 2
        return cls(
            vocabulary=vocabulary,
            rarity=rarity.astype(np.float32),
            starts=np.searchsorted(rows, np.arange(len(vocabulary) + 1)).astype(np.int64),
            groups=holders,
            times=np.array([pairs[key] for key in keys.tolist()], dtype=np.int64),
            count=count,
        )

    def shares(self, texts: Sequence[str], own: IntArray | None = None) -> FloatArray:
        """Return (n, groups) float32: the share of each text's words, by rarity, that each group's messages hold.

        Args:
            texts: n of them; one without words has nothing that a group could lack.
            own: (n,) int64 group of each text that is itself one of the past messages, and so must not speak for
                itself; -1 for a new one. `None` where all are new.
        """
        alone = np.full(len(texts), -1, dtype=np.int64) if own is None else own
        return np.stack([self._share(text, group) for text, group in zip(texts, alone.tolist(), strict=True)])

    def _share(self, text: str, own: int) -> FloatArray:
        words = words_of(text)
        if not words:
            return np.ones(self.count, dtype=np.float32)
        rows = np.array([self.vocabulary[word] for word in words if word in self.vocabulary], dtype=np.int64)
        total = float(self.rarity[rows].sum()) + len(words) - len(rows)
        starts, ends = self.starts[rows], self.starts[rows + 1]
        places = spans_between(starts, ends)
        weights = np.repeat(self.rarity[rows], ends - starts)
        weights[(self.groups[places] == own) & (self.times[places] == 1)] = 0.0
        found = np.bincount(self.groups[places], weights, self.count)
        return (found / max(total, 1e-9)).astype(np.float32)


def words_of(text: str) -> list[str]:
    """Return the different words of a text, as far as the lexical view reads it; sorted, so that sums are the same."""
    return sorted(set(_WORD.findall(text[:MAX_CHARS].lower())))
