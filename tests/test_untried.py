"""What speaks for a topic without a past, and what becomes of the others beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from repliek.asked import Asked, Circumstances
from repliek.encoder import FloatArray
from repliek.heads import shares
from repliek.ranking import TextEvidence
from repliek.retrieval import BoolArray, Neighbours
from repliek.untried import NEXT_BEST, UntriedRanker, UntriedRule, untried_evidence

UTILITIES = np.array([[2.0, -1.0, 9.0], [-3.0, -4.0, 9.0]], dtype=np.float32)
"""Of two messages and three topics; the last topic was never sent, so what the ranker thinks of it says nothing."""

LAST: BoolArray = np.array([False, False, True])


class Given:
    """Evidence, and a ranker, that was written down before."""

    def __init__(self, figures: Sequence[Sequence[float]]) -> None:
        self._figures = np.array(figures, dtype=np.float32)

    def measure(self, asked: Asked) -> FloatArray:
        return self._figures[:, :, np.newaxis]

    def utilities(self, asked: Asked) -> FloatArray:
        return self._figures


TEXTS = TextEvidence(answers=Given([[0.1, 0.3, 0.6], [0.2, 0.0, 0.1]]), terms=Given([[0.0, 0.1, 0.5], [0.2, 0.2, 0.0]]))


def two() -> Asked:
    nothing = np.zeros((2, 0), dtype=np.float32)
    found = Neighbours(nothing, nothing.astype(np.int64))
    return Asked(("", ""), nothing, found, nothing, np.zeros(2, dtype=np.float32), Circumstances.unknown(2))


def test_the_texts_speak_and_what_the_others_leave() -> None:
    found = untried_evidence(two(), UTILITIES, TEXTS, LAST)
    assert (found.shape, found.dtype) == ((2, 1, 4), np.float32)
    none_of_the_others = -np.log(1 + np.exp(2.0) + np.exp(-1.0))
    np.testing.assert_allclose(found[0, 0], [none_of_the_others, 0.6, 0.6 - 0.2, 0.5], rtol=1e-5)
    np.testing.assert_allclose(found[1, 0, 1:], [0.1, 0.0, 0.0], atol=1e-6)


def test_it_has_to_be_nearer_than_the_next_best_alone() -> None:
    near = [[0.5] * NEXT_BEST + [-1.0] * 20 + [0.5]]
    texts = TextEvidence(answers=Given(near), terms=Given(near))
    untried = np.arange(len(near[0])) == len(near[0]) - 1
    found = untried_evidence(two().take(np.array([0])), np.zeros((1, len(near[0])), np.float32), texts, untried)
    assert found[0, 0, 2] == pytest.approx(0)


def test_where_nothing_was_ever_sent_there_is_nothing_to_be_nearer_than() -> None:
    found = untried_evidence(two(), UTILITIES, TEXTS, np.ones(3, dtype=bool))
    np.testing.assert_allclose(found[:, :, 0], 0)
    np.testing.assert_allclose(found[:, :, 2], found[:, :, 1])


def test_alone_its_probability_is_what_the_rule_says_and_the_others_share_the_rest() -> None:
    rule = UntriedRule()
    utilities = UntriedRanker(Given(UTILITIES.tolist()), rule, TEXTS, LAST).utilities(two())
    np.testing.assert_array_equal(utilities[:, :2], UTILITIES[:, :2])
    odds = rule.log_odds(untried_evidence(two(), UTILITIES, TEXTS, LAST))[:, 0]
    expected = 1 / (1 + np.exp(-odds))
    found = shares(utilities)
    np.testing.assert_allclose(found[:, 2], expected, rtol=1e-4)
    before = shares(UTILITIES[:, :2])
    np.testing.assert_allclose(found[:, :2], before * (1 - expected)[:, np.newaxis], rtol=1e-4, atol=1e-6)
    assert found[0, 2] > 0.5 > found[1, 2]


def test_huge_odds_of_others_leave_nothing() -> None:
    sure = np.array([[500.0, -np.inf, 0.0]] * 2, dtype=np.float32)
    utilities = UntriedRanker(Given(sure.tolist()), UntriedRule(unanswered=1.0), TEXTS, LAST).utilities(two())
    assert np.isfinite(utilities[:, 2]).all()
    np.testing.assert_allclose(shares(utilities)[:, 2], 0, atol=1e-6)


def test_a_rule_is_made_of_its_weights() -> None:
    rule = UntriedRule()
    assert UntriedRule.weighing(rule.weights, rule.intercept).weights.tolist() == rule.weights.tolist()
