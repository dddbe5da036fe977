from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from repliek.encoder import FloatArray
from repliek.retrieval import VOTE_TEMPERATURE, Neighbours
from repliek.scope import ScopeRule, density, scope_evidence


def floats(*rows: Sequence[float]) -> FloatArray:
    return np.array(rows, dtype=np.float32)


def evidence(
    logits: Sequence[float],
    similarities: Sequence[float],
    *,
    in_scope: Sequence[bool] | None = None,
    densities: Sequence[float] | None = None,
    answers: Sequence[float] = (0.0,),
    heard: Sequence[float] = (0.0, 0.0, 0.0, 0.0),
) -> FloatArray:
    """Return the evidence of one message whose neighbours are all past messages, in their order."""
    n = len(similarities)
    found = Neighbours(floats(similarities), np.arange(n)[np.newaxis])
    known = np.array([True] * n if in_scope is None else in_scope)
    crowd = np.array([0.0] * n if densities is None else densities, dtype=np.float32)
    (row,) = scope_evidence(floats(logits), found, known, crowd, floats(answers), floats(heard))
    return row


def test_scope_is_told_from_the_head_the_neighbours_the_answers_and_the_words() -> None:
    found = evidence(
        np.log([0.25, 0.75]),
        [0.9, 0.9, 0.5],
        in_scope=[True, False, True],
        densities=[0.8, 0.1, 0.2],
        answers=[0.7, 0.2],
        heard=[0.1, 0.6],
    )
    known = 1 - 1 / (2 + np.exp(-0.4 / VOTE_TEMPERATURE))
    energy = np.log(np.sqrt(3) + 1 / np.sqrt(3))  # the two logits stand log(3) apart, half of it on each side of 0
    mean, around = (0.9 + 0.5) / 2, (0.1 + 0.3) / 2
    np.testing.assert_allclose(found, [np.log(0.75), energy, mean, mean, known, 0.7, around, 0.6], rtol=1e-5)
    assert found.dtype == np.float32


def test_energy_is_free_of_what_softmax_leaves_open_and_of_intents_that_were_not_seen() -> None:
    energies = [evidence(logits, [0.9])[1] for logits in ([2, 0, -2], [12, 10, 8], [2, 0, -2, -np.inf], [1, 0, -1])]
    assert energies[0] == pytest.approx(energies[1], rel=1e-5)
    assert energies[0] == pytest.approx(energies[2], rel=1e-5)
    assert energies[0] > energies[3] + 0.5


def test_the_ten_and_the_three_nearest_in_scope_count_wherever_strays_stand_between() -> None:
    similarities = [1 - 0.05 * rank for rank in range(14)]
    densities = [0.01 * rank for rank in range(14)]
    found = evidence([1.0], similarities, in_scope=[False] * 2 + [True] * 12, densities=densities)
    assert found[2] == pytest.approx(np.mean(similarities[2:12]), rel=1e-5)
    assert found[3] == pytest.approx(np.mean(similarities[2:5]), rel=1e-5)
    assert found[6] == pytest.approx(np.mean(similarities[2:12]) - np.mean(densities[2:12]), rel=1e-5)


def test_a_message_among_strays_only_is_as_unfamiliar_as_can_be() -> None:
    found = evidence([1.0], [0.9, 0.8], in_scope=[False, False])
    np.testing.assert_allclose(found, [0, 0, -1, -1, 0, 0, -1, 0], atol=1e-6)


def test_density_is_that_of_the_three_nearest_others() -> None:
    others = Neighbours(floats([0.9, 0.6, 0.3, 0.1], [0.2, 0.1, 0.0, -1.0]), np.zeros((2, 4), dtype=np.int64))
    np.testing.assert_allclose(density(others), [0.6, 0.1], rtol=1e-6)


def test_the_score_is_linear_and_counts_from_the_threshold() -> None:
    weights = np.array([2, 0.5, 3, 1, 4, 5, 6, 7], dtype=np.float32)
    rule = ScopeRule.weighing(weights)
    assert (rule.certainty, rule.served, rule.heard) == (2, 5, 7)
    np.testing.assert_array_equal(rule.weights, weights)
    row = floats([-1, 2, 0.5, 0.75, 0.25, 0.1, 0.5, 0.2])
    np.testing.assert_allclose(rule.score(row), row @ weights, rtol=1e-6)
    high = ScopeRule(certainty=2, energy=0, nearest=0, density=0, heard=0, threshold=1.5)
    np.testing.assert_allclose(high.score(row), [-3.5], rtol=1e-6)
