from __future__ import annotations

import numpy as np
import pytest

from repliek.encoder import FloatArray
from repliek.intents import STRAY
from repliek.metrics import auroc
from repliek.retrieval import IntArray
from repliek.scope import ScopeRule
from repliek.space import unit
from training.folds import Folds
from training.heads import FittedClassifier, fit_classifier
from training.scope import IN_SCOPE_KEPT, LEAST_KEPT, PARTS, Forgotten, LabelledMessages, fit_scope, forget

INTENTS, EACH, MARKED = 20, 25, 40
LABELS = tuple(f"intent_{number:02d}" for number in range(INTENTS))


def messages(seed: int = 3) -> tuple[FloatArray, IntArray]:
    """Vectors of `INTENTS` clouds of `EACH` messages, and of `MARKED` strays that lie anywhere."""
    generator = np.random.default_rng(seed)
    middles = unit(generator.standard_normal((INTENTS, 48)).astype(np.float32))
    rows = np.repeat(np.arange(INTENTS), EACH)
    near = middles[rows] + 0.08 * generator.standard_normal((len(rows), 48))
    strays = generator.standard_normal((MARKED, 48))
    vectors = unit(np.concatenate([near, strays]).astype(np.float32))
    return vectors, np.append(rows, np.full(MARKED, STRAY)).astype(np.int64)


def folds_of(rows: IntArray) -> Folds:
    return Folds.stratified([str(row) for row in rows], [str(number) for number in range(len(rows))], 13)


def head_of(vectors: FloatArray, rows: IntArray) -> FittedClassifier:
    known = rows >= 0
    return fit_classifier(vectors[known], rows[known], LABELS, inverse_regularisation=30.0, seed=13)


def labelled(vectors: FloatArray, rows: IntArray) -> LabelledMessages:
    """Messages that say nothing but the name of their intent."""
    words = tuple(
        f"woord{'abcdefghijklmnopqrstuvwxyz'[max(row, 0)]}" if row >= 0 else "vreemd" for row in rows.tolist()
    )
    return LabelledMessages(words, words, vectors, rows, np.zeros(len(rows), dtype=np.float32), INTENTS)


def forgotten(vectors: FloatArray, rows: IntArray) -> Forgotten | None:
    answers = np.zeros((len(rows), INTENTS), dtype=np.float32)
    return forget(labelled(vectors, rows), answers, folds_of(rows), head_of(vectors, rows), 13)


def test_a_part_of_the_intents_is_forgotten_with_the_messages_that_are_judged() -> None:
    vectors, rows = messages()
    found = forgotten(vectors, rows)
    assert found is not None
    assert len(found.evidence) == len(rows)
    assert found.marked.sum() == MARKED
    share = (~found.in_scope & ~found.marked).sum() / (rows >= 0).sum()
    assert share == pytest.approx(1 / PARTS, abs=0.03)
    assert not found.right[~found.in_scope].any()
    assert found.right[found.in_scope].mean() > 0.95


def test_messages_of_forgotten_intents_look_less_in_scope() -> None:
    vectors, rows = messages()
    found = forgotten(vectors, rows)
    assert found is not None
    rule = fit_scope(found.evidence, rows, found, 0.9)
    assert auroc(rule.score(found.evidence), found.in_scope) > 0.95
    kept = rule.score(found.evidence) >= 0
    assert kept[found.in_scope].mean() > 0.85
    assert kept[~found.in_scope].mean() < 0.5


def test_a_higher_precision_keeps_silent_more_often() -> None:
    vectors, rows = messages()
    found = forgotten(vectors, rows)
    assert found is not None
    low, high = (fit_scope(found.evidence, rows, found, precision) for precision in (0.8, 0.95))
    assert low.threshold < high.threshold
    assert low.weights.tolist() == high.weights.tolist()


def test_a_precision_that_is_never_reached_does_not_silence_everything() -> None:
    vectors, rows = messages()
    found = forgotten(vectors, rows)
    assert found is not None
    nothing_right = Forgotten(found.evidence, found.in_scope, found.marked, np.zeros_like(found.right))
    rule = fit_scope(found.evidence, rows, nothing_right, 0.9)
    served = rule.score(found.evidence[rows >= 0])
    assert (served >= 0).mean() == pytest.approx(LEAST_KEPT, abs=0.01)


def test_a_small_history_forgets_nothing_and_takes_what_was_learned_elsewhere() -> None:
    vectors, rows = messages()
    few = np.flatnonzero(rows < 5)
    labels = LABELS[:5]
    known = few[rows[few] >= 0]
    head = fit_classifier(vectors[known], rows[known], labels, inverse_regularisation=30.0, seed=13)
    answers = np.zeros((len(few), 5), dtype=np.float32)
    assert forget(labelled(vectors[few], rows[few]), answers, folds_of(rows[few]), head, 13) is None
    evidence = np.random.default_rng(1).standard_normal((200, 8)).astype(np.float32)
    rule = fit_scope(evidence, np.zeros(200, dtype=np.int64), None, 0.9)
    assert rule.weights.tolist() == ScopeRule().weights.tolist()
    assert (rule.score(evidence) >= 0).mean() == pytest.approx(IN_SCOPE_KEPT, abs=0.01)
