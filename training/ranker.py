"""Learn which evidence makes an agent send an answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from repliek.encoder import FloatArray
from repliek.ranking import Asked, Evidence
from repliek.retrieval import IntArray
from training.heads import FittedClassifier, fit_classifier

CANDIDATES = 40
"""Topics per message to learn from: the others are so unlikely that they teach nothing."""

MIN_EXAMPLES = 50
"""Fewer messages with a known answer leave the weights where experience put them."""

EXPERIENCE = (2.0, 2.0, 3.0, 5.0, 2.0, 0.3)
EXPERIENCE_INTERCEPT = -5.0
"""Weights of the evidence, in the order of `topic_evidence`, for histories that cannot teach them."""

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


def fit_ranker(evidence: Evidence, asked: Asked, topics: IntArray, stray: np.ndarray, seed: int) -> FittedRanker:
    """Learn from n messages.

    Args:
        evidence: measures every topic.
        asked: the messages, with neighbours and intents out of fold.
        topics: (n,) int64 topic whose answer was sent, -1 where unknown.
        stray: (n,) bool, messages for which no answer is right.
        seed: of the solver.
    """
    useful = np.flatnonzero((topics >= 0) | stray)
    if (topics >= 0).sum() < MIN_EXAMPLES:
        head = experienced()
    else:
        figures, sent = _examples(evidence, asked, topics, useful)
        head = fit_classifier(figures, sent, LABELS, inverse_regularisation=1.0, seed=seed)
    best, confidence = _best(evidence, asked, head)
    sample = evidence.measure(asked.take(np.arange(min(len(asked), 20))))
    return FittedRanker(head, best, confidence, sample.reshape(-1, sample.shape[2]))


def experienced() -> FittedClassifier:
    """Return the ranker for histories that cannot teach one."""
    model = LogisticRegression()
    model.classes_ = np.array([0, 1])
    model.coef_ = np.array([EXPERIENCE])
    model.intercept_ = np.array([EXPERIENCE_INTERCEPT])
    model.n_features_in_ = len(EXPERIENCE)
    model.n_iter_ = np.array([0])
    return FittedClassifier(model, LABELS)


def _chunks(asked: Asked, rows: IntArray, evidence: Evidence):
    """Yield rows and their (m, topics, f) evidence, a chunk at a time, so that memory stays bounded."""
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        yield chunk, evidence.measure(asked.take(chunk))


def _examples(evidence: Evidence, asked: Asked, topics: IntArray, rows: IntArray) -> tuple[FloatArray, IntArray]:
    figures: list[FloatArray] = []
    sent: list[IntArray] = []
    for chunk, measured in _chunks(asked, rows, evidence):
        candidates = np.argsort(-measured.sum(axis=2), axis=1, kind="stable")[:, :CANDIDATES]
        figures.append(np.take_along_axis(measured, candidates[:, :, np.newaxis], 1).reshape(-1, measured.shape[2]))
        sent.append((candidates == topics[chunk][:, np.newaxis]).astype(np.int64).ravel())
    return np.concatenate(figures), np.concatenate(sent)


def _best(evidence: Evidence, asked: Asked, head: FittedClassifier) -> tuple[IntArray, FloatArray]:
    best = np.zeros(len(asked), dtype=np.int64)
    confidence = np.zeros(len(asked), dtype=np.float32)
    for chunk, measured in _chunks(asked, np.arange(len(asked)), evidence):
        n, count, kinds = measured.shape
        found = head.probabilities(measured.reshape(n * count, kinds))[:, 1].reshape(n, count)
        best[chunk], confidence[chunk] = found.argmax(axis=1), found.max(axis=1)
    return best, confidence
