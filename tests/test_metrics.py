from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    confusion_matrix,
    f1_score,
    label_ranking_average_precision_score,
    roc_auc_score,
)

from repliek import metrics

NONE = np.array([])
NO_BOOL = np.array([], dtype=bool)
NO_INT = np.array([], dtype=np.int64)


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(7)


def test_accuracy_and_macro_f1_agree_with_scikit_learn(random: np.random.Generator) -> None:
    expected = random.integers(0, 9, 300)
    predicted = np.where(random.random(300) < 0.6, expected, random.integers(0, 12, 300))
    assert metrics.accuracy(expected, predicted) == accuracy_score(expected, predicted)
    assert metrics.macro_f1(expected, predicted) == pytest.approx(
        f1_score(expected, predicted, average="macro", zero_division=0)
    )


def test_f1_of_one_label_agrees_with_scikit_learn(random: np.random.Generator) -> None:
    expected, predicted = random.random(200) < 0.3, random.random(200) < 0.4
    assert metrics.f1(expected, predicted) == pytest.approx(f1_score(expected, predicted))
    assert math.isnan(metrics.f1(NO_BOOL, NO_BOOL))


def test_confusion_counts_agree_with_scikit_learn(random: np.random.Generator) -> None:
    expected, predicted = random.integers(0, 4, 100), random.integers(0, 4, 100)
    found = metrics.confusion_counts(expected, predicted, 5)
    assert found.tolist() == confusion_matrix(expected, predicted, labels=range(5)).tolist()
    assert metrics.confusion_counts(NO_INT, NO_INT, 2).tolist() == [[0, 0], [0, 0]]


def test_macro_f1_by_hand_with_names() -> None:
    expected = np.array(["a", "a", "b", "b"])
    predicted = np.array(["a", "b", "b", "c"])
    # a: 2/(2+1), b: 2/(2+2), c: 0
    assert metrics.macro_f1(expected, predicted) == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)


def test_auroc_agrees_with_scikit_learn_with_ties(random: np.random.Generator) -> None:
    scores = random.integers(0, 20, 400).astype(np.float32)
    positive = random.random(400) < 0.3
    assert metrics.auroc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))


def test_auroc_by_hand() -> None:
    scores = np.array([0.1, 0.4, 0.4, 0.9])
    assert metrics.auroc(scores, np.array([False, False, True, True])) == pytest.approx(3.5 / 4)
    assert math.isnan(metrics.auroc(scores, np.ones(4, dtype=bool)))


def test_recall_and_reciprocal_rank() -> None:
    ranked = np.array([[3, 1, 2], [1, 2, 3], [2, 3, 1]])
    expected = np.array([3, 2, 9])
    assert metrics.recall_at_k(ranked, expected, 1) == pytest.approx(1 / 3)
    assert metrics.recall_at_k(ranked, expected, 2) == pytest.approx(2 / 3)
    assert metrics.recall_at_k(ranked, expected, 10) == pytest.approx(2 / 3)
    assert metrics.mean_reciprocal_rank(ranked, expected) == pytest.approx((1 + 1 / 2 + 0) / 3)


def test_reciprocal_rank_agrees_with_scikit_learn(random: np.random.Generator) -> None:
    scores = random.random((50, 8))
    expected = random.integers(0, 8, 50)
    ours = metrics.mean_reciprocal_rank(np.argsort(-scores, axis=1), expected)
    assert ours == pytest.approx(label_ranking_average_precision_score(np.eye(8)[expected], scores))


def test_a_ranking_without_places_finds_nothing() -> None:
    empty = np.zeros((2, 0), dtype=np.int64)
    expected = np.array([0, 1])
    assert metrics.recall_at_k(empty, expected, 1) == 0
    assert metrics.mean_reciprocal_rank(empty, expected) == 0


def test_expected_calibration_error_by_hand() -> None:
    # Two bins of two: mean confidence .3 and .8, accuracy .5 and 1.
    confidence = np.array([0.2, 0.4, 0.7, 0.9])
    correct = np.array([False, True, True, True])
    assert metrics.expected_calibration_error(confidence, correct, bins=2) == pytest.approx((0.2 + 0.2) / 2)


def test_equal_confidences_share_a_bin() -> None:
    confidence = np.full(30, 0.5)
    correct = np.arange(30) % 2 == 0
    assert metrics.expected_calibration_error(confidence, correct) == 0
    assert metrics.calibration_bins(confidence, correct).counts.tolist() == [30]


def test_bins_hold_equal_shares(random: np.random.Generator) -> None:
    found = metrics.calibration_bins(random.random(150), random.random(150) < 0.5)
    assert found.counts.tolist() == [10] * 15
    assert (np.diff(found.confidence) > 0).all()


def test_calibrated_confidences_have_a_small_error(random: np.random.Generator) -> None:
    confidence = random.random(20_000)
    correct = random.random(20_000) < confidence
    assert metrics.expected_calibration_error(confidence, correct) < 0.02
    assert metrics.expected_calibration_error(confidence, ~correct) > 0.4


def test_aurc_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    correct = np.array([True, False, True, False])
    assert metrics.aurc(confidence, correct) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)


def test_aurc_of_equal_confidences_is_the_error_rate() -> None:
    correct = np.array([True, True, False, True])
    assert metrics.aurc(np.full(4, 0.5), correct) == pytest.approx(0.25)


def test_coverage_at_precision_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    correct = np.array([True, False, True, True, False])
    assert metrics.coverage_at_precision(confidence, correct, 0.75) == (0.8, 0.6)
    assert metrics.coverage_at_precision(confidence, correct, 1.0) == (0.2, 0.9)
    assert metrics.coverage_at_precision(confidence, np.zeros(5, dtype=bool), 0.5) == (0.0, math.inf)


def test_a_threshold_keeps_all_of_equal_confidence() -> None:
    confidence = np.array([0.9, 0.9, 0.5])
    curve = metrics.coverage_precision_curve(confidence, np.array([True, False, True]))
    assert curve.thresholds.tolist() == [0.9, 0.5]
    np.testing.assert_allclose(curve.coverage, [2 / 3, 1])
    np.testing.assert_allclose(curve.precision, [1 / 2, 2 / 3])


def test_the_threshold_does_what_it_promises(random: np.random.Generator) -> None:
    confidence = random.random(500).round(2)
    correct = random.random(500) < confidence
    coverage, threshold = metrics.coverage_at_precision(confidence, correct, 0.8)
    kept = confidence >= threshold
    assert kept.mean() == coverage
    assert correct[kept].mean() >= 0.8


def test_the_outcome_of_a_choice_by_hand() -> None:
    right = np.array([True, False, True, True])
    assert metrics.outcome_of(np.array([True, True, False, False]), right) == (0.5, 0.5)
    nothing = metrics.outcome_of(np.zeros(4, dtype=bool), right)
    assert nothing.coverage == 0
    assert np.isnan(nothing.precision)


def test_no_figure_depends_on_the_order(random: np.random.Generator) -> None:
    confidence = random.random(200).round(1)
    correct = random.random(200) < confidence
    order = random.permutation(200)
    for figure in (metrics.aurc, metrics.expected_calibration_error, metrics.auroc):
        assert figure(confidence, correct) == pytest.approx(figure(confidence[order], correct[order]))


def test_bootstrap_interval_is_seeded_and_holds_the_mean(random: np.random.Generator) -> None:
    values = (random.random(400) < 0.7).astype(float)
    interval = metrics.bootstrap_interval(values, seed=1)
    assert interval == metrics.bootstrap_interval(values, seed=1)
    assert interval != metrics.bootstrap_interval(values, seed=2)
    assert interval.low < values.mean() < interval.high
    # The normal approximation, 1.96 standard errors to either side.
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.15)


def test_bootstrap_sums_draw_whole_groups() -> None:
    values = np.array([[1.0, 1.0], [2.0, 1.0], [40.0, 1.0]])
    sums = metrics.bootstrap_sums(values, np.array(["a", "a", "b"]), seed=1, resamples=200)
    assert {tuple(row) for row in sums.tolist()} == {(6.0, 4.0), (43.0, 3.0), (80.0, 2.0)}


def test_bootstrap_sums_of_cases_alone_agree_with_the_interval_of_their_mean(random: np.random.Generator) -> None:
    values = random.random(300)
    columns = np.stack([values, np.ones(300)], axis=1)
    sums = metrics.bootstrap_sums(columns, np.arange(300), seed=4)
    found = metrics.percentile_interval(sums[:, 0] / sums[:, 1])
    assert found == pytest.approx(metrics.bootstrap_interval(values, seed=4))


def test_an_interval_leaves_unknown_estimates_out() -> None:
    low, high = metrics.percentile_interval(np.array([0.2, math.nan, 0.2]))
    assert low == high == pytest.approx(0.2)
    assert math.isnan(metrics.percentile_interval(np.array([math.nan])).low)


def test_no_cases_give_nan() -> None:
    figures = [
        metrics.accuracy(NONE, NONE),
        metrics.macro_f1(NONE, NONE),
        metrics.expected_calibration_error(NONE, NO_BOOL),
        metrics.auroc(NONE, NO_BOOL),
        metrics.recall_at_k(np.zeros((0, 3), dtype=np.int64), NO_INT, 1),
        metrics.mean_reciprocal_rank(np.zeros((0, 3), dtype=np.int64), NO_INT),
        metrics.aurc(NONE, NO_BOOL),
        metrics.coverage_at_precision(NONE, NO_BOOL, 0.9).coverage,
        metrics.bootstrap_interval(NONE, seed=0, resamples=3).low,
    ]
    assert all(math.isnan(figure) for figure in figures)


def test_kappa_agrees_with_scikit_learn(random: np.random.Generator) -> None:
    first = random.random(200) < 0.3
    second = np.where(random.random(200) < 0.8, first, ~first)
    assert metrics.cohen_kappa(first, second) == pytest.approx(cohen_kappa_score(first, second))
    assert metrics.cohen_kappa(first, first) == 1


def test_there_is_no_kappa_where_chance_is_certainty() -> None:
    assert math.isnan(metrics.cohen_kappa(np.ones(4, dtype=bool), np.ones(4, dtype=bool)))
    assert math.isnan(metrics.cohen_kappa(NO_BOOL, NO_BOOL))
