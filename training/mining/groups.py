"""Groups of texts that say nearly the same."""

from __future__ import annotations

import faiss
import numpy as np

from repliek.encoder import FloatArray
from repliek.retrieval import IntArray, VectorIndex

NEIGHBOURS = 48
"""So many nearest texts are looked at for each; a larger group comes together in further rounds."""

MAX_ROUNDS = 8

EXACT_PAIRS = 1_000_000_000
"""Pairs up to which every one is compared, half a minute on one thread; beyond, an inverted file is searched."""

CELLS, PROBES = 1024, 12
"""Of the inverted file, at most: texts that say the same lie in the same cell or one beside it. A graph, which
`VectorIndex` makes of large indexes, costs more to build than it saves where each text is looked up once."""

TRAINED_ON = 40
"""Vectors for each cell that the cells are drawn from; FAISS asks for 39."""


def communities(vectors: FloatArray, weights: IntArray, similarity: float) -> IntArray:
    """Divide texts over groups, each around one that many others resemble.

    The text with the most support (its own weight and that of its neighbours) takes all free neighbours
    into its group, then the next one; in further rounds the centres do the same among themselves.
    Unlike a chain of neighbours, a group does not run on from text to text, so that a low similarity does
    not join everything (the "fast clustering" of sentence-transformers works on the same idea).

    Args:
        vectors: (n, d) float32, rows of length one.
        weights: (n,) int64, how often each is said.
        similarity: cosine from which two texts say the same.

    Returns:
        (n,) int64, for each text the row of its group's centre.
    """
    centre_of = np.arange(len(vectors))
    centres, support = centre_of, weights
    for _ in range(MAX_ROUNDS):
        joins = _one_round(vectors[centres], support, similarity)
        kept = np.unique(joins)
        if len(kept) == len(centres):
            break
        place = np.zeros(len(vectors), dtype=np.int64)
        place[centres] = joins
        centre_of = centres[place[centre_of]]
        support = np.bincount(joins, weights=support)[kept].astype(np.int64)
        centres = centres[kept]
    return centre_of


def _one_round(vectors: FloatArray, weights: IntArray, similarity: float) -> IntArray:
    """Return (n,) int64 the row that each of (n, d) `vectors` joins, its own where it is a centre."""
    joins = np.full(len(vectors), -1, dtype=np.int64)
    if not len(vectors):
        return joins
    found = _index(vectors, len(vectors)).search(vectors, NEIGHBOURS)
    near = found.similarities >= similarity
    support = np.where(near, weights[found.rows], 0).sum(axis=1)
    for row in np.lexsort((np.arange(len(vectors)), -weights, -support)):
        if joins[row] < 0:
            around = found.rows[row, near[row]]
            joins[around[joins[around] < 0]] = row
            joins[row] = row
    return joins


def nearest(vectors: FloatArray, centres: FloatArray, similarity: float) -> IntArray:
    """Return (n,) int64 the nearest row of (m, d) `centres` for each of (n, d) `vectors`, -1 where none is near."""
    if not len(vectors) or not len(centres):
        return np.full(len(vectors), -1, dtype=np.int64)
    found = _index(centres, len(vectors)).search(vectors, 1)
    return np.where(found.similarities[:, 0] >= similarity, found.rows[:, 0], -1)


def _index(vectors: FloatArray, queries: int) -> VectorIndex:
    dimensions = vectors.shape[1]
    index: faiss.Index = faiss.IndexFlatIP(dimensions)
    if len(vectors) * queries > EXACT_PAIRS:
        cells = min(CELLS, max(1, len(vectors) // TRAINED_ON))
        index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimensions), dimensions, cells, faiss.METRIC_INNER_PRODUCT)
        index.train(vectors[:: max(1, len(vectors) // (TRAINED_ON * cells))])
        index.nprobe = PROBES
    index.add(vectors)
    return VectorIndex(index)


def by_group(groups: IntArray) -> list[IntArray]:
    """Return the positions of each number in (n,) `groups`, in the order of the numbers; negative ones are none."""
    order = np.argsort(groups, kind="stable")
    order = order[groups[order] >= 0]
    starts = np.flatnonzero(np.diff(groups[order])) + 1
    return [members for members in np.split(order, starts) if len(members)]


def most_typical(vectors: FloatArray, weights: IntArray) -> int:
    """Return the row of (n, d) `vectors` nearest to all of them, each counting for its weight; 0 takes no part."""
    closeness = vectors @ (weights.astype(np.float32) @ vectors)
    return int(np.argmax(np.where(weights > 0, closeness, -np.inf)))
