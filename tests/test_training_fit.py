"""From files to a bundle, through the command line: what it holds, and what MLflow keeps of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from repliek.brand import Brand
from repliek.bundle import LAYOUT, Bundle, read_manifest, verify
from repliek.conversation import Conversation
from repliek.decision import Reason
from repliek.encoder import OnnxEncoder
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.knowledge import Answer, KnowledgeBase
from repliek.suggester import Suggester
from tests.command_line import Ended
from tests.fixture_history import (
    INTENTS,
    LINES,
    STRAYS,
    Files,
    answer_rows,
    history_rows,
    training,
    without,
    workplace,
    write_files,
    write_rows,
)
from training.data import TrainingData
from training.fitting import with_topics
from training.space import WEIGHTS

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

pytestmark = [
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),  # MLflow on SQLAlchemy 2.1
]

PRECISION = 0.6
"""The encoder of these tests only counts words, so it reaches no more."""

PRIVATE = ("0612345678", "jan.jansen@voorbeeld.nl", "NL91ABNA0417164300")


@dataclass(frozen=True, slots=True)
class Trained:
    """A folder in which `fit` was run twice, with MLflow."""

    folder: Path
    files: Files
    first: Ended
    second: Ended

    @property
    def bundle(self) -> Path:
        return self.folder / "first"

    def store(self) -> MlflowClient:
        """Return a client of the store in the folder, where the runs are as well."""
        import mlflow

        mlflow.set_tracking_uri(f"sqlite:///{self.folder / 'mlflow.db'}")
        return mlflow.MlflowClient()

    def runs(self) -> list[Run]:
        """Return the runs, oldest first."""
        client = self.store()
        experiment = client.get_experiment_by_name("repliek")
        assert experiment is not None
        return client.search_runs([experiment.experiment_id], order_by=["attributes.start_time"])


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    folder = tmp_path_factory.mktemp("trained")
    rows = history_rows()
    files = write_files(folder / "input", rows, answer_rows())
    rows[0] |= {"message": f"{rows[0]['message']} Bel {PRIVATE[0]}.", "reply": f"Mail {PRIVATE[1]} over je aanvraag."}
    rows[1] |= {"context": [{"speaker": "customer", "text": f"mijn rekening is {PRIVATE[2]}"}]}
    write_rows(files.history, rows)  # the encoder knows other words only: it stands in the bundle as it is
    with files.history.open("a", encoding="utf-8") as opened:
        opened.write('{"message": ""}\n')
    with workplace(folder):
        common = ("fit", *files.arguments, "--precision", PRECISION)
        first = training(*common, "--out", folder / "first")
        second = training(*common, "--out", folder / "second", "--json")
        assert (first.code, second.code) == (0, 0), first.stderr + second.stderr
        yield Trained(folder, files, first, second)


def fitted(folder: Path, files: Files, *more: object) -> Bundle:
    """Fit without MLflow and return the bundle, loaded."""
    with workplace(folder):
        given = ("--history", files.history, "--encoder", files.encoder, "--out", folder / "bundle", *more)
        ended = training("fit", *given, "--no-mlflow")
    assert ended.code == 0, ended.stderr
    return Bundle.load(folder / "bundle")


class TestBundle:
    def test_it_is_whole(self, trained: Trained) -> None:
        manifest = read_manifest(trained.bundle)
        verify(trained.bundle, manifest)
        assert (manifest.seed, manifest.brand, manifest.encoder) == (13, "Wadlijn", "bag-of-words")
        assert manifest.thresholds.precision == PRECISION
        assert manifest.thresholds.intents is not None
        assert manifest.view_weights == WEIGHTS[1]
        assert manifest.licences == {"encoder": "Apache-2.0"}
        assert {LAYOUT.intents, LAYOUT.ranker, LAYOUT.emotions, LAYOUT.answers, LAYOUT.card} <= set(manifest.files)

    def test_it_holds_what_was_learned_from(self, trained: Trained) -> None:
        bundle = Bundle.load(trained.bundle)
        assert bundle.intents is not None
        assert bundle.intents.labels == INTENTS
        assert len(bundle.messages) == len(INTENTS) * LINES + STRAYS
        assert len(bundle.knowledge) == len(answer_rows())
        assert bundle.past.intents.count("out_of_scope") == STRAYS

    def test_it_suggests_what_was_sent_before(self, trained: Trained) -> None:
        suggester = Suggester.from_bundle(trained.bundle)
        rows = [row for row in history_rows() if row.get("answer_id")]
        knowledge = suggester.bundle.knowledge
        found = suggester.suggest_many([Conversation(row["message"]) for row in rows])
        shown = [(row, one.suggestions[0]) for row, one in zip(rows, found, strict=True) if one.suggestions]
        assert len(shown) > 0.3 * len(rows)
        right = sum(knowledge.topic_of(row["answer_id"]) == knowledge.topic_of(one.answer_id) for row, one in shown)
        assert right >= 0.9 * len(shown)
        assert all(one.confidence >= suggester.bundle.manifest.thresholds.confidence for _, one in shown)

    def test_personal_data_is_nowhere_in_it(self, trained: Trained) -> None:
        texts = [file.read_bytes() for file in trained.bundle.rglob("*") if file.is_file()]
        texts.append(str(pq.read_table(trained.bundle / LAYOUT.history).to_pylist()).encode())
        assert not any(word.encode() in text for word in PRIVATE for text in texts)
        row = pq.read_table(trained.bundle / LAYOUT.history).to_pylist()[0]
        assert re.search(r"Bel \S*PHONE\S*\.", row["message"])
        assert re.search(r"Mail \S*EMAIL\S* over", row["reply"])

    def test_the_card_shows_the_figures(self, trained: Trained) -> None:
        card = (trained.bundle / LAYOUT.card).read_text(encoding="utf-8")
        figures = read_manifest(trained.bundle).figures
        assert card.startswith("# Wadlijn: a Repliek bundle")
        assert all(f"| {name} | {value:.3f} |" in card for name, value in figures.items())
        assert "$" not in card

    def test_the_command_says_how_it_went(self, trained: Trained) -> None:
        figures = read_manifest(trained.bundle).figures
        assert {"intents.accuracy", "intents.ece", "intents.oos_auroc", "answers.recall_at_1"} <= set(figures)
        assert all(0 <= value <= 1 for value in figures.values())
        curve = [figures[f"abstention.coverage_at_precision_{percent}"] for percent in (95, 90, 85, 80)]
        assert curve == sorted(curve)
        assert figures["abstention.coverage"] > 0
        assert figures["abstention.precision"] >= PRECISION
        shown = dict(line.split() for line in trained.first.stdout.splitlines())
        assert shown == {name: f"{value:.3f}" for name, value in figures.items()}
        assert json.loads(trained.second.stdout) == pytest.approx(dict(figures))
        assert f"learn {len(INTENTS)} intents from {len(INTENTS) * LINES} messages" in trained.first.stderr
        assert f"wrote bundle {read_manifest(trained.bundle).bundle}" in trained.first.stderr
        assert "set aside 1 records" in trained.first.stderr


class TestSameness:
    def test_the_same_seed_gives_the_same_bundle(self, trained: Trained) -> None:
        one, other = (read_manifest(trained.folder / name) for name in ("first", "second"))
        assert one.bundle == other.bundle
        assert one.files == other.files
        assert one.thresholds == other.thresholds
        assert one.figures == other.figures

    def test_another_seed_still_gives_a_bundle(self, trained: Trained, tmp_path: Path) -> None:
        manifest = fitted(tmp_path, trained.files, "--answers", trained.files.answers, "--seed", 14).manifest
        assert manifest.seed == 14
        assert manifest.run_id is None
        assert not (tmp_path / "mlflow.db").exists()
        assert not (tmp_path / "runs").exists()

    def test_a_bundle_is_replaced_as_a_whole(self, trained: Trained, tmp_path: Path) -> None:
        old = fitted(tmp_path, trained.files)
        (tmp_path / "input").mkdir()
        history = write_rows(tmp_path / "input" / "history.jsonl", history_rows()[: LINES * 4])
        new = fitted(tmp_path, Files(history, trained.files.answers, trained.files.brand, trained.files.encoder))
        assert new.manifest.bundle != old.manifest.bundle
        assert {file.name for file in tmp_path.iterdir()} == {"bundle", "cache", "checks.md", "input"}


class TestMLflow:
    def test_a_run_holds_what_was_asked_and_which_files_were_read(self, trained: Trained) -> None:
        first, _ = trained.runs()
        manifest = read_manifest(trained.bundle)
        assert first.info.run_id == manifest.run_id
        assert first.info.status == "FINISHED"
        expected = {
            "encoder": str(trained.files.encoder),
            "precision": str(PRECISION),
            "seed": "13",
            "exchanges": str(len(history_rows())),
            "answers": str(len(answer_rows())),
            "rejected": "1",
        }
        assert expected.items() <= first.data.params.items()
        read = {"history": trained.files.history, "answers": trained.files.answers, "brand": trained.files.brand}
        digests = {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in read.items()}
        assert {name: first.data.tags[f"sha256.{name}"] for name in read} == digests
        found = {one.tags[0].value: one.dataset for one in first.inputs.dataset_inputs}
        assert {name: one.name for name, one in found.items()} == {name: file.name for name, file in read.items()}
        assert all(digests[name].startswith(one.digest) for name, one in found.items())

    def test_figures_and_drawings_are_kept(self, trained: Trained) -> None:
        first, _ = trained.runs()
        assert first.data.metrics == pytest.approx(dict(read_manifest(trained.bundle).figures))
        plots = [file.path for file in trained.store().list_artifacts(first.info.run_id, "plots")]
        assert plots == [
            f"plots/{name}.png"
            for name in (
                "answer-reliability",
                "coverage-precision",
                "emotion-confusion",
                "emotion-reliability",
                "intent-confusion",
                "intent-reliability",
            )
        ]
        assert {"tone.emotion_macro_f1", "tone.emotion_ece"} <= set(first.data.metrics)

    def test_the_first_is_champion_and_the_last_challenger(self, trained: Trained) -> None:
        client = trained.store()
        champion, challenger = (
            client.get_model_version_by_alias("repliek", name) for name in ("champion", "challenger")
        )
        assert (int(champion.version), int(challenger.version)) == (1, 2)
        assert champion.tags["bundle"] == read_manifest(trained.bundle).bundle
        assert champion.description == (trained.bundle / LAYOUT.card).read_text(encoding="utf-8")
        assert [version.run_id for version in (champion, challenger)] == [run.info.run_id for run in trained.runs()]
        assert "alias challenger and champion" in trained.first.stderr
        assert "alias challenger (run" in trained.second.stderr

    def test_the_logged_model_suggests_what_the_bundle_suggests(self, trained: Trained) -> None:
        import mlflow
        import pandas as pd

        trained.store()
        model = mlflow.pyfunc.load_model("models:/repliek@champion")
        messages = [history_rows()[0]["message"], "Waar vind ik mijn pukcode?"]
        found = [json.loads(line) for line in model.predict(pd.DataFrame({"message": messages}))["suggestions"]]
        suggester = Suggester.from_bundle(trained.bundle)
        for message, result in zip(messages, found, strict=True):
            own = suggester.suggest(Conversation(message))
            assert result["bundle"] == own.bundle
            assert [one["answer_id"] for one in result["suggestions"]] == [one.answer_id for one in own.suggestions]

    def test_nothing_is_pickled(self, trained: Trained) -> None:
        import mlflow

        trained.store()
        folder = Path(
            mlflow.artifacts.download_artifacts("models:/repliek@champion", dst_path=str(trained.folder / "d"))
        )
        files = [file for file in folder.rglob("*") if file.is_file()]
        assert folder / "mlflow_model.py" in files
        assert not any(file.suffix in {".pkl", ".pickle", ".joblib", ".cloudpickle"} for file in files)
        assert not any(re.match(rb"\x80[\x02-\x05]", file.read_bytes()[:2]) for file in files)

    def test_a_store_that_cannot_be_used_is_said_in_a_line(self, trained: Trained, tmp_path: Path) -> None:
        with workplace(tmp_path) as patch:
            patch.setenv("MLFLOW_TRACKING_URI", "nonsense://nowhere")
            ended = training("fit", *trained.files.arguments, "--out", tmp_path / "bundle")
        assert ended.code == 1
        assert "MLflow cannot use the tracking store nonsense://nowhere" in ended.said
        assert "Traceback" not in ended.stderr
        assert not (tmp_path / "bundle").exists()


class TestLittleToLearnFrom:
    def test_intents_alone_make_a_classifier_that_suggests_nothing(self, trained: Trained, tmp_path: Path) -> None:
        rows = without(history_rows(), "reply", "answer_id")
        history = write_rows(tmp_path / "history.jsonl", rows)
        bundle = fitted(tmp_path, Files(history, history, history, trained.files.encoder))
        assert len(bundle.knowledge) == 0
        assert bundle.ranker is None
        suggester = Suggester.from_bundle(bundle.path)
        found = suggester.suggest_many([Conversation(row["message"]) for row in rows if row["intent"] == "esim"])
        assert sum(one.intent is not None and one.intent.label == "esim" for one in found) > LINES / 2
        assert {one.abstained.reason for one in found if one.abstained} == {Reason.NO_VALID_ANSWER}
        assert not any(one.suggestions for one in found)

    def test_replies_alone_are_mined_and_suggested_with_a_warning(self, trained: Trained, tmp_path: Path) -> None:
        replies = ("De code staat in de app.", "We sturen je een nieuwe kaart toe.", "Je toestel is morgen klaar.")
        asked = ("waar vind ik de code", "mijn kaart is kapot", "wanneer is mijn toestel klaar")
        rows = [
            {"message": f"{asked[number % 3]} {word}", "reply": f"Hoi Jan, {replies[number % 3]} ^EK"}
            for number, word in enumerate(
                ["vandaag", "morgen", "nu", "toch", "eigenlijk", "alsjeblieft", "graag", "even", "precies", "ook"] * 6
            )
        ]
        rows = [row | {"exchange_id": str(number)} for number, row in enumerate(rows)]
        files = write_files(tmp_path / "input", rows, ())
        bundle = fitted(tmp_path, files)
        assert sorted(answer.text for answer in bundle.knowledge) == sorted(replies)
        assert {answer.status for answer in bundle.knowledge} == {"unreviewed"}
        assert bundle.intents is None
        (suggestion,) = (
            found := Suggester.from_bundle(bundle.path).suggest(Conversation(rows[0]["message"]), 1)
        ).suggestions
        assert replies[0] in suggestion.text
        assert "Jan" not in suggestion.text
        assert "nobody has reviewed this answer yet" in found.warnings[0]
        assert found.intent is None

    def test_what_is_labelled_stays_and_the_rest_is_mined(self, trained: Trained) -> None:
        known = Answer(answer_id="code", text="De code staat in de app.", language="nl")
        replies = ("De code staat in de app.", "We sturen je een nieuwe kaart toe.")
        history = tuple(
            Exchange(
                exchange_id=f"e{number}",
                message=f"vraag {number}",
                reply=f"Hoi, {replies[number % 2]} ^EK" if number < 8 else None,
                answer_id="code" if number == 0 else None,
                intent=OUT_OF_SCOPE if number == 9 else None,
            )
            for number in range(10)
        )
        data = TrainingData(history, KnowledgeBase((known,)), Brand(), "", ())
        encoder = OnnxEncoder.from_directory(trained.files.encoder)
        found, knowledge = with_topics(data, encoder, lambda _: None)
        _, mined = knowledge
        assert mined.text == replies[1]
        assert [one.answer_id for one in found] == ["code", mined.answer_id] * 4 + [None, None]

    def test_what_was_blocked_is_never_suggested_again_and_merged_answers_count_as_one(
        self, trained: Trained, tmp_path: Path
    ) -> None:
        replies = ("De code staat in de app.", "We sturen je een nieuwe kaart toe.", "Je toestel is morgen klaar.")
        asked = ("waar vind ik de code", "mijn kaart is kapot", "wanneer is mijn toestel klaar")
        rows = [
            {"exchange_id": f"e{number}", "message": f"{asked[number % 3]} {number}", "reply": replies[number % 3]}
            for number in range(60)
        ]
        files = write_files(tmp_path / "input", rows, ())
        bank, given = tmp_path / "answers.jsonl", ("--history", files.history, "--encoder", files.encoder)
        with workplace(tmp_path):
            assert training("mine", *given, "--out", bank).code == 0
            code, card, ready = (
                next(one.answer_id for one in KnowledgeBase.from_jsonl(bank) if one.text == reply) for reply in replies
            )
            lines = [
                {"action": "block", "answer_id": code},
                {"action": "merge", "answer_id": ready, "into": card},
                {"action": "allow", "answer_id": card},
            ]
            decisions = write_rows(tmp_path / "decisions.jsonl", lines)
            assert training("review", "--answers", bank, "--decisions", decisions).code == 0
            ended = training("fit", *given, "--answers", bank, "--out", tmp_path / "bundle", "--no-mlflow")
            assert ended.code == 0, ended.stderr
        suggester = Suggester.from_bundle(tmp_path / "bundle")
        topics = list(suggester.bundle.knowledge.topics)
        assert set(topics) == {code, card}
        best = suggester.analyse(list(asked)).ranking.topics[:, 0]
        assert [topics[number] for number in best] == [code, card, card]
        found = suggester.suggest_many([Conversation(row["message"]) for row in rows[:12]])
        assert {one.answer_id for suggestions in found for one in suggestions.suggestions} <= {card}

    def test_an_intent_that_only_one_conversation_has(self, trained: Trained, tmp_path: Path) -> None:
        rows = [{"exchange_id": f"e{n}", "message": f"waar blijft pakket {n}", "intent": "delivery"} for n in range(12)]
        rows[5]["intent"] = "invoice"
        history = write_rows(tmp_path / "history.jsonl", rows)
        with workplace(tmp_path):
            ended = training(
                "fit", "--history", history, "--encoder", trained.files.encoder, "--out", tmp_path / "b", "--no-mlflow"
            )
        assert ended.code == 1
        assert "expected at least two labels with exchanges in several conversations each" in ended.said
        assert not (tmp_path / "b").exists()
