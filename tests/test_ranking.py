from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from repliek.asked import Asked, Circumstances
from repliek.encoder import FloatArray
from repliek.knowledge import Answer
from repliek.passages import EncodedPassages, Passages
from repliek.ranking import (
    AnswerEvidence,
    CompoundEvidence,
    IntentEvidence,
    MessageEvidence,
    Ranker,
    Ranking,
    ScopeEvidence,
    TermEvidence,
)
from repliek.retrieval import VOTE_TEMPERATURE, IntArray, Neighbours


def floats(*rows: Sequence[float]) -> FloatArray:
    return np.array(rows, dtype=np.float32)


def ints(*values: int) -> IntArray:
    return np.array(values, dtype=np.int64)


def asked(
    vectors: FloatArray | None = None,
    similarities: FloatArray | None = None,
    rows: Sequence[Sequence[int]] = ((0,),),
    intents: FloatArray | None = None,
    texts: Sequence[str] = (),
) -> Asked:
    """One message or more, as far as a test cares."""
    neighbours = Neighbours(floats([1.0]) if similarities is None else similarities, np.array(rows, dtype=np.int64))
    n = len(neighbours.rows) if vectors is None else len(vectors)
    return Asked(
        tuple(texts) or ("",) * n,
        np.zeros((n, 2), dtype=np.float32) if vectors is None else vectors,
        neighbours,
        np.zeros((n, 0), dtype=np.float32) if intents is None else intents,
        np.linspace(-1, 1, n, dtype=np.float32),
        Circumstances.unknown(n),
    )


class FirstFigure:
    """A head that takes the first figure for the probability."""

    labels = ("other", "sent")

    def logits(self, features: FloatArray) -> FloatArray:
        return np.log(np.stack([1 - features[:, 0], features[:, 0]], axis=1).clip(1e-9))


class Given:
    """Evidence that was written down before."""

    def __init__(self, figures: FloatArray) -> None:
        self._figures = figures[:, :, np.newaxis]

    def measure(self, asked: Asked) -> FloatArray:
        return self._figures


class TestMessageEvidence:
    def test_nearest_few_and_share(self) -> None:
        t = VOTE_TEMPERATURE
        similarities = floats([0.9, 0.9 - t, 0.9 - 2 * t, 0.9 - 3 * t])
        evidence = MessageEvidence(ints(0, 1, 0, -1), topics=3)
        found = evidence.measure(asked(similarities=similarities, rows=[[0, 1, 2, 3]]))
        assert found.shape == (1, 3, 3)
        far = 0.9 - 3 * t
        np.testing.assert_allclose(found[0, :, 0], [0.9, 0.9 - t, far], rtol=1e-5)
        np.testing.assert_allclose(
            found[0, :, 1], [(0.9 + 0.9 - 2 * t + far) / 3, (0.9 - t + 2 * far) / 3, far], rtol=1e-5
        )
        weights = np.exp([0, -1, -2, -3]) / np.exp([0, -1, -2, -3]).sum()
        np.testing.assert_allclose(found[0, :, 2], [weights[0] + weights[2], weights[1], 0], rtol=1e-4)

    def test_of_many_messages_the_nearest_three_make_the_pattern(self) -> None:
        similarities = floats([0.9, 0.8, 0.7, 0.2, 0.1])
        found = MessageEvidence(ints(0, 0, 0, 0, 0), topics=1).measure(
            asked(similarities=similarities, rows=[[4, 3, 2, 1, 0]])
        )
        np.testing.assert_allclose(found[0, 0], [0.9, 0.8, 1.0], rtol=1e-5)

    def test_messages_do_not_mix(self) -> None:
        evidence = MessageEvidence(ints(0, 1), topics=2)
        both = evidence.measure(asked(similarities=floats([0.9, 0.1], [0.8, 0.3]), rows=[[0, 1], [1, 0]]))
        second = evidence.measure(asked(similarities=floats([0.8, 0.3]), rows=[[1, 0]]))
        np.testing.assert_array_equal(both[1:], second)


def test_without_past_messages_they_say_nothing() -> None:
    nothing = asked(vectors=floats([1, 0], [0, 1]), similarities=np.zeros((2, 0), dtype=np.float32), rows=((), ()))
    assert MessageEvidence(ints(), 3).measure(nothing).tolist() == np.zeros((2, 3, 3)).tolist()


def test_an_answer_counts_by_its_nearest_wording() -> None:
    wordings = Passages.of([Answer(answer_id=name, text=name, language="nl") for name in "abc"])
    evidence = AnswerEvidence(EncodedPassages(wordings, floats([1, 0], [0, 1], [0.6, 0.8])).grouped(ints(1, 0, 1), 2))
    found = evidence.measure(asked(vectors=floats([0, 1], [1, 0])))
    np.testing.assert_allclose(found, [[[1.0], [0.8]], [[0.0], [1.0]]], rtol=1e-6)


def test_a_topic_is_as_likely_as_its_intent() -> None:
    evidence = IntentEvidence(ints(1, -1, 0))
    found = evidence.measure(asked(intents=floats([0.25, 0.75])))
    np.testing.assert_allclose(found[0, :, 0], [0.75, 0.5, 0.25])
    np.testing.assert_allclose(found[0, :, 1], np.log([0.75, 0.5, 0.25]), rtol=1e-6)


def test_without_an_intent_head_intents_say_nothing() -> None:
    assert IntentEvidence(ints(-1, -1)).measure(asked()).tolist() == [[[0, 0], [0, 0]]]


def test_an_impossible_intent_has_a_finite_log() -> None:
    found = IntentEvidence(ints(0)).measure(asked(intents=floats([0.0, 1.0])))
    assert found[0, 0, 1] == pytest.approx(np.log(1e-4))


def test_kinds_of_evidence_stand_side_by_side() -> None:
    compound = CompoundEvidence([Given(floats([0.1, 0.2])), Given(floats([0.3, 0.4]))])
    np.testing.assert_allclose(compound.measure(asked()), [[[0.1, 0.3], [0.2, 0.4]]], rtol=1e-6)


class TestTermEvidence:
    def test_rare_words_speak_for_their_topic(self) -> None:
        topics = ["Geef code F3411 door aan onze monteur.", "Geef je klantnummer door.", "Herstart je modem."]
        found = TermEvidence(topics).measure(asked(texts=["foutmelding F3411 op mijn modem"]))
        assert found.shape == (1, 3, 1)
        assert found[0, 0] > found[0, 2] > found[0, 1]


def test_scope_speaks_for_every_topic_alike() -> None:
    found = ScopeEvidence(3).measure(asked(rows=[[0], [0]], similarities=floats([1.0], [1.0])))
    assert found[:, :, 0].tolist() == [[-1, -1, -1], [1, 1, 1]]


class TestRanker:
    def test_the_best_topics_come_first(self) -> None:
        # Odds of 4, 1 and 0 to 1 against sending nothing; then of 1, 3 and 1.
        ranker = Ranker(Given(floats([0.5, 0.8, 0.0], [0.5, 0.75, 0.5])), FirstFigure())
        found = Ranking.of(ranker.utilities(asked()), k=2)
        assert found.topics.tolist() == [[1, 0], [1, 0]]
        np.testing.assert_allclose(found.confidence, [[4 / 6, 1 / 6], [3 / 6, 1 / 6]], rtol=1e-5)
        assert found.confidence.dtype == np.float32

    def test_all_confidences_leave_room_for_sending_nothing(self) -> None:
        found = Ranking.of(Ranker(Given(floats([1.0, 1.0, 0.5])), FirstFigure()).utilities(asked()), k=3).confidence
        np.testing.assert_allclose(found, [[0.5, 0.5, 0]], atol=1e-6)
        assert found.sum() <= 1

    def test_equal_topics_keep_the_order_of_the_knowledge_base(self) -> None:
        ranker = Ranker(Given(floats([0.4, 0.8, 0.4, 0.8])), FirstFigure())
        assert Ranking.of(ranker.utilities(asked()), k=4).topics.tolist() == [[1, 3, 0, 2]]

    def test_there_may_be_fewer_topics_than_wanted(self) -> None:
        assert Ranking.of(Ranker(Given(floats([0.4])), FirstFigure()).utilities(asked()), k=10).topics.tolist() == [[0]]
