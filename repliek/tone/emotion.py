"""What a customer feels, as far as it changes how an answer should open: read from the words and what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as validated

from repliek.encoder import FloatArray
from repliek.heads import Classifier, softmax
from repliek.metrics import IntArray
from repliek.tone.cues import WIDTH, fill_surface
from repliek.vocabulary import Emotion

ROWS_AT_ONCE = 256
"""Messages whose features stand in memory together, 10 MB of them."""

SARCASTIC, SINCERE = "sarcastic", "sincere"
"""Labels of the head that tells them apart."""


@dataclass(frozen=True, slots=True)
class EmotionReading:
    """What one message tells of its writer.

    Attributes:
        emotion: the one that is read.
        confidence: calibrated probability of it; `None` where nothing was learned to read it by.
        sarcastic: whether it means another thing than it says, as a reproach: only the frustrated do. Never where that
            was not learned.
    """

    emotion: Emotion
    confidence: float | None
    sarcastic: bool


UNREAD = EmotionReading(Emotion.NEUTRAL, confidence=None, sarcastic=False)
"""Of a message that nothing was learned to read."""


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class SarcasmRule:
    """What makes a probability of the head's log odds (Platt 1999), and from where on a message counts as sarcastic.

    Attributes:
        slope, offset: of the log odds.
        threshold: lowest probability.
    """

    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.5

    def probabilities(self, log_odds: FloatArray) -> FloatArray:
        """Return (n,) float32 for (n,) float32 log odds of sarcasm."""
        # The logistic function, written so that large odds do not overflow.
        return (0.5 + 0.5 * np.tanh((self.slope * log_odds + self.offset) / 2)).astype(np.float32)


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class EmotionRule:
    """How an emotion is chosen, set on held-out folds.

    Attributes:
        sharpness: power of the head's probabilities with which they hold, the inverse of a temperature.
        leanings: added to the log of each emotion's probability before the largest is taken: the rare ones would hardly
            ever be the likeliest. The confidence stays the probability.
        sarcasm: how sarcasm is told.
    """

    sharpness: float = 1.0
    leanings: Mapping[Emotion, float] = field(default_factory=dict[Emotion, float])
    sarcasm: SarcasmRule = field(default_factory=SarcasmRule)

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Return (n, c) float32 for (n, c) float32 logits of the head."""
        return softmax(np.float32(self.sharpness) * logits)

    def leaning(self, labels: Sequence[str]) -> FloatArray:
        """Return (c,) float32, the leaning towards each of c emotions."""
        return np.array([self.leanings.get(Emotion(label), 0.0) for label in labels], dtype=np.float32)

    def choose(self, logits: FloatArray, leaning: FloatArray) -> IntArray:
        """Return (n,) int64, the column that is chosen for each row of (n, c) float32 logits of the head."""
        # Logits are the logarithms of the probabilities but for what is the same in all of a row.
        return (np.float32(self.sharpness) * logits + leaning).argmax(axis=1)


def emotion_features(vectors: FloatArray, messages: Sequence[str]) -> FloatArray:
    """Return (n, d + `cues.WIDTH`) float32, what the heads weigh.

    Args:
        vectors: (n, d) float32, of the messages with what was said before them.
        messages: the n messages by themselves: an earlier turn's thanks are not this one's.
    """
    n, d = vectors.shape
    features = np.zeros((n, d + WIDTH), dtype=np.float32)
    features[:, :d] = vectors
    fill_surface(features[:, d:], messages)
    return features


class EmotionReader:
    """Reads emotions and sarcasm with linear heads. Safe to share between threads."""

    def __init__(self, head: Classifier, sarcasm: Classifier | None, rule: EmotionRule) -> None:
        self._head = head
        self._sarcasm = sarcasm
        self._rule = rule
        self._emotions = tuple(Emotion(label) for label in head.labels)
        self._leaning = rule.leaning(head.labels)

    def read(self, messages: Sequence[str], vectors: FloatArray) -> tuple[EmotionReading, ...]:
        """Read n messages; `vectors` are (n, d) float32, those of the request."""
        found: list[EmotionReading] = []
        for start in range(0, len(messages), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            found += self._read(emotion_features(vectors[rows], messages[rows]))
        return tuple(found)

    def _read(self, features: FloatArray) -> list[EmotionReading]:
        logits = self._head.logits(features)
        probabilities = self._rule.probabilities(logits)
        columns: list[int] = self._rule.choose(logits, self._leaning).tolist()
        emotions = [self._emotions[column] for column in columns]
        sarcastic = self._sarcastic(features, [row for row, one in enumerate(emotions) if one is Emotion.FRUSTRATED])
        return [
            EmotionReading(emotions[row], float(probabilities[row, column]), row in sarcastic)
            for row, column in enumerate(columns)
        ]

    def _sarcastic(self, features: FloatArray, frustrated: list[int]) -> frozenset[int]:
        """Return which of the `frustrated` rows are sarcastic: who feels another thing is not."""
        if self._sarcasm is None or not frustrated:
            return frozenset()
        logits, labels, rule = self._sarcasm.logits(features[frustrated]), self._sarcasm.labels, self._rule.sarcasm
        odds = logits[:, labels.index(SARCASTIC)] - logits[:, labels.index(SINCERE)]
        mocks: list[bool] = (rule.probabilities(odds) >= rule.threshold).tolist()
        return frozenset(row for row, mocking in zip(frustrated, mocks, strict=True) if mocking)
