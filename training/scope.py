"""Learn what is in scope without being told what is not: forget some intents, and see what their messages look like.

A distance alone does not tell a near-miss from a hit. A message of an intent that was forgotten is a near-miss by
construction, and every history has such messages; those that are marked out-of-scope count beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from repliek.encoder import FloatArray
from repliek.intents import STRAY, PastIntents
from repliek.metrics import coverage_at_precision
from repliek.ranking import NEIGHBOURS
from repliek.retrieval import BoolArray, IntArray, VectorIndex
from repliek.scope import ScopeRule, scope_evidence
from repliek.words import MessageWords
from training.choice import conditional_logit
from training.folds import Folds
from training.heads import FittedClassifier, fit_rows

PARTS = 6
"""Each time a sixth of the intents is forgotten, and judged are the messages of a sixth of the rows: one message in
six is then a near-miss. On CLINC150's validation split that is a threshold that serves both kinds of message."""

MIN_INTENTS, MIN_MESSAGES = 10, 200
"""With fewer the weights stay where they were learned elsewhere, and `IN_SCOPE_KEPT` sets the threshold."""

EXPERIENCE = 20.0
"""How much the weights that were learned elsewhere count, in units of what each kind of evidence is spread: some
hundreds of messages outweigh them."""

SMALL_SPREAD = 1e-6

IN_SCOPE_KEPT = 0.95
LEAST_KEPT = 0.9
"""Shares of in-scope messages that the threshold lets through on held-out folds: without weights of the history's
own, and at the least with them. What is let through can still be kept silent for want of confidence."""


@dataclass(frozen=True, slots=True)
class LabelledMessages:
    """n messages of a history, as far as intents are concerned.

    Attributes:
        texts: what was encoded of each.
        messages: the message alone of each, which is what a bundle keeps of it.
        vectors: (n, d) float32 query vectors.
        rows: (n,) int64 intent of each, as `row_intents` numbers them.
        densities: (n,) float32, how near others are to each.
        intents: how many there are.
    """

    texts: tuple[str, ...]
    messages: tuple[str, ...]
    vectors: FloatArray
    rows: IntArray
    densities: FloatArray
    intents: int

    def past(self, rows: IntArray) -> PastIntents:
        """Return what the messages at `rows`, (m,) int64, tell about new ones."""
        words = MessageWords.of([self.messages[int(row)] for row in rows])
        return PastIntents.of(words, self.rows[rows], self.densities[rows], self.intents)

    def told(
        self, rest: IntArray, held_out: IntArray, head: FittedClassifier, seed: int
    ) -> tuple[FloatArray, FloatArray]:
        """Return what some rows tell of others: (m, c) logits of a head like `head`, and words heard.

        Args:
            rest: rows to learn from.
            held_out: (m,) int64 rows to judge.
            head: whose labels and strength the new one has.
            seed: of the solver.
        """
        fitted = fit_rows(self.vectors, self.rows, rest, head.labels, head.strength, seed)
        texts = [self.texts[int(row)] for row in held_out]
        return fitted.logits(self.vectors[held_out]), self.past(rest).words.shares(texts)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was seen of n messages while a sixth of the intents, and these messages, were forgotten.

    Attributes:
        evidence: (n, 8) float32, as `scope_evidence` gives it.
        in_scope: (n,) whether the message's intent was among those that were kept.
        marked: (n,) whether the history itself marks it out-of-scope.
        right: (n,) whether it was, and was recognised.
    """

    evidence: FloatArray
    in_scope: BoolArray
    marked: BoolArray
    right: BoolArray


def fit_scope(evidence: FloatArray, rows: IntArray, forgotten: Forgotten | None, precision: float) -> ScopeRule:
    """Learn the weights of the scope score, and set its threshold.

    Args:
        evidence: (n, 8) float32 `scope_evidence` of every message, out of fold.
        rows: (n,) int64 intent of each, negative without.
        forgotten: what `forget` found; `None` where the history is too small for it.
        precision: share of the messages that are let through whose intent should be right.
    """
    served = evidence[rows != STRAY]
    if forgotten is None:
        rule = ScopeRule()
        return replace(rule, threshold=float(np.quantile(rule.score(served), 1 - IN_SCOPE_KEPT)))
    cases = _balanced(forgotten)
    # A unit of one kind of evidence is not that of another; what all messages share has no spread, and keeps its own.
    spread = forgotten.evidence[cases].std(axis=0)
    spread[spread < SMALL_SPREAD] = 1.0
    weights, _ = conditional_logit(
        (forgotten.evidence[cases] / spread)[:, np.newaxis, :],
        np.where(forgotten.in_scope[cases], 0, -1),
        outside_option=True,
        expected=ScopeRule().weights * spread,
        penalty=EXPERIENCE,
    )
    rule = ScopeRule.weighing(weights / spread)
    point = coverage_at_precision(rule.score(forgotten.evidence), forgotten.right, precision)
    least = float(np.quantile(rule.score(served), 1 - LEAST_KEPT))
    return replace(rule, threshold=min(point.threshold, least))


def forget(
    messages: LabelledMessages, answers: FloatArray, folds: Folds, head: FittedClassifier, seed: int
) -> Forgotten | None:
    """Judge each message by what is left when its part of the rows and of the intents is forgotten.

    Args:
        messages: n of them.
        answers: (n, c) float32 similarity of each message to the nearest answer of each intent.
        folds: what is held out together.
        head: fitted on all rows; the heads of the parts are regularised like it.
        seed: of the lots that decide which intents are forgotten together.

    Returns:
        What was found, or `None` where there is too little to forget any of it.
    """
    intents, rows = len(head.labels), messages.rows
    judged = (rows >= 0) | (rows == STRAY)
    if intents < MIN_INTENTS or judged.sum() < MIN_MESSAGES:
        return None
    part_of_intent = np.random.default_rng(seed).permutation(intents) % PARTS
    part_of_row = folds.numbers % PARTS
    evidence = np.zeros((len(rows), 8), dtype=np.float32)
    in_scope = np.zeros(len(rows), dtype=bool)
    right = np.zeros(len(rows), dtype=bool)
    for part in np.unique(part_of_row):
        kept = np.flatnonzero(part_of_intent != part)
        held_out = np.flatnonzero(judged & (part_of_row == part))
        rest = np.flatnonzero((part_of_row != part) & ((rows < 0) | np.isin(rows, kept)))
        logits, heard = messages.told(rest, held_out, head, seed)
        neighbours = VectorIndex.build(messages.vectors[rest]).search(messages.vectors[held_out], NEIGHBOURS)
        evidence[held_out] = scope_evidence(
            logits, neighbours, rows[rest] != STRAY, messages.densities[rest], answers[held_out][:, kept], heard
        )
        in_scope[held_out] = np.isin(rows[held_out], kept)
        right[held_out] = logits.argmax(axis=1) == rows[held_out]
    return Forgotten(evidence[judged], in_scope[judged], rows[judged] == STRAY, right[judged])


def _balanced(forgotten: Forgotten) -> IntArray:
    """Return the cases to learn from, those that are marked repeated until they weigh as much as near-misses."""
    marked = np.flatnonzero(forgotten.marked)
    near = np.flatnonzero(~forgotten.in_scope & ~forgotten.marked)
    times = max(1, len(near) // max(1, len(marked)))
    return np.concatenate([np.flatnonzero(forgotten.in_scope), near, np.repeat(marked, times)])
