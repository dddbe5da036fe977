from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from repliek.encoder import Encoder, FloatArray
from repliek.space import CentredEncoder, CompoundEncoder, centred_views, unit


def rows(*vectors: Sequence[float]) -> FloatArray:
    return np.array(vectors, dtype=np.float32)


class LookUp:
    """An encoder that knows a vector for each text, and adds `(0, 1)` to passages."""

    dimensions = 2

    def __init__(self, vectors: dict[str, tuple[float, float]]) -> None:
        self._vectors = vectors

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return rows(*(self._vectors[text] for text in texts))

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        return self.encode_queries(texts) + rows((0, 1))


def test_unit_scales_rows_and_leaves_zeros() -> None:
    found = unit(rows((3, 4), (0, 0), (0, -2)))
    np.testing.assert_allclose(found, [[0.6, 0.8], [0, 0], [0, -1]], rtol=1e-6)
    assert found.dtype == np.float32


def test_queries_and_passages_are_centred_apart() -> None:
    plain = LookUp({"a": (4, 4), "b": (1, 3)})
    assert isinstance(plain, Encoder)
    centred = CentredEncoder(plain, query_centre=rows((1, 0))[0], passage_centre=rows((1, 1))[0])
    np.testing.assert_allclose(centred.encode_queries(["a", "b"]), [[0.6, 0.8], [0, 1]], rtol=1e-6)
    np.testing.assert_allclose(centred.encode_passages(["a", "b"]), [[0.6, 0.8], [0, 1]], rtol=1e-6)
    assert centred.dimensions == 2


def test_the_similarity_of_two_texts_is_the_weighted_mean_of_their_views() -> None:
    first, second = LookUp({"a": (1, 0), "b": (0.6, 0.8)}), LookUp({"a": (1, 0), "b": (0, 1)})
    both = CompoundEncoder((first, second), (0.75, 0.25))
    a, b = both.encode_queries(["a", "b"])
    assert both.dimensions == 4
    assert float(a @ b) == pytest.approx(0.75 * 0.6 + 0.25 * 0)
    np.testing.assert_allclose(np.linalg.norm([a, b], axis=1), 1, rtol=1e-6)


def test_a_view_that_says_nothing_leaves_the_others() -> None:
    blank, telling = LookUp({"a": (0, 0)}), LookUp({"a": (0.6, 0.8)})
    found = CompoundEncoder((blank, telling), (0.5, 0.5)).encode_queries(["a"])
    np.testing.assert_allclose(found, [[0, 0, 0.6, 0.8]], rtol=1e-6)


def test_views_are_centred_each_by_its_own_part() -> None:
    first, second = LookUp({"a": (4, 4)}), LookUp({"a": (2, 3)})
    found = centred_views([first, second], [0.5, 0.5], rows((1, 0, 2, 1), (1, 1, 2, 2)))
    half = np.sqrt(0.5)
    np.testing.assert_allclose(found.encode_queries(["a"]), [[0.6 * half, 0.8 * half, 0, half]], rtol=1e-6)
    np.testing.assert_allclose(found.encode_passages(["a"]), [[0.6 * half, 0.8 * half, 0, half]], rtol=1e-6)


def test_an_encoder_can_weigh_its_views_as_other_vectors_do() -> None:
    views = LookUp({"a": (1, 0), "b": (0.6, 0.8)}), LookUp({"a": (0, 1), "b": (0.8, 0.6)})
    others = CompoundEncoder(views, (0.8, 0.2)).encode_queries(["a", "b"])
    found = CompoundEncoder(views, (0.5, 0.5)).weighing_like(np.concatenate([others, rows((0, 0, 1, 0))]))
    np.testing.assert_allclose(found.weights, (0.8, 0.2), rtol=1e-5)
    np.testing.assert_allclose(found.encode_queries(["a", "b"]), others, rtol=1e-5)
    evenly = CompoundEncoder(views, (0.5, 0.5)).encode_queries(["a", "b"])
    np.testing.assert_allclose(found.weighed(evenly), others, rtol=1e-5)


def test_without_other_vectors_they_weigh_as_they_do() -> None:
    encoder = CompoundEncoder((LookUp({}), LookUp({})), (0.5, 0.5))
    assert encoder.weighing_like(np.zeros((0, 4), dtype=np.float32)) is encoder
