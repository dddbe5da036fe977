from __future__ import annotations

import numpy as np
import pytest

from repliek.space import unit
from training.mining import groups
from training.mining.groups import by_group, communities, most_typical, nearest


def blobs(count: int, size: int, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Return unit vectors in `count` tight groups of `size`, shuffled, and the group of each."""
    random = np.random.default_rng(seed)
    centres = np.eye(max(count, 8), dtype=np.float32)[:count]
    of = random.permutation(np.repeat(np.arange(count), size))
    return unit(centres[of] + 0.05 * random.standard_normal((len(of), centres.shape[1])).astype(np.float32)), of


def same_division(found: np.ndarray, expected: np.ndarray) -> bool:
    return len(set(zip(found.tolist(), expected.tolist(), strict=True))) == len(set(found)) == len(set(expected))


def test_texts_that_say_the_same_come_together() -> None:
    vectors, of = blobs(6, 10)
    assert same_division(communities(vectors, np.ones(len(vectors), dtype=np.int64), 0.8), of)


def test_a_group_larger_than_its_neighbourhood_comes_together_in_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "NEIGHBOURS", 4)
    vectors, of = blobs(3, 40)
    assert same_division(communities(vectors, np.ones(len(vectors), dtype=np.int64), 0.8), of)


def test_a_group_does_not_run_on_from_text_to_text() -> None:
    angles = np.linspace(0, np.pi / 2, 9)
    chain = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = communities(chain, np.ones(9, dtype=np.int64), 0.95)
    assert all(chain[row] @ chain[centre] >= 0.95 for row, centre in enumerate(found))
    assert len(set(found.tolist())) > 1


def test_what_is_said_most_is_the_centre() -> None:
    vectors, _ = blobs(1, 5)
    assert communities(vectors, np.array([1, 1, 1, 1, 50]), 0.8).tolist() == [4] * 5


def test_an_inverted_file_finds_the_same_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, of = blobs(8, 50)
    monkeypatch.setattr(groups, "EXACT_PAIRS", 1)
    assert same_division(communities(vectors, np.ones(len(vectors), dtype=np.int64), 0.8), of)


def test_nothing_has_no_groups() -> None:
    assert communities(np.zeros((0, 4), dtype=np.float32), np.zeros(0, dtype=np.int64), 0.8).tolist() == []


def test_the_nearest_centre_is_given_where_it_is_near_enough() -> None:
    centres = np.eye(3, dtype=np.float32)
    asked = unit(np.array([[1, 0.1, 0], [0.2, 0, 1], [1, 1, 1]], dtype=np.float32))
    assert nearest(asked, centres, 0.8).tolist() == [0, 2, -1]
    assert nearest(asked, centres[:0], 0.8).tolist() == [-1, -1, -1]


def test_positions_by_group() -> None:
    found = by_group(np.array([4, -1, 0, 4, 0]))
    assert [one.tolist() for one in found] == [[2, 4], [0, 3]]
    assert by_group(np.array([-1, -1])) == []


def test_the_most_typical_lies_in_the_middle_of_what_is_said() -> None:
    vectors = unit(np.array([[1, 0], [1, 0.5], [1, 1]], dtype=np.float32))
    assert most_typical(vectors, np.array([1, 1, 1])) == 1
    assert most_typical(vectors, np.array([1, 1, 50])) == 2
    assert most_typical(vectors, np.array([1, 0, 1])) in {0, 2}
