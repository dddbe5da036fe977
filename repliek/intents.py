"""What a customer wants, how sure that is, and whether it is something the team serves at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as validated

from repliek.encoder import FloatArray
from repliek.heads import Classifier
from repliek.history import OUT_OF_SCOPE
from repliek.retrieval import GroupedVectors, IntArray, Neighbours

BoolArray = npt.NDArray[np.bool_]

SCOPE_NEIGHBOURS = 10
"""How many past messages count for the familiarity of a new one."""

UNKNOWN, STRAY = -1, -2
"""Stand for the intent of a past message that has none, and of one that is out-of-scope."""

VOTE_TEMPERATURE = 0.05
"""Similarity difference that makes a neighbour's vote e times as heavy."""

SMALL_SHARE = 0.01
"""Added to a share of votes before its logarithm, so that an absent neighbour is no proof of absence."""


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class ScopeRule:
    """Linear score of "in scope", and the value from which a message counts as such.

    The score adds how sure the intent head is to how familiar the message is: log of its highest
    probability + 10 x mean similarity of the ten nearest past messages is a strong detector on frozen
    vectors (the maximum-probability baseline of Hendrycks & Gimpel 2017 with the nearest neighbours
    of Sun et al. 2022). Where the history marks out-of-scope messages, the weights are learned.

    Attributes:
        certainty: weight of the log of the highest probability of the head.
        familiarity: weight of the mean similarity of the nearest in-scope messages.
        stray: weight of the neighbours' share that is marked out-of-scope.
        served: weight of the similarity to the nearest answer of any intent.
        threshold: lowest score that counts as in scope.
    """

    certainty: float = 1.0
    familiarity: float = 10.0
    stray: float = 0.0
    served: float = 0.0
    threshold: float = 0.0

    def score(self, evidence: FloatArray) -> FloatArray:
        """Return (n,) float32 scores for (n, 4) float32 `scope_evidence`."""
        weights = np.array([self.certainty, self.familiarity, self.stray, self.served])
        return (evidence @ weights).astype(np.float32)


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class IntentRule:
    """How three views of an intent become one calibrated distribution: a conditional logit, fitted on held-out folds.

    Attributes:
        head: weight of the log of the head's probability; alone it is the inverse of a temperature (Guo et al. 2017).
        neighbours: weight of the log of the neighbours' votes.
        answers: weight of the similarity to the nearest answer of the intent.
        scope: what counts as in scope.
    """

    head: float = 1.0
    neighbours: float = 0.0
    answers: float = 0.0
    scope: ScopeRule = field(default_factory=ScopeRule)

    def probabilities(self, evidence: FloatArray) -> FloatArray:
        """Return (n, c) float32 for (n, c, 3) float32 `intent_evidence`."""
        utilities = evidence @ np.array([self.head, self.neighbours, self.answers], dtype=np.float32)
        scaled = np.exp(utilities - utilities.max(axis=1, keepdims=True))
        return (scaled / scaled.sum(axis=1, keepdims=True)).astype(np.float32)


def intent_evidence(head: FloatArray, shares: FloatArray, answers: FloatArray) -> FloatArray:
    """Return (n, c, 3) float32 evidence, as `IntentRule` weighs it, from three (n, c) views of each intent.

    Args:
        head: probabilities of the head.
        shares: `neighbour_shares`.
        answers: similarity to the nearest answer of each intent.
    """
    views = [np.log(np.maximum(head, 1e-6)), np.log(shares + SMALL_SHARE), answers]
    return np.stack(views, axis=2).astype(np.float32)


def row_intents(intents: Sequence[str | None], labels: Sequence[str]) -> IntArray:
    """Return (messages,) int64: column of each past message's intent, `UNKNOWN` without, `STRAY` out-of-scope."""
    columns = {label: column for column, label in enumerate(labels)}
    columns[OUT_OF_SCOPE] = STRAY
    return np.array([columns.get(intent or "", UNKNOWN) for intent in intents], dtype=np.int64)


def neighbour_shares(neighbours: Neighbours, rows: IntArray, labels: int) -> FloatArray:
    """Return (n, labels) float32: each intent's share of the neighbours' votes, 0 where no neighbour has an intent."""
    intents = rows[neighbours.rows]
    weights = votes(neighbours.similarities) * (intents >= 0)
    shares = np.zeros((len(intents), labels), dtype=np.float32)
    np.add.at(shares, (np.arange(len(intents))[:, np.newaxis], np.maximum(intents, 0)), weights)
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)


def votes(similarities: FloatArray) -> FloatArray:
    """Return the weight of each of (n, k) neighbours, float32, rows summing to 1, nearer ones heavier."""
    scaled = np.exp((similarities - similarities.max(axis=1, keepdims=True)) / VOTE_TEMPERATURE)
    return (scaled / scaled.sum(axis=1, keepdims=True)).astype(np.float32)


def scope_evidence(
    head: FloatArray, neighbours: Neighbours, in_scope_rows: BoolArray, answers: FloatArray
) -> FloatArray:
    """Return (n, 4) float32: certainty, familiarity, stray share and nearest answer, as `ScopeRule` weighs them.

    Args:
        head: (n, c) probabilities of the head alone: the neighbours speak for themselves.
        neighbours: past messages nearest to each of the n messages.
        in_scope_rows: for each past message, whether it was in scope.
        answers: (n, c) similarity to the nearest answer of each intent.
    """
    known = in_scope_rows[neighbours.rows]
    similarities = np.where(known, neighbours.similarities, np.nan)
    # The nearest in-scope ones, wherever out-of-scope ones stand between them; NaN sorts last.
    nearest = -np.sort(-similarities, axis=1)[:, :SCOPE_NEIGHBOURS]
    counts = (~np.isnan(nearest)).sum(axis=1)
    familiarity = np.where(counts > 0, np.nansum(nearest, axis=1) / np.maximum(counts, 1), -1.0)
    stray = (votes(neighbours.similarities) * ~known).sum(axis=1)
    certainty = np.log(np.maximum(head.max(axis=1), 1e-9))
    return np.stack([certainty, familiarity, stray, answers.max(axis=1)], axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class IntentReading:
    """What the classifier made of n messages.

    Attributes:
        labels: the classifier's labels, c of them.
        probabilities: (n, c) float32, calibrated.
        scope: (n,) float32 scores; higher is more surely in scope.
        in_scope: (n,) whether the score reaches the threshold.
    """

    labels: tuple[str, ...]
    probabilities: FloatArray
    scope: FloatArray
    in_scope: BoolArray

    def best(self, row: int) -> tuple[str, float]:
        """Return the likeliest label of message `row`, and its probability."""
        column = int(self.probabilities[row].argmax())
        return self.labels[column], float(self.probabilities[row, column])


class IntentClassifier:
    """A linear head, the votes of the nearest past messages and the nearest answers, mixed and calibrated."""

    def __init__(self, head: Classifier, rule: IntentRule, row_intents: IntArray, answers: GroupedVectors) -> None:
        """Args: row_intents: (messages,) int64 as `row_intents` gives them; answers: grouped by the head's labels."""
        self._head = head
        self._rule = rule
        self._row_intents = row_intents
        self._answers = answers

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents that can be told apart, without out-of-scope."""
        return self._head.labels

    def read(self, vectors: FloatArray, neighbours: Neighbours) -> IntentReading:
        """Classify (n, d) float32 query vectors, given their nearest past messages."""
        shares = neighbour_shares(neighbours, self._row_intents, len(self.labels))
        answers = self._answers.nearest(vectors)
        head = self._head.probabilities(vectors)
        probabilities = self._rule.probabilities(intent_evidence(head, shares, answers))
        scope = self._rule.scope.score(scope_evidence(head, neighbours, self._row_intents != STRAY, answers))
        return IntentReading(self.labels, probabilities, scope, scope >= self._rule.scope.threshold)
