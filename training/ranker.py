"""Learn which evidence makes an agent send an answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from repliek.encoder import FloatArray
from repliek.errors import RepliekError
from repliek.ranking import Asked, Evidence, Ranker
from repliek.retrieval import IntArray
from training.heads import FittedClassifier

CANDIDATES = 40
"""Topics per message to learn from: the others are so unlikely that they teach nothing."""

MIN_EXAMPLES = 50
"""Fewer messages with a known answer leave the weights where experience put them."""

EXPERIENCE = (2.0, 2.0, 3.0, 5.0, 2.0, 0.3)
EXPERIENCE_INTERCEPT = -5.0
"""Weights of the evidence, in the order of `topic_evidence`, for histories that cannot teach them."""

PENALTY = 0.5
"""Of the squared weights, in units of one message's log-likelihood."""

CHUNK = 512

LABELS = ("other", "sent")


@dataclass(frozen=True, slots=True)
class FittedRanker:
    """A fitted ranker, with what it said of each row when its messages were held out.

    Attributes:
        head: from the evidence of one topic to the probability that its answer was sent.
        best: (n,) int64 likeliest topic of each row.
        confidence: (n,) float32 of that topic.
        sample: (m, f) float32 evidence, to check an exported head on.
    """

    head: FittedClassifier
    best: IntArray
    confidence: FloatArray
    sample: FloatArray


def fit_ranker(evidence: Evidence, asked: Asked, topics: IntArray, stray: np.ndarray) -> FittedRanker:
    """Learn from n messages.

    Args:
        evidence: measures every topic.
        asked: the messages, with neighbours and intents out of fold.
        topics: (n,) int64 topic whose answer was sent, -1 where unknown.
        stray: (n,) bool, messages for which no answer is right.
    """
    useful = np.flatnonzero((topics >= 0) | stray)
    taught = (topics >= 0).sum() >= MIN_EXAMPLES
    head = choice_head(*_choices(evidence, asked, topics, useful)) if taught else experienced()
    ranking = [Ranker(evidence, head).rank(asked.take(rows), 1) for rows in _chunks(np.arange(len(asked)))]
    sample = evidence.measure(asked.take(np.arange(min(len(asked), 20))))
    return FittedRanker(
        head,
        best=np.concatenate([found.topics[:, 0] for found in ranking]),
        confidence=np.concatenate([found.confidence[:, 0] for found in ranking]),
        sample=sample.reshape(-1, sample.shape[2]),
    )


def choice_head(figures: FloatArray, chosen: IntArray) -> FittedClassifier:
    """Fit a conditional logit with an outside option (McFadden 1974): agents choose among topics, or none.

    Weights cannot be negative: more of any evidence never speaks against a topic.

    Args:
        figures: (n, candidates, f) float32.
        chosen: (n,) int64 candidate that was sent, -1 when none was.
    """
    n, _, kinds = figures.shape
    sent = np.flatnonzero(chosen >= 0)
    own = figures[sent, chosen[sent]].astype(np.float64)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        weights, intercept = parameters[:-1], parameters[-1]
        utilities = figures @ weights + intercept
        highest = np.maximum(utilities.max(axis=1), 0.0)
        odds = np.exp(utilities - highest[:, np.newaxis])
        total = odds.sum(axis=1) + np.exp(-highest)
        shares = odds / total[:, np.newaxis]
        value = (np.log(total) + highest).sum() - (own @ weights + intercept).sum() + PENALTY * (weights**2).sum()
        slope = np.einsum("nc,ncf->f", shares, figures) - own.sum(axis=0) + 2 * PENALTY * weights
        return value / n, np.append(slope, shares.sum() - len(sent)) / n

    start = np.append(np.ones(kinds), -1.0)
    bounds = [(0.0, None)] * kinds + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    if not found.success:
        raise RepliekError(f"the ranker did not converge ({found.message})")
    return _head(found.x[:-1], float(found.x[-1]))


def experienced() -> FittedClassifier:
    """Return the ranker for histories that cannot teach one."""
    return _head(np.array(EXPERIENCE), EXPERIENCE_INTERCEPT)


def _head(weights: np.ndarray, intercept: float) -> FittedClassifier:
    """Put weights in the form of a logistic regression, whose odds are what the engine's `Ranker` compares."""
    model = LogisticRegression()
    model.classes_ = np.array([0, 1])
    model.coef_ = weights[np.newaxis, :]
    model.intercept_ = np.array([intercept])
    model.n_features_in_ = len(weights)
    return FittedClassifier(model, LABELS)


def _chunks(rows: IntArray) -> list[IntArray]:
    """Divide rows, so that the evidence of all topics for all messages never stands in memory at once."""
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]


def _choices(evidence: Evidence, asked: Asked, topics: IntArray, rows: IntArray) -> tuple[FloatArray, IntArray]:
    """Return the evidence of each message's strongest candidates, and which of them was sent.

    A topic that was sent but is not among the candidates takes the last one's place.
    """
    figures: list[FloatArray] = []
    chosen: list[IntArray] = []
    for chunk in _chunks(rows):
        measured = evidence.measure(asked.take(chunk))
        candidates = np.argsort(-measured.sum(axis=2), axis=1, kind="stable")[:, :CANDIDATES]
        own = topics[chunk]
        missed = (own >= 0) & ~(candidates == own[:, np.newaxis]).any(axis=1)
        candidates[missed, -1] = own[missed]
        figures.append(np.take_along_axis(measured, candidates[:, :, np.newaxis], 1))
        chosen.append(np.where(own >= 0, (candidates == own[:, np.newaxis]).argmax(axis=1), -1))
    return np.concatenate(figures), np.concatenate(chosen)
