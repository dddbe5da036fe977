"""Read messages once: their vectors, what past messages are near, and what the customers want."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repliek.asked import Asked, Circumstances
from repliek.encoder import Encoder
from repliek.intents import IntentClassifier, IntentReading
from repliek.ranking import NEIGHBOURS
from repliek.retrieval import VectorIndex


@dataclass(frozen=True, slots=True)
class MessageReader:
    """What reads new messages, in training on later ones and in serving alike.

    Attributes:
        space: encodes them.
        messages: the index of the past ones.
        intents: the classifier, `None` without one.
    """

    space: Encoder
    messages: VectorIndex
    intents: IntentClassifier | None

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents that can be told apart."""
        return self.intents.labels if self.intents else ()

    def read(self, queries: Sequence[str], circumstances: Circumstances) -> tuple[Asked, IntentReading | None]:
        """Encode n texts once; `circumstances` is in which they were written."""
        vectors = self.space.encode_queries(queries)
        neighbours = self.messages.search(vectors, NEIGHBOURS)
        intents = self.intents.read(queries, vectors, neighbours) if self.intents else None
        probabilities = intents.probabilities if intents else np.zeros((len(vectors), 0), dtype=np.float32)
        scope = intents.scope if intents else np.zeros(len(vectors), dtype=np.float32)
        return Asked(tuple(queries), vectors, neighbours, probabilities, scope, circumstances), intents
