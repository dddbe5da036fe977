"""A challenger becomes champion through the gate and in no other way: real bundles, a real store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixture_gate import with_threshold, write_gate_history
from tests.fixture_history import training, workplace
from training import tracking

pytestmark = [
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),  # MLflow on SQLAlchemy 2.1
]


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which nothing stands yet: making its tables takes seconds, copying it does not."""
    import mlflow

    file = tmp_path_factory.mktemp("store") / "mlflow.db"
    mlflow.MlflowClient(f"sqlite:///{file}").search_experiments()
    return file


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Iterator[Path]:
    """A folder with an MLflow store and a history to compare on."""
    shutil.copy(empty_store, tmp_path)
    with workplace(tmp_path):
        write_gate_history(tmp_path / "later.jsonl")
        tracking.configure()
        yield tmp_path


def registered(bundle: Path, held_out: Path | None = None) -> str:
    """Register a bundle as `fit` does, and return the run."""
    from repliek.bundle import read_manifest

    with tracking.run() as run_id:
        if held_out:
            tracking.log_inputs({}, {"held_out": held_out})
        tracking.register(bundle, read_manifest(bundle).bundle, {})
    return run_id


def champion() -> str:
    import mlflow

    return mlflow.MlflowClient().get_model_version_by_alias(tracking.MODEL, tracking.CHAMPION).tags["bundle"]


def silent(bundle: Path, folder: Path) -> Path:
    return with_threshold(bundle, folder / "silent", 1.0)


def test_a_better_challenger_is_promoted_and_the_reasons_are_kept(tiny_bundle: Path, store: Path) -> None:
    import mlflow

    registered(silent(tiny_bundle, store))
    run_id = registered(tiny_bundle)
    assert champion() == "from-1.0"
    ended = training("promote", "--run", run_id, "--history", store / "later.jsonl")
    assert ended.code == 0, ended.stderr
    assert "worth of what is shown: better" in ended.stdout
    assert champion() != "from-1.0"
    client = mlflow.MlflowClient()
    tags = client.get_run(run_id).data.tags
    assert (tags["gate"], tags["gate.champion"]) == ("promoted", "from-1.0")
    assert "worth of what is shown: better" in tags["gate.reasons"]
    report = json.loads(mlflow.artifacts.load_text(f"runs:/{run_id}/gate/from-1.0.json"))
    assert (report["promoted"], report["champion"], report["n"]) == (True, "from-1.0", 100)
    assert client.get_model_version_by_alias(tracking.MODEL, tracking.CHAMPION).tags["gate"] == "promoted"


def test_a_worse_one_is_refused_and_the_reasons_are_kept(tiny_bundle: Path, store: Path) -> None:
    import mlflow

    registered(tiny_bundle)
    before = champion()
    run_id = registered(silent(tiny_bundle, store))
    ended = training("promote", "--run", run_id, "--history", store / "later.jsonl", "--json")
    assert ended.code == 3
    said = json.loads(ended.stdout)
    assert (said["promoted"], said["champion"], said["challenger"]) == (False, before, "from-1.0")
    assert said["comparison"]["verdict"] == "worse"
    assert champion() == before
    tags = mlflow.MlflowClient().get_run(run_id).data.tags
    assert tags["gate"] == "refused"
    assert "channel chat falls, 50 messages" in tags["gate.reasons"]
    assert json.loads(mlflow.artifacts.load_text(f"runs:/{run_id}/gate/{before}.json"))["promoted"] is False


def test_the_run_s_own_held_out_file_serves(tiny_bundle: Path, store: Path) -> None:
    registered(silent(tiny_bundle, store))
    run_id = registered(tiny_bundle, held_out=store / "later.jsonl")
    assert training("promote", "--run", run_id).code == 0
    assert champion() != "from-1.0"
    assert "it is the champion already" in training("promote", "--run", run_id).stdout


def test_a_held_out_file_that_was_changed_does_not(tiny_bundle: Path, store: Path) -> None:
    registered(silent(tiny_bundle, store))
    run_id = registered(tiny_bundle, held_out=store / "later.jsonl")
    write_gate_history(store / "later.jsonl", lines=60)
    ended = training("promote", "--run", run_id)
    assert ended.code == 1
    assert "is gone or was changed; pass --history" in ended.said
    assert champion() == "from-1.0"


def test_without_any_history_nothing_is_promoted(tiny_bundle: Path, store: Path) -> None:
    registered(silent(tiny_bundle, store))
    ended = training("promote", "--run", registered(tiny_bundle))
    assert ended.code == 1
    assert "kept no exchanges apart; pass --history" in ended.said


def test_a_gate_that_cannot_decide_promotes_nobody(tiny_bundle: Path, store: Path) -> None:
    registered(silent(tiny_bundle, store))
    run_id = registered(tiny_bundle)
    history = write_gate_history(store / "few.jsonl", lines=12)
    ended = training("promote", "--run", run_id, "--history", history)
    assert ended.code == 1
    assert "the gate ended with exit code 1" in ended.said
    assert champion() == "from-1.0"


def test_where_nobody_is_replaced_nothing_is_compared(tiny_bundle: Path, store: Path) -> None:
    import mlflow

    run_id = registered(tiny_bundle)
    mlflow.MlflowClient().delete_registered_model_alias(tracking.MODEL, tracking.CHAMPION)
    ended = training("promote", "--run", run_id)
    assert ended.code == 0
    assert "there was no champion to replace" in ended.stdout
    assert champion()


def test_a_run_that_is_not_there_is_said(store: Path) -> None:
    ended = training("promote", "--run", "0123456789abcdef0123456789abcdef")
    assert ended.code == 1
    assert "there is no run '0123456789abcdef0123456789abcdef'" in ended.said


def test_a_run_without_a_bundle_is_said(store: Path) -> None:
    with tracking.run() as run_id:
        pass
    ended = training("promote", "--run", run_id)
    assert ended.code == 1
    assert "registered no bundle" in ended.said
