"""The data checks on files, through the command line and as a part of `fit`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fixture_history import (
    INTENTS,
    Files,
    answer_rows,
    history_rows,
    training,
    workplace,
    write_files,
    write_rows,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),  # MLflow on SQLAlchemy 2.1
]

TWICE = "Waar vind ik het nummer dat bij mijn kaart hoort, want de code is weg?"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A history with one fault of each kind."""
    rows = history_rows()
    for number, intent in ((1, INTENTS[0]), (2, INTENTS[0]), (3, INTENTS[1])):
        rows.append({"exchange_id": f"twice{number}", "message": TWICE, "intent": intent})
    rows += [
        {"exchange_id": f"few{number}", "message": f"hebben jullie {number} katten", "intent": "cats"}
        for number in (1, 2)
    ]
    answers = answer_rows()
    topic = {"variant_of": "fee", "intent": INTENTS[0]}
    answers += [
        topic | {"answer_id": "fee-je", "text": "Je betaalt 20 euro.", "language": "nl"},
        topic | {"answer_id": "fee-en", "text": "You pay 25 euros.", "language": "en"},
    ]
    return write_files(tmp_path_factory.mktemp("faulty"), rows, answers)


@pytest.fixture
def held_out(tmp_path: Path) -> Path:
    rows = [{"exchange_id": "h1", "message": TWICE.upper()}, {"exchange_id": "h2", "message": "iets heel anders hier"}]
    return write_rows(tmp_path / "held-out.jsonl", rows)


def check(folder: Path, files: Files, *more: object) -> str:
    with workplace(folder):
        given = (
            "--history",
            files.history,
            "--answers",
            files.answers,
            "--brand",
            files.brand,
            "--encoder",
            files.encoder,
        )
        ended = training("check", *given, *more)
    assert ended.code == 0, ended.stderr
    return ended.stdout


def test_every_fault_is_found(files: Files, held_out: Path, tmp_path: Path) -> None:
    report = json.loads(check(tmp_path, files, "--held-out", held_out, "--json"))
    ids = {(finding["kind"], tuple(finding["ids"])) for finding in report["findings"]}
    twice = ("twice1", "twice2", "twice3")
    assert ids >= {
        ("label_conflict", twice),
        ("near_duplicate", twice),
        ("held_out_duplicate", ("h1", *twice)),
        ("few_examples", ("few1", "few2")),
        ("contradiction", ("fee-je", "fee-en")),
    }
    assert not any("h2" in found for _, found in ids)
    assert report["counts"]["suspect_label"] > 0
    assert sum(report["counts"].values()) == len(report["findings"])


def test_the_report_goes_where_it_should_and_quotes_no_customer(files: Files, tmp_path: Path) -> None:
    out = tmp_path / "new" / "checks.md"
    assert check(tmp_path, files, "--out", out) == ""
    text = out.read_text(encoding="utf-8")
    assert "fee-en: 25.00" in text
    assert "twice1, twice2, twice3" in text
    assert not any(row["message"] in text for row in history_rows())
    assert TWICE not in text


def test_a_fit_finds_the_same_and_keeps_it(files: Files, held_out: Path, tmp_path: Path) -> None:
    import mlflow

    checked = check(tmp_path, files, "--held-out", held_out)
    with workplace(tmp_path):
        ended = training("fit", *files.arguments, "--held-out", held_out, "--out", tmp_path / "bundle", "--json")
        assert ended.code == 0, ended.stderr
        (run,) = mlflow.search_runs(experiment_names=["repliek"], output_format="list")
        assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/checks.md") + "\n" == checked
    assert (tmp_path / "checks.md").read_text(encoding="utf-8") + "\n" == checked
    assert "checked: conflicting labels: 1; kept apart, yet learned from: 1;" in ended.stderr
    assert "suspect labels: " in ended.stderr
    assert run.data.tags["sha256.held_out"]
    assert TWICE not in ended.stderr
