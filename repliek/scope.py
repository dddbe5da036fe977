"""Whether a message is one that the team serves at all: what speaks for that, and how it is weighed."""

from __future__ import annotations

import numpy as np
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as validated

from repliek.encoder import FloatArray
from repliek.heads import softmax
from repliek.retrieval import BoolArray, Neighbours, votes

FAMILIAR, NEAREST = 10, 3
"""How many past messages count for the familiarity of a new one; a near-miss lacks the nearest few."""


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class ScopeRule:
    """Linear score of "in scope", and the value from which a message counts as such.

    The score adds how sure the intent head is (the maximum-probability baseline of Hendrycks & Gimpel 2017), how
    strongly it speaks at all (the energy of Liu et al. 2020), how familiar the message is (the nearest
    neighbours of Sun et al. 2022), also for where it lies (the local outlier factor of Breunig et al. 2000), and
    whether its words belong to its intent. The weights are learned from intents that are forgotten on purpose; the
    ones that stand here are those that CLINC150 teaches.

    Attributes:
        certainty: weight of the log of the highest probability of the head.
        energy: weight of the log of the summed exponents of the head's centred logits.
        familiarity: weight of the mean similarity of the ten nearest in-scope messages.
        nearest: weight of the mean similarity of the three nearest.
        known: weight of the neighbours' share that is not marked out-of-scope.
        served: weight of the similarity to the nearest answer of any intent.
        density: weight of how much nearer the ten nearest are than others are to them.
        heard: weight of the share of its words that past messages of the likeliest intent hold.
        threshold: lowest weighed evidence that counts as in scope on held-out folds; scores are counted from it.
        margin: lowest score that counts as in scope, where later messages have told.
    """

    certainty: float = 1.7
    energy: float = 0.5
    familiarity: float = 0.0
    nearest: float = 0.8
    known: float = 0.0
    served: float = 0.0
    density: float = 10.0
    heard: float = 0.3
    threshold: float = 0.0
    margin: float = 0.0

    @classmethod
    def weighing(cls, weights: FloatArray) -> ScopeRule:
        """Make a rule of (8,) weights in the order of `scope_evidence`."""
        return cls(**dict(zip(_WEIGHTS, weights.tolist(), strict=True)))

    @property
    def weights(self) -> FloatArray:
        """The weights in the order of `scope_evidence`, (8,) float32."""
        return np.array([getattr(self, name) for name in _WEIGHTS], dtype=np.float32)

    def score(self, evidence: FloatArray) -> FloatArray:
        """Return (n,) float32, how far each message lies above the threshold, for (n, 8) float32 `scope_evidence`."""
        return evidence @ self.weights - np.float32(self.threshold)


_WEIGHTS = ("certainty", "energy", "familiarity", "nearest", "known", "served", "density", "heard")


def scope_evidence(
    logits: FloatArray,
    neighbours: Neighbours,
    in_scope: BoolArray,
    densities: FloatArray,
    answers: FloatArray,
    heard: FloatArray,
) -> FloatArray:
    """Return (n, 8) float32 evidence, as `ScopeRule` weighs it; all of it is higher for what is in scope.

    Args:
        logits: (n, c) of the head alone: the neighbours speak for themselves.
        neighbours: past messages nearest to each of the n messages.
        in_scope: for each past message, whether it was in scope.
        densities: for each past message, how near others are to it, as `density` tells.
        answers: (n, c) similarity to the nearest answer of each intent.
        heard: (n, c) share of the words that past messages of each intent hold; what counts is the likeliest one's.
    """
    known = in_scope[neighbours.rows]
    similarities = np.where(known, neighbours.similarities, np.nan)
    # The nearest in-scope ones, wherever out-of-scope ones stand between them; NaN sorts last.
    order = np.argsort(-similarities, axis=1, kind="stable")[:, :FAMILIAR]
    nearest = np.take_along_axis(similarities, order, 1)
    around = nearest - densities[np.take_along_axis(neighbours.rows, order, 1)]
    kept = (votes(neighbours.similarities) * known).sum(axis=1)
    certainty = np.log(np.maximum(softmax(logits).max(axis=1), 1e-9))
    views = [certainty, _energy(logits), _mean(nearest), _mean(nearest[:, :NEAREST]), kept, answers.max(axis=1)]
    of_likeliest = np.take_along_axis(heard, logits.argmax(axis=1)[:, np.newaxis], 1)[:, 0]
    return np.stack([*views, _mean(around), of_likeliest], axis=1).astype(np.float32)


def density(others: Neighbours) -> FloatArray:
    """Return (m,) float32: how near each past message's nearest others are to it, on the mean."""
    return others.similarities[:, :NEAREST].mean(axis=1).astype(np.float32)


def _energy(logits: FloatArray) -> FloatArray:
    """Return (n,): log of the summed exponents of each row around its mean, which softmax leaves open."""
    possible = np.where(np.isfinite(logits), logits, np.nan)
    centred = possible - np.nanmean(possible, axis=1, keepdims=True)
    highest = np.nanmax(centred, axis=1)
    return highest + np.log(np.nansum(np.exp(centred - highest[:, np.newaxis]), axis=1))


def _mean(similarities: FloatArray) -> FloatArray:
    """Return (n,): mean of each row of (n, k), NaN left out; -1, like an opposite text, for a row of nothing else."""
    counts = (~np.isnan(similarities)).sum(axis=1)
    return np.where(counts > 0, np.nansum(similarities, axis=1) / np.maximum(counts, 1), -1.0)
