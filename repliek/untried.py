"""Topics that no agent has sent yet: a new answer has no past to speak for it, so its text must.

Most of what a ranker knows of a topic it knows from past messages, and by that measure a topic without any is always
the least likely one. So such topics are weighed by what does not need a past, against the chance that all others leave.
"""

from __future__ import annotations

import numpy as np
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as validated

from repliek.asked import Asked
from repliek.encoder import FloatArray
from repliek.ranking import TextEvidence, TopicRanker
from repliek.retrieval import BoolArray

NEXT_BEST = 5
"""Tried topics whose texts are nearest to a message: what an untried one has to be nearer than."""


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class UntriedRule:
    """What speaks for a topic without a past: the log of its odds against all others and against sending nothing.

    The weights that stand here are those that the bundled corpus teaches, where topics are forgotten on purpose.

    Attributes:
        unanswered: weight of the log of the probability that no tried topic is sent.
        near: weight of the similarity of the topic's texts to the message.
        nearer: weight of how much higher that is than the mean of the tried topics' `NEXT_BEST`.
        terms: weight of the share of the message's rare words that the texts hold.
        intercept: of every untried topic.
    """

    unanswered: float = 0.32
    near: float = 6.7
    nearer: float = 19.2
    terms: float = 7.7
    intercept: float = -3.4

    @classmethod
    def weighing(cls, weights: FloatArray, intercept: float) -> UntriedRule:
        """Make a rule of (4,) weights in the order of `untried_evidence`."""
        return cls(**dict(zip(_WEIGHTS, weights.tolist(), strict=True)), intercept=intercept)

    @property
    def weights(self) -> FloatArray:
        """The weights in the order of `untried_evidence`, (4,) float32."""
        return np.array([getattr(self, name) for name in _WEIGHTS], dtype=np.float32)

    def log_odds(self, evidence: FloatArray) -> FloatArray:
        """Return (n, topics) float32 for (n, topics, 4) float32 `untried_evidence`."""
        return evidence @ self.weights + np.float32(self.intercept)


_WEIGHTS = ("unanswered", "near", "nearer", "terms")


def untried_evidence(asked: Asked, utilities: FloatArray, texts: TextEvidence, untried: BoolArray) -> FloatArray:
    """Return (n, untried topics, 4) float32 evidence, as `UntriedRule` weighs it.

    Args:
        asked: n messages.
        utilities: (n, topics) float32 log of the odds of each topic against sending nothing.
        texts: of the topics.
        untried: (topics,) which of them have no past.
    """
    near, terms = (kind.measure(asked)[:, :, 0] for kind in (texts.answers, texts.terms))
    best = -np.sort(-near[:, ~untried], axis=1)[:, :NEXT_BEST]
    nearer = near[:, untried] - (best.mean(axis=1, keepdims=True) if best.shape[1] else 0)
    unanswered = np.broadcast_to(-_others(utilities, untried)[:, np.newaxis], nearer.shape)
    return np.stack([unanswered, near[:, untried], nearer, terms[:, untried]], axis=2).astype(np.float32)


class UntriedRanker:
    """A ranker that weighs topics without a past by a rule of their own."""

    def __init__(self, ranker: TopicRanker, rule: UntriedRule, texts: TextEvidence, untried: BoolArray) -> None:
        """Args: ranker: calibrated; texts: of the topics; untried: (topics,) which of them have no past."""
        self._ranker = ranker
        self._rule = rule
        self._texts = texts
        self._untried = untried

    def utilities(self, asked: Asked) -> FloatArray:
        """Return (n, topics) float32: the log of the odds of each topic against sending nothing."""
        utilities = self._ranker.utilities(asked)
        evidence = untried_evidence(asked, utilities, self._texts, self._untried)
        odds = self._rule.log_odds(evidence) + _others(utilities, self._untried)[:, np.newaxis]
        utilities = utilities.copy()
        utilities[:, self._untried] = odds
        return utilities


def _others(utilities: FloatArray, untried: BoolArray) -> FloatArray:
    """Return (n,): the log of the summed odds of the tried topics and of sending nothing, which is 1."""
    tried = utilities[:, ~untried]
    highest = np.maximum(tried.max(axis=1, initial=0.0), 0.0)
    return highest + np.log(np.exp(-highest) + np.exp(tried - highest[:, np.newaxis]).sum(axis=1))
