from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from repliek.encoder import FloatArray
from tests.fixture_bundle import DIMENSIONS, write_tiny_encoder
from training.embeddings import CHUNK, CachingEncoder, caching_encoder


class Counting:
    """An encoder that keeps what it was asked."""

    dimensions = 2

    def __init__(self, breaks_at: int | None = None) -> None:
        self.queries: list[str] = []
        self.passages: list[str] = []
        self._breaks_at = breaks_at

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        if self._breaks_at is not None and len(self.queries) >= self._breaks_at:
            raise KeyboardInterrupt
        self.queries += texts
        return np.array([_vector("query", text) for text in texts], dtype=np.float32)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        self.passages += texts
        return np.array([_vector("passage", text) for text in texts], dtype=np.float32)


def _vector(kind: str, text: str) -> list[float]:
    digest = hashlib.sha256(f"{kind} {text}".encode()).digest()
    return [digest[0] / 256, digest[1] / 256]


def cached(encoder: Counting, folder: Path, identity: str = "one") -> CachingEncoder:
    return CachingEncoder(encoder, identity, folder / "cache" / "vectors.sqlite", show_progress=False)


def test_what_was_encoded_before_is_not_encoded_again(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    vectors = cached(first, tmp_path).encode_queries(["b", "a", "b", "é 😀"])
    assert sorted(first.queries) == ["a", "b", "é 😀"]
    np.testing.assert_allclose(vectors, [_vector("query", text) for text in ("b", "a", "b", "é 😀")])
    again = cached(second, tmp_path).encode_queries(["é 😀", "b"])
    assert second.queries == []
    np.testing.assert_array_equal(again, vectors[[3, 0]])
    assert again.dtype == np.float32


def test_only_what_is_new_is_encoded(tmp_path: Path) -> None:
    encoder = Counting()
    both = cached(encoder, tmp_path)
    both.encode_queries(["a"])
    both.encode_queries(["a", "b"])
    assert encoder.queries == ["a", "b"]


def test_queries_and_passages_are_kept_apart(tmp_path: Path) -> None:
    encoder = Counting()
    both = cached(encoder, tmp_path)
    query, passage = both.encode_queries(["a"]), both.encode_passages(["a"])
    assert (encoder.queries, encoder.passages) == (["a"], ["a"])
    assert (query != passage).any()


def test_another_encoder_does_not_get_these_vectors(tmp_path: Path) -> None:
    cached(Counting(), tmp_path).encode_queries(["a"])
    other = Counting()
    cached(other, tmp_path, identity="another").encode_queries(["a"])
    assert other.queries == ["a"]


def test_nothing_is_nothing(tmp_path: Path) -> None:
    encoder = Counting()
    assert cached(encoder, tmp_path).encode_queries([]).shape == (0, 2)
    assert cached(encoder, tmp_path).dimensions == 2
    assert encoder.queries == []


def test_more_texts_than_a_query_of_sqlite_can_name(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(1_200)]
    expected = cached(Counting(), tmp_path).encode_queries(texts)
    again = Counting()
    np.testing.assert_array_equal(cached(again, tmp_path).encode_queries(texts), expected)
    assert again.queries == []


def test_an_interrupted_run_keeps_what_it_had(tmp_path: Path) -> None:
    texts = [f"text {number:03}" for number in range(3 * CHUNK)]
    with pytest.raises(KeyboardInterrupt):
        cached(Counting(breaks_at=2 * CHUNK), tmp_path).encode_queries(texts)
    rest = Counting()
    found = cached(rest, tmp_path).encode_queries(texts)
    assert len(rest.queries) == CHUNK
    np.testing.assert_allclose(found, [_vector("query", text) for text in texts])


def test_an_encoder_is_known_by_its_files(tmp_path: Path) -> None:
    one, other = write_tiny_encoder(tmp_path / "one"), write_tiny_encoder(tmp_path / "other", ["zonnebloem"])
    texts = ["waar blijft mijn pakket", "zonnebloem"]
    for name, encoder in (("one", one), ("other", other), ("one", one)):
        found = caching_encoder(tmp_path / name, tmp_path / "cache").encode_queries(texts)
        assert found.shape == (2, DIMENSIONS)
        np.testing.assert_allclose(found, encoder.encode_queries(texts), atol=1e-6)
