"""Learn what customers want: the head, how far to trust the neighbours, and what is out of scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from repliek.encoder import FloatArray
from repliek.heads import softmax
from repliek.history import Exchange, intent_labels
from repliek.intents import (
    STRAY,
    IntentClassifier,
    IntentRule,
    PastIntents,
    answers_by_intent,
    intent_evidence,
    neighbour_shares,
    row_intents,
)
from repliek.knowledge import KnowledgeBase
from repliek.passages import EncodedPassages
from repliek.retrieval import IntArray, Neighbours
from repliek.scope import density, scope_evidence
from training.choice import conditional_logit
from training.folds import Folds
from training.heads import FittedClassifier, fit_rows
from training.scope import LabelledMessages, fit_scope, forget

STRENGTHS = (10.0, 30.0, 100.0)
"""Values of scikit-learn's C to choose from."""


@dataclass(frozen=True, slots=True)
class FittedIntents:
    """A fitted intent classifier, with what it said of each row when it had not seen it.

    Attributes:
        head: fitted on all labelled in-scope rows.
        rule: mixing, calibration and scope.
        past: what the n messages tell about new ones.
        probabilities: (n, c) float32, out of fold, calibrated.
        scope: (n,) float32 scores, out of fold.
    """

    head: FittedClassifier
    rule: IntentRule
    past: PastIntents
    probabilities: FloatArray
    scope: FloatArray

    def classifier(self, knowledge: KnowledgeBase, passages: EncodedPassages) -> IntentClassifier:
        """Return what reads new messages, the same that serving builds of the exported head."""
        answers = answers_by_intent(knowledge, passages, self.head.labels)
        return IntentClassifier(self.head, self.rule, self.past, answers)


@dataclass(frozen=True, slots=True)
class ReadOnFolds:
    """How the intents of n messages are read by what had not seen them.

    Attributes:
        head: fitted on all labelled in-scope rows.
        rule: mixing and calibration; its scope is not learned yet.
        messages: the messages.
        probabilities: (n, c) float32, out of fold, calibrated.
        scope: (n, 8) float32 `scope_evidence`, out of fold.
        answers: (n, c) float32 similarity to the nearest answer of each intent.
    """

    head: FittedClassifier
    rule: IntentRule
    messages: LabelledMessages
    probabilities: FloatArray
    scope: FloatArray
    answers: FloatArray


def read_on_folds(
    vectors: FloatArray,
    history: Sequence[Exchange],
    neighbours: Neighbours,
    knowledge: KnowledgeBase,
    passages: EncodedPassages,
    folds: Folds,
    seed: int,
) -> ReadOnFolds:
    """Learn intents from n messages, and see what that makes of those that were held out.

    Args:
        vectors: (n, d) float32 query vectors.
        history: the exchanges; their intent is `None` where unknown, `OUT_OF_SCOPE` for strays.
        neighbours: of each row, in other folds.
        knowledge: the answers.
        passages: of the answers.
        folds: what is held out together.
        seed: of the solver.
    """
    labels = intent_labels(history)
    messages = LabelledMessages(
        texts=tuple(exchange.query for exchange in history),
        messages=tuple(exchange.message for exchange in history),
        vectors=vectors,
        rows=row_intents([exchange.intent for exchange in history], labels),
        densities=density(neighbours),
        intents=len(labels),
    )
    rows = messages.rows
    strength = choose_strength(vectors, rows, labels, folds, seed)
    head = fit_rows(vectors, rows, np.arange(len(rows)), labels, strength, seed)
    answers = answers_by_intent(knowledge, passages, labels).nearest(vectors)
    unseen, heard = _out_of_fold(messages, folds, head, seed)
    evidence = intent_evidence(softmax(unseen), neighbour_shares(neighbours, rows, len(labels)), answers, heard)
    known = rows >= 0
    (certainty, votes, nearest, words), _ = conditional_logit(evidence[known], rows[known], outside_option=False)
    rule = IntentRule(head=certainty, neighbours=votes, answers=nearest, heard=words)
    return ReadOnFolds(
        head=head,
        rule=rule,
        messages=messages,
        probabilities=rule.probabilities(evidence),
        scope=scope_evidence(unseen, neighbours, rows != STRAY, messages.densities, answers, heard),
        answers=answers,
    )


def fit_intents(read: ReadOnFolds, folds: Folds, *, precision: float, seed: int) -> FittedIntents:
    """Learn what is in scope, after the intents.

    Args:
        read: the intents, with n messages.
        folds: what is held out together.
        precision: share of the messages that count as in scope whose intent should be right.
        seed: of the solver.
    """
    rows = read.messages.rows
    scope = fit_scope(read.scope, rows, forget(read.messages, read.answers, folds, read.head, seed), precision)
    return FittedIntents(
        head=read.head,
        rule=replace(read.rule, scope=scope),
        past=read.messages.past(np.arange(len(rows))),
        probabilities=read.probabilities,
        scope=scope.score(read.scope),
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


def _out_of_fold(
    messages: LabelledMessages, folds: Folds, head: FittedClassifier, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Return (n, labels) float32 logits of every row, and words heard, as told by what had not seen it."""
    logits = np.zeros((len(messages.rows), len(head.labels)), dtype=np.float32)
    heard = np.zeros_like(logits)
    for rest, held_out in folds:
        if len(held_out):
            logits[held_out], heard[held_out] = messages.told(rest, held_out, head, seed)
    return logits, heard


def _log_of(probabilities: FloatArray, rows: IntArray) -> FloatArray:
    return np.log(np.maximum(probabilities[np.arange(len(rows)), rows], 1e-6))
