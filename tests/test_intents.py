from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from repliek.encoder import FloatArray
from repliek.history import OUT_OF_SCOPE
from repliek.intents import (
    SMALL_SHARE,
    STRAY,
    UNKNOWN,
    IntentClassifier,
    IntentRule,
    PastIntents,
    intent_evidence,
    neighbour_shares,
    row_intents,
)
from repliek.retrieval import VOTE_TEMPERATURE, GroupedVectors, Neighbours, votes
from repliek.scope import ScopeRule
from repliek.words import MessageWords

E = np.e

PAKKET = (1 - np.log(2) / np.log(4)) ** 2
"""Rarity of a word that one of three messages holds."""


def floats(*rows: Sequence[float]) -> FloatArray:
    return np.array(rows, dtype=np.float32)


def neighbours(rows: Sequence[int], similarities: Sequence[float]) -> Neighbours:
    return Neighbours(floats(similarities), np.array([rows], dtype=np.int64))


class Always:
    """A head that answers the same whatever it is asked."""

    labels = ("invoice", "delivery")

    def __init__(self, *probabilities: float) -> None:
        self._probabilities = probabilities

    def logits(self, features: FloatArray) -> FloatArray:
        return np.tile(np.log(floats(self._probabilities)), (len(features), 1))


def test_a_nearer_neighbour_has_more_votes() -> None:
    found = votes(floats([0.9, 0.9 - VOTE_TEMPERATURE, 0.9 - 2 * VOTE_TEMPERATURE]))
    total = 1 + 1 / E + 1 / E**2
    np.testing.assert_allclose(found, [[1 / total, 1 / E / total, 1 / E**2 / total]], rtol=1e-5)
    np.testing.assert_allclose(votes(floats([-1, -1])), [[0.5, 0.5]])


def test_past_intents_become_columns() -> None:
    found = row_intents(["delivery", None, OUT_OF_SCOPE, "gone", "invoice"], ["invoice", "delivery"])
    assert found.tolist() == [1, UNKNOWN, STRAY, UNKNOWN, 0]


def test_shares_count_neighbours_with_an_intent_only() -> None:
    rows = np.array([0, 1, UNKNOWN, STRAY], dtype=np.int64)
    found = neighbour_shares(neighbours([2, 0, 1, 3], [0.9, 0.9, 0.9 - VOTE_TEMPERATURE, 0.9]), rows, labels=3)
    np.testing.assert_allclose(found, [[1 / (1 + 1 / E), 1 / E / (1 + 1 / E), 0]], rtol=1e-5)


def test_without_a_neighbour_that_has_an_intent_there_are_no_shares() -> None:
    rows = np.array([UNKNOWN, STRAY], dtype=np.int64)
    assert neighbour_shares(neighbours([0, 1], [0.9, 0.8]), rows, labels=2).tolist() == [[0, 0]]


def test_evidence_holds_four_views_of_each_intent() -> None:
    found = intent_evidence(floats([0.8, 0.2]), floats([0.99, 0.0]), floats([0.3, -0.1]), floats([0.4, 0.9]))
    assert found.shape == (1, 2, 4)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[0, :, 0], np.log([0.8, 0.2]), rtol=1e-5)
    np.testing.assert_allclose(found[0, :, 1], [0, np.log(SMALL_SHARE)], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found[0, :, 2], [0.3, -0.1], rtol=1e-6)
    np.testing.assert_allclose(found[0, :, 3], [0.4, 0.9], rtol=1e-6)


def test_what_is_absent_has_a_finite_log() -> None:
    found = intent_evidence(floats([1, 0]), floats([0, 0]), floats([0, 0]), floats([0, 0]))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(IntentRule().probabilities(found), [[1, 0]], atol=1e-5)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (IntentRule(), [0.8, 0.2]),
        (IntentRule(head=0.5), [2 / 3, 1 / 3]),  # square roots of 0.8 and 0.2 are as 2 to 1
        (IntentRule(head=2), [16 / 17, 1 / 17]),  # their squares are as 16 to 1
        (IntentRule(head=0, neighbours=1), [0.25, 0.75]),
        (IntentRule(head=1, neighbours=1), [4 / 7, 3 / 7]),  # 4 to 1 against 1 to 3
        (IntentRule(head=0, answers=2), [1 / (1 + E), E / (1 + E)]),  # half a cosine apart
        (IntentRule(head=0, heard=2), [E / (1 + E), 1 / (1 + E)]),  # half of the words apart
        (IntentRule(head=0), [0.5, 0.5]),
    ],
)
def test_views_are_weighed(rule: IntentRule, expected: list[float]) -> None:
    shares = floats([0.25, 0.75]) - SMALL_SHARE
    views = intent_evidence(floats([0.8, 0.2]), shares, floats([0.1, 0.6]), floats([0.75, 0.25]))
    found = rule.probabilities(views)
    np.testing.assert_allclose(found, [expected], rtol=1e-5)
    assert found.dtype == np.float32


def test_utilities_may_be_large() -> None:
    views = intent_evidence(floats([0.5, 0.5]), floats([0, 0]), floats([1, -1]), floats([0, 0]))
    found = IntentRule(answers=1e4).probabilities(views)
    np.testing.assert_allclose(found, [[1, 0]])


def test_a_reading_is_what_the_rule_makes_of_all_views_and_their_scope() -> None:
    rows = np.array([0, 1, STRAY], dtype=np.int64)
    scope = ScopeRule(certainty=0, energy=0, familiarity=1, nearest=0, density=0, heard=1, threshold=0.75)
    answers = GroupedVectors(floats([1, 0], [0, 1]), np.array([1, 0], dtype=np.int64), 2)
    rule = IntentRule(neighbours=1, answers=1, scope=scope)
    past = PastIntents.of(MessageWords.of(["factuur", "pakket", "fiets"]), rows, np.zeros(3, dtype=np.float32), 2)
    classifier = IntentClassifier(Always(0.4, 0.6), rule, past, answers)
    both = Neighbours(floats([0.8, 0.6], [0.9, 0.7]), np.array([[0, 2], [2, 1]], dtype=np.int64))
    found = classifier.read(["een pakket", "fiets"], floats([1, 0], [0, 1]), both)
    assert found.labels == ("invoice", "delivery")
    few, all_ = SMALL_SHARE, 1 + SMALL_SHARE
    odds = np.array([[0.4 * all_, 0.6 * few * E], [0.4 * few * E, 0.6 * all_]])
    expected = odds / odds.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.probabilities, expected, rtol=1e-5)
    # Both are read as delivery, of which past messages say "pakket"; "een" is new to all of them.
    heard = np.array([PAKKET / (PAKKET + 1), 0])
    np.testing.assert_allclose(found.scope, np.array([0.05, -0.05]) + heard, rtol=1e-4)
    assert found.in_scope.tolist() == [True, False]
    assert found.best(0) == ("invoice", pytest.approx(expected[0, 0], rel=1e-5))
    assert found.best(1) == ("delivery", pytest.approx(expected[1, 1], rel=1e-5))


def test_rules_travel_through_json_and_refuse_what_they_do_not_know() -> None:
    adapter = TypeAdapter(IntentRule)
    rule = IntentRule(head=0.7, neighbours=0.3, answers=2.5, scope=ScopeRule(served=3, threshold=1.5))
    assert adapter.validate_json(adapter.dump_json(rule)) == rule
    with pytest.raises(ValidationError):
        adapter.validate_python({"head": 0.3, "scope": {"treshold": 1}})
    with pytest.raises(ValidationError):
        adapter.validate_python({"neighbour_weight": 0.3})
