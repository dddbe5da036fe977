"""Set confidence and thresholds on messages that came later than the history, read as serving would read them.

The folds of a history are harder than later messages, or easier: a fold has less to learn from, and a history may be
collected otherwise than messages come in. What is learned does not suffer from that; probabilities do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from repliek.asked import Asked, Circumstances
from repliek.bundle import Ground, Thresholds
from repliek.calibration import Calibrations
from repliek.encoder import FloatArray
from repliek.errors import DataError
from repliek.heads import shares, softmax
from repliek.history import Exchange
from repliek.intents import STRAY, row_intents
from repliek.ranking import CalibratedRanker, TopicRanker
from repliek.reading import MessageReader
from repliek.retrieval import BoolArray, IntArray
from training.calibration import (
    ENOUGH,
    calibrate_languages,
    choose_threshold,
    log_of,
    scope_margin,
    sharpen,
)
from training.folds import Folds
from training.judged import Judged
from training.ranker import chunks

LEAST = 30
"""Fewer later messages than these, with an answer or an intent that is known, set nothing that could be relied on."""


@dataclass(frozen=True, slots=True)
class Later:
    """n later messages with what is known of them.

    Attributes:
        exchanges: the messages, redacted.
        topics: (n,) int64 topic whose answer was sent, -1 where unknown.
        intents: (n,) int64 column of each message's own intent, as `row_intents` numbers them.
    """

    exchanges: tuple[Exchange, ...]
    topics: IntArray
    intents: IntArray

    @classmethod
    def of(cls, exchanges: Sequence[Exchange], topics: IntArray, labels: Sequence[str]) -> Later:
        """Gather what can be used.

        Args:
            exchanges: n later ones.
            topics: (n,) int64 topic that each names or whose answer its reply was recognised as, -1 without.
            labels: of the intents that are learned.

        Raises:
            DataError: there is too little of it.
        """
        intents = row_intents([exchange.intent for exchange in exchanges], labels)
        usable = (topics >= 0) | (intents >= 0) | (intents == STRAY)
        if usable.sum() < LEAST:
            raise DataError(
                f"--calibrate: {int(usable.sum())} of {len(exchanges)} later messages have an answer or an intent that "
                f"the history has too, or are marked out_of_scope; expected at least {LEAST}, or leave the option out"
            )
        return cls(tuple(exchanges), topics, intents)

    @property
    def answerable(self) -> BoolArray:
        """Which messages have a known answer or are known to have none, (n,)."""
        return (self.topics >= 0) | (self.intents == STRAY)

    def take(self, rows: IntArray) -> Later:
        """Return the messages at `rows`, (m,) int64."""
        return Later(tuple(self.exchanges[int(row)] for row in rows), self.topics[rows], self.intents[rows])


@dataclass(frozen=True, slots=True)
class Pieces:
    """What was learned, as far as it reads new messages.

    Attributes:
        reader: reads them as serving does; its classifier is as it was set on folds.
        ranker: of the topics, not calibrated; `None` without topics.
        thresholds: as they were set on folds.
    """

    reader: MessageReader
    ranker: TopicRanker | None
    thresholds: Thresholds

    def utilities(self, asked: Asked, calibrations: Calibrations) -> FloatArray:
        """Return (n, topics) float32, calibrated; no columns without topics."""
        if self.ranker is None:
            return np.zeros((len(asked), 0), dtype=np.float32)
        ranker = CalibratedRanker(self.ranker, calibrations)
        return np.concatenate([ranker.utilities(asked.take(rows)) for rows in chunks(np.arange(len(asked)))])


@dataclass(frozen=True, slots=True)
class Settings:
    """What is not learned but set.

    Attributes:
        sharpness: power to which the intents' probabilities are raised, before they are evidence for a topic.
        margin: score from which a message counts as in scope.
        calibrations: of the ranker's utilities.
        confidence: threshold of a suggestion.
    """

    sharpness: float
    margin: float
    calibrations: Calibrations
    confidence: float

    @classmethod
    def of(cls, pieces: Pieces, later: Later, asked: Asked) -> Settings:
        """Set everything that there are enough messages for; what there are not stays as it was set on folds.

        Args:
            pieces: what was learned.
            later: n messages.
            asked: the same, as the pieces read them.
        """
        before = pieces.thresholds
        found = cls(1.0, 0.0, before.calibrations, before.confidence)
        if pieces.reader.intents:
            right = asked.intents.argmax(axis=1) == later.intents
            found = replace(
                found,
                sharpness=sharpen(asked.intents, later.intents),
                margin=scope_margin(asked.scope, later.intents, right, before.precision),
            )
        rows = np.flatnonzero(later.answerable)
        utilities = pieces.utilities(found.read(asked.take(rows)), before.calibrations)
        if len(rows) < LEAST or not utilities.shape[1]:
            return found
        languages, topics = [later.exchanges[row].language for row in rows], later.topics[rows]
        change = calibrate_languages(utilities, topics, languages)
        found = replace(found, calibrations=before.calibrations.then(change))
        if len(rows) < ENOUGH:
            return found
        best, confidence = _first(change.apply(utilities, languages))
        served = asked.scope[rows] >= found.margin
        threshold = choose_threshold(confidence[served], (best == topics)[served], before.precision)
        return replace(found, confidence=threshold)

    def read(self, asked: Asked) -> Asked:
        """Return the messages with intents as they are read with these settings."""
        if not asked.intents.shape[1]:
            return asked
        return replace(asked, intents=softmax(self.sharpness * log_of(asked.intents)))

    def put_into(self, thresholds: Thresholds) -> Thresholds:
        """Return the thresholds with these settings in them."""
        intents = thresholds.intents.changed(self.sharpness, self.margin) if thresholds.intents else None
        return Thresholds(
            confidence=self.confidence,
            precision=thresholds.precision,
            intents=intents,
            calibrations=self.calibrations,
            emotions=thresholds.emotions,
            untried=thresholds.untried,
            ground=Ground.LATER,
        )


def set_on_later(pieces: Pieces, later: Later, seed: int) -> tuple[Thresholds, Judged]:
    """Set confidence and thresholds on later messages.

    Args:
        pieces: what was learned.
        later: n messages.
        seed: of the parts into which they are divided to be judged.

    Returns:
        The thresholds, and what is said of each message when it was not among those on which they were set.
    """
    queries = [exchange.query for exchange in later.exchanges]
    asked, _ = pieces.reader.read(queries, Circumstances.of_exchanges(later.exchanges))
    parts = [
        _judge(
            pieces,
            Settings.of(pieces, later.take(rest), asked.take(rest)),
            later.take(held_out),
            asked.take(held_out),
        )
        for rest, held_out in Folds.of_history(later.exchanges, seed)
        if len(held_out)
    ]
    return Settings.of(pieces, later, asked).put_into(pieces.thresholds), Judged.joined(parts)


def _judge(pieces: Pieces, settings: Settings, later: Later, asked: Asked) -> Judged:
    """Return what is said of messages with settings that were made without them."""
    read, scope = settings.read(asked), asked.scope - np.float32(settings.margin)
    best, confidence = _first(pieces.utilities(read, settings.calibrations))
    return Judged(
        intents=pieces.reader.labels,
        expected=later.intents,
        probabilities=read.intents,
        scope=scope,
        answerable=later.answerable & (best >= 0),
        confidence=confidence,
        right=(best == later.topics) & (best >= 0),
        suggested=(confidence >= settings.confidence) & (scope >= 0),
    )


def _first(utilities: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the likeliest topic of each message, (n,) int64, and its confidence; -1 and 0 without topics."""
    if not utilities.shape[1]:
        return np.full(len(utilities), -1, dtype=np.int64), np.zeros(len(utilities), dtype=np.float32)
    return utilities.argmax(axis=1), shares(utilities).max(axis=1)
