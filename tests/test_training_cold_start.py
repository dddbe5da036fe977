"""A bundle out of answers alone, and out of answers with a handful of exchanges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from repliek.bundle import LAYOUT, Bundle
from repliek.conversation import Conversation
from repliek.history import OUT_OF_SCOPE
from repliek.suggester import Suggester
from tests.command_line import Ended
from tests.fixture_history import Files, answer_rows, history_rows, training, workplace, write_files, write_rows
from training.cold_start import THRESHOLD

pytestmark = [
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),  # MLflow on SQLAlchemy 2.1
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return write_files(tmp_path_factory.mktemp("input"), history_rows(), answer_rows())


def fitted(folder: Path, files: Files, *more: object) -> Ended:
    """Fit on the answers in `folder`."""
    with workplace(folder):
        return training(
            *("fit", "--answers", files.answers, "--brand", files.brand, "--encoder", files.encoder),
            *("--out", folder / "bundle", *more),
        )


@pytest.fixture(scope="module")
def cold(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("cold")
    ended = fitted(folder, files, "--json")
    assert ended.code == 0, ended.stderr
    return ended


@pytest.fixture(scope="module")
def bundle(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cold-bundle")
    assert fitted(folder, files, "--no-mlflow").code == 0
    return folder / "bundle"


class TestAnswersAlone:
    def test_it_says_that_nothing_was_calibrated(self, cold: Ended) -> None:
        assert json.loads(cold.stdout) == {}
        assert "no exchanges: nothing is learned and nothing is calibrated" in cold.stderr
        assert "registered in MLflow" in cold.stderr

    def test_the_card_says_so_too(self, bundle: Path) -> None:
        card = (bundle / LAYOUT.card).read_text(encoding="utf-8")
        assert "| exchanges learned from | 0 |" in card
        assert "None: there were no exchanges to check against, so its confidence is not calibrated." in card

    def test_it_finds_answers_by_their_words(self, bundle: Path) -> None:
        suggester = Suggester.from_bundle(bundle)
        answers = [answer for answer in suggester.bundle.knowledge if answer.language == "nl"]
        names = tuple(suggester.bundle.knowledge.topics)
        found = suggester.analyse([answer.text for answer in answers]).ranking.topics[:, 0]
        right = [names[topic] == answer.topic for topic, answer in zip(found.tolist(), answers, strict=True)]
        assert sum(right) >= 0.9 * len(answers)

    def test_it_is_less_sure_of_what_no_answer_is_about(self, bundle: Path) -> None:
        suggester = Suggester.from_bundle(bundle)
        strays = [row["message"] for row in history_rows() if row["intent"] == OUT_OF_SCOPE]
        served = [row["message"] for row in history_rows() if row.get("answer_id")]
        sure = [suggester.analyse(texts).ranking.confidence[:, 0].mean() for texts in (strays, served)]
        assert sure[0] < sure[1]

    def test_it_holds_nothing_that_a_history_teaches(self, bundle: Path) -> None:
        loaded = Bundle.load(bundle)
        assert (loaded.intents, loaded.emotions, loaded.reply_head) == (None, None, None)
        assert (len(loaded.messages), len(loaded.past.exchange_ids)) == (0, 0)
        assert loaded.manifest.thresholds.confidence == THRESHOLD
        assert loaded.manifest.figures == {}


def test_a_handful_of_exchanges_is_remembered(files: Files, tmp_path: Path) -> None:
    # What a human must decide on gets no suggestion, whatever is remembered.
    known = [row for row in history_rows() if row.get("answer_id") and row.get("reply")]
    few = [row for row in known if row["intent"] != "bereavement"][:3]
    history = write_rows(tmp_path / "few.jsonl", few)
    ended = fitted(tmp_path, files, "--history", history, "--no-mlflow")
    assert ended.code == 0, ended.stderr
    assert "3 exchanges: nothing is learned" in ended.stderr
    suggester = Suggester.from_bundle(tmp_path / "bundle")
    assert len(suggester.bundle.messages) == 3
    found = suggester.suggest(Conversation(few[0]["message"]))
    knowledge = suggester.bundle.knowledge
    assert knowledge.topic_of(found.suggestions[0].answer_id) == knowledge.topic_of(few[0]["answer_id"])
    assert found.suggestions[0].evidence[0].exchange_id == few[0]["exchange_id"]


def test_there_is_nothing_to_fine_tune_on(files: Files, tmp_path: Path) -> None:
    ended = fitted(tmp_path, files, "--fine-tune")
    assert ended.code == 2
    assert "nothing to learn from without --history" in ended.said
