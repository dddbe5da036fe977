"""Learning what a cross-encoder's opinion weighs: kept where it helps, left out where it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from repliek.asked import Asked, Circumstances
from repliek.bundle import LAYOUT, Bundle, read_manifest
from repliek.conversation import Conversation
from repliek.cross_encoder import Pair
from repliek.encoder import FloatArray
from repliek.knowledge import Answer, KnowledgeBase
from repliek.reranking import Wordings
from repliek.retrieval import IntArray, Neighbours
from repliek.suggester import Suggester
from tests.command_line import Ended
from tests.fixture_cross_encoder import teach, write_cross_encoder
from tests.fixture_history import Files, answer_rows, history_rows, training, workplace, write_files
from training.folds import Folds
from training.ranker import MIN_EXAMPLES
from training.reranking import SAMPLE, FittedReranker, fit_reranker, learn, likelihood, places, sample

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")

N, TOPICS = 300, 4
SENT = np.random.default_rng(1).integers(-1, TOPICS, N)
"""The topic whose answer was sent to each of `N` messages, -1 for a stray."""

KNOWLEDGE = KnowledgeBase([Answer(answer_id=f"t{n}", text=f"antwoord {n}", language="nl") for n in range(TOPICS)])


class Unsure:
    """A ranker that finds every topic nearly as likely; it tells messages apart by their only figure, their number."""

    def utilities(self, asked: Asked) -> FloatArray:
        noise = [np.random.default_rng(int(vector[0])).random(TOPICS) for vector in asked.vectors]
        confidence = np.array(noise, dtype=np.float32) / TOPICS
        return np.log(confidence / (1 - confidence.sum(axis=1, keepdims=True)))


@dataclass(frozen=True, slots=True)
class Opinionated:
    """A cross-encoder that gives the answer that was sent `bonus` more than the others, and each a bit of noise."""

    bonus: float

    def score(self, pairs: Sequence[Pair]) -> FloatArray:
        noise = np.random.default_rng(len(pairs)).normal(size=len(pairs))
        own = [SENT[int(pair.message)] == int(pair.text.split()[1]) for pair in pairs]
        return (self.bonus * np.array(own) + noise).astype(np.float32)


def fitted(bonus: float, sent: IntArray = SENT) -> FittedReranker | None:
    numbers = np.arange(N)
    nothing = np.zeros((N, 0), dtype=np.float32)
    asked = Asked(
        tuple(map(str, numbers)),
        numbers[:, np.newaxis].astype(np.float32),
        Neighbours(nothing, nothing.astype(np.int64)),
        nothing,
        np.zeros(N, dtype=np.float32),
        Circumstances.unknown(N),
    )
    folds = Folds(numbers % 5, 5)
    wordings = Wordings.of(KNOWLEDGE, default="nl")
    return fit_reranker(Unsure(), Opinionated(bonus), wordings, asked, sent, sent < 0, folds, seed=1)


class TestFit:
    def test_a_cross_encoder_that_knows_is_kept(self) -> None:
        found = fitted(bonus=4)
        assert found is not None
        assert found.held_out.better
        assert found.weights.cross_encoder > 0.5
        figures = found.held_out.figures
        assert figures["reranking.with"] > 0.7 > 0.4 > figures["reranking.without"]
        assert figures["reranking.log_likelihood_gained"] > 0.5
        assert figures["reranking.kept"] == 1

    def test_one_that_guesses_is_not(self) -> None:
        found = fitted(bonus=0)
        assert found is not None
        assert not found.held_out.better
        assert found.held_out.figures["reranking.kept"] == 0

    def test_one_that_is_always_wrong_weighs_nothing_rather_than_less(self) -> None:
        found = fitted(bonus=-4)
        assert found is not None
        assert found.weights.cross_encoder == 0
        assert not found.held_out.better

    def test_confidence_is_true_on_held_out_parts(self) -> None:
        found = fitted(bonus=4)
        assert found is not None
        held_out = found.held_out
        assert held_out.confidence.mean() == pytest.approx(held_out.with_reranker.mean(), abs=0.05)

    def test_too_few_answers_tell_nothing(self) -> None:
        few = np.where(np.arange(N) < MIN_EXAMPLES - 10, SENT, -1)
        assert fitted(bonus=4, sent=few) is None


def test_a_large_history_is_sampled_the_same_way_each_time() -> None:
    rows = np.arange(0, 4 * SAMPLE, 2)
    drawn = sample(rows, seed=1)
    assert len(drawn) == SAMPLE
    assert set(drawn) <= set(rows)
    assert (np.diff(drawn) > 0).all()
    np.testing.assert_array_equal(drawn, sample(rows, seed=1))
    np.testing.assert_array_equal(sample(rows[:9], seed=1), rows[:9])


def test_an_answer_that_is_not_a_candidate_counts_as_none() -> None:
    candidates = np.array([[3, 1], [3, 1], [3, 1], [-1, 0]])
    assert places(candidates, np.array([1, 2, -1, -1])).tolist() == [1, -1, -1, -1]


def test_likelihood_of_what_was_chosen() -> None:
    confidence = np.array([[0.6, 0.3], [0.6, 0.3], [1.0, 0.0]], dtype=np.float32)
    np.testing.assert_allclose(likelihood(confidence, np.array([1, -1, 1])), [0.3, 0.1, 1e-6], rtol=1e-5)


def test_a_ranker_that_is_right_stays_as_it_is() -> None:
    random = np.random.default_rng(1)
    confidence = random.dirichlet(np.ones(3), 2_000)
    chosen = np.array([random.choice(3, p=row) for row in confidence])
    odds = np.log(confidence[:, :2]) - np.log(confidence[:, 2:])
    opinions = np.stack([odds, np.zeros_like(odds)], axis=2).astype(np.float32)
    weights = learn(opinions, np.where(chosen == 2, -1, chosen))
    assert weights.ranker == pytest.approx(1, abs=0.1)
    assert (weights.cross_encoder, weights.intercept) == (0, pytest.approx(0, abs=0.1))


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with a small history, and cross-encoders that know nothing of it or nearly all."""

    folder: Path
    files: Files
    random: Path
    taught: Path

    def fit(self, model: Path, *more: object) -> Ended:
        return training("fit", *self.files.arguments, "--out", self.folder / "bundle", "--reranker", model, *more)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("reranking")
    with workplace(folder):
        history, answers = history_rows(), answer_rows()
        files = write_files(folder / "files", history, answers)
        texts = [row["message"] for row in history] + [row["text"] for row in answers]
        random = write_cross_encoder(folder / "random", texts)
        pairs = [
            (row["message"], answer["text"], float(answer["intent"] == row["intent"]))
            for number, row in enumerate(history)
            for answer in answers
            if answer["intent"] == row["intent"] or hash_of(number, answer["answer_id"]) % 4 == 0
        ]
        yield Place(folder, files, random, teach(random, folder / "taught", pairs, folder / "scratch", epochs=30))


def hash_of(number: int, name: str) -> int:
    return sum(name.encode()) + number


class TestCommand:
    def test_one_that_helps_is_served(self, place: Place) -> None:
        ended = place.fit(place.taught, "--json")
        assert ended.code == 0, ended.stderr
        assert "the reranker is kept" in ended.stderr
        figures = json.loads(ended.stdout)
        assert figures["reranking.with"] > figures["reranking.without"]
        # What thresholds are chosen on is what is served.
        assert figures["answers.recall_at_1"] == figures["reranking.with"]
        bundle = Bundle.load(place.folder / "bundle")
        assert bundle.reranker is not None
        assert bundle.manifest.licences == {"encoder": "Apache-2.0", "reranker": "see source"}
        assert bundle.manifest.figures["reranking.kept"] == 1
        card = (bundle.path / LAYOUT.card).read_text(encoding="utf-8")
        assert "| reranker | taught (" in card
        assert "Encoder: Apache-2.0; Reranker: see source." in card
        row = history_rows()[0]
        found = Suggester.from_bundle(bundle.path).suggest(Conversation(row["message"]))
        assert found.bundle == bundle.manifest.bundle

    def test_the_run_says_so(self, place: Place) -> None:
        import mlflow

        mlflow.set_tracking_uri(f"sqlite:///{place.folder / 'mlflow.db'}")
        run_id = read_manifest(place.folder / "bundle").run_id
        assert run_id is not None
        data = mlflow.MlflowClient().get_run(run_id).data
        assert data.params["reranker"] == str(place.taught)
        assert data.metrics["reranking.kept"] == 1

    def test_one_that_does_not_help_is_left_out(self, place: Place) -> None:
        ended = place.fit(place.random, "--no-mlflow")
        assert ended.code == 0, ended.stderr
        assert "no better, so the reranker is left out" in ended.stderr
        bundle = Bundle.load(place.folder / "bundle")
        assert bundle.reranker is None
        assert not (bundle.path / LAYOUT.reranker).exists()
        assert bundle.manifest.figures["reranking.kept"] == 0
        assert bundle.manifest.licences == {"encoder": "Apache-2.0"}
        assert "tried, and left out" in (bundle.path / LAYOUT.card).read_text(encoding="utf-8")

    def test_a_model_that_is_none_ends_before_any_work(self, place: Place) -> None:
        ended = place.fit(place.files.encoder, "--no-mlflow")
        assert ended.code == 1
        assert "no cross-encoder" in ended.said
        assert "learn" not in ended.stderr
