"""How fast a batch job is, and how much memory it takes: a job of its own process, watched from outside."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import psutil
import typer

from repliek.cluster import EngineName
from repliek.errors import RepliekError

PROJECTED_ROWS = 1_000_000
PARTS = 5
_BETWEEN_SAMPLES_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What a job and all processes under it took at one moment; memory that they share counts once."""

    rows: int
    memory_mb: float


@dataclass(frozen=True, slots=True)
class BatchSpeed:
    """What was measured of one job.

    Attributes:
        engine: which computed.
        workers: threads or actors.
        rows: of the input.
        seconds: from start to end, the loading of the bundle included.
        cpu_seconds: user time of all processes: what is left of `seconds` when nobody else uses the machine.
        rows_per_second: over `seconds`.
        cpu_ms_per_row: user time.
        peak_mb: highest memory while each fifth of the rows was done.
        projected_hours: for a million rows, at this speed.
        projected_cpu_hours: for a million rows, user time.
    """

    engine: EngineName
    workers: int
    rows: int
    seconds: float
    cpu_seconds: float
    rows_per_second: float
    cpu_ms_per_row: float
    peak_mb: tuple[float, ...]
    projected_hours: float
    projected_cpu_hours: float

    @classmethod
    def of(
        cls, engine: EngineName, workers: int, rows: int, seconds: float, cpu_seconds: float, samples: Sequence[Sample]
    ) -> BatchSpeed:
        """Reckon with what was measured of a job of `rows` rows."""
        bounds = [rows * part // PARTS for part in range(PARTS + 1)]
        return cls(
            engine=engine,
            workers=workers,
            rows=rows,
            seconds=round(seconds, 1),
            cpu_seconds=round(cpu_seconds, 1),
            rows_per_second=round(rows / seconds, 1),
            cpu_ms_per_row=round(1e3 * cpu_seconds / rows, 2),
            peak_mb=tuple(
                round(max((one.memory_mb for one in samples if low <= one.rows < high), default=0.0))
                for low, high in pairwise(bounds)
            ),
            projected_hours=round(seconds / rows * PROJECTED_ROWS / 3600, 2),
            projected_cpu_hours=round(cpu_seconds / rows * PROJECTED_ROWS / 3600, 2),
        )


def batch_speed(
    bundle: Annotated[Path, typer.Option(help="The bundle's folder.")],
    history: Annotated[Path, typer.Option(help="Exchanges whose messages are varied: .jsonl, .csv or .parquet.")],
    engines: Annotated[
        list[EngineName] | None, typer.Option("--engine", help="Which to measure; may be repeated. Both without it.")
    ] = None,
    rows: Annotated[int, typer.Option(min=PARTS, help="Rows of the job.")] = 50_000,
    workers: Annotated[int, typer.Option(min=1, help="Threads or actors.")] = 2,
    seed: Annotated[int, typer.Option(help="Of the variations.")] = 13,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures for machines.")] = False,
) -> None:
    """Measure a batch job of generated messages: rows a second, user time, memory as it goes."""
    from rich.console import Console

    from evaluation.batch.generate import write_messages
    from repliek.history import Exchange
    from repliek.records import read_records

    exchanges = read_records(history, Exchange, unique="exchange_id").records
    found: list[BatchSpeed] = []
    with tempfile.TemporaryDirectory(prefix="repliek-speed-") as folder:
        messages = Path(folder) / "messages.jsonl"
        write_messages(messages, exchanges, rows, seed)
        for engine in engines or list(EngineName):
            typer.echo(f"{engine}: {rows:,} rows", err=True)
            found.append(_measured(engine, bundle, messages, rows, workers))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2))
    else:
        Console().print(batch_table(found))


def batch_table(found: Sequence[BatchSpeed]) -> object:
    """Return the figures as a table for the terminal."""
    from rich.table import Table

    table = Table(title="Batch jobs", caption="peak memory is that of each fifth of the rows")
    for name in ("engine", "workers", "rows", "rows/s", "user ms/row", "peak MB", "1,000,000 rows, h", "of user time"):
        table.add_column(name, justify="right")
    for one in found:
        peaks = " ".join(f"{peak:.0f}" for peak in one.peak_mb)
        speeds = (f"{one.rows_per_second:.1f}", f"{one.cpu_ms_per_row:.2f}", peaks)
        hours = (f"{one.projected_hours:.1f}", f"{one.projected_cpu_hours:.1f}")
        table.add_row(one.engine, str(one.workers), f"{one.rows:,}", *speeds, *hours)
    return table


def _measured(engine: EngineName, bundle: Path, messages: Path, rows: int, workers: int) -> BatchSpeed:
    output = messages.with_name(f"{engine}.jsonl")
    command = [sys.executable, "-m", "evaluation", "suggest", "--bundle", str(bundle.resolve())]
    command += ["--input", str(messages), "--output", str(output), "--engine", engine, "--workers", str(workers)]
    root = Path(__file__).resolve().parents[2]
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL) as process:
        watched = _Watch(psutil.Process(process.pid), output)
        while process.poll() is None:
            watched.look()
            time.sleep(_BETWEEN_SAMPLES_SECONDS)
    if process.returncode:
        raise RepliekError(f"the job on {engine} ended with code {process.returncode}; its words stand above")
    seconds = time.perf_counter() - started
    return BatchSpeed.of(engine, workers, rows, seconds, watched.cpu_seconds, watched.samples)


class _Watch:
    """Looks at a process and all under it, and at the journal of the job that they do."""

    def __init__(self, process: psutil.Process, output: Path) -> None:
        self._process = process
        self._output = output
        self._cpu_seconds: dict[int, float] = {}
        self.samples: list[Sample] = []

    @property
    def cpu_seconds(self) -> float:
        """User time of every process that was seen, up to when it was last seen."""
        return sum(self._cpu_seconds.values())

    def look(self) -> None:
        """Take a sample."""
        from evaluation.batch.journal import Journal

        memory = 0
        try:
            family = [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in family:
            try:
                self._cpu_seconds[process.pid] = process.cpu_times().user
                memory += process.memory_full_info().pss
            except psutil.Error:  # it ended between two looks
                continue
        journal = Journal.read(self._output)
        if journal:
            self.samples.append(Sample(journal.tally.rows, memory / 1e6))
