"""Bundles that are registered in MLflow: which run made which, who is champion, and what the gate said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from repliek.errors import RepliekError
from training.tracking import CHAMPION, MODEL

HELD_OUT = "held_out"
"""For what a run's input is: exchanges that it has not learned from."""

_LONGEST_TAG = 5_000


@dataclass(frozen=True, slots=True)
class Registered:
    """A version of the registered model.

    Attributes:
        version: its number.
        bundle: the bundle's name.
        run_id: the run that made it.
    """

    version: str
    bundle: str
    run_id: str

    @classmethod
    def of_run(cls, run_id: str) -> Registered:
        """Return the bundle that a run registered, the last one if there are several.

        Raises:
            RepliekError: there is no such run, or it registered none.
        """
        import mlflow
        from mlflow.exceptions import MlflowException

        client = mlflow.MlflowClient()
        try:
            client.get_run(run_id)
        except MlflowException:
            raise RepliekError(
                f"there is no run {run_id!r} in {mlflow.get_tracking_uri()}; "
                "expected the id that `python -m training fit` printed, or another MLFLOW_TRACKING_URI"
            ) from None
        found = client.search_model_versions(f"name = '{MODEL}' and run_id = '{run_id}'")
        if not found:
            raise RepliekError(f"run {run_id} registered no bundle; expected a run of `python -m training fit`")
        last = max(found, key=lambda version: int(version.version))
        return cls(str(last.version), last.tags["bundle"], run_id)

    @classmethod
    def champion(cls) -> Registered | None:
        """Return the champion, `None` where there is none."""
        import mlflow

        client = mlflow.MlflowClient()
        version = client.get_registered_model(MODEL).aliases.get(CHAMPION)
        if version is None:
            return None
        found = client.get_model_version(MODEL, version)
        return cls(str(version), found.tags["bundle"], str(found.run_id))

    def fetch(self, folder: Path) -> Path:
        """Copy the bundle into `folder`, which is made, and return where it lies in it."""
        import mlflow
        from mlflow.models import Model

        folder.mkdir()
        model = mlflow.artifacts.download_artifacts(f"models:/{MODEL}/{self.version}", dst_path=str(folder))
        flavour = Model.load(model).flavors["python_function"]
        return Path(model) / flavour["artifacts"]["bundle"]["path"]

    def keep_decision(self, *, promoted: bool, champion: str, reasons: Sequence[str], report: str | None) -> None:
        """Write down on the run, and on the version, what the gate said.

        Args:
            promoted: whether it lets the bundle through.
            champion: what the bundle was compared with.
            reasons: why.
            report: the comparison as JSON.
        """
        import mlflow

        client = mlflow.MlflowClient()
        said = "promoted" if promoted else "refused"
        tags = {"gate": said, "gate.champion": champion, "gate.reasons": "\n".join(reasons)[:_LONGEST_TAG]}
        for name, value in tags.items():
            client.set_tag(self.run_id, name, value)
            client.set_model_version_tag(MODEL, self.version, name, value)
        if report:
            client.log_text(self.run_id, report, f"gate/{champion}.json")

    def crown(self) -> None:
        """Make it the champion."""
        import mlflow

        mlflow.MlflowClient().set_registered_model_alias(MODEL, CHAMPION, self.version)


def held_out(run_id: str) -> Path:
    """Return the file of exchanges that a run kept apart.

    Raises:
        RepliekError: it kept none, or the file is gone or no longer what it was.
    """
    import mlflow

    run = mlflow.MlflowClient().get_run(run_id)
    inputs = run.inputs.dataset_inputs if run.inputs else []
    named = [found for found in inputs if found.tags and found.tags[0].value == HELD_OUT]
    if not named:
        raise RepliekError(
            f"run {run_id} kept no exchanges apart; pass --history, or train with `python -m training fit --held-out`"
        )
    file = Path(json.loads(named[0].dataset.source)["uri"].removeprefix("file://"))
    digest = run.data.tags[f"sha256.{HELD_OUT}"]
    if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
        raise RepliekError(f"{file}, which run {run_id} kept apart, is gone or was changed; pass --history")
    return file
