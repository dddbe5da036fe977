"""Learn what customers want: the head, how far to trust the neighbours, and what is out of scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from repliek.encoder import FloatArray
from repliek.history import OUT_OF_SCOPE
from repliek.intents import (
    STRAY,
    IntentRule,
    ScopeRule,
    intent_evidence,
    neighbour_shares,
    row_intents,
    scope_evidence,
)
from repliek.knowledge import KnowledgeBase
from repliek.retrieval import IntArray, Neighbours
from repliek.suggester import answers_by_intent
from training.choice import conditional_logit
from training.folds import Folds
from training.heads import FittedClassifier, fit_classifier

STRENGTHS = (10.0, 30.0, 100.0)
"""Values of scikit-learn's C to choose from."""

MIN_STRAYS = 20
"""Out-of-scope messages from which the weights of the scope score are learned rather than taken from literature."""

IN_SCOPE_KEPT = 0.95
"""Share of in-scope messages that the scope threshold lets through on held-out folds."""


@dataclass(frozen=True, slots=True)
class FittedIntents:
    """A fitted intent classifier, with what it said of each row when it had not seen it.

    Attributes:
        head: fitted on all labelled in-scope rows.
        rule: mixing, calibration and scope.
        row_intents: (n,) int64 column of each row's own intent, negative without.
        probabilities: (n, c) float32, out of fold, calibrated.
        scope: (n,) float32 scores, out of fold.
    """

    head: FittedClassifier
    rule: IntentRule
    row_intents: IntArray
    probabilities: FloatArray
    scope: FloatArray


def fit_intents(
    vectors: FloatArray,
    intents: Sequence[str | None],
    neighbours: Neighbours,
    knowledge: KnowledgeBase,
    answer_vectors: FloatArray,
    folds: Folds,
    seed: int,
) -> FittedIntents:
    """Learn intents from n messages.

    Args:
        vectors: (n, d) float32 query vectors.
        intents: intent of each, `None` where unknown, `OUT_OF_SCOPE` for strays.
        neighbours: of each row, in other folds.
        knowledge: the answers.
        answer_vectors: (answers, d) float32 passage vectors, in the order of the knowledge base.
        folds: what is held out together.
        seed: of the solver.
    """
    labels = sorted({intent for intent in intents if intent} - {OUT_OF_SCOPE})
    rows = row_intents(intents, labels)
    strength = choose_strength(vectors, rows, labels, folds, seed)
    answers = answers_by_intent(knowledge, answer_vectors, labels).nearest(vectors)
    unseen = _out_of_fold(vectors, rows, labels, folds, strength, seed)
    evidence = intent_evidence(unseen, neighbour_shares(neighbours, rows, len(labels)), answers)
    known = rows >= 0
    (head, votes, nearest), _ = conditional_logit(evidence[known], rows[known], outside_option=False)
    rule = IntentRule(head=head, neighbours=votes, answers=nearest)
    probabilities = rule.probabilities(evidence)
    figures = scope_evidence(unseen, neighbours, rows != STRAY, answers)
    rule = replace(rule, scope=_fit_scope(figures, rows, seed))
    return FittedIntents(
        head=_fit_rows(vectors, rows, np.arange(len(rows)), labels, strength, seed),
        rule=rule,
        row_intents=rows,
        probabilities=probabilities,
        scope=rule.scope.score(figures),
    )


def choose_strength(vectors: FloatArray, rows: IntArray, labels: Sequence[str], folds: Folds, seed: int) -> float:
    """Return the value of `STRENGTHS` with the lowest log-loss on the first held-out fold."""
    rest, held_out = next(iter(folds))
    known = held_out[rows[held_out] >= 0]
    if not len(known):
        return STRENGTHS[0]

    def loss(strength: float) -> float:
        head = _fit_rows(vectors, rows, rest, labels, strength, seed)
        return float(-_log_of(head.probabilities(vectors[known]), rows[known]).mean())

    return min(STRENGTHS, key=loss)


def _out_of_fold(
    vectors: FloatArray, rows: IntArray, labels: Sequence[str], folds: Folds, strength: float, seed: int
) -> FloatArray:
    found = np.zeros((len(vectors), len(labels)), dtype=np.float32)
    for rest, held_out in folds:
        if len(held_out):
            found[held_out] = _fit_rows(vectors, rows, rest, labels, strength, seed).probabilities(vectors[held_out])
    return found


def _fit_rows(
    vectors: FloatArray, rows: IntArray, among: IntArray, labels: Sequence[str], strength: float, seed: int
) -> FittedClassifier:
    known = among[rows[among] >= 0]
    return fit_classifier(vectors[known], rows[known], labels, inverse_regularisation=strength, seed=seed)


def _log_of(probabilities: FloatArray, rows: IntArray) -> FloatArray:
    return np.log(np.maximum(probabilities[np.arange(len(rows)), rows], 1e-6))


def _fit_scope(evidence: FloatArray, rows: IntArray, seed: int) -> ScopeRule:
    """Learn the scope score where strays are marked, and set its threshold on the in-scope rows."""
    stray = rows == STRAY
    rule = ScopeRule()
    if stray.sum() >= MIN_STRAYS:
        fitted = fit_classifier(
            evidence, (~stray).astype(np.int64), ("out", "in"), inverse_regularisation=1.0, seed=seed, balanced=True
        )
        certainty, familiarity, share, served = (float(weight) for weight in fitted.model.coef_[0])
        rule = ScopeRule(certainty=certainty, familiarity=familiarity, stray=share, served=served)
    return replace(rule, threshold=float(np.quantile(rule.score(evidence[~stray]), 1 - IN_SCOPE_KEPT)))
