"""What a customer wants, how sure that is, and whether it is something the team serves at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as validated

from repliek.encoder import FloatArray
from repliek.heads import Classifier, softmax
from repliek.history import OUT_OF_SCOPE
from repliek.knowledge import KnowledgeBase
from repliek.passages import EncodedPassages, NearestAnswers
from repliek.retrieval import BoolArray, IntArray, Neighbours

FAMILIAR, NEAREST = 10, 3
"""How many past messages count for the familiarity of a new one; a near-miss lacks the nearest few."""

UNKNOWN, STRAY = -1, -2
"""Stand for the intent of a past message that has none, and of one that is out-of-scope."""

VOTE_TEMPERATURE = 0.05
"""Similarity difference that makes a neighbour's vote e times as heavy."""

SMALL_SHARE = 0.01
"""Added to a share of votes before its logarithm, so that an absent neighbour is no proof of absence."""


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class ScopeRule:
    """Linear score of "in scope", and the value from which a message counts as such.

    The score adds how sure the intent head is (the maximum-probability baseline of Hendrycks & Gimpel 2017), how
    strongly it speaks at all (the energy of Liu et al. 2020) and how familiar the message is (the nearest
    neighbours of Sun et al. 2022). Strays lack the last two, near-misses the first. The weights are
    learned from intents that are forgotten on purpose; the ones that stand here are those that CLINC150 teaches.

    Attributes:
        certainty: weight of the log of the highest probability of the head.
        energy: weight of the log of the summed exponents of the head's centred logits.
        familiarity: weight of the mean similarity of the ten nearest in-scope messages.
        nearest: weight of the mean similarity of the three nearest.
        known: weight of the neighbours' share that is not marked out-of-scope.
        served: weight of the similarity to the nearest answer of any intent.
        threshold: lowest weighed evidence that counts as in scope on held-out folds; scores are counted from it.
        margin: lowest score that counts as in scope, where later messages have told.
    """

    certainty: float = 2.0
    energy: float = 0.8
    familiarity: float = 5.0
    nearest: float = 0.0
    known: float = 0.0
    served: float = 0.0
    threshold: float = 0.0
    margin: float = 0.0

    @property
    def weights(self) -> FloatArray:
        """The weights in the order of `scope_evidence`, (6,) float32."""
        return np.array(
            [self.certainty, self.energy, self.familiarity, self.nearest, self.known, self.served], dtype=np.float32
        )

    def score(self, evidence: FloatArray) -> FloatArray:
        """Return (n,) float32, how far each message lies above the threshold, for (n, 6) float32 `scope_evidence`."""
        return evidence @ self.weights - np.float32(self.threshold)


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

    def changed(self, sharpness: float, margin: float) -> IntentRule:
        """Return the rule with probabilities to the power `sharpness`, and with a margin of its scope."""
        scope = replace(self.scope, margin=margin)
        head, neighbours, answers = (sharpness * weight for weight in (self.head, self.neighbours, self.answers))
        return replace(self, head=head, neighbours=neighbours, answers=answers, scope=scope)

    def probabilities(self, evidence: FloatArray) -> FloatArray:
        """Return (n, c) float32 for (n, c, 3) float32 `intent_evidence`."""
        return softmax(evidence @ np.array([self.head, self.neighbours, self.answers], dtype=np.float32))


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


def answers_by_intent(knowledge: KnowledgeBase, passages: EncodedPassages, labels: Sequence[str]) -> NearestAnswers:
    """Group the passages of a knowledge base by the columns of the intent head."""
    intents = [answer.intent for answer in knowledge]
    return passages.grouped(row_intents(intents, labels), len(labels))


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
    logits: FloatArray, neighbours: Neighbours, in_scope_rows: BoolArray, answers: FloatArray
) -> FloatArray:
    """Return (n, 6) float32 evidence, as `ScopeRule` weighs it; all of it is higher for what is in scope.

    Args:
        logits: (n, c) of the head alone: the neighbours speak for themselves.
        neighbours: past messages nearest to each of the n messages.
        in_scope_rows: for each past message, whether it was in scope.
        answers: (n, c) similarity to the nearest answer of each intent.
    """
    known = in_scope_rows[neighbours.rows]
    similarities = np.where(known, neighbours.similarities, np.nan)
    # The nearest in-scope ones, wherever out-of-scope ones stand between them; NaN sorts last.
    nearest = -np.sort(-similarities, axis=1)
    kept = (votes(neighbours.similarities) * known).sum(axis=1)
    certainty = np.log(np.maximum(softmax(logits).max(axis=1), 1e-9))
    views = [certainty, _energy(logits), _mean(nearest[:, :FAMILIAR]), _mean(nearest[:, :NEAREST]), kept]
    return np.stack([*views, answers.max(axis=1)], axis=1).astype(np.float32)


def _energy(logits: FloatArray) -> FloatArray:
    """Return (n,): log of the summed exponents of each row around its mean, which softmax leaves open."""
    possible = np.where(np.isfinite(logits), logits, np.nan)
    centred = possible - np.nanmean(possible, axis=1, keepdims=True)
    highest = np.nanmax(centred, axis=1)
    return highest + np.log(np.nansum(np.exp(centred - highest[:, np.newaxis]), axis=1))


def _mean(similarities: FloatArray) -> FloatArray:
    """Return (n,): mean of each row of (n, k), NaN left out; -1, like an opposite text, for a row of nothing else."""
    counts = (~np.isnan(similarities)).sum(axis=1)
    return np.where(counts > 0, np.nansum(similarities, axis=1) / np.maximum(counts, 1), -1.0)


@dataclass(frozen=True, slots=True)
class IntentReading:
    """What the classifier made of n messages.

    Attributes:
        labels: the classifier's labels, c of them.
        probabilities: (n, c) float32, calibrated.
        scope: (n,) float32, how far the weighed evidence of each lies above the threshold.
        margin: the score from which a message counts as in scope.
    """

    labels: tuple[str, ...]
    probabilities: FloatArray
    scope: FloatArray
    margin: float

    @property
    def in_scope(self) -> BoolArray:
        """Whether each score reaches the margin, (n,)."""
        return self.scope >= self.margin

    def best(self, row: int) -> tuple[str, float]:
        """Return the likeliest label of message `row`, and its probability."""
        column = int(self.probabilities[row].argmax())
        return self.labels[column], float(self.probabilities[row, column])


class IntentClassifier:
    """A linear head, the votes of the nearest past messages and the nearest answers, mixed and calibrated."""

    def __init__(self, head: Classifier, rule: IntentRule, row_intents: IntArray, answers: NearestAnswers) -> None:
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
        logits = self._head.logits(vectors)
        probabilities = self._rule.probabilities(intent_evidence(softmax(logits), shares, answers))
        scope = self._rule.scope.score(scope_evidence(logits, neighbours, self._row_intents != STRAY, answers))
        return IntentReading(self.labels, probabilities, scope, self._rule.scope.margin)
