from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from repliek.encoder import FloatArray
from repliek.history import Exchange
from repliek.ranking import NEIGHBOURS
from repliek.space import unit
from training import folds
from training.folds import FOLDS, FOLDS_OF_MANY, Folds

LABELS = [f"intent-{number % 7}" if number % 9 else None for number in range(400)]
ALONE = [f"row-{number}" for number in range(400)]
TOGETHER = [f"conversation-{number % 130}" for number in range(400)]


def vectors(n: int) -> FloatArray:
    return unit(np.random.default_rng(3).standard_normal((n, 12)).astype(np.float32))


def test_every_row_is_held_out_once() -> None:
    found = Folds.stratified(LABELS, TOGETHER, 13)
    parts = list(found)
    assert len(parts) == found.count == FOLDS
    assert sorted(np.concatenate([held_out for _, held_out in parts])) == list(range(400))
    for rest, held_out in parts:
        assert not set(rest) & set(held_out)
        assert len(rest) + len(held_out) == 400
        assert 20 <= len(held_out) <= 60


def test_conversations_are_not_divided() -> None:
    numbers = Folds.stratified(LABELS, TOGETHER, 13).numbers
    parts = {(group, int(number)) for group, number in zip(TOGETHER, numbers, strict=True)}
    assert len(parts) == len(set(TOGETHER))


def test_labels_are_spread_evenly() -> None:
    found = Folds.stratified(LABELS, ALONE, 13)
    for label in set(LABELS):
        own = [int(number) for number, name in zip(found.numbers, LABELS, strict=True) if name == label]
        counts = Counter(own)
        assert max(counts.values()) - min(counts[part] for part in range(FOLDS)) <= 1


def test_the_seed_decides_and_nothing_else() -> None:
    once, again, other = (Folds.stratified(LABELS, TOGETHER, seed).numbers for seed in (13, 13, 14))
    np.testing.assert_array_equal(once, again)
    assert (once != other).any()


def test_a_long_history_has_fewer_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folds, "MANY", 400)
    assert Folds.stratified(LABELS, ALONE, 13).count == FOLDS_OF_MANY
    assert Folds.stratified(LABELS[1:], ALONE[1:], 13).count == FOLDS


def test_neighbours_stand_in_other_parts_and_are_the_nearest_there() -> None:
    space = vectors(400)
    found = Folds.stratified(LABELS, TOGETHER, 13)
    neighbours = found.neighbours(space)
    assert neighbours.rows.shape == neighbours.similarities.shape == (400, NEIGHBOURS)
    assert (found.numbers[neighbours.rows] != found.numbers[:, np.newaxis]).all()
    similarities = space @ space.T
    similarities[found.numbers[:, np.newaxis] == found.numbers] = -2
    expected = -np.sort(-similarities, axis=1)[:, :NEIGHBOURS]
    np.testing.assert_allclose(neighbours.similarities, expected, atol=1e-5)
    own = np.take_along_axis(similarities, neighbours.rows, 1)
    np.testing.assert_allclose(own, expected, atol=1e-5)


def test_few_rows_have_few_neighbours() -> None:
    found = Folds.stratified(["a"] * 12, ALONE[:12], 13)
    assert found.neighbours(vectors(12)).rows.shape == (12, 10)
    small = Folds.stratified(["a"] * 4, ALONE[:4], 13)
    assert small.neighbours(vectors(4)).rows.shape == (4, 3)


def test_a_history_is_divided_by_intent_then_answer_and_by_whole_conversations() -> None:
    history = [
        Exchange(
            exchange_id=str(row),
            message="hoi",
            intent="x" if row % 2 else None,
            answer_id="a" if row % 4 == 0 else None,
            conversation_id=str(row // 5) if row < 50 else None,
        )
        for row in range(100)
    ]
    expected = Folds.stratified(
        ["x" if row % 2 else "a" if row % 4 == 0 else None for row in range(100)],
        [str(row // 5) if row < 50 else str(row) for row in range(100)],
        5,
    )
    np.testing.assert_array_equal(Folds.of_history(history, 5).numbers, expected.numbers)
