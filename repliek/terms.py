"""Which texts share rare words, and pieces of words, with a message: product names, error codes, own terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from repliek.encoder import FloatArray
from repliek.lexical import pieces, pieces_of, words
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
        vocabulary: dict[str, int] = {}
        rows, owners, often = _count(texts, vocabulary)
        held = np.bincount(rows, minlength=len(vocabulary))
        rarity = np.log1p((len(texts) - held + 0.5) / (held + 0.5))
        lengths = np.bincount(owners, often, len(texts))
        longer = 1 - LENGTH_SHARE + LENGTH_SHARE * lengths / max(lengths.sum() / max(len(texts), 1), 1.0)
        scores = rarity[rows] * often / (often + SATURATION * longer[owners])
        return cls(
            vocabulary=vocabulary,
            starts=np.searchsorted(rows, np.arange(len(vocabulary) + 1)).astype(np.int64),
            texts=owners,
            scores=scores.astype(np.float32),
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


def _count(texts: Sequence[str], vocabulary: dict[str, int]) -> tuple[IntArray, IntArray, npt.NDArray[np.float64]]:
    """Count the pieces of n texts, each word of them all cut once; `vocabulary` gets a row for each piece.

    Returns:
        (p,) int64 row of each different piece of a text, (p,) int64 that text, (p,) float64 how often it stands there;
        by piece, and then by text.
    """
    counts = [Counter(words(text, up_to=len(text))) for text in texts]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(word for count in counts for word in count))}
    cut = [[vocabulary.setdefault(piece, len(vocabulary)) for piece in pieces_of(word)] for word in numbers]
    lengths = np.array([len(one) for one in cut], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    held = np.array([numbers[word] for count in counts for word in count], dtype=np.int64)
    times = np.array([often for count in counts for often in count.values()], dtype=np.float64)
    owners = np.repeat(np.arange(len(texts)), [len(count) for count in counts])
    rows = np.array([row for one in cut for row in one], dtype=np.int64)
    rows = rows[spans_between(starts[held], (starts + lengths)[held])]
    sizes = lengths[held]
    keys, places = np.unique(rows * len(texts) + np.repeat(owners, sizes), return_inverse=True)
    found, of = np.divmod(keys, max(len(texts), 1))
    return found, of, np.bincount(places, np.repeat(times, sizes), len(keys)).astype(np.float64)


def spans_between(starts: IntArray, ends: IntArray) -> IntArray:
    """Return every number from each start up to, not including, its end, one span after the other."""
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    spans: IntArray = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return spans
