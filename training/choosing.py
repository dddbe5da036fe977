"""Learn to choose among the topics: the ranker, and the cross-encoder after it where the user gave one that helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from repliek.asked import Asked, Evidence
from repliek.bundle import RerankerParts
from repliek.calibration import Calibrations
from repliek.cross_encoder import OnnxCrossEncoder
from repliek.encoder import FloatArray
from repliek.ranking import Ranker, TopicRanker
from repliek.reranking import Reranker, RerankHead, Wordings
from repliek.retrieval import BoolArray, IntArray
from training.folds import Folds
from training.ranker import FittedRanker, fit_ranker
from training.reranking import FittedReranker, Remembering, fit_reranker


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What the user gave to read the best topics again.

    Attributes:
        cross_encoder: its folder.
        wordings: by which topics are read.
    """

    cross_encoder: Path
    wordings: Wordings


@dataclass(frozen=True, slots=True)
class FittedChoice:
    """What chooses topics, with what it said of n messages when they were held out.

    Attributes:
        ranker: what was learned of the evidence.
        reranker: what was learned of the cross-encoder; `None` without one, or with too little to learn from.
        kept: what the bundle holds of it; `None` where it does not help.
        chooser: what chooses, not calibrated.
        calibrations: of the chooser.
        answerable: (n,) messages with a known answer, or known to have none, of which it is known what would be chosen.
        confidence: (n,) float32 of the likeliest topic.
        right: (n,) whether that topic was sent.
    """

    ranker: FittedRanker
    reranker: FittedReranker | None
    kept: RerankerParts | None
    chooser: TopicRanker
    calibrations: Calibrations
    answerable: BoolArray
    confidence: FloatArray
    right: BoolArray


def fit_choice(
    evidence: Evidence,
    asked: Asked,
    topics: IntArray,
    strays: BoolArray,
    folds: Folds,
    second_look: SecondLook | None,
    seed: int,
    say: Callable[[str], None],
) -> FittedChoice:
    """Learn from n messages.

    Args:
        evidence: measures every topic.
        asked: the messages, with neighbours and intents out of fold.
        topics: (n,) int64 topic whose answer was sent, -1 where unknown.
        strays: (n,) messages for which no answer is right.
        folds: of the messages.
        second_look: a cross-encoder to try; `None` without one.
        seed: of what is drawn.
        say: told what is happening, a line at a time.
    """
    ranker = fit_ranker(evidence, asked, topics, strays)
    alone = FittedChoice(
        ranker=ranker,
        reranker=None,
        kept=None,
        chooser=Ranker(evidence, ranker.head),
        calibrations=ranker.calibrations,
        answerable=(topics >= 0) | strays,
        confidence=ranker.confidence,
        right=ranker.best == topics,
    )
    return _with_second_look(alone, second_look, asked, topics, strays, folds, seed, say) if second_look else alone


def _with_second_look(
    alone: FittedChoice,
    given: SecondLook,
    asked: Asked,
    topics: IntArray,
    strays: BoolArray,
    folds: Folds,
    seed: int,
    say: Callable[[str], None],
) -> FittedChoice:
    """Return what chooses with the cross-encoder where that is better, and what it was like in any case."""
    reads = Remembering(OnnxCrossEncoder.from_directory(given.cross_encoder, threads=0))
    fitted = fit_reranker(alone.chooser, reads, given.wordings, asked, topics, strays, folds, seed)
    say(_told(fitted))
    if fitted is None or not fitted.held_out.better:
        return replace(alone, reranker=fitted)
    read = fitted.held_out
    # Only what it read counts: a sample.
    answerable, right = np.zeros((2, len(asked)), dtype=bool)
    confidence = np.zeros(len(asked), dtype=np.float32)
    answerable[read.rows], right[read.rows], confidence[read.rows] = True, read.with_reranker > 0, read.confidence
    return FittedChoice(
        ranker=alone.ranker,
        reranker=fitted,
        kept=RerankerParts(given.cross_encoder, fitted.weights),
        chooser=Reranker(alone.chooser, RerankHead(reads, fitted.weights), given.wordings),
        calibrations=Calibrations(),  # the weights of the second look are themselves what calibrates it
        answerable=answerable,
        confidence=confidence,
        right=right,
    )


def _told(reranker: FittedReranker | None) -> str:
    if reranker is None:
        return "too few messages with a known answer to tell whether the reranker helps, so it is left out"
    found = reranker.held_out
    kept = "the reranker is kept" if found.better else "no better, so the reranker is left out"
    return (
        f"learn what the reranker weighs: right first on {len(found.rows):,} held-out messages "
        f"{found.with_reranker.mean():.3f} of the time, {found.without.mean():.3f} without it; {kept}"
    )
