"""Learn what customers want: the head, how far to trust the neighbours, and what is out of scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from repliek.encoder import FloatArray
from repliek.heads import softmax
from repliek.history import OUT_OF_SCOPE
from repliek.intents import (
    STRAY,
    IntentClassifier,
    IntentRule,
    answers_by_intent,
    intent_evidence,
    neighbour_shares,
    row_intents,
    scope_evidence,
)
from repliek.knowledge import KnowledgeBase
from repliek.passages import EncodedPassages
from repliek.retrieval import IntArray, Neighbours
from training.choice import conditional_logit
from training.folds import Folds
from training.heads import FittedClassifier, fit_rows
from training.scope import fit_scope, forget

STRENGTHS = (10.0, 30.0, 100.0)
"""Values of scikit-learn's C to choose from."""


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

    def classifier(self, knowledge: KnowledgeBase, passages: EncodedPassages) -> IntentClassifier:
        """Return what reads new messages, the same that serving builds of the exported head."""
        answers = answers_by_intent(knowledge, passages, self.head.labels)
        return IntentClassifier(self.head, self.rule, self.row_intents, answers)


def fit_intents(
    vectors: FloatArray,
    intents: Sequence[str | None],
    neighbours: Neighbours,
    knowledge: KnowledgeBase,
    passages: EncodedPassages,
    folds: Folds,
    *,
    precision: float,
    seed: int,
) -> FittedIntents:
    """Learn intents from n messages.

    Args:
        vectors: (n, d) float32 query vectors.
        intents: intent of each, `None` where unknown, `OUT_OF_SCOPE` for strays.
        neighbours: of each row, in other folds.
        knowledge: the answers.
        passages: of the answers.
        folds: what is held out together.
        precision: share of the messages that count as in scope whose intent should be right.
        seed: of the solver.
    """
    labels = sorted({intent for intent in intents if intent} - {OUT_OF_SCOPE})
    rows = row_intents(intents, labels)
    strength = choose_strength(vectors, rows, labels, folds, seed)
    head = fit_rows(vectors, rows, np.arange(len(rows)), labels, strength, seed)
    answers = answers_by_intent(knowledge, passages, labels).nearest(vectors)
    unseen = _out_of_fold(vectors, rows, folds, head, seed)
    evidence = intent_evidence(softmax(unseen), neighbour_shares(neighbours, rows, len(labels)), answers)
    known = rows >= 0
    (certainty, votes, nearest), _ = conditional_logit(evidence[known], rows[known], outside_option=False)
    figures = scope_evidence(unseen, neighbours, rows != STRAY, answers)
    scope = fit_scope(figures, rows, forget(vectors, rows, answers, folds, head, seed), precision)
    rule = IntentRule(head=certainty, neighbours=votes, answers=nearest, scope=scope)
    return FittedIntents(
        head=head,
        rule=rule,
        row_intents=rows,
        probabilities=rule.probabilities(evidence),
        scope=scope.score(figures),
    )


def choose_strength(vectors: FloatArray, rows: IntArray, labels: Sequence[str], folds: Folds, seed: int) -> float:
    """Return the value of `STRENGTHS` with the lowest log-loss on the first held-out fold."""
    rest, held_out = next(iter(folds))
    known = held_out[rows[held_out] >= 0]
    if not len(known):
        return STRENGTHS[0]

    def loss(strength: float) -> float:
        head = fit_rows(vectors, rows, rest, labels, strength, seed)
        return float(-_log_of(softmax(head.logits(vectors[known])), rows[known]).mean())

    return min(STRENGTHS, key=loss)


def _out_of_fold(vectors: FloatArray, rows: IntArray, folds: Folds, head: FittedClassifier, seed: int) -> FloatArray:
    """Return (n, labels) float32 logits of every row, by heads like `head` that had not seen it."""
    found = np.zeros((len(vectors), len(head.labels)), dtype=np.float32)
    for rest, held_out in folds:
        if len(held_out):
            fitted = fit_rows(vectors, rows, rest, head.labels, head.strength, seed)
            found[held_out] = fitted.logits(vectors[held_out])
    return found


def _log_of(probabilities: FloatArray, rows: IntArray) -> FloatArray:
    return np.log(np.maximum(probabilities[np.arange(len(rows)), rows], 1e-6))
