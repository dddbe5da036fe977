"""Scores in MLflow, beside the training runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.figures import Figures
from repliek.bundle import Manifest
from repliek.errors import RepliekError

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "repliek"
_STORE = Path("runs")


def log_score(figures: Figures, manifest: Manifest, history: Path, files: Sequence[Path]) -> str:
    """Record a score as a run of the experiment `repliek`, and return the run's id.

    The tracking server is `MLFLOW_TRACKING_URI`; without it, `runs/mlflow.db` with artefacts in
    `runs/artifacts`, both under the current folder.

    Args:
        figures: recorded as metrics, under their full names.
        manifest: of the bundle, which the run is tagged with.
        history: what it was scored on.
        files: artefacts.

    Raises:
        RepliekError: MLflow is not installed, or its store cannot be used.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("ALEMBIC_LOG_LEVEL", "WARNING")  # dozens of lines when the store is first made
    try:
        import mlflow
        from mlflow.exceptions import MlflowException
    except ModuleNotFoundError:
        raise RepliekError("MLflow is not installed; pip install 'repliek[training]', or pass --no-mlflow") from None
    uri = os.environ.get("MLFLOW_TRACKING_URI") or _local_store()
    try:
        client = mlflow.MlflowClient(tracking_uri=uri)
        return _record(client, _experiment(client, local=uri.startswith("sqlite:")), figures, manifest, history, files)
    except MlflowException as error:
        reason = str(error).partition("\n")[0]
        raise RepliekError(
            f"the score is not in MLflow ({reason}); mend MLFLOW_TRACKING_URI or pass --no-mlflow"
        ) from None


def _local_store() -> str:
    _STORE.mkdir(exist_ok=True)
    return f"sqlite:///{_STORE / 'mlflow.db'}"


def _experiment(client: MlflowClient, *, local: bool) -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    if found is not None:
        return str(found.experiment_id)
    # A server knows where its artefacts belong; without one they would go to ./mlruns.
    location = (_STORE / "artifacts").resolve().as_uri() if local else None
    return str(client.create_experiment(EXPERIMENT, artifact_location=location))


def _record(
    client: MlflowClient,
    experiment: str,
    figures: Figures,
    manifest: Manifest,
    history: Path,
    files: Sequence[Path],
) -> str:
    tags = {"kind": "score", "repliek.bundle": figures.bundle}
    if manifest.run_id:
        tags["repliek.trained_by"] = manifest.run_id
    run = client.create_run(experiment, run_name=f"score {figures.bundle}", tags=tags)
    run_id = str(run.info.run_id)
    for name, value in {"history": history.name, "n": figures.n, "seed": figures.seed}.items():
        client.log_param(run_id, name, value)
    for name, value in figures.named():
        if value is not None:
            client.log_metric(run_id, name, value)
    client.log_metric(run_id, "privacy.leaks", figures.privacy.leaks)
    for file in files:
        client.log_artifact(run_id, str(file))
    client.set_terminated(run_id)
    return run_id
