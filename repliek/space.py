"""The space in which a bundle compares texts: one or more views of a text, centred and side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from repliek.encoder import Encoder, FloatArray


def unit(vectors: FloatArray) -> FloatArray:
    """Scale the rows of (n, d) float32 `vectors` to length 1; rows of zeros stay zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(norms, 1e-12)).astype(np.float32)


def side_by_side(vectors: Sequence[FloatArray], weights: Sequence[float]) -> FloatArray:
    """Join the (n, d_i) float32 unit rows of several views, so that a cosine is the weighted mean of their cosines."""
    weighted = [np.sqrt(weight) * view for weight, view in zip(weights, vectors, strict=True)]
    return unit(np.concatenate(weighted, axis=1))


@dataclass(frozen=True, slots=True)
class CentredEncoder:
    """An encoder whose queries and passages are each centred at the mean of the training texts.

    The vectors of a sentence encoder lie in a narrow cone; without their mean, near and far are easier
    to tell apart (Mu & Viswanath 2018, "All-but-the-top").

    Attributes:
        encoder: what makes the vectors.
        query_centre: (d,) float32.
        passage_centre: (d,) float32.
    """

    encoder: Encoder
    query_centre: FloatArray
    passage_centre: FloatArray

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return self.encoder.dimensions

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what customers ask: (texts, dimensions) float32, rows of length one."""
        return unit(self.encoder.encode_queries(texts) - self.query_centre)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what is looked for: (texts, dimensions) float32, rows of length one."""
        return unit(self.encoder.encode_passages(texts) - self.passage_centre)


@dataclass(frozen=True, slots=True)
class CompoundEncoder:
    """Several views of a text side by side: the cosine of two texts is the weighted mean of their cosines.

    Attributes:
        views: what makes the vectors.
        weights: of each view, summing to 1.
    """

    views: tuple[Encoder, ...]
    weights: tuple[float, ...]

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return sum(view.dimensions for view in self.views)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what customers ask: (texts, dimensions) float32, rows of length one."""
        return side_by_side([view.encode_queries(texts) for view in self.views], self.weights)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what is looked for: (texts, dimensions) float32, rows of length one."""
        return side_by_side([view.encode_passages(texts) for view in self.views], self.weights)

    def weighing_like(self, vectors: FloatArray) -> CompoundEncoder:
        """Return an encoder of the same views, weighed as they are in (n, d) float32 `vectors`; without any, as here.

        What a view counts for is its share of the squared length; a text that a view knows nothing of tells nothing.
        """
        lengths = np.stack([(part**2).sum(axis=1) for part in self._parts(vectors)], axis=1)
        known = lengths[(lengths > 0).all(axis=1)]
        return replace(self, weights=tuple(np.median(known, axis=0).tolist())) if len(known) else self

    def weighed(self, vectors: FloatArray) -> FloatArray:
        """Return (n, d) float32 vectors of the same views, however they weigh there, as this encoder weighs them."""
        return side_by_side([unit(part) for part in self._parts(vectors)], self.weights)

    def _parts(self, vectors: FloatArray) -> list[FloatArray]:
        return np.split(vectors, np.cumsum([view.dimensions for view in self.views])[:-1], axis=1)


def centred_views(views: Sequence[Encoder], weights: Sequence[float], centres: FloatArray) -> CompoundEncoder:
    """Put centred views side by side.

    Args:
        views: the encoders.
        weights: of each, summing to 1.
        centres: (2, d) float32, mean query and mean passage; the views' own centres one after the other.
    """
    ends = np.cumsum([view.dimensions for view in views])[:-1]
    parts = np.split(centres, ends, axis=1)
    centred = (CentredEncoder(view, part[0], part[1]) for view, part in zip(views, parts, strict=True))
    return CompoundEncoder(tuple(centred), tuple(weights))
