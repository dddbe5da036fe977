"""What past sendings say about a topic: in which words it was asked for, how often, where, lately, and how welcome.

All but the words is the log of a ratio, 0 where nothing is known or a topic is like the average one. Shares are
smoothed by as many sendings as there are topics, one for each on the average, so that a rare one is never impossible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from repliek.asked import Asked, Circumstances
from repliek.encoder import FloatArray
from repliek.retrieval import IntArray
from repliek.words import MessageWords

RECENT = np.timedelta64(30, "D")
"""What was sent so shortly before a message is fresh: a disruption lasts days, a price change or an offer weeks."""

DOUBT = 10
"""Suggestions that a topic must have had before its own acceptance counts as much as that of all topics."""

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sendings:
    """What became of m past messages.

    Attributes:
        words: of the messages.
        topics: (m,) int64 topic that was sent, -1 where none or unknown.
        suggested: (m,) int64 topic that was suggested to the agent first, -1 where none or unknown.
        circumstances: of the messages; `received` is when the reply was sent.
    """

    words: MessageWords
    topics: IntArray
    suggested: IntArray
    circumstances: Circumstances

    def renumbered(self, numbers: IntArray) -> Sendings:
        """Return the sendings where topic t is topic numbers[t], (topics,) int64, -1 where it is none any more."""
        to = np.append(numbers, -1)  # so that -1 stays -1
        return replace(self, topics=to[self.topics], suggested=to[self.suggested])


class HeardEvidence:
    """The share of the message's words, by rarity, that past messages hold which got the topic's answer."""

    def __init__(self, sendings: Sendings, topics: int) -> None:
        """Args: sendings: of the past; topics: how many there are."""
        self._row_topics = sendings.topics
        self._words = sendings.words.grouped(sendings.topics, topics)

    def measure(self, asked: Asked) -> FloatArray:
        return self._words.shares(asked.texts, _own(asked, self._row_topics))[:, :, np.newaxis]


class FrequencyEvidence:
    """How often the topic was sent at all."""

    def __init__(self, sendings: Sendings, topics: int) -> None:
        """Args: sendings: of the past; topics: how many there are."""
        self._row_topics = sendings.topics
        self._counts = _count(sendings.topics, topics)

    def measure(self, asked: Asked) -> FloatArray:
        shares = self.shares(asked)
        return _figures(np.log(shares * shares.shape[1]))

    def shares(self, asked: Asked) -> Counts:
        """Return (n, topics) float64: the share of each topic in what was sent in reply to other messages."""
        counts = np.repeat(self._counts[np.newaxis], len(asked), axis=0)
        _leave_out(counts, _own(asked, self._row_topics))
        return (counts + 1) / (counts.sum(axis=1, keepdims=True) + counts.shape[1])


class TraitEvidence:
    """How much more often than elsewhere the topic was sent on such a channel, or in such a language."""

    def __init__(
        self, sendings: Sendings, topics: int, trait: Callable[[Circumstances], tuple[str | None, ...]]
    ) -> None:
        """Args: sendings: of the past; topics: how many there are; trait: which of the circumstances is compared."""
        self._row_topics = sendings.topics
        self._frequency = FrequencyEvidence(sendings, topics)
        self._trait = trait
        values = trait(sendings.circumstances)
        self._counts = {
            value: _count(sendings.topics[[one == value for one in values]], topics) for value in set(values) - {None}
        }
        self._nothing = np.zeros(topics)

    def measure(self, asked: Asked) -> FloatArray:
        values = self._trait(asked.circumstances)
        counts = np.stack([self._counts.get(value, self._nothing) for value in values])
        known = np.array([value is not None for value in values])
        _leave_out(counts, np.where(known, _own(asked, self._row_topics), -1))
        return _lift(counts, self._frequency.shares(asked))


class FreshnessEvidence:
    """How much more often than ever the topic was sent shortly before the message."""

    def __init__(self, sendings: Sendings, topics: int) -> None:
        """Args: sendings: of the past; topics: how many there are."""
        self._frequency = FrequencyEvidence(sendings, topics)
        times = sendings.circumstances.received
        dated = np.flatnonzero(~np.isnat(times) & (sendings.topics >= 0))
        order = dated[np.argsort(times[dated], kind="stable")]
        self._times, self._topics, self._count = times[order], sendings.topics[order], topics

    def measure(self, asked: Asked) -> FloatArray:
        received = asked.circumstances.received
        # NaT sorts last: an undated message has nothing between its two ends. What was sent later is not known yet.
        starts, ends = np.searchsorted(self._times, [received - RECENT, received])
        counts = [_count(self._topics[start:end], self._count) for start, end in zip(starts, ends, strict=True)]
        return _lift(np.stack(counts), self._frequency.shares(asked))


class AcceptanceEvidence:
    """How often agents sent the topic when it was suggested to them first."""

    def __init__(self, sendings: Sendings, topics: int) -> None:
        """Args: sendings: of the past; topics: how many there are."""
        self._suggested = sendings.suggested
        self._accepted = np.where(sendings.suggested == sendings.topics, sendings.suggested, -1)
        self._counts = np.stack([_count(rows, topics) for rows in (self._accepted, self._suggested)])

    def measure(self, asked: Asked) -> FloatArray:
        accepted, suggested = np.repeat(self._counts[:, np.newaxis], len(asked), axis=1)
        _leave_out(accepted, _own(asked, self._accepted))
        _leave_out(suggested, _own(asked, self._suggested))
        usual = (accepted.sum(axis=1, keepdims=True) + 1) / (suggested.sum(axis=1, keepdims=True) + 1)
        return _figures(np.log((accepted / usual + DOUBT) / (suggested + DOUBT)))


def _count(topics: IntArray, count: int) -> Counts:
    """Return (count,) float64: how often each topic stands in `topics`, -1 left out."""
    return np.bincount(topics[topics >= 0], minlength=count).astype(np.float64)


def _own(asked: Asked, row_topics: IntArray) -> IntArray:
    """Return (n,) int64: of messages that are past ones the entry of `row_topics`, -1 of new ones."""
    rows = asked.circumstances.past_rows
    found = np.full(len(rows), -1, dtype=np.int64)
    found[rows >= 0] = row_topics[rows[rows >= 0]]
    return found


def _leave_out(counts: Counts, topics: IntArray) -> None:
    """Count one less of each message's topic, (n,) int64, -1 where there is none."""
    rows = np.flatnonzero(topics >= 0)
    counts[rows, topics[rows]] -= 1


def _lift(counts: Counts, usual: Counts) -> FloatArray:
    """Return (n, topics, 1) float32: the log of how far the shares of these counts exceed the usual ones."""
    topics = counts.shape[1]
    return _figures(np.log((counts / usual + topics) / (counts.sum(axis=1, keepdims=True) + topics)))


def _figures(values: Counts) -> FloatArray:
    return values[:, :, np.newaxis].astype(np.float32)
