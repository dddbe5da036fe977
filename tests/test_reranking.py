"""The second look: which wording is read, what the opinions weigh, and what the engine makes of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from repliek.asked import Asked, Circumstances
from repliek.bundle import LAYOUT, Bundle, RerankerParts, read_manifest, verify
from repliek.conversation import Conversation
from repliek.cross_encoder import Pair
from repliek.encoder import FloatArray
from repliek.errors import BundleError
from repliek.knowledge import AnswerEdits, KnowledgeBase, Status
from repliek.ranking import Ranking
from repliek.reranking import Reranker, RerankHead, RerankWeights, Wordings, read_again
from repliek.retrieval import Neighbours
from repliek.suggester import Suggester
from tests.fixture_bundle import ANSWERS, CONFIDENCE, MESSAGES, write_tiny_bundle
from tests.fixture_cross_encoder import write_counting_cross_encoder

KNOWLEDGE = KnowledgeBase(ANSWERS)
WORDINGS = Wordings.of(KNOWLEDGE, default="nl")
UNCHANGED = RerankWeights(ranker=1, cross_encoder=0, intercept=0)


class Length:
    """A cross-encoder that likes long texts."""

    def score(self, pairs: Sequence[Pair]) -> FloatArray:
        return np.array([len(pair.text) for pair in pairs], dtype=np.float32) / 100


class Given:
    """A ranker that says what was written down before."""

    def __init__(self, ranking: Ranking) -> None:
        self._ranking = ranking

    def utilities(self, asked: Asked) -> FloatArray:
        utilities = np.full((len(asked), len(KNOWLEDGE.topics)), -np.inf, dtype=np.float32)
        none = 1 - self._ranking.confidence.sum(axis=1, keepdims=True)
        np.put_along_axis(utilities, self._ranking.topics, np.log(self._ranking.confidence / none), axis=1)
        return utilities


def ranking(topics: Sequence[Sequence[int]], confidence: Sequence[Sequence[float]]) -> Ranking:
    return Ranking(np.array(topics, dtype=np.int64), np.array(confidence, dtype=np.float32))


def asked(*texts: str) -> Asked:
    n = len(texts)
    nothing = np.zeros((n, 0), dtype=np.float32)
    found = Neighbours(nothing, nothing.astype(np.int64))
    vectors, scope = np.zeros((n, 2), dtype=np.float32), np.zeros(n, dtype=np.float32)
    return Asked(texts, vectors, found, nothing, scope, Circumstances.unknown(n))


def number(answer_id: str) -> int:
    return int(KNOWLEDGE.numbers_of([answer_id])[0])


class TestWordings:
    @pytest.mark.parametrize(
        ("message", "answer_id"),
        [
            (MESSAGES.suggested, "delivery-je"),
            (MESSAGES.formal, "delivery-u"),
            ("where is my parcel, it should have been delivered by now", "delivery-en"),
        ],
    )
    def test_the_language_and_register_of_the_message(self, message: str, answer_id: str) -> None:
        assert WORDINGS.beside(message, [number("delivery-je")]) == [Pair(message, KNOWLEDGE[answer_id].text)]

    def test_otherwise_the_first(self) -> None:
        english = "why is the amount on my invoice so high this month"
        assert WORDINGS.beside(english, [number("invoice-public")])[0].text == KNOWLEDGE["invoice-public"].text

    def test_a_blocked_wording_only_where_there_is_no_other(self) -> None:
        first, *others = [replace(answer, answer_id=f"{answer.answer_id}-x") for answer in KNOWLEDGE.topics["delivery"]]
        wordings = Wordings.of(KnowledgeBase([replace(first, status=Status.BLOCKED), *others]), default="nl")
        assert wordings.beside("waar blijft je pakket", [0])[0].text == KNOWLEDGE["delivery-u"].text
        assert WORDINGS.beside("korting", [number("discount")])[0].text == KNOWLEDGE["discount"].text

    def test_a_topic_without_answers_is_read_by_those_it_had(self) -> None:
        edited = KNOWLEDGE.edited(AnswerEdits(deleted=frozenset({"discount"})))
        wordings = Wordings.of(edited, default="nl")
        assert wordings.beside("korting", [edited.topic_numbers["discount"]])[0].text == KNOWLEDGE["discount"].text


class TestWeights:
    def test_what_speaks_for_each_topic(self) -> None:
        found = ranking([[1, 0], [0, 1]], [[0.6, 0.2], [1.0, 0.0]])
        opinions = read_again(found, ["pakket", "factuur"], WORDINGS, Length())
        np.testing.assert_allclose(opinions[0, :, 0], np.log([3, 1]), rtol=1e-5)
        assert np.isfinite(opinions).all()
        lengths = [[len(KNOWLEDGE[name].text) for name in row] for row in (("invoice-public", "delivery-je"),)]
        np.testing.assert_allclose(opinions[:1, :, 1] * 100, lengths, rtol=1e-5)

    def test_unchanged_weights_change_nothing(self) -> None:
        found = ranking([[2, 0, 1]], [[0.5, 0.3, 0.1]])
        again = Ranking.of(
            Reranker(Given(found), RerankHead(Length(), UNCHANGED), WORDINGS).utilities(asked("pakket")), 3
        )
        assert again.topics.tolist() == found.topics.tolist()
        np.testing.assert_allclose(again.confidence, found.confidence, rtol=1e-4)

    def test_the_cross_encoder_can_change_the_order(self) -> None:
        modem, refund = number("modem"), number("refund")
        found = ranking([[refund, modem]], [[0.5, 0.3]])
        head = RerankHead(Length(), RerankWeights(ranker=1, cross_encoder=1, intercept=-1))
        again = Ranking.of(Reranker(Given(found), head, WORDINGS).utilities(asked("modem")), 1)
        assert again.topics.tolist() == [[modem]]
        odds = [0.3 / 0.2 * np.exp(len(KNOWLEDGE["modem"].text) / 100 - 1)]
        odds.append(0.5 / 0.2 * np.exp(len(KNOWLEDGE["refund"].text) / 100 - 1))
        assert again.confidence[0, 0] == pytest.approx(odds[0] / (1 + sum(odds)), rel=1e-4)

    @pytest.mark.parametrize(
        "content", ["", "{}", '{"ranker": 1, "cross_encoder": -1, "intercept": 0}', '{"ranker": 1, "more": 2}']
    )
    def test_a_file_that_holds_something_else(self, tmp_path: Path, content: str) -> None:
        file = tmp_path / "weights.json"
        file.write_text(content, encoding="utf-8")
        with pytest.raises(BundleError, match="no weights of a reranker"):
            RerankWeights.from_file(file)


@pytest.fixture(scope="module")
def reranked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny bundle, with a reranker that likes long answers."""
    folder = tmp_path_factory.mktemp("reranked")
    weights = RerankWeights(ranker=0.5, cross_encoder=1, intercept=-20)
    parts = RerankerParts(write_counting_cross_encoder(folder / "counting", max_tokens=128), weights)
    write_tiny_bundle(folder / "bundle", folder / "encoder", reranker=parts)
    return folder / "bundle"


class TestBundle:
    def test_it_comes_back(self, reranked: Path, tiny_bundle: Path) -> None:
        found = Bundle.load(reranked).reranker
        assert found is not None
        assert found.weights == RerankWeights(ranker=0.5, cross_encoder=1, intercept=-20)
        assert found.cross_encoder.score([Pair("een", "twee drie")]).tolist() == [2]
        assert Bundle.load(tiny_bundle).reranker is None

    def test_its_files_are_sealed(self, reranked: Path, tmp_path: Path) -> None:
        manifest = read_manifest(reranked)
        assert {name for name in manifest.files if name.startswith(LAYOUT.reranker)} == {
            *(f"reranker/{name}" for name in ("cross-encoder.json", "model.onnx", "tokenizer.json")),
            LAYOUT.rerank_weights,
        }
        copy = Path(shutil.copytree(reranked, tmp_path / "bundle"))
        weights = json.loads((copy / LAYOUT.rerank_weights).read_text(encoding="utf-8"))
        (copy / LAYOUT.rerank_weights).write_text(json.dumps(weights | {"intercept": 5}), encoding="utf-8")
        with pytest.raises(BundleError, match="differs from its checksum"):
            verify(copy, manifest)

    def test_suggestions_are_reordered(self, reranked: Path, suggester: Suggester) -> None:
        before = suggester.suggest(Conversation(MESSAGES.three_questions), 3)
        after = Suggester.from_bundle(reranked).suggest(Conversation(MESSAGES.three_questions), 3)
        assert before.suggestions[0].answer_id != "modem"
        assert after.suggestions[0].answer_id == "modem"
        assert after.suggestions[0].confidence > CONFIDENCE
        assert sum(found.confidence for found in after.suggestions) <= 1
