"""The command `suggest`."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repliek.cluster import EngineName
from repliek.terminal import renaming

if TYPE_CHECKING:
    from evaluation.batch.engines import Engine
    from evaluation.batch.job import Finished


@dataclass(frozen=True, slots=True)
class BatchFigures:
    """What a job came to; `resumed` of its rows were done before this run, whose time and speed these are."""

    rows: int
    suggested: int
    silent: int
    rejected: int
    resumed: int
    seconds: float
    rows_per_second: float

    @classmethod
    def of(cls, finished: Finished, seconds: float) -> BatchFigures:
        """Count what a finished job did in its last run of `seconds`."""
        tally = finished.tally
        speed = (tally.rows - finished.before) / seconds
        return cls(
            tally.rows,
            tally.suggested,
            tally.silent,
            tally.rejected,
            finished.before,
            seconds=round(seconds, 1),
            rows_per_second=round(speed, 1),
        )


def suggest(
    bundle: Annotated[Path, typer.Option(help="The bundle's folder.")],
    source: Annotated[Path, typer.Option("--input", help="Messages: .jsonl, .csv or .parquet.")],
    output: Annotated[Path, typer.Option(help="For suggestions, .jsonl: a line for each row, in their order.")],
    engine: Annotated[EngineName, typer.Option(help="Threads of this process, or a Ray cluster.")] = EngineName.LOCAL,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads or actors; as many as there are cores without it.")
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Of the Ray cluster; without it one is started on this machine, and ended.")
    ] = None,
    k: Annotated[int, typer.Option("--k", min=1, max=10, help="How many suggestions at most.")] = 3,
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="When messages came in whose row does not say; today without it."),
    ] = None,
    columns: Annotated[
        str, typer.Option("--map", metavar="OURS=THEIRS,...", help="Other names of columns: message=question,id=nr.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Stop if there is a row that cannot be used.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew, whatever an unfinished run left.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures for machines.")] = False,
) -> None:
    """Suggest for every message of a file; a run that was broken off goes on where it stopped."""
    from evaluation.batch.blocks import Source
    from evaluation.batch.job import BatchRequest, run_batch
    from evaluation.batch.journal import rejected_file
    from evaluation.progress import shown_progress

    if output.suffix != ".jsonl":
        raise typer.BadParameter(f"{output.name!r}; expected a name that ends in .jsonl", param_hint="--output")
    if output.resolve() == source.resolve():
        raise typer.BadParameter("is the input itself; expected another file", param_hint="--output")
    if address and engine is not EngineName.RAY:
        raise typer.BadParameter("is for --engine ray", param_hint="--address")
    request = BatchRequest(
        bundle, Source(source, renaming(columns)), output, k, day.date() if day else None, strict, restart
    )
    started = time.perf_counter()
    with shown_progress() as progress:
        finished = run_batch(request, _engine(engine, workers, address), progress)
    figures = BatchFigures.of(finished, time.perf_counter() - started)
    if as_json:
        typer.echo(json.dumps(asdict(figures)))
        return
    if finished.before:
        typer.echo(f"went on after row {finished.before:,}, where an earlier run had stopped")
    if figures.rejected:
        typer.echo(f"{figures.rejected:,} rows could not be used; the reasons stand in {rejected_file(output)}")
    typer.echo(
        f"{output}: {figures.suggested:,} messages with suggestions, {figures.silent:,} with silence; "
        f"{figures.seconds:.0f} s, {figures.rows_per_second:.0f} rows/s"
    )


def _engine(name: EngineName, workers: int | None, address: str | None) -> Engine:
    if name is EngineName.RAY:
        from evaluation.batch.on_ray import RayEngine

        return RayEngine(workers, address)
    from evaluation.batch.engines import LocalEngine

    return LocalEngine(workers or len(os.sched_getaffinity(0)))
