"""Learn what a cross-encoder's opinion weighs, and keep it only where it puts more right answers first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from repliek.asked import Asked
from repliek.cross_encoder import CrossEncoder, Pair
from repliek.encoder import FloatArray
from repliek.heads import shares
from repliek.metrics import beyond_its_error
from repliek.ranking import Ranking, TopicRanker
from repliek.reranking import RERANKED, RerankWeights, Wordings, read_again
from repliek.retrieval import IntArray
from training.choice import conditional_logit
from training.embeddings import progress_bar
from training.folds import Folds
from training.ranker import MIN_EXAMPLES

SAMPLE = 1_500
"""Messages to learn from: three numbers are learned, and each message costs ten pairs."""

AT_ONCE = 16
"""Messages between two movements of the progress bar."""

UNCHANGED = np.array([1.0, 0.0])
"""Weights that leave the ranker as it is: the history must argue away from these."""


@dataclass(frozen=True, slots=True)
class Remembering:
    """A cross-encoder that reads no pair twice, for texts that are judged again and again.

    Attributes:
        cross_encoder: what reads.
        read: the scores so far.
    """

    cross_encoder: CrossEncoder
    read: dict[Pair, float] = field(default_factory=dict[Pair, float])

    def score(self, pairs: Sequence[Pair]) -> FloatArray:
        """Return (pairs,) float32."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self.read]
        self.read.update(zip(new, self.cross_encoder.score(new).tolist() if new else (), strict=True))
        return np.array([self.read[pair] for pair in pairs], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """m messages that were read again, as they were judged when their part of the history was held out.

    Attributes:
        rows: (m,) int64 of the history.
        confidence: (m,) float32 of the likeliest topic with the cross-encoder.
        with_reranker, without: (m,) float64, 1 where the likeliest topic is the one whose answer was sent.
        gained: (m,) float64, by how much the cross-encoder raises the log likelihood of what was sent.
    """

    rows: IntArray
    confidence: FloatArray
    with_reranker: npt.NDArray[np.float64]
    without: npt.NDArray[np.float64]
    gained: npt.NDArray[np.float64]

    @property
    def better(self) -> bool:
        """Whether more right answers come first, and confidence is truer, each by more than its standard error.

        Truer confidence alone would not pay for the time that it costs.
        """
        return beyond_its_error(self.with_reranker - self.without) and beyond_its_error(self.gained)

    @property
    def figures(self) -> dict[str, float]:
        """The means, by the names that the manifest and MLflow give them."""
        return {
            "reranking.without": float(self.without.mean()),
            "reranking.with": float(self.with_reranker.mean()),
            "reranking.log_likelihood_gained": float(self.gained.mean()),
            "reranking.kept": float(self.better),
        }


@dataclass(frozen=True, slots=True)
class FittedReranker:
    """What was learned, and how it did on held-out parts of the history."""

    weights: RerankWeights
    held_out: HeldOut


def fit_reranker(
    ranker: TopicRanker,
    cross_encoder: CrossEncoder,
    wordings: Wordings,
    asked: Asked,
    topics: IntArray,
    stray: np.ndarray,
    folds: Folds,
    seed: int,
) -> FittedReranker | None:
    """Learn from a sample of n messages, or return `None` where too few of them have a known answer.

    Args:
        ranker: chooses the topics that are read again; not calibrated, since these weights do that.
        cross_encoder: reads them.
        wordings: of the topics.
        asked: the messages, with neighbours and intents out of fold.
        topics: (n,) int64 topic whose answer was sent, -1 where unknown.
        stray: (n,) bool, messages for which no answer is right.
        folds: of the messages.
        seed: of the sample.
    """
    if (topics >= 0).sum() < MIN_EXAMPLES:
        return None
    rows = sample(np.flatnonzero((topics >= 0) | stray), seed)
    found, opinions = _read(ranker, cross_encoder, wordings, asked, rows)
    chosen = places(found.topics, topics[rows])
    alone = opinions.copy()
    alone[:, :, 1] = 0.0
    held_with, held_without = (_held_out(figures, chosen, folds.numbers[rows]) for figures in (opinions, alone))
    first, before = (_first(found.topics, held) for held in (held_with, held_without))
    return FittedReranker(
        learn(opinions, chosen),
        HeldOut(
            rows=rows,
            confidence=held_with.max(axis=1),
            with_reranker=(first == topics[rows]).astype(np.float64),
            without=(before == topics[rows]).astype(np.float64),
            gained=np.log(likelihood(held_with, chosen)) - np.log(likelihood(held_without, chosen)),
        ),
    )


def sample(rows: IntArray, seed: int) -> IntArray:
    """Draw at most `SAMPLE` of the rows, in their order."""
    if len(rows) <= SAMPLE:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, SAMPLE, replace=False))


def places(candidates: IntArray, sent: IntArray) -> IntArray:
    """Return (n,) int64: where the topic that was `sent`, (n,), stands among (n, c) candidates.

    -1 where it is not among them. Then none of them should be suggested, just as where no answer is right.
    """
    same = (candidates == sent[:, np.newaxis]) & (sent >= 0)[:, np.newaxis]
    return np.where(same.any(axis=1), same.argmax(axis=1), -1)


def learn(opinions: FloatArray, chosen: IntArray) -> RerankWeights:
    """Learn the weights from (n, c, 2) opinions, and the place that was chosen in each row, -1 for none."""
    (ranker, cross_encoder), intercept = conditional_logit(opinions, chosen, outside_option=True, expected=UNCHANGED)
    return RerankWeights(ranker=float(ranker), cross_encoder=float(cross_encoder), intercept=intercept)


def likelihood(confidence: FloatArray, chosen: IntArray) -> npt.NDArray[np.float64]:
    """Return (n,) float64: the probability that (n, c) `confidence` gave to what was chosen, or to nothing."""
    none = 1 - confidence.sum(axis=1, dtype=np.float64)
    picked = confidence[np.arange(len(chosen)), np.maximum(chosen, 0)]
    return np.maximum(np.where(chosen >= 0, picked, none), 1e-6)


def _read(
    ranker: TopicRanker, cross_encoder: CrossEncoder, wordings: Wordings, asked: Asked, rows: IntArray
) -> tuple[Ranking, FloatArray]:
    """Return what the ranker found for the messages at `rows`, and what `read_again` makes of it."""
    rankings: list[Ranking] = []
    opinions: list[FloatArray] = []
    with progress_bar() as progress:
        bar = progress.add_task("read messages and answers together", total=len(rows))
        for start in range(0, len(rows), AT_ONCE):
            part = asked.take(rows[start : start + AT_ONCE])
            rankings.append(Ranking.of(ranker.utilities(part), RERANKED))
            opinions.append(read_again(rankings[-1], part.texts, wordings, cross_encoder))
            progress.advance(bar, len(part))
    topics, confidence = (np.concatenate([getattr(one, name) for one in rankings]) for name in ("topics", "confidence"))
    return Ranking(topics, confidence), np.concatenate(opinions)


def _first(topics: IntArray, confidence: FloatArray) -> IntArray:
    """Return the likeliest of (n, c) topics in each row, (n,) int64."""
    return np.take_along_axis(topics, confidence.argmax(axis=1)[:, np.newaxis], 1)[:, 0]


def _held_out(opinions: FloatArray, chosen: IntArray, parts: IntArray) -> FloatArray:
    """Return (n, c) float32 probabilities of each row, with weights that were learned from the other parts."""
    confidence = np.zeros(opinions.shape[:2], dtype=np.float32)
    for part in np.unique(parts):
        held = parts == part
        confidence[held] = shares(learn(opinions[~held], chosen[~held]).weigh(opinions[held]))
    return confidence
