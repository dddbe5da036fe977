"""Which answer an agent would send: evidence from several sides, weighed into one calibrated confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from repliek.asked import Asked, Evidence
from repliek.calibration import Calibrations
from repliek.encoder import FloatArray
from repliek.heads import Classifier, shares
from repliek.intents import row_intents
from repliek.knowledge import KnowledgeBase
from repliek.passages import EncodedPassages, NearestAnswers
from repliek.retrieval import IntArray, votes
from repliek.sendings import (
    AcceptanceEvidence,
    FrequencyEvidence,
    FreshnessEvidence,
    HeardEvidence,
    Sendings,
    TraitEvidence,
)
from repliek.terms import TermIndex

NEIGHBOURS = 50
"""How many past messages are looked at for each new one."""

FEW = 3
"""How many messages of one topic make a pattern rather than a coincidence."""


class MessageEvidence:
    """Past messages that got this topic's answer: the nearest one, the nearest few, and their share of the votes."""

    def __init__(self, row_topics: IntArray, topics: int) -> None:
        """Args: row_topics: (messages,) int64 topic of each past message, -1 without; topics: how many there are."""
        self._row_topics = row_topics
        self._topics = topics

    def measure(self, asked: Asked) -> FloatArray:
        topics = self._row_topics[asked.neighbours.rows]
        similarities = asked.neighbours.similarities
        if not similarities.shape[1]:
            return np.zeros((len(asked), self._topics, 3), dtype=np.float32)
        # A topic that is not among the neighbours is at best as near as the farthest of them.
        farthest = similarities[:, -1:]
        nearest = np.repeat(farthest, self._topics, axis=1)
        total = np.zeros_like(nearest)
        count = np.zeros_like(nearest)
        share = np.zeros_like(nearest)
        known = topics >= 0
        messages = np.nonzero(known)[0]
        np.add.at(share, (messages, topics[known]), votes(similarities)[known])
        np.maximum.at(nearest, (messages, topics[known]), similarities[known])
        # Neighbours stand best first: those with fewer than FEW of their topic before them are its nearest few.
        before = np.tril(topics[:, :, np.newaxis] == topics[:, np.newaxis, :], -1).sum(axis=2)
        few = known & (before < FEW)
        messages = np.nonzero(few)[0]
        np.add.at(total, (messages, topics[few]), similarities[few])
        np.add.at(count, (messages, topics[few]), 1)
        mean = (total + (FEW - count) * farthest) / FEW
        return np.stack([nearest, mean, share], axis=2).astype(np.float32)


class AnswerEvidence:
    """How near the message is to the texts of the topic's answers and their passages, question against passage."""

    def __init__(self, answers: NearestAnswers) -> None:
        """Args: answers: grouped by topic."""
        self._answers = answers

    def measure(self, asked: Asked) -> FloatArray:
        return self._answers.nearest(asked.vectors)[:, :, np.newaxis]


class TermEvidence:
    """The share of the message's rare words, and pieces of words, that the topic's answers hold."""

    def __init__(self, topics: Sequence[str]) -> None:
        """Args: topics: the texts of each topic's answers, joined."""
        self._terms = TermIndex.build(topics)

    def measure(self, asked: Asked) -> FloatArray:
        return np.stack([self._terms.shares(text) for text in asked.texts])[:, :, np.newaxis]


@dataclass(frozen=True, slots=True)
class TextEvidence:
    """What the texts of each topic's answers tell, whatever became of them in the past.

    Attributes:
        answers: how near they are.
        terms: which rare words they hold.
    """

    answers: Evidence
    terms: Evidence

    @classmethod
    def of(cls, knowledge: KnowledgeBase, passages: EncodedPassages) -> TextEvidence:
        """Read a knowledge base, of which `passages` are encoded."""
        topics = np.array([knowledge.topic_numbers[answer.topic] for answer in knowledge.recognised], dtype=np.int64)
        return cls(
            AnswerEvidence(passages.grouped(topics, len(knowledge.topics))),
            TermEvidence([" ".join(answer.text for answer in wordings) for wordings in knowledge.wordings.values()]),
        )


class IntentEvidence:
    """How likely the topic's intent is; for topics without one, how likely the average intent is."""

    def __init__(self, topic_intents: IntArray) -> None:
        """Args: topic_intents: (topics,) int64 column of each topic's intent, -1 without."""
        self._topic_intents = topic_intents

    def measure(self, asked: Asked) -> FloatArray:
        if asked.intents.shape[1] == 0:
            return np.zeros((len(asked), len(self._topic_intents), 2), dtype=np.float32)
        probability = np.where(
            self._topic_intents >= 0, asked.intents[:, self._topic_intents], 1.0 / asked.intents.shape[1]
        )
        return np.stack([probability, np.log(np.maximum(probability, 1e-4))], axis=2).astype(np.float32)


class ScopeEvidence:
    """How surely the message is one that the team serves: the same for every topic, it speaks against sending none."""

    def __init__(self, topics: int) -> None:
        """Args: topics: how many there are."""
        self._topics = topics

    def measure(self, asked: Asked) -> FloatArray:
        return np.repeat(asked.scope[:, np.newaxis, np.newaxis], self._topics, axis=1)


class CompoundEvidence:
    """Several kinds of evidence side by side."""

    def __init__(self, kinds: Sequence[Evidence]) -> None:
        self._kinds = tuple(kinds)

    def measure(self, asked: Asked) -> FloatArray:
        return np.concatenate([kind.measure(asked) for kind in self._kinds], axis=2)


def topic_evidence(
    knowledge: KnowledgeBase, sendings: Sendings, texts: TextEvidence, intents: Sequence[str]
) -> CompoundEvidence:
    """Gather every kind of evidence for the topics of a knowledge base; training and serving share it.

    Args:
        knowledge: the answers; its topics number the columns of the evidence.
        sendings: what became of the past messages.
        texts: of the answers.
        intents: labels of the intent head, empty without one.
    """
    topics = len(knowledge.topics)
    topic_intents = row_intents([wordings[0].intent for wordings in knowledge.wordings.values()], intents)
    return CompoundEvidence(
        [
            MessageEvidence(sendings.topics, topics),
            texts.answers,
            texts.terms,
            IntentEvidence(topic_intents),
            ScopeEvidence(topics),
            FrequencyEvidence(sendings, topics),
            TraitEvidence(sendings, topics, lambda circumstances: circumstances.channels),
            TraitEvidence(sendings, topics, lambda circumstances: circumstances.languages),
            FreshnessEvidence(sendings, topics),
            AcceptanceEvidence(sendings, topics),
            HeardEvidence(sendings, topics),
        ]
    )


@dataclass(frozen=True, slots=True)
class Ranking:
    """Topics for n messages, best first.

    Attributes:
        topics: (n, k) int64.
        confidence: (n, k) float32, calibrated probability that an agent would send the topic's answer.
    """

    topics: IntArray
    confidence: FloatArray

    @classmethod
    def of(cls, utilities: FloatArray, k: int) -> Ranking:
        """Return the `k` best topics of each message; equal ones in the order of the knowledge base.

        Args:
            utilities: (n, topics) float32 log of the odds of each topic against sending nothing, -inf for never.
            k: how many.
        """
        confidences = shares(utilities)
        topics = np.argsort(-confidences, axis=1, kind="stable")[:, :k]
        return cls(topics.astype(np.int64), np.take_along_axis(confidences, topics, 1))


class TopicRanker(Protocol):
    """Anything that says which topics an agent would choose from."""

    def utilities(self, asked: Asked) -> FloatArray:
        """Return (n, topics) float32: the log of the odds of each topic against sending nothing, -inf for never."""
        ...


class Ranker:
    """Evidence, weighed by a learned head into the choice that an agent makes.

    The head gives the odds of each topic against sending nothing; out of these the probability of each follows
    (the conditional logit with an outside option, McFadden 1974).
    """

    def __init__(self, evidence: Evidence, head: Classifier) -> None:
        self._evidence = evidence
        self._head = head

    def utilities(self, asked: Asked) -> FloatArray:
        """Return (n, topics) float32: the log of the odds of each topic against sending nothing."""
        figures = self._evidence.measure(asked)
        n, topics, kinds = figures.shape
        other, sent = self._head.logits(figures.reshape(n * topics, kinds)).T
        return (sent - other).reshape(n, topics)


class CalibratedRanker:
    """A ranker whose confidence holds: what it says is changed by what later messages, or folds, told of it."""

    def __init__(self, ranker: TopicRanker, calibrations: Calibrations) -> None:
        self._ranker = ranker
        self._calibrations = calibrations

    def utilities(self, asked: Asked) -> FloatArray:
        """Return (n, topics) float32: the log of the odds of each topic against sending nothing, calibrated."""
        return self._calibrations.apply(self._ranker.utilities(asked), asked.circumstances.languages)

    def rank(self, asked: Asked, k: int) -> Ranking:
        """Return the `k` best topics of each message."""
        return Ranking.of(self.utilities(asked), k)
