"""One trial: train on some exchanges in a process of its own, and score the bundle on others."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from evaluation.figures import Figures
from evaluation.observations import Progress
from evaluation.scoring import score
from repliek.errors import RepliekError
from repliek.history import Exchange
from repliek.records import write_jsonl
from repliek.suggester import Suggester

_ROOT = Path(__file__).parents[1]

RESAMPLES = 200
"""Bootstrap samples; fewer than of a score, because a trial is one of several that are compared."""


def run_trial(
    train: Sequence[Exchange],
    test: Sequence[Exchange],
    seed: int,
    progress: Progress,
    files: Mapping[str, Path] | None = None,
) -> Figures:
    """Train on `train` and score on `test`; nothing of the bundle is kept.

    Args:
        train: what is learned from; without any, the answers among `files` are all that a bundle is made of.
        test: what is scored.
        seed: of training and scoring.
        progress: told how far the scoring is.
        files: further files of the training, by the name of their option: `answers`, `brand`.

    Raises:
        RepliekError: training failed; it has said why on stderr.
    """
    with trained(train, seed, files) as bundle:
        return score(test, Suggester.from_bundle(bundle, threads=0), seed, resamples=RESAMPLES, progress=progress)


@contextmanager
def trained(train: Sequence[Exchange], seed: int, files: Mapping[str, Path] | None = None) -> Generator[Path]:
    """Train on `train` and lend the folder of the bundle; what it takes and raises, `run_trial` tells."""
    with tempfile.TemporaryDirectory(prefix="repliek-trial-") as scratch:
        history, bundle = Path(scratch) / "history.jsonl", Path(scratch) / "bundle"
        options = {"out": bundle, "seed": seed} | {k: v.resolve() for k, v in (files or {}).items()}
        if train:
            write_jsonl(history, Exchange, train)
            options["history"] = history
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        # Without MLflow: a trial is no candidate for the registry.
        command = [sys.executable, "-m", "training", "fit", *arguments, "--no-mlflow"]
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        finished = subprocess.run(command, cwd=scratch, env=environment, stdout=subprocess.DEVNULL, check=False)
        if finished.returncode:
            raise RepliekError(f"training ended with exit code {finished.returncode}; its own message stands above")
        yield bundle
