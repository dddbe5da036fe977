"""What a bundle makes of every line of a history, before any figure is drawn from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from repliek.asked import Asked, Circumstances
from repliek.bundle import Bundle
from repliek.encoder import FloatArray
from repliek.history import Exchange
from repliek.intents import IntentReading, row_intents
from repliek.ranking import Ranking
from repliek.retrieval import BoolArray, IntArray, Neighbours
from repliek.suggester import Analysis, Suggester
from repliek.tone.emotion import Emotion, EmotionReading
from repliek.tone.register import detect_register

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many lines are done, and of how many."""

DRAWS = 5
DISTRACTORS = 99
_LINES_AT_ONCE = 64
_SCORED_AT_ONCE = 1_000
"""Lines whose replies are scored together; the memory goes with it, some 200 kB a line."""


@dataclass(frozen=True, slots=True)
class Intents:
    """Expected and read intents of n lines.

    Attributes:
        labels: the intents of the bundle, and after them those that only the lines have.
        known: how many of the labels are the bundle's.
        expected: (n,) int64 places in `labels`, `UNKNOWN` where the line has none, `STRAY` where it is
            marked out-of-scope.
        predicted: (n,) int64 place of the likeliest one.
        confidence: (n,) float32 its probability.
        scope: (n,) float32 score; higher is more surely in scope.
        in_scope: (n,) whether the bundle takes the line to be in scope.
    """

    labels: tuple[str, ...]
    known: int
    expected: IntArray
    predicted: IntArray
    confidence: FloatArray
    scope: FloatArray
    in_scope: BoolArray


@dataclass(frozen=True, slots=True)
class Answers:
    """Expected and ranked topics of n lines.

    Attributes:
        topics: names of the bundle's topics.
        expected: (n,) int64, -1 where the line names no answer, or one that the bundle does not have.
        ranked: (n, k) int64 topics, best first.
        confidence: (n, k) float32 calibrated probabilities.
        threshold: lowest confidence at which the bundle suggests an answer.
    """

    topics: tuple[str, ...]
    expected: IntArray
    ranked: IntArray
    confidence: FloatArray
    threshold: float


@dataclass(frozen=True, slots=True)
class Emotions:
    """Expected and read emotions of n lines, as places in the order of `Emotion`, and sarcasm.

    Attributes:
        expected: (n,) int64, -1 where the line is not labelled.
        predicted: (n,) int64.
        confidence: (n,) float32 probability of what was read.
        sarcastic: (n,) int64, whether the line is labelled as sarcastic, -1 where that is unknown.
        flagged: (n,) whether it was read as sarcastic.
    """

    expected: IntArray
    predicted: IntArray
    confidence: FloatArray
    sarcastic: IntArray
    flagged: BoolArray


@dataclass(frozen=True, slots=True)
class Observations:
    """What was expected of n lines, and what the bundle made of them.

    Attributes:
        history: the lines.
        stray: (n,) whether the line is marked out-of-scope.
        intents: `None` without an intent head in the bundle.
        answers: `None` without a ranker in the bundle.
        emotions: `None` without an emotion head in the bundle.
        registers_right: (n,) float64, 1 where the register was read as labelled, NaN without a label.
        reply_first: (n,) float64 share of the draws in which the true reply came first, NaN where nobody can tell.
        neighbours: past messages nearest to each line.
    """

    history: tuple[Exchange, ...]
    stray: BoolArray
    intents: Intents | None
    answers: Answers | None
    emotions: Emotions | None
    registers_right: FloatArray
    reply_first: FloatArray
    neighbours: Neighbours

    def __len__(self) -> int:
        return len(self.history)


def observe(
    history: Sequence[Exchange], suggester: Suggester, *, seed: int, progress: Progress = lambda *_: None
) -> Observations:
    """Run a bundle over a history.

    Args:
        history: at least one exchange.
        suggester: of the bundle.
        seed: of the replies that are drawn to compete with the true one.
        progress: told how far it is.
    """
    analysis = _analyse(history, suggester, progress)
    bundle = suggester.bundle
    return Observations(
        history=tuple(history),
        stray=np.array([not exchange.in_scope for exchange in history], dtype=bool),
        intents=_intents(history, analysis.intents) if analysis.intents else None,
        answers=_answers(history, bundle, analysis.ranking) if analysis.ranking.topics.shape[1] else None,
        emotions=_emotions(history, analysis.emotions) if bundle.emotions else None,
        registers_right=np.array([_register_right(exchange) for exchange in history]),
        reply_first=reply_first(history, analysis.asked, suggester.score_texts, seed=seed, progress=progress),
        neighbours=analysis.asked.neighbours,
    )


def reply_first(
    history: Sequence[Exchange],
    asked: Asked,
    score_texts: Callable[[Sequence[Exchange], Asked, Sequence[str]], FloatArray],
    *,
    seed: int,
    progress: Progress = lambda *_: None,
) -> FloatArray:
    """Return (n,) float64: in what share of the draws each true reply scores above 99 others of the file.

    Every line draws its own distractors, `DRAWS` times, among the file's other distinct replies; a reply that
    equals the true one but for white space is none. A tie with a distractor counts as lost. NaN for lines
    without a reply, and for all where the file has fewer than 100 distinct replies.
    """
    own_text = [" ".join((exchange.reply or "").split()) for exchange in history]
    texts = sorted({text for text in own_text if text})
    first = np.full(len(history), np.nan)
    rows = np.array([row for row, text in enumerate(own_text) if text], dtype=np.int64)
    if len(texts) <= DISTRACTORS:
        return first
    number = {text: place for place, text in enumerate(texts)}
    random = np.random.default_rng(seed)
    for start in range(0, len(rows), _SCORED_AT_ONCE):
        chosen = rows[start : start + _SCORED_AT_ONCE]
        progress("Scoring replies", start, len(rows))
        scores = score_texts([history[row] for row in chosen], asked.take(chosen), texts)
        for row, line_scores in zip(chosen, scores, strict=True):
            own = number[own_text[row]]
            others = np.stack([_draw(random, len(texts), own) for _ in range(DRAWS)])
            first[row] = (line_scores[own] > line_scores[others].max(axis=1)).mean()
    progress("Scoring replies", len(rows), len(rows))
    return first


def _draw(random: np.random.Generator, n: int, own: int) -> IntArray:
    """Draw `DISTRACTORS` of n numbers, none twice, `own` never."""
    drawn = random.choice(n - 1, size=DISTRACTORS, replace=False)
    return drawn + (drawn >= own)


def _analyse(history: Sequence[Exchange], suggester: Suggester, progress: Progress) -> Analysis:
    parts: list[Analysis] = []
    for start in range(0, len(history), _LINES_AT_ONCE):
        progress("Reading messages", start, len(history))
        lines = history[start : start + _LINES_AT_ONCE]
        queries, messages = [line.query for line in lines], [line.message for line in lines]
        parts.append(suggester.analyse(queries, Circumstances.of_exchanges(lines), messages))
    progress("Reading messages", len(history), len(history))
    return _joined(parts)


def _joined(parts: Sequence[Analysis]) -> Analysis:
    """Put the analyses of consecutive lines together."""
    readings = [part.intents for part in parts if part.intents]
    return Analysis(
        asked=Asked.joined([part.asked for part in parts]),
        intents=IntentReading(
            readings[0].labels,
            np.concatenate([part.probabilities for part in readings]),
            np.concatenate([part.scope for part in readings]),
            readings[0].margin,
        )
        if readings
        else None,
        ranking=Ranking(
            np.concatenate([part.ranking.topics for part in parts]),
            np.concatenate([part.ranking.confidence for part in parts]),
        ),
        emotions=tuple(emotion for part in parts for emotion in part.emotions),
        untried=np.concatenate([part.untried for part in parts]),
    )


def _intents(history: Sequence[Exchange], reading: IntentReading) -> Intents:
    predicted = reading.probabilities.argmax(axis=1)
    named = {exchange.intent for exchange in history if exchange.intent and exchange.in_scope}
    labels = reading.labels + tuple(sorted(named - set(reading.labels)))
    return Intents(
        labels=labels,
        known=len(reading.labels),
        expected=row_intents([exchange.intent for exchange in history], labels),
        predicted=predicted,
        confidence=np.take_along_axis(reading.probabilities, predicted[:, np.newaxis], 1)[:, 0],
        scope=reading.scope,
        in_scope=reading.in_scope,
    )


def _answers(history: Sequence[Exchange], bundle: Bundle, ranking: Ranking) -> Answers:
    expected = bundle.knowledge.numbers_of(exchange.answer_id for exchange in history)
    threshold = bundle.manifest.thresholds.confidence
    return Answers(tuple(bundle.knowledge.topics), expected, ranking.topics, ranking.confidence, threshold)


def _emotions(history: Sequence[Exchange], read: Sequence[EmotionReading]) -> Emotions:
    places = {emotion: place for place, emotion in enumerate(Emotion)}
    labels = [exchange.sarcastic for exchange in history]
    return Emotions(
        expected=np.array([places[one.emotion] if one.emotion else -1 for one in history], dtype=np.int64),
        predicted=np.array([places[reading.emotion] for reading in read], dtype=np.int64),
        confidence=np.array([reading.confidence or 0.0 for reading in read], dtype=np.float32),
        sarcastic=np.array([-1 if label is None else int(label) for label in labels], dtype=np.int64),
        flagged=np.array([reading.sarcastic for reading in read], dtype=bool),
    )


def _register_right(exchange: Exchange) -> float:
    if exchange.register is None:
        return float("nan")
    return float(detect_register(exchange.message) is exchange.register)
