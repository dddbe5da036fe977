"""Finding past messages and answers by similarity, with FAISS."""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt

from repliek.encoder import FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

EXACT_UP_TO = 50_000
"""Rows up to which every vector is compared; a flat search over 50,000 x 384 takes 9 ms on one thread."""

HNSW_NEIGHBOURS = 32
HNSW_EF_CONSTRUCTION = 200
HNSW_EF_SEARCH = 256
"""Recall@10 of .997 at 100,000 rows and .93 at 1,000,000 (Malkov & Yashunin 2018 name the parameters)."""


VOTE_TEMPERATURE = 0.05
"""Similarity difference that makes a neighbour's vote e times as heavy."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What a search found.

    Attributes:
        similarities: (n, k) float32 cosine, best first.
        rows: (n, k) int64 positions in the index.
    """

    similarities: FloatArray
    rows: IntArray


def votes(similarities: FloatArray) -> FloatArray:
    """Return the weight of each of (n, k) neighbours, float32, rows summing to 1, nearer ones heavier."""
    scaled = np.exp((similarities - similarities.max(axis=1, keepdims=True)) / VOTE_TEMPERATURE)
    return (scaled / scaled.sum(axis=1, keepdims=True)).astype(np.float32)


class VectorIndex:
    """Cosine search among unit vectors: exact up to `EXACT_UP_TO` rows, HNSW beyond."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: FloatArray) -> VectorIndex:
        """Index the rows of (n, d) float32 unit `vectors`."""
        dimensions = vectors.shape[1]
        if len(vectors) <= EXACT_UP_TO:
            index: faiss.Index = faiss.IndexFlatIP(dimensions)
        else:
            index = faiss.IndexHNSWFlat(dimensions, HNSW_NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = HNSW_EF_CONSTRUCTION
            index.hnsw.efSearch = HNSW_EF_SEARCH
        index.add(vectors)
        return cls(index)

    @classmethod
    def from_bytes(cls, index: bytes) -> VectorIndex:
        """Restore an index from bytes that were verified: FAISS itself does not notice an altered payload."""
        return cls(faiss.deserialize_index(np.frombuffer(index, dtype=np.uint8)))

    def to_bytes(self) -> bytes:
        """Return the index as FAISS stores it."""
        return faiss.serialize_index(self._index).tobytes()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vectors: FloatArray, k: int) -> Neighbours:
        """Find the `k` most similar rows (fewer when there are fewer) for each row of (n, d) `vectors`.

        Equal similarities are ordered by row, so that the same question always gets the same answer.
        """
        if not len(self):
            nothing = np.zeros((len(vectors), 0), dtype=np.float32)
            return Neighbours(nothing, nothing.astype(np.int64))
        similarities, rows = self._index.search(np.ascontiguousarray(vectors), min(k, len(self)))
        order = np.lexsort((rows, -similarities), axis=1)
        return Neighbours(np.take_along_axis(similarities, order, 1), np.take_along_axis(rows, order, 1))

    def vectors(self) -> FloatArray:
        """Return every indexed vector, (rows, d) float32, in the order in which they were added."""
        return self._index.reconstruct_n(0, len(self))


class GroupedVectors:
    """Unit vectors in groups, and how near the nearest of each group is."""

    def __init__(self, vectors: FloatArray, groups: IntArray, count: int) -> None:
        """Args: vectors: (m, d) float32; groups: (m,) int64 group of each, negative for none; count: of groups."""
        members = np.flatnonzero(groups >= 0)
        members = members[np.argsort(groups[members], kind="stable")]
        self._vectors = vectors[members]
        self._filled, self._starts = np.unique(groups[members], return_index=True)
        self._count = count

    def nearest(self, vectors: FloatArray) -> FloatArray:
        """Return (n, count) float32 cosines for (n, d) unit `vectors`; 0, like an unrelated text, for empty groups."""
        nearest = np.zeros((len(vectors), self._count), dtype=np.float32)
        if len(self._filled):
            nearest[:, self._filled] = np.maximum.reduceat(vectors @ self._vectors.T, self._starts, axis=1)
        return nearest
