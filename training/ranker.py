"""Learn which evidence makes an agent send an answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from repliek.asked import Asked, Evidence
from repliek.calibration import Calibrations
from repliek.encoder import FloatArray
from repliek.ranking import CalibratedRanker, Ranker
from repliek.retrieval import IntArray
from training.calibration import calibrate_languages
from training.choice import conditional_logit
from training.heads import FittedClassifier, export

CANDIDATES = 40
"""Topics per message to learn from: the others are so unlikely that they teach nothing."""

MIN_EXAMPLES = 50
"""Fewer messages with a known answer leave the weights where experience put them."""

EXPERIENCE = (1.2, 2.2, 0.0, 15.0, 7.0, 0.0, 0.6, 0.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
EXPERIENCE_INTERCEPT = -2.0
"""Weights of the evidence, in the order of `topic_evidence`, for histories that cannot teach them.

Fitted on the bundled history: three times 200 exchanges were learned from, and 800 others judged. What was sent how
often weighs nothing: samples of 45 and 200 exchanges of the bundled history, even or not, were ranked worse by it.
"""

COLD_SCALE, COLD_INTERCEPT = 1.5, -4.6
"""What the weights are multiplied by where there are no past messages, and so no intents either: there the texts have
to speak for all. Fitted on 1,500 messages of the bundled history and its answers, without the rest of the history."""

CHUNK = 512

LABELS = ("other", "sent")


@dataclass(frozen=True, slots=True)
class FittedRanker:
    """A fitted ranker, with what it said of each row when its messages were held out.

    Attributes:
        head: from the evidence of one topic to the probability that its answer was sent.
        calibrations: of what the head says.
        best: (n,) int64 likeliest topic of each row.
        confidence: (n,) float32 of that topic.
        sample: (m, f) float32 evidence, to check an exported head on.
    """

    head: FittedClassifier
    calibrations: Calibrations
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
    weights, intercept, calibrations = np.array(EXPERIENCE), EXPERIENCE_INTERCEPT, Calibrations()
    if (topics >= 0).sum() >= MIN_EXAMPLES:
        rows = np.flatnonzero((topics >= 0) | stray)
        figures, sent = _choices(evidence, asked, topics, rows)
        weights, intercept = conditional_logit(figures, sent, outside_option=True, expected=weights)
        languages = asked.circumstances.take(rows).languages
        calibrations = calibrate_languages(figures @ weights + intercept, sent, languages)
    head = _head(weights, intercept)
    ranker = CalibratedRanker(Ranker(evidence, head), calibrations)
    ranking = [ranker.rank(asked.take(rows), 1) for rows in chunks(np.arange(len(asked)))]
    sample = evidence.measure(asked.take(np.arange(min(len(asked), 20))))
    return FittedRanker(
        head,
        calibrations,
        best=np.concatenate([found.topics[:, 0] for found in ranking]),
        confidence=np.concatenate([found.confidence[:, 0] for found in ranking]),
        sample=sample.reshape(-1, sample.shape[2]),
    )


def experienced_ranker() -> bytes:
    """Return, as ONNX, the head of a ranker for answers without a history."""
    return export(_head(COLD_SCALE * np.array(EXPERIENCE), COLD_INTERCEPT), np.eye(len(EXPERIENCE), dtype=np.float32))


def _head(weights: np.ndarray, intercept: float) -> FittedClassifier:
    """Put weights in the form of a logistic regression, whose odds are what the engine's `Ranker` compares."""
    model = LogisticRegression()
    model.classes_ = np.array([0, 1])
    model.coef_ = weights[np.newaxis, :]
    model.intercept_ = np.array([intercept])
    model.n_features_in_ = len(weights)
    return FittedClassifier(model, LABELS)


def chunks(rows: IntArray) -> list[IntArray]:
    """Divide rows, so that the evidence of all topics for all messages never stands in memory at once."""
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]


def _choices(evidence: Evidence, asked: Asked, topics: IntArray, rows: IntArray) -> tuple[FloatArray, IntArray]:
    """Return the evidence of each message's strongest candidates, and which of them was sent.

    A topic that was sent but is not among the candidates takes the last one's place.
    """
    figures: list[FloatArray] = []
    chosen: list[IntArray] = []
    for chunk in chunks(rows):
        measured = evidence.measure(asked.take(chunk))
        candidates = np.argsort(-(measured @ np.array(EXPERIENCE)), axis=1, kind="stable")[:, :CANDIDATES]
        own = topics[chunk]
        missed = (own >= 0) & ~(candidates == own[:, np.newaxis]).any(axis=1)
        candidates[missed, -1] = own[missed]
        figures.append(np.take_along_axis(measured, candidates[:, :, np.newaxis], 1))
        chosen.append(np.where(own >= 0, (candidates == own[:, np.newaxis]).argmax(axis=1), -1))
    return np.concatenate(figures), np.concatenate(chosen)
