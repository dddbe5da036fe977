"""Hold out parts of the history, so that everything is judged on what it has not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import FloatArray
from repliek.history import Exchange
from repliek.ranking import NEIGHBOURS
from repliek.retrieval import IntArray, Neighbours, VectorIndex

FOLDS = 10
FOLDS_OF_MANY = 5
MANY = 5_000
"""More folds leave more to learn from in each, so that what is held out is judged more as it will be in use; from
`MANY` rows on that gains nothing that is worth the time."""


@dataclass(frozen=True, slots=True)
class Folds:
    """A division of n rows into parts of about the same size and make-up.

    Attributes:
        numbers: (n,) int64 part of each row.
        count: how many parts there are.
    """

    numbers: IntArray
    count: int

    @classmethod
    def stratified(cls, labels: Sequence[str | None], groups: Sequence[str], seed: int) -> Folds:
        """Divide rows so that each label is spread over all parts and no group is divided.

        Args:
            labels: what to spread evenly.
            groups: rows of one conversation share a group: they know each other's answers.
            seed: of the order in which groups are dealt.
        """
        generator = np.random.default_rng(seed)
        first_row = {group: row for row, group in reversed(list(enumerate(groups)))}
        order = generator.permutation(len(first_row))
        names = list(first_row)
        dealt = sorted((names[place] for place in order), key=lambda group: labels[first_row[group]] or "")
        count = FOLDS if len(labels) < MANY else FOLDS_OF_MANY
        number = {group: place % count for place, group in enumerate(dealt)}
        return cls(np.array([number[group] for group in groups], dtype=np.int64), count)

    @classmethod
    def of_history(cls, history: Sequence[Exchange], seed: int) -> Folds:
        """Divide a history by its intents, or else its answers; whole conversations are held out together."""
        return cls.stratified(
            [exchange.intent or exchange.answer_id for exchange in history],
            [exchange.conversation for exchange in history],
            seed,
        )

    def __iter__(self) -> Iterator[tuple[IntArray, IntArray]]:
        """Yield, for each part, the rows to learn from and the rows held out, both (m,) int64."""
        for part in range(self.count):
            yield np.flatnonzero(self.numbers != part), np.flatnonzero(self.numbers == part)

    def neighbours(self, vectors: FloatArray) -> Neighbours:
        """Find for every row of (n, d) `vectors` its nearest rows in the other parts, numbered as in `vectors`."""
        k = min(NEIGHBOURS, min(len(rest) for rest, _ in self))
        similarities = np.zeros((len(vectors), k), dtype=np.float32)
        rows = np.zeros((len(vectors), k), dtype=np.int64)
        for rest, held_out in self:
            if len(held_out):
                found = VectorIndex.build(vectors[rest]).search(vectors[held_out], k)
                similarities[held_out], rows[held_out] = found.similarities, rest[found.rows]
        return Neighbours(similarities, rows)
