"""The command `score`: from files to figures, a report and a run in MLflow."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from evaluation.figures import Figures
from evaluation.observations import Progress, observe
from evaluation.presentation import MEANINGS
from evaluation.report import render
from evaluation.scoring import summarise
from evaluation.tracking import log_score
from repliek.files import publish
from repliek.history import Exchange
from repliek.records import read_records
from repliek.suggester import Suggester

FIGURES, REPORT, REJECTED = "figures.json", "report.html", "rejected.jsonl"


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """What to score, on what, and where the results go."""

    bundle: Path
    history: Path
    out: Path
    rename: Mapping[str, str]
    strict: bool
    seed: int
    mlflow: bool


def score_files(request: ScoreRequest, progress: Progress) -> Figures:
    """Score a bundle on a file, and write figures, report and rejected lines.

    Raises:
        RepliekError: the bundle or the history cannot be used, or MLflow cannot; the files are
            written before MLflow is asked.
    """
    started = time.perf_counter()
    read = read_records(request.history, Exchange, rename=request.rename, unique="exchange_id", strict=request.strict)
    suggester = Suggester.from_bundle(request.bundle, threads=0)
    bundle = suggester.bundle
    observed = observe(read.records, suggester, seed=request.seed, progress=progress)
    figures = summarise(observed, bundle, request.seed, rejected=len(read.rejected), progress=progress)
    report = render(
        figures,
        observed,
        bundle,
        source=str(request.history),
        made_at=datetime.now(UTC),
        took_s=time.perf_counter() - started,
    )
    rejected = "".join(f"{rejection.as_json()}\n" for rejection in read.rejected)
    publish(request.out, {FIGURES: figures.as_json(), REPORT: report, REJECTED: rejected or None})
    if request.mlflow:
        log_score(figures, bundle.manifest, request.history, [request.out / name for name in (FIGURES, REPORT)])
    return figures


def figures_table(figures: Figures) -> Table:
    """Return the figures that are known, with their intervals, for a terminal."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("figure", no_wrap=True)
    table.add_column("", justify="right")
    table.add_column("95 % interval", justify="right", style="dim", no_wrap=True)
    values = dict(figures.named())
    for meaning in MEANINGS:
        if values[meaning.name] is not None:
            interval = meaning.between(figures.intervals.get(meaning.name))
            table.add_row(meaning.name, meaning.written(values[meaning.name]), interval)
    table.add_row("privacy.leaks", str(figures.privacy.leaks))
    return table
