"""`fit --calibrate`: what later messages set, through the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from repliek.asked import Circumstances
from repliek.bundle import LAYOUT, Ground, Manifest, read_manifest
from repliek.history import Exchange
from repliek.records import read_records
from repliek.suggester import Suggester
from tests.command_line import Ended
from tests.fixture_history import (
    Files,
    Row,
    answer_rows,
    history_rows,
    later_rows,
    training,
    without,
    workplace,
    write_files,
    write_rows,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),  # MLflow on SQLAlchemy 2.1
]

PRECISION = 0.6
"""The encoder of these tests only counts words, so it reaches no more."""


@dataclass(frozen=True, slots=True)
class Fits:
    """A folder with a fit on folds and one on later messages."""

    folder: Path
    files: Files
    later: Path
    calibrated: Ended

    def manifest(self, name: str) -> Manifest:
        return read_manifest(self.folder / name)


@pytest.fixture(scope="module")
def fits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fits]:
    folder = tmp_path_factory.mktemp("later")
    files = write_files(folder / "input", history_rows(), answer_rows())
    again = history_rows()[3] | {"exchange_id": "again"}
    again["message"] = again["message"].upper() + "\n"
    later = write_rows(folder / "input" / "later.jsonl", [*later_rows(), history_rows()[0], again])
    with workplace(folder):
        common = ("fit", *files.arguments, "--precision", PRECISION)
        plain = training(*common, "--out", folder / "plain", "--no-mlflow")
        calibrated = training(*common, "--out", folder / "calibrated", "--calibrate", later, "--json")
        assert (plain.code, calibrated.code) == (0, 0), plain.stderr + calibrated.stderr
        yield Fits(folder, files, later, calibrated)


def fit(fits: Fits, tmp_path: Path, later: list[Row], *more: object) -> Ended:
    """Fit with other later messages, without MLflow."""
    file = write_rows(tmp_path / "later.jsonl", later)
    with workplace(tmp_path):
        given = ("fit", *fits.files.arguments, "--out", tmp_path / "bundle", "--calibrate", file, "--no-mlflow")
        return training(*given, *more)


def test_what_was_learned_is_the_same(fits: Fits) -> None:
    plain, calibrated = fits.manifest("plain"), fits.manifest("calibrated")
    differing = {name for name in plain.files if plain.files[name] != calibrated.files[name]}
    assert differing == {LAYOUT.card}
    assert {name: calibrated.figures[name] for name in plain.figures} == pytest.approx(dict(plain.figures))


def test_confidence_and_thresholds_are_set_anew(fits: Fits) -> None:
    plain, calibrated = fits.manifest("plain").thresholds, fits.manifest("calibrated").thresholds
    assert (plain.ground, calibrated.ground) == (Ground.FOLDS, Ground.LATER)
    assert calibrated.precision == PRECISION
    assert calibrated.confidence != plain.confidence
    assert calibrated.intents is not None
    assert plain.intents is not None
    assert calibrated.intents.head != plain.intents.head
    ratio = calibrated.intents.head / plain.intents.head
    assert calibrated.intents.answers == pytest.approx(ratio * plain.intents.answers)


def test_serving_is_as_sure_as_training_meant(fits: Fits) -> None:
    lines = read_records(fits.later, Exchange, unique="exchange_id").records[:-2]
    suggester = Suggester.from_bundle(fits.folder / "calibrated")
    expected = suggester.bundle.knowledge.numbers_of(line.answer_id for line in lines)
    analysis = suggester.analyse([line.query for line in lines], Circumstances.of_exchanges(lines))
    confidence = analysis.ranking.confidence[:, 0]
    judged = (expected >= 0) | np.array([not line.in_scope for line in lines])
    right = (analysis.ranking.topics[:, 0] == expected)[judged]
    assert confidence[judged].mean() == pytest.approx(right.mean(), abs=0.05)
    kept = confidence[judged] >= suggester.bundle.manifest.thresholds.confidence
    assert right[kept].mean() >= PRECISION


def test_what_stands_in_the_history_is_left_out(fits: Fits) -> None:
    assert (
        f"read {len(later_rows())} later exchanges; 2 more stand in the history and are left out"
        in fits.calibrated.said
    )


def test_every_report_says_on_what_was_calibrated(fits: Fits) -> None:
    figures = fits.manifest("calibrated").figures
    assert json.loads(fits.calibrated.stdout) == pytest.approx(dict(figures))
    told = {name for name in figures if name.startswith("later.")}
    assert {"later.abstention.ece", "later.abstention.precision", "later.intents.oos_recall"} <= told
    assert all(0 <= value <= 1 for value in figures.values())
    card = (fits.folder / "calibrated" / LAYOUT.card).read_text(encoding="utf-8")
    assert f"| confidence calibrated on | {len(later_rows())} later messages" in card
    assert "Figures that begin with `later.`" in card
    plain = (fits.folder / "plain" / LAYOUT.card).read_text(encoding="utf-8")
    assert "| confidence calibrated on | held-out folds" in plain
    assert "later." not in plain


def test_mlflow_keeps_file_and_figures(fits: Fits) -> None:
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{fits.folder / 'mlflow.db'}")
    run_id = fits.manifest("calibrated").run_id
    assert run_id is not None
    run = mlflow.get_run(run_id)
    assert run.data.params["later"] == str(len(later_rows()))
    assert "later" in {one.tags[0].value for one in run.inputs.dataset_inputs}
    assert run.data.metrics == pytest.approx(dict(fits.manifest("calibrated").figures))


@pytest.mark.parametrize(("rows", "usable"), [(later_rows(3), 27), (without(later_rows(), "intent", "answer_id"), 0)])
def test_too_few_that_can_be_judged_are_refused(fits: Fits, tmp_path: Path, rows: list[Row], usable: int) -> None:
    ended = fit(fits, tmp_path, without(rows, "reply"))
    assert ended.code == 1
    assert f"--calibrate: {usable} of {len(rows)} later messages have an answer or an intent" in ended.said
    assert "learn which" not in ended.stderr
    assert not (tmp_path / "bundle").exists()


def test_replies_alone_can_be_judged_where_they_are_recognised(fits: Fits, tmp_path: Path) -> None:
    replies = [answer["text"] for answer in answer_rows() if "{" not in answer["text"]]
    rows = [
        {"exchange_id": f"reply-{number}", "message": f"vraag {number}", "reply": reply}
        for number, reply in enumerate(2 * replies)
    ]
    ended = fit(fits, tmp_path, rows, "--json")
    assert ended.code == 0, ended.stderr
    assert "later.answers.recall_at_1" in json.loads(ended.stdout)
