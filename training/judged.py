"""What a bundle's parts said of messages that they had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import FloatArray
from repliek.intents import UNKNOWN
from repliek.metrics import Outcome, outcome_of
from repliek.retrieval import BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of n messages, and what would have been right; the ground of every figure of a run.

    Attributes:
        intents: the labels, c of them.
        expected: (n,) int64 column of each message's own intent, negative without.
        probabilities: (n, c) float32.
        scope: (n,) float32, how far each lies above what counts as in scope.
        answerable: (n,) bool, messages with a known answer or known to have none.
        confidence: (n,) float32 of the best topic.
        right: (n,) bool, whether the best topic was the one whose answer was sent.
        suggested: (n,) bool, whether both thresholds let a suggestion through.
    """

    intents: tuple[str, ...]
    expected: IntArray
    probabilities: FloatArray
    scope: FloatArray
    answerable: BoolArray
    confidence: FloatArray
    right: BoolArray
    suggested: BoolArray

    @classmethod
    def nothing(cls, n: int) -> Judged:
        """Nothing was fitted that n messages could have judged."""
        return cls(
            intents=(),
            expected=np.full(n, UNKNOWN, dtype=np.int64),
            probabilities=np.zeros((n, 0), dtype=np.float32),
            scope=np.zeros(n, dtype=np.float32),
            answerable=np.zeros(n, dtype=bool),
            confidence=np.zeros(n, dtype=np.float32),
            right=np.zeros(n, dtype=bool),
            suggested=np.zeros(n, dtype=bool),
        )

    @classmethod
    def joined(cls, parts: Sequence[Judged]) -> Judged:
        """Put parts together, at least one, in their order."""
        return cls(
            intents=parts[0].intents,
            expected=np.concatenate([part.expected for part in parts]),
            probabilities=np.concatenate([part.probabilities for part in parts]),
            scope=np.concatenate([part.scope for part in parts]),
            answerable=np.concatenate([part.answerable for part in parts]),
            confidence=np.concatenate([part.confidence for part in parts]),
            right=np.concatenate([part.right for part in parts]),
            suggested=np.concatenate([part.suggested for part in parts]),
        )

    @property
    def outcome(self) -> Outcome:
        """What the thresholds did."""
        return outcome_of(self.suggested[self.answerable], self.right[self.answerable])
