from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from repliek import retrieval
from repliek.encoder import FloatArray
from repliek.retrieval import VectorIndex
from repliek.space import unit


def rows(*vectors: Sequence[float]) -> FloatArray:
    return np.array(vectors, dtype=np.float32)


def test_the_most_similar_comes_first() -> None:
    index = VectorIndex.build(rows((1, 0), (0, 1), (0.6, 0.8)))
    found = index.search(rows((0, 1), (1, 0)), k=3)
    assert found.rows.tolist() == [[1, 2, 0], [0, 2, 1]]
    np.testing.assert_allclose(found.similarities, [[1, 0.8, 0], [1, 0.6, 0]], atol=1e-6)


def test_equal_similarities_are_ordered_by_row() -> None:
    index = VectorIndex.build(rows((0, 1), (1, 0), (1, 0), (0, 1), (1, 0)))
    for _ in range(3):
        assert index.search(rows((1, 0)), k=5).rows.tolist() == [[1, 2, 4, 0, 3]]


def test_an_index_smaller_than_k_returns_all_it_has() -> None:
    found = VectorIndex.build(rows((1, 0), (0, 1))).search(rows((1, 0)), k=50)
    assert found.rows.shape == found.similarities.shape == (1, 2)


def test_an_index_survives_its_bytes() -> None:
    vectors = unit(np.random.default_rng(3).standard_normal((20, 8)).astype(np.float32))
    index = VectorIndex.build(vectors)
    restored = VectorIndex.from_bytes(index.to_bytes())
    assert len(restored) == 20
    np.testing.assert_array_equal(restored.vectors(), vectors)
    np.testing.assert_array_equal(restored.search(vectors, 5).rows, index.search(vectors, 5).rows)


def test_a_query_need_not_be_contiguous() -> None:
    vectors = np.asfortranarray(rows((1, 0), (0, 1), (0.6, 0.8)))
    assert VectorIndex.build(rows((1, 0), (0, 1))).search(vectors, 1).rows.ravel().tolist() == [0, 1, 1]


def test_a_large_index_is_approximate_and_still_finds_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = unit(np.random.default_rng(3).standard_normal((300, 16)).astype(np.float32))
    exact = VectorIndex.build(vectors).search(vectors[:50], 5)
    monkeypatch.setattr(retrieval, "EXACT_UP_TO", 100)
    index = VectorIndex.from_bytes(VectorIndex.build(vectors).to_bytes())
    found = index.search(vectors[:50], 5)
    assert found.rows[:, 0].tolist() == list(range(50))
    np.testing.assert_allclose(found.similarities, exact.similarities, atol=1e-6)
    np.testing.assert_allclose(index.vectors(), vectors)
