"""Which texts share rare words, and pieces of words, with a message: product names, error codes, own terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import FloatArray
from repliek.lexical import pieces
from repliek.retrieval import IntArray

SATURATION, LENGTH_SHARE = 1.2, 0.75
"""k1 and b of BM25, as Robertson & Zaragoza 2009 recommend them."""


@dataclass(frozen=True, slots=True)
class TermIndex:
    """Pieces of words, and how much each of them says for each of m texts (BM25, Robertson & Zaragoza 2009).

    Attributes:
        vocabulary: row of each known piece.
        starts: (pieces + 1,) int64; the postings of piece p stand from starts[p] to starts[p + 1].
        texts: (postings,) int64 text of each posting.
        scores: (postings,) float32 what the piece adds to the score of that text, between 0 and its rarity.
        rarity: (pieces,) float32 what a piece adds at most.
        unknown: what a piece would add at most that stands in no text.
        count: m.
    """

    vocabulary: dict[str, int]
    starts: IntArray
    texts: IntArray
    scores: FloatArray
    rarity: FloatArray
    unknown: float
    count: int

    @classmethod
    def build(cls, texts: Sequence[str]) -> TermIndex:
        """Index texts, each from its beginning to its end."""
        counts = [Counter(pieces(text, up_to=len(text))) for text in texts]
        spread = Counter(piece for count in counts for piece in count)
        vocabulary = {piece: row for row, piece in enumerate(spread)}
        held = np.array(list(spread.values()), dtype=np.float64)
        rarity = np.log1p((len(texts) - held + 0.5) / (held + 0.5))
        lengths = np.array([count.total() for count in counts], dtype=np.float64)
        longer = 1 - LENGTH_SHARE + LENGTH_SHARE * lengths / max(lengths.sum() / max(len(texts), 1), 1.0)

        rows = np.array([vocabulary[piece] for count in counts for piece in count], dtype=np.int64)
        often = np.array([times for count in counts for times in count.values()], dtype=np.float64)
        owners = np.repeat(np.arange(len(texts)), [len(count) for count in counts])
        scores = rarity[rows] * often / (often + SATURATION * longer[owners])
        order = np.argsort(rows, kind="stable")
        starts = np.searchsorted(rows[order], np.arange(len(vocabulary) + 1))
        return cls(
            vocabulary=vocabulary,
            starts=starts.astype(np.int64),
            texts=owners[order],
            scores=scores[order].astype(np.float32),
            rarity=rarity.astype(np.float32),
            unknown=float(np.log1p(2 * len(texts) + 1)),
            count=len(texts),
        )

    def shares(self, message: str) -> FloatArray:
        """Return (m,) float32: the share of the message's pieces, by rarity, that each text holds; at most 1."""
        asked = set(pieces(message))
        # Sorted: the order of a set differs from run to run, and with it the last digit of a sum.
        rows = np.array(sorted(self.vocabulary[piece] for piece in asked if piece in self.vocabulary), dtype=np.int64)
        total = float(self.rarity[rows].sum()) + self.unknown * (len(asked) - len(rows))
        places = spans_between(self.starts[rows], self.starts[rows + 1])
        found = np.zeros(self.count, dtype=np.float32)
        np.add.at(found, self.texts[places], self.scores[places])
        return found / np.float32(max(total, 1e-9))


def spans_between(starts: IntArray, ends: IntArray) -> IntArray:
    """Return every number from each start up to, not including, its end, one span after the other."""
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    spans: IntArray = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return spans
