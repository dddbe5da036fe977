"""Which words the past messages of an intent, or of a topic, hold, and how many of a new message are among them."""

from __future__ import annotations

import re
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
class MessageWords:
    """The words of m past messages, read once, for whatever groups the messages are put in.

    Attributes:
        vocabulary: row of each known word.
        rarity: (words,) float32, as `GroupWords` has it.
        words: (postings,) int64 row of each word of each message.
        messages: (postings,) int64 message of each.
    """

    vocabulary: dict[str, int]
    rarity: FloatArray
    words: IntArray
    messages: IntArray

    @classmethod
    def of(cls, messages: Sequence[str]) -> MessageWords:
        """Read messages."""
        vocabulary: dict[str, int] = {}
        held = [[vocabulary.setdefault(word, len(vocabulary)) for word in words_of(message)] for message in messages]
        words = np.array([word for one in held for word in one], dtype=np.int64)
        frequency = np.bincount(words, minlength=len(vocabulary)).astype(np.float64)
        rarity = (1 - np.log(frequency + 1) / np.log(len(messages) + 1)) ** 2
        owners = np.repeat(np.arange(len(messages), dtype=np.int64), [len(one) for one in held])
        return cls(vocabulary, rarity.astype(np.float32), words, owners)

    def grouped(self, groups: IntArray, count: int) -> GroupWords:
        """Put the messages in groups; `groups` is (m,) int64, negative for a message of none of the `count`."""
        owners = groups[self.messages]
        known = owners >= 0
        pairs, times = np.unique(self.words[known] * count + owners[known], return_counts=True)
        rows, holders = np.divmod(pairs, max(count, 1))
        return GroupWords(
            vocabulary=self.vocabulary,
            rarity=self.rarity,
            starts=np.searchsorted(rows, np.arange(len(self.vocabulary) + 1)).astype(np.int64),
            groups=holders,
            times=times.astype(np.int64),
            count=count,
        )


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
