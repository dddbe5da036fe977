"""Set what is not learned but must hold: how sure to be, and from where on to suggest.

All of it takes plain figures of messages that were not learned from: held-out folds, or later messages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from repliek.calibration import Calibration, Calibrations
from repliek.encoder import FloatArray
from repliek.heads import softmax
from repliek.intents import STRAY
from repliek.metrics import beyond_its_error, coverage_at_precision
from repliek.retrieval import BoolArray, IntArray
from training.choice import conditional_logit
from training.scope import LEAST_KEPT, PARTS

Floats = npt.NDArray[np.float64]

ENOUGH = 100
"""Messages from which something is set on them alone; fewer leave it as it was."""

ENOUGH_OF_EACH = 10
"""Among these must be so many that were right and that were wrong, or in scope and out of it."""

PENALTY = 5.0
"""Of the squared change of a calibration, in units of one message's log-likelihood: some dozens of messages that agree
outweigh it, a handful does not."""

STRONGEST = 40
"""Topics of a message that its confidence is reckoned from: the others take no share of it that could be seen."""

TRIALS = 5
"""Parts of the messages, each of which tries what the others would set, before anything is set."""

_LIMITS = ((np.log(0.25), np.log(4.0)), (None, None))
"""Of the logarithm of a temperature, so that a freak sample makes nothing certain or alike; and of an offset."""


def enough(kind: BoolArray) -> bool:
    """Whether so many messages, (n,) bool of one kind or the other, can set something."""
    return len(kind) >= ENOUGH and ENOUGH_OF_EACH <= int(kind.sum()) <= len(kind) - ENOUGH_OF_EACH


def calibrate_languages(utilities: FloatArray, chosen: IntArray, languages: Sequence[str | None]) -> Calibrations:
    """Calibrate all messages together, and from there each language that has enough of them by itself.

    Args:
        utilities: (n, topics) float32 log of the odds of each topic against sending nothing.
        chosen: (n,) int64 topic that was sent, -1 for messages for which no answer is right.
        languages: of each message, `None` where unknown.
    """
    shared = calibrate(utilities, chosen, Calibration())
    right = utilities.argmax(axis=1) == chosen
    found: dict[str, Calibration] = {}
    for language in sorted({language for language in languages if language}):
        rows = np.array([one == language for one in languages])
        if enough(right[rows]) and (own := calibrate(utilities[rows], chosen[rows], shared)) != shared:
            found[language] = own
    return Calibrations(shared, found)


def calibrate(utilities: FloatArray, chosen: IntArray, expected: Calibration) -> Calibration:
    """Return the calibration that makes the confidence in first topics likeliest, held back towards the `expected` one.

    It is that of the first topics, not of every choice: two parameters cannot serve both, and the first is what is
    shown and compared with a threshold. Where messages that it was not fitted on are not better off with it, by more
    than the error of that, the expected one is returned.

    Args:
        utilities: (n, topics) float32 log of the odds of each topic against sending nothing.
        chosen: (n,) int64 topic that was sent, -1 for none.
        expected: from which these messages must argue away.
    """
    right = utilities.argmax(axis=1) == chosen
    strongest = -np.sort(-utilities, axis=1)[:, :STRONGEST].astype(np.float64)

    def fitted(rows: IntArray) -> Calibration:
        return _likeliest(strongest[rows], right[rows], expected)

    def gained(rest: IntArray, tried: IntArray) -> Floats:
        own = _log_likelihood(strongest[tried], right[tried], fitted(rest))
        return own - _log_likelihood(strongest[tried], right[tried], expected)

    return fitted(np.arange(len(right))) if _pays(len(right), gained) else expected


def _likeliest(strongest: Floats, right: BoolArray, expected: Calibration) -> Calibration:
    """Return the calibration with the highest penalised likelihood."""
    start = np.array([np.log(expected.temperature), expected.offset])

    def loss(parameters: Floats) -> float:
        likelihood = _log_likelihood(strongest, right, Calibration(float(np.exp(parameters[0])), float(parameters[1])))
        return float(PENALTY * ((parameters - start) ** 2).sum() - likelihood.sum()) / len(right)

    found = minimize(loss, start, method="L-BFGS-B", bounds=_LIMITS).x
    return Calibration(float(np.exp(found[0])), float(found[1]))


def _log_likelihood(strongest: Floats, right: BoolArray, calibration: Calibration) -> Floats:
    """Return (n,): the log of the probability that the first topic is right where it is, and wrong where it is not.

    Args:
        strongest: (n, a) utilities, highest first.
        right: (n,) whether the first topic is right.
        calibration: of the utilities.
    """
    utilities = strongest / calibration.temperature + calibration.offset
    highest = np.maximum(utilities[:, :1], 0.0)
    odds = np.exp(np.concatenate([utilities, np.zeros_like(highest)], axis=1) - highest)
    first = odds[:, 0] / odds.sum(axis=1)
    return np.log(np.maximum(np.where(right, first, 1 - first), 1e-9))


def sharpen(probabilities: FloatArray, expected: IntArray) -> float:
    """Return the power to which probabilities are raised to hold, the inverse of a temperature.

    It is 1 of too few messages, and where messages that it was not fitted on are not better off with another one.

    Args:
        probabilities: (n, c) float32 of each intent.
        expected: (n,) int64 column of each message's own intent, negative without.
    """
    known = np.flatnonzero(expected >= 0)
    if len(known) < ENOUGH:
        return 1.0
    logs, own = log_of(probabilities[known]), expected[known]

    def fitted(rows: IntArray) -> float:
        figures = logs[rows][:, :, np.newaxis]
        (power,), _ = conditional_logit(figures, own[rows], outside_option=False, expected=np.ones(1), penalty=PENALTY)
        return float(power)

    def gained(rest: IntArray, tried: IntArray) -> Floats:
        before, after = (log_of(softmax(power * logs[tried])) for power in (1.0, fitted(rest)))
        return np.take_along_axis(after - before, own[tried][:, np.newaxis], 1)[:, 0].astype(np.float64)

    return fitted(np.arange(len(known))) if _pays(len(known), gained) else 1.0


def _pays(n: int, gained: Callable[[IntArray, IntArray], Floats]) -> bool:
    """Whether n messages gain by what the others of them set.

    Args:
        n: how many there are.
        gained: from rows to fit on and rows to try on, (m,), to the gain of each of the latter.
    """
    part = np.arange(n) % TRIALS
    parts = [gained(np.flatnonzero(part != number), np.flatnonzero(part == number)) for number in range(TRIALS)]
    return beyond_its_error(np.concatenate(parts))


def log_of(probabilities: FloatArray) -> FloatArray:
    """Return the logarithms, finite for an impossible intent too."""
    return np.log(np.maximum(probabilities, 1e-9))


def scope_margin(scope: FloatArray, expected: IntArray, right: BoolArray, precision: float) -> float:
    """Return the score from which messages count as in scope; 0, as on folds, where too few messages can tell.

    As on folds, the threshold is the lowest at which `precision` of what is let through is right, with one message in
    six out of scope, however many there are; but `LEAST_KEPT` of what is in scope is let through.

    Args:
        scope: (n,) float32, how far each message lies above the threshold.
        expected: (n,) int64 column of each message's own intent, `STRAY` out of scope.
        right: (n,) whether the intent was recognised.
        precision: share of the messages that are let through whose intent should be right.
    """
    served, strays = np.flatnonzero(expected >= 0), np.flatnonzero(expected == STRAY)
    if not enough(expected[np.concatenate([served, strays])] == STRAY):
        return 0.0
    times = max(1, round(len(served) / (PARTS - 1) / len(strays)))
    cases = np.concatenate([served, np.repeat(strays, times)])
    point = coverage_at_precision(scope[cases], right[cases] & (expected[cases] >= 0), precision)
    return float(min(point.threshold, np.quantile(scope[served], 1 - LEAST_KEPT)))


def choose_threshold(confidence: FloatArray, right: BoolArray, precision: float) -> float:
    """Return the confidence from which suggestions have the wanted precision.

    Where no confidence reaches that precision, the highest one that was seen is the threshold: the bundle
    then keeps silent unless it is surer than it ever was. Without any message it is 0.

    Args:
        confidence: (n,) float32 of the likeliest topic of each message.
        right: (n,) whether that topic was sent.
        precision: the share that should be right.
    """
    if not len(confidence):
        return 0.0
    point = coverage_at_precision(confidence, right, precision)
    return float(point.threshold if np.isfinite(point.threshold) else confidence.max())
