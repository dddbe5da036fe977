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
from repliek.retrieval import BoolArray, IntArray, Neighbours, votes
from repliek.scope import ScopeRule, scope_evidence
from repliek.words import GroupWords, MessageWords

UNKNOWN, STRAY = -1, -2
"""Stand for the intent of a past message that has none, and of one that is out-of-scope."""

SMALL_SHARE = 0.01
"""Added to a share of votes before its logarithm, so that an absent neighbour is no proof of absence."""


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class IntentRule:
    """How three views of an intent become one calibrated distribution: a conditional logit, fitted on held-out folds.

    Attributes:
        head: weight of the log of the head's probability; alone it is the inverse of a temperature (Guo et al. 2017).
        neighbours: weight of the log of the neighbours' votes.
        answers: weight of the similarity to the nearest answer of the intent.
        heard: weight of the share of the message's words that past messages of the intent hold.
        scope: what counts as in scope.
    """

    head: float = 1.0
    neighbours: float = 0.0
    answers: float = 0.0
    heard: float = 0.0
    scope: ScopeRule = field(default_factory=ScopeRule)

    @property
    def weights(self) -> FloatArray:
        """The weights in the order of `intent_evidence`, (4,) float32."""
        return np.array([self.head, self.neighbours, self.answers, self.heard], dtype=np.float32)

    def changed(self, sharpness: float, margin: float) -> IntentRule:
        """Return the rule with probabilities to the power `sharpness`, and with a margin of its scope."""
        head, neighbours, answers, heard = (sharpness * weight for weight in self.weights.tolist())
        scope = replace(self.scope, margin=margin)
        return replace(self, head=head, neighbours=neighbours, answers=answers, heard=heard, scope=scope)

    def probabilities(self, evidence: FloatArray) -> FloatArray:
        """Return (n, c) float32 for (n, c, 4) float32 `intent_evidence`."""
        return softmax(evidence @ self.weights)


def intent_evidence(head: FloatArray, shares: FloatArray, answers: FloatArray, heard: FloatArray) -> FloatArray:
    """Return (n, c, 4) float32 evidence, as `IntentRule` weighs it, from four (n, c) views of each intent.

    Args:
        head: probabilities of the head.
        shares: `neighbour_shares`.
        answers: similarity to the nearest answer of each intent.
        heard: share of the words that past messages of each intent hold.
    """
    views = [np.log(np.maximum(head, 1e-6)), np.log(shares + SMALL_SHARE), answers, heard]
    return np.stack(views, axis=2).astype(np.float32)


def row_intents(intents: Sequence[str | None], labels: Sequence[str]) -> IntArray:
    """Return (messages,) int64: column of each past message's intent, `UNKNOWN` without, `STRAY` out-of-scope."""
    columns = {label: column for column, label in enumerate(labels)}
    columns[OUT_OF_SCOPE] = STRAY
    return np.array([columns.get(intent or "", UNKNOWN) for intent in intents], dtype=np.int64)


def answers_by_intent(knowledge: KnowledgeBase, passages: EncodedPassages, labels: Sequence[str]) -> NearestAnswers:
    """Group the passages of a knowledge base by the columns of the intent head."""
    intents = [answer.intent for answer in knowledge.recognised]
    return passages.grouped(row_intents(intents, labels), len(labels))


def neighbour_shares(neighbours: Neighbours, rows: IntArray, labels: int) -> FloatArray:
    """Return (n, labels) float32: each intent's share of the neighbours' votes, 0 where no neighbour has an intent."""
    intents = rows[neighbours.rows]
    weights = votes(neighbours.similarities) * (intents >= 0)
    shares = np.zeros((len(intents), labels), dtype=np.float32)
    np.add.at(shares, (np.arange(len(intents))[:, np.newaxis], np.maximum(intents, 0)), weights)
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)


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


@dataclass(frozen=True, slots=True)
class PastIntents:
    """What m past messages tell about the intents of new ones.

    Attributes:
        rows: (m,) int64 column of each one's intent, as `row_intents` gives them.
        densities: (m,) float32, how near others are to each.
        words: of the messages.
    """

    rows: IntArray
    densities: FloatArray
    words: GroupWords

    @classmethod
    def of(cls, words: MessageWords, rows: IntArray, densities: FloatArray, intents: int) -> PastIntents:
        """Put the words of m messages by their intents, which are `intents` in number."""
        return cls(rows, densities, words.grouped(rows, intents))


class IntentClassifier:
    """A linear head, votes of the nearest past messages, the nearest answers and the words, mixed and calibrated."""

    def __init__(self, head: Classifier, rule: IntentRule, past: PastIntents, answers: NearestAnswers) -> None:
        """Args: past: by the columns of the head; answers: grouped by the head's labels."""
        self._head = head
        self._rule = rule
        self._past = past
        self._answers = answers

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents that can be told apart, without out-of-scope."""
        return self._head.labels

    def read(self, texts: Sequence[str], vectors: FloatArray, neighbours: Neighbours) -> IntentReading:
        """Classify n messages.

        Args:
            texts: what was encoded of each.
            vectors: (n, d) float32 query vectors.
            neighbours: nearest past messages.
        """
        past = self._past
        shares = neighbour_shares(neighbours, past.rows, len(self.labels))
        answers = self._answers.nearest(vectors)
        logits = self._head.logits(vectors)
        heard = past.words.shares(texts)
        probabilities = self._rule.probabilities(intent_evidence(softmax(logits), shares, answers, heard))
        scope = scope_evidence(logits, neighbours, past.rows != STRAY, past.densities, answers, heard)
        return IntentReading(self.labels, probabilities, self._rule.scope.score(scope), self._rule.scope.margin)
