"""A whole batch job: look at the input, begin or go on, put the result in its place."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evaluation.batch.blocks import ROWS, Source
from evaluation.batch.engines import Engine, Work
from evaluation.batch.journal import BatchError, GrowingOutput, Job, Journal, Tally
from evaluation.observations import Progress
from repliek.bundle import LAYOUT, read_manifest, verify
from repliek.errors import DataError, RecordError
from repliek.records import Rejection


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What the user asked for.

    Attributes:
        bundle: folder of the bundle.
        source: the messages.
        output: the file to write.
        k: how many suggestions a message gets at most.
        day: on which messages came in whose row does not say; without it today, or the day on which the
            unfinished job began.
        strict: whether a row that cannot be used is an error.
        restart: whether to forget what there is of an unfinished job.
    """

    bundle: Path
    source: Source
    output: Path
    k: int
    day: date | None
    strict: bool
    restart: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """A job that is done: its tally, and how many of its rows an earlier run had done."""

    tally: Tally
    before: int


def run_batch(request: BatchRequest, engine: Engine, progress: Progress) -> Finished:
    """Suggest for every row of a file, from where the last run stopped.

    Raises:
        RepliekError: bundle or input cannot be used, the output cannot be written, or the unfinished job is another.
    """
    job = _job(request, _usable_rows(request, progress))
    try:
        with GrowingOutput.open(request.output, job, restart=request.restart) as output:
            before = output.tally.rows
            if before < job.rows:
                work = Work(request.bundle, request.source, before, job.k, job.day)
                progress("Suggesting", before, job.rows)
                with closing(engine.outcomes(work)) as outcomes:
                    for outcome in outcomes:
                        output.append(outcome)
                        progress("Suggesting", output.tally.rows, job.rows)
            if output.tally.rows != job.rows:
                raise BatchError(f"{request.source.path}: changed while it was read; leave it alone and use --restart")
            output.publish()
            return Finished(output.tally, before)
    except OSError as error:
        raise BatchError(
            f"{error.filename or request.output} cannot be written or read ({error.strerror}); when that is mended, "
            "the same command goes on where this one stopped"
        ) from None


def _job(request: BatchRequest, rows: int) -> Job:
    verify(request.bundle, read_manifest(request.bundle))
    begun = None if request.restart else Journal.read(request.output)
    return Job(
        input=_sha256(request.source.path),
        rows=rows,
        columns=tuple(sorted(f"{ours}={theirs}" for theirs, ours in request.source.rename.items())),
        bundle=_sha256(request.bundle / LAYOUT.manifest),
        k=request.k,
        day=request.day or (begun.job.day if begun else date.today()),
    )


def _usable_rows(request: BatchRequest, progress: Progress) -> int:
    """Read the whole input once, some thousandths of the work, so that no fault is found after hours.

    Returns:
        how many rows there are, good or bad.
    """
    path, rows, used = request.source.path, 0, 0
    first: Rejection | None = None
    for line, row in request.source.rows():
        rows += 1
        if isinstance(row, Rejection):
            first = first or row
            if request.strict:
                raise RecordError(str(path), line, row.reason)
        else:
            used += 1
        if rows % ROWS == 0:
            progress("Checking rows", rows, rows)
    if not rows:
        raise DataError(f"{path}: the file holds no rows; expected at least one message")
    if first and not used:
        raise DataError(f"{path}: none of the {rows} rows can be used; the first: line {first.line}: {first.reason}")
    progress("Checking rows", rows, rows)
    return rows


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
