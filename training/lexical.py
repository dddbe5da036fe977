"""Fit the lexical view on a team's own texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from repliek.errors import DataError
from repliek.lexical import LexicalEncoder, pieces

DIMENSIONS = 512
"""Chosen on held-out folds of the bundled history."""

MIN_TEXTS = 2
"""A piece that stands in one text alone relates it to no other."""

MAX_PIECES = 50_000
"""Keeps the view below 50 MB; the pieces in most texts are kept."""


def fit_lexical(texts: Sequence[str], seed: int) -> LexicalEncoder:
    """Learn the vocabulary, the rarity of its pieces, and the directions in which `texts` differ most.

    Raises:
        DataError: no word or piece of a word stands in two texts.
    """
    counts = [Counter(pieces(text)) for text in texts]
    spread = Counter(piece for count in counts for piece in count)
    kept = sorted((piece for piece, texts_ in spread.items() if texts_ >= MIN_TEXTS), key=lambda p: (-spread[p], p))
    if not kept:
        raise DataError(
            "no word stands in two of the texts, so there is nothing to learn; expected more messages or answers"
        )
    vocabulary = {piece: row for row, piece in enumerate(sorted(kept[:MAX_PIECES]))}
    rarity = np.array([1 + np.log((1 + len(texts)) / (1 + spread[piece])) for piece in vocabulary])
    weighted = normalize(_matrix(counts, vocabulary).multiply(rarity).tocsr())
    dimensions = min(DIMENSIONS, min(weighted.shape) - 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # it divides by the variance, which may be 0
        svd = TruncatedSVD(dimensions, random_state=seed).fit(weighted)
    projection = (svd.components_.T * rarity[:, np.newaxis]).astype(np.float16)
    return LexicalEncoder(vocabulary, projection)


def _matrix(counts: Sequence[Counter[str]], vocabulary: dict[str, int]) -> csr_matrix:
    rows, columns, values = [], [], []
    for row, count in enumerate(counts):
        for piece, times in count.items():
            if piece in vocabulary:
                rows.append(row)
                columns.append(vocabulary[piece])
                values.append(1 + np.log(times))
    return csr_matrix((values, (rows, columns)), shape=(len(counts), len(vocabulary)), dtype=np.float64)
