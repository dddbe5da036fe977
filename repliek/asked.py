"""What is known of messages before an answer is chosen, and what makes evidence out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt

from repliek.encoder import FloatArray
from repliek.history import Exchange
from repliek.retrieval import IntArray, Neighbours

TimeArray = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where, in which language and when n messages came in, as far as that is known.

    Attributes:
        channels: of each, `None` where unknown.
        languages: of each, ISO 639-1, `None` where unknown.
        received: (n,) datetime64[s] in UTC, NaT where unknown.
        past_rows: (n,) int64: which of the past messages each is, -1 for a new one. What was sent in reply to
            a message must not speak for itself.
    """

    channels: tuple[str | None, ...]
    languages: tuple[str | None, ...]
    received: TimeArray
    past_rows: IntArray

    @classmethod
    def of_new(
        cls,
        channels: Iterable[str | None],
        languages: Iterable[str | None],
        received: Iterable[datetime | None],
    ) -> Circumstances:
        """Describe messages that are none of the past ones; a time without a zone is in UTC."""
        times = np.array([_in_utc(moment) for moment in received], dtype="datetime64[s]")
        return cls(tuple(channels), tuple(languages), times, np.full(len(times), -1, dtype=np.int64))

    @classmethod
    def of_exchanges(cls, exchanges: Sequence[Exchange]) -> Circumstances:
        """Describe the messages of exchanges that are none of the past ones."""
        return cls.of_new(
            (exchange.channel for exchange in exchanges),
            (exchange.language for exchange in exchanges),
            (exchange.asked_at or exchange.replied_at for exchange in exchanges),
        )

    @classmethod
    def unknown(cls, n: int) -> Circumstances:
        """Describe `n` new messages of which nothing is known."""
        return cls.of_new([None] * n, [None] * n, [None] * n)

    def __len__(self) -> int:
        return len(self.past_rows)

    def take(self, rows: IntArray) -> Circumstances:
        """Return those of the messages at `rows`, (m,) int64."""
        return Circumstances(
            tuple(self.channels[int(row)] for row in rows),
            tuple(self.languages[int(row)] for row in rows),
            self.received[rows],
            self.past_rows[rows],
        )


def _in_utc(moment: datetime | None) -> datetime | None:
    """Return the moment as numpy wants it: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment and moment.tzinfo else moment


@dataclass(frozen=True, slots=True)
class Asked:
    """n messages, as the ranking sees them.

    Attributes:
        texts: what was encoded of each.
        vectors: (n, d) float32 query vectors.
        neighbours: nearest past messages.
        intents: (n, c) float32 intent probabilities; c is 0 without an intent head.
        scope: (n,) float32, how far each lies above the threshold of what is in scope; 0 without an intent head.
        circumstances: where, in which language and when they came in.
    """

    texts: tuple[str, ...]
    vectors: FloatArray
    neighbours: Neighbours
    intents: FloatArray
    scope: FloatArray
    circumstances: Circumstances

    def __len__(self) -> int:
        return len(self.vectors)

    def take(self, rows: IntArray) -> Asked:
        """Return the messages at `rows`, (m,) int64."""
        return Asked(
            tuple(self.texts[int(row)] for row in rows),
            self.vectors[rows],
            Neighbours(self.neighbours.similarities[rows], self.neighbours.rows[rows]),
            self.intents[rows],
            self.scope[rows],
            self.circumstances.take(rows),
        )

    @classmethod
    def joined(cls, parts: Sequence[Asked]) -> Asked:
        """Put consecutive messages together again, at least one part."""
        circumstances = [part.circumstances for part in parts]
        return cls(
            tuple(text for part in parts for text in part.texts),
            np.concatenate([part.vectors for part in parts]),
            Neighbours(
                np.concatenate([part.neighbours.similarities for part in parts]),
                np.concatenate([part.neighbours.rows for part in parts]),
            ),
            np.concatenate([part.intents for part in parts]),
            np.concatenate([part.scope for part in parts]),
            Circumstances(
                tuple(channel for part in circumstances for channel in part.channels),
                tuple(language for part in circumstances for language in part.languages),
                np.concatenate([part.received for part in circumstances]),
                np.concatenate([part.past_rows for part in circumstances]),
            ),
        )


class Evidence(Protocol):
    """One reason to prefer some topics over others."""

    def measure(self, asked: Asked) -> FloatArray:
        """Return (n, topics, f) float32: f figures for each message and topic; higher speaks for the topic."""
        ...
