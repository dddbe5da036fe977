"""Where the weights of the evidence begin, and what moves them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from repliek.asked import Asked, Circumstances
from repliek.encoder import FloatArray
from repliek.heads import OnnxClassifier
from repliek.retrieval import IntArray, Neighbours
from training.ranker import (
    COLD_INTERCEPT,
    COLD_SCALE,
    EXPERIENCE,
    EXPERIENCE_INTERCEPT,
    MIN_EXAMPLES,
    experienced_ranker,
    fit_ranker,
)

TOPICS = 4
ANSWER = 3
"""The column of the similarity to the answer's text."""


@dataclass(frozen=True, slots=True)
class OnlyAnswers:
    """Evidence of which only the similarity to the answer says anything; the messages' vectors hold it."""

    def measure(self, asked: Asked) -> FloatArray:
        figures = np.zeros((len(asked), TOPICS, len(EXPERIENCE)), dtype=np.float32)
        figures[:, :, ANSWER] = asked.vectors
        return figures


def weights(n: int, *, hits: float) -> tuple[FloatArray, float]:
    """Fit on n messages, of which a share `hits` gets the nearest answer, and return the weights."""
    generator = np.random.default_rng(3)
    vectors = generator.random((n, TOPICS), dtype=np.float32)
    nothing = np.zeros((n, 0), dtype=np.float32)
    found = Neighbours(nothing, nothing.astype(np.int64))
    asked = Asked(("",) * n, vectors, found, nothing, np.zeros(n, np.float32), Circumstances.unknown(n))
    nearest = vectors.argmax(axis=1)
    sent: IntArray = np.where(generator.random(n) < hits, nearest, (nearest + 1) % TOPICS).astype(np.int64)
    fitted = fit_ranker(OnlyAnswers(), asked, sent, np.zeros(n, dtype=bool))
    found, bias = fitted.head.linear()
    return found[1] - found[0], float(bias[1] - bias[0])


def test_too_few_examples_leave_experience_as_it_is() -> None:
    found, intercept = weights(MIN_EXAMPLES - 1, hits=0.1)
    np.testing.assert_allclose(found, EXPERIENCE, rtol=1e-6)
    assert intercept == EXPERIENCE_INTERCEPT


def test_what_the_history_says_nothing_about_stays_where_experience_put_it() -> None:
    found, _ = weights(2_000, hits=0.4)
    silent = np.arange(len(EXPERIENCE)) != ANSWER
    np.testing.assert_allclose(found[silent], np.array(EXPERIENCE)[silent], atol=0.01)


def test_the_more_it_says_the_further_it_moves_them() -> None:
    few, many = (abs(weights(n, hits=0.4)[0][ANSWER] - EXPERIENCE[ANSWER]) for n in (MIN_EXAMPLES, 2_000))
    assert many > few > 0.1


def test_without_a_history_texts_speak_louder() -> None:
    head = OnnxClassifier.from_bytes(experienced_ranker())
    figures = np.zeros((2, len(EXPERIENCE)), dtype=np.float32)
    figures[1, ANSWER] = 1
    other, sent = head.logits(figures).T
    assert (sent - other).tolist() == pytest.approx([COLD_INTERCEPT, COLD_INTERCEPT + COLD_SCALE * EXPERIENCE[ANSWER]])
