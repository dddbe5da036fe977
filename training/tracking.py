"""What MLflow keeps of a training run."""

from __future__ import annotations

import hashlib
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from repliek.bundle import LAYOUT
from repliek.errors import RepliekError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EXPERIMENT = "repliek"
MODEL = "repliek"
CHALLENGER = "challenger"
CHAMPION = "champion"
RUNS = Path("runs")


def configure() -> None:
    """Point MLflow at `MLFLOW_TRACKING_URI`, or at a SQLite file in `runs/`, and choose the experiment.

    Raises:
        RepliekError: the tracking store cannot be used.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("ALEMBIC_LOG_LEVEL", "WARNING")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    import mlflow

    logging.getLogger("mlflow").setLevel(logging.ERROR)

    tracking = os.environ.get("MLFLOW_TRACKING_URI")
    if tracking is None:
        RUNS.mkdir(exist_ok=True)
        tracking = f"sqlite:///{RUNS / 'mlflow.db'}"
    mlflow.set_tracking_uri(tracking)
    try:
        if mlflow.get_experiment_by_name(EXPERIMENT) is None:
            local = tracking.startswith("sqlite:")
            location = (RUNS / "artifacts").resolve().as_uri() if local else None
            mlflow.create_experiment(EXPERIMENT, artifact_location=location)
        mlflow.set_experiment(EXPERIMENT)
    except Exception as error:  # MLflow's stores raise exceptions of many libraries
        raise RepliekError(
            f"MLflow cannot use the tracking store {tracking} ({type(error).__name__}); "
            "check MLFLOW_TRACKING_URI, or unset it to use runs/mlflow.db"
        ) from error


@contextmanager
def run() -> Iterator[str]:
    """Open a run and yield its id; it is marked as failed when what is inside raises."""
    import mlflow

    with mlflow.start_run(tags={"kind": "training"}) as started:
        yield started.info.run_id


def log_inputs(parameters: Mapping[str, object], files: Mapping[str, Path]) -> None:
    """Log what was asked for, and which files were read, with their digests.

    Args:
        parameters: of the run.
        files: what each file is for, and the file.
    """
    import mlflow
    from mlflow.data.dataset_source_registry import resolve_dataset_source
    from mlflow.data.meta_dataset import MetaDataset

    mlflow.log_params({name: value for name, value in parameters.items() if value is not None})
    for context, file in files.items():
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # several sources recognise a plain path
            source = resolve_dataset_source(str(file.resolve()))
        # MLflow allows a digest 36 characters.
        mlflow.log_input(MetaDataset(source, name=file.name, digest=digest[:32]), context=context)
        mlflow.set_tag(f"sha256.{context}", digest)


def log_results(figures: Mapping[str, float], drawings: Mapping[str, Figure], texts: Mapping[str, str]) -> None:
    """Log figures, and drawings and texts by the name of their file."""
    import mlflow

    mlflow.log_metrics(dict(figures))
    for name, drawing in drawings.items():
        mlflow.log_figure(drawing, f"plots/{name}.png")
    for name, text in texts.items():
        mlflow.log_text(text, name)


def register(folder: Path, bundle: str, figures: Mapping[str, float]) -> Sequence[str]:
    """Log the bundle as a model, register it, and return the aliases that it was given.

    Every registered bundle becomes the challenger; the first of all becomes the champion as well.
    """
    import mlflow
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema

    text = Schema([ColSpec(DataType.string, "message")])
    result = Schema([ColSpec(DataType.string, "suggestions")])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it asks for an example, which would be a customer's words
        info = mlflow.pyfunc.log_model(
            name="bundle",
            python_model=str(Path(__file__).with_name("mlflow_model.py")),
            artifacts={"bundle": str(folder)},
            signature=ModelSignature(inputs=text, outputs=result),
            pip_requirements=[f"repliek=={version('repliek')}"],
            metadata={name: round(value, 4) for name, value in figures.items()},
        )
    client = mlflow.MlflowClient()
    registered = mlflow.register_model(info.model_uri, MODEL, tags={"bundle": bundle})
    client.update_model_version(MODEL, registered.version, (folder / LAYOUT.card).read_text(encoding="utf-8"))
    aliases = [CHALLENGER]
    if CHAMPION not in client.get_registered_model(MODEL).aliases:
        aliases.append(CHAMPION)
    for alias in aliases:
        client.set_registered_model_alias(MODEL, alias, registered.version)
    return aliases
