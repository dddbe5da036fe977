"""What every figure means. Training and evaluation share these functions, so that a name has one definition.

All take plain arrays of n cases and are exact, without sampling (the bootstrap excepted, which takes a seed).
No result depends on the order of the cases. A figure of no cases at all is NaN: there is nothing to tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
IntArray = npt.NDArray[np.integer[Any]]
BoolArray = npt.NDArray[np.bool_]
Labels = npt.NDArray[Any]

CALIBRATION_BINS = 15
"""As many as Guo et al. 2017 use."""

RESAMPLES = 1_000
"""Bootstrap samples; enough for the two decimals of a 95 % interval (Efron & Tibshirani 1993, ch. 13)."""


class OperatingPoint(NamedTuple):
    """Where to set a threshold, and the share of cases that it leaves."""

    coverage: float
    threshold: float


class Outcome(NamedTuple):
    """What a threshold does: the share of cases that is kept, and the share of those that is right."""

    coverage: float
    precision: float


class Interval(NamedTuple):
    """A confidence interval, both ends included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CoveragePrecision:
    """What each threshold would do, one entry for each distinct confidence, highest first.

    Attributes:
        thresholds: (t,) cases of this confidence or more are kept.
        coverage: (t,) share of all cases that is kept; rises to 1.
        precision: (t,) share of the kept cases that is right.
    """

    thresholds: FloatArray
    coverage: FloatArray
    precision: FloatArray


@dataclass(frozen=True, slots=True)
class CalibrationBins:
    """Cases of similar confidence, taken together.

    Attributes:
        confidence: (b,) mean confidence of each bin.
        accuracy: (b,) share of it that is right.
        counts: (b,) int, how many cases it holds; never 0.
    """

    confidence: FloatArray
    accuracy: FloatArray
    counts: IntArray


def accuracy(expected: Labels, predicted: Labels) -> float:
    """Return the share of the (n,) `predicted` labels that equal the `expected` ones."""
    return _mean(expected == predicted)


def macro_f1(expected: Labels, predicted: Labels) -> float:
    """Return the mean over labels of F1 = 2 tp / (2 tp + fp + fn).

    The labels are those that occur among the (n,) `expected` or `predicted`, as in scikit-learn:
    a label that was only predicted counts with 0. This is the "averaged F1" of Opitz & Burst 2019.
    """
    n = len(expected)
    if n == 0:
        return float("nan")
    labels, numbers = np.unique(np.concatenate([expected, predicted]), return_inverse=True)
    truth, guess = numbers[:n], numbers[n:]
    hits = np.bincount(truth[truth == guess], minlength=len(labels))
    occurrences = np.bincount(truth, minlength=len(labels)) + np.bincount(guess, minlength=len(labels))
    return float(np.mean(2 * hits / occurrences))


def f1(expected: BoolArray, predicted: BoolArray) -> float:
    """Return 2 tp / (2 tp + fp + fn) of one label; NaN where none of the (n,) cases has it or is said to."""
    named = int(expected.sum()) + int(predicted.sum())
    return 2 * int((expected & predicted).sum()) / named if named else float("nan")


def confusion_counts(expected: IntArray, predicted: IntArray, labels: int) -> IntArray:
    """Return (labels, labels) int64: how many of the (n,) cases have each label (row) and were given each (column)."""
    return np.bincount(expected * labels + predicted, minlength=labels * labels).reshape(labels, labels)


def auroc(scores: FloatArray, positive: BoolArray) -> float:
    """Return how often a positive case has a higher score than a negative one, a tie counting half.

    The Mann-Whitney form of the area under the ROC curve (Hanley & McNeil 1982). NaN unless both kinds occur.

    Args:
        scores: (n,) higher speaks for positive.
        positive: (n,) whether the case is.
    """
    positives = int(positive.sum())
    negatives = len(positive) - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    above = float(_middle_ranks(scores)[positive].sum()) - positives * (positives - 1) / 2
    return above / (positives * negatives)


def recall_at_k(ranked: IntArray, expected: IntArray, k: int) -> float:
    """Return how often the one right item stands among the first `k`.

    Args:
        ranked: (n, m) items, best first.
        expected: (n,) the right item of each case; one that is not ranked counts as missed.
        k: how many places count; m when there are fewer.
    """
    return _mean((ranked[:, :k] == expected[:, np.newaxis]).any(axis=1))


def mean_reciprocal_rank(ranked: IntArray, expected: IntArray) -> float:
    """Return the mean of 1 / rank of the one right item, 0 where it is not ranked (Voorhees 1999).

    Args:
        ranked: (n, m) items, best first; with m places this is MRR@m.
        expected: (n,) the right item of each case.
    """
    found = ranked == expected[:, np.newaxis]
    ranks = found.argmax(axis=1) + 1 if ranked.shape[1] else np.ones(len(ranked))
    return _mean(found.any(axis=1) / ranks)


def calibration_bins(confidence: FloatArray, correct: BoolArray, bins: int = CALIBRATION_BINS) -> CalibrationBins:
    """Sort cases by confidence into at most `bins` bins of equal mass; equal confidences stay together.

    Equal mass rather than equal width, because a good classifier puts nearly everything into the last
    bin of equal width (Nixon et al. 2019, "Measuring Calibration in Deep Learning").

    Args:
        confidence: (n,) probabilities.
        correct: (n,) whether the case was right.
        bins: how many at most.
    """
    numbers = np.floor(bins * (_middle_ranks(confidence) + 0.5) / max(len(confidence), 1)).astype(np.int64)
    counts = np.bincount(numbers, minlength=bins)
    filled = counts > 0
    means = [np.bincount(numbers, weights=values, minlength=bins)[filled] for values in (confidence, correct)]
    return CalibrationBins(means[0] / counts[filled], means[1] / counts[filled], counts[filled])


def expected_calibration_error(confidence: FloatArray, correct: BoolArray, bins: int = CALIBRATION_BINS) -> float:
    """Return the mean distance between confidence and accuracy, over bins weighted by their cases.

    ECE of Guo et al. 2017 ("On Calibration of Modern Neural Networks"), on the bins of `calibration_bins`.
    """
    if len(confidence) == 0:
        return float("nan")
    found = calibration_bins(confidence, correct, bins)
    return float(np.average(np.abs(found.confidence - found.accuracy), weights=found.counts))


def aurc(confidence: FloatArray, correct: BoolArray) -> float:
    """Return the area under the risk-coverage curve: the mean error rate of the i surest cases, i from 1 to n.

    Geifman & El-Yaniv 2017, "Selective Classification for Deep Neural Networks"; lower is better. Among
    equal confidences every order is equally likely, and the expected value is returned.

    Args:
        confidence: (n,) what the cases are ordered by.
        correct: (n,) whether the case was right.
    """
    if len(confidence) == 0:
        return float("nan")
    order = np.argsort(-confidence, kind="stable")
    _, ties, counts = np.unique(-confidence[order], return_inverse=True, return_counts=True)
    wrong = (~correct[order]).astype(np.float64)
    expected_wrong = (np.bincount(ties, weights=wrong) / counts)[ties]
    return float(np.mean(np.cumsum(expected_wrong) / np.arange(1, len(wrong) + 1)))


def coverage_precision_curve(confidence: FloatArray, correct: BoolArray) -> CoveragePrecision:
    """Return coverage and precision at every threshold that makes a difference.

    Args:
        confidence: (n,) of each case.
        correct: (n,) whether it was right.
    """
    thresholds, ties = np.unique(confidence, return_inverse=True)
    kept = np.cumsum(np.bincount(ties, minlength=len(thresholds))[::-1])
    right = np.cumsum(np.bincount(ties, weights=correct, minlength=len(thresholds))[::-1])
    return CoveragePrecision(thresholds[::-1], kept / max(len(confidence), 1), right / np.maximum(kept, 1))


def coverage_at_precision(confidence: FloatArray, correct: BoolArray, precision: float) -> OperatingPoint:
    """Return the largest coverage at which the kept cases still have `precision`, and its threshold.

    The threshold is chosen on these same cases; keep cases whose confidence is at least it. Where no threshold
    reaches the precision, coverage is 0 and the threshold infinite; without cases coverage is NaN.
    """
    if len(confidence) == 0:
        return OperatingPoint(float("nan"), float("inf"))
    curve = coverage_precision_curve(confidence, correct)
    reached = np.flatnonzero(curve.precision >= precision)
    if len(reached) == 0:
        return OperatingPoint(0.0, float("inf"))
    return OperatingPoint(float(curve.coverage[reached[-1]]), float(curve.thresholds[reached[-1]]))


def outcome_of(kept: BoolArray, correct: BoolArray) -> Outcome:
    """Return what a choice does that was made elsewhere; precision is NaN where nothing is kept.

    Args:
        kept: (n,) whether the case is kept.
        correct: (n,) whether it is right.
    """
    return Outcome(_mean(kept), _mean(correct[kept]))


def cohen_kappa(first: BoolArray, second: BoolArray) -> float:
    """Return how much two readers agree beyond chance, 1 at most (Cohen 1960). NaN where chance is certainty.

    Args:
        first: (n,) what one reader said of each case.
        second: (n,) what the other one said of the same cases.
    """
    if len(first) == 0:
        return float("nan")
    agreed = float((first == second).mean())
    yes, also = float(first.mean()), float(second.mean())
    by_chance = yes * also + (1 - yes) * (1 - also)
    return float("nan") if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def beyond_its_error(gained: npt.NDArray[np.floating[Any]]) -> bool:
    """Whether the mean of (n,) `gained` exceeds its own standard error: a smaller gain may be chance alone."""
    return bool(gained.mean() > gained.std() / np.sqrt(len(gained)))


def bootstrap_interval(values: FloatArray, *, seed: int, resamples: int = RESAMPLES, level: float = 0.95) -> Interval:
    """Return the percentile bootstrap interval of the mean of (n,) `values` (Efron 1979).

    Serves every figure that is a mean over cases: accuracy, recall, reciprocal rank, or the difference of two
    systems case by case.
    """
    means = [_mean(values[rows]) for rows in bootstrap_rows(len(values), seed=seed, resamples=resamples)]
    return percentile_interval(np.array(means), level=level)


def bootstrap_rows(n: int, *, seed: int, resamples: int = RESAMPLES) -> Iterator[npt.NDArray[np.int64]]:
    """Yield `resamples` samples of n row numbers out of n, with replacement; the same ones for the same seed."""
    random = np.random.default_rng(seed)
    for _ in range(resamples):
        yield random.integers(0, n, size=n)


def bootstrap_sums(
    values: FloatArray, groups: Labels, *, seed: int, resamples: int = RESAMPLES
) -> npt.NDArray[np.float64]:
    """Return (resamples, f) float64: the column sums of bootstrap samples in which whole groups are drawn.

    Ratios of such sums give the intervals of figures whose cases depend on each other, such as messages of one
    conversation (the cluster bootstrap, Davison & Hinkley 1997, sec. 3.8); two systems that stand side by side in the
    columns are compared on the same draws.

    Args:
        values: (n, f) what is summed.
        groups: (n,) cases of one group are drawn together.
        seed: of the draws.
        resamples: how many samples.
    """
    _, numbers = np.unique(groups, return_inverse=True)
    sums = np.zeros((int(numbers.max()) + 1, values.shape[1]))
    np.add.at(sums, numbers, values)
    drawn = bootstrap_rows(len(sums), seed=seed, resamples=resamples)
    return np.stack([np.bincount(rows, minlength=len(sums)) @ sums for rows in drawn])


def percentile_interval(estimates: FloatArray, *, level: float = 0.95) -> Interval:
    """Return the interval that holds the middle `level` of the bootstrap `estimates`, leaving out NaN ones."""
    known = estimates[~np.isnan(estimates)]
    if len(known) == 0:
        return Interval(float("nan"), float("nan"))
    tail = (1 - level) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return Interval(float(low), float(high))


def _mean(values: npt.NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _middle_ranks(values: FloatArray) -> FloatArray:
    """Return the rank of each of (n,) values, counted from 0; equal ones share the mean of their ranks."""
    _, ties, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts + 1) / 2)[ties]
