"""An output that survives `kill -9`: files that only grow, and a journal that says how much of them is true.

Beside `out.jsonl` stands, until it is done, the folder `out.jsonl.unfinished`:

    suggestions.jsonl   becomes out.jsonl
    rejected.jsonl      becomes out.rejected.jsonl, where a row was rejected
    journal.json        which job it is, and how far it is

A block is written in three steps: its lines are appended, they are synced, and a new journal that counts them is
renamed over the old one. Whenever the process dies, the journal names a length up to which both files are whole; what
stands beyond is cut off, and the work goes on there. Nothing is ever lost, or there twice.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Annotated, BinaryIO, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evaluation.batch.blocks import Outcome
from repliek.errors import RepliekError

SUGGESTIONS, REJECTED, JOURNAL = "suggestions.jsonl", "rejected.jsonl", "journal.json"

_Count = Annotated[int, Field(ge=0)]


class BatchError(RepliekError):
    """A batch job cannot begin, or cannot go on where it stopped."""


class _Noted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Job(_Noted):
    """Everything on which the bytes of the output depend.

    Attributes:
        input: sha256 of the input.
        rows: how many the input has.
        columns: as `--map` gave them, theirs=ours, sorted.
        bundle: sha256 of the bundle's manifest, which holds those of all other files.
        k: how many suggestions a message gets at most.
        day: on which messages came in whose row does not say.
    """

    input: str
    rows: _Count
    columns: tuple[str, ...]
    bundle: str
    k: int
    day: date


class Tally(_Noted):
    """How far a job is; sizes are in bytes."""

    rows: _Count = 0
    suggested: _Count = 0
    silent: _Count = 0
    rejected: _Count = 0
    suggestions_size: _Count = 0
    rejections_size: _Count = 0

    def plus(self, outcome: Outcome) -> Tally:
        """Return the tally after one more block."""
        return Tally(
            rows=self.rows + outcome.rows,
            suggested=self.suggested + outcome.suggested,
            silent=self.silent + outcome.silent,
            rejected=self.rejected + outcome.rejected,
            suggestions_size=self.suggestions_size + len(outcome.suggestions),
            rejections_size=self.rejections_size + len(outcome.rejections),
        )


class Journal(_Noted):
    """What `journal.json` holds."""

    job: Job
    tally: Tally

    @classmethod
    def read(cls, target: Path) -> Journal | None:
        """Read the journal of the unfinished output `target`; `None` where there is none.

        Raises:
            BatchError: it is not a journal of this version.
        """
        file = unfinished(target) / JOURNAL
        try:
            return cls.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError:
            raise BatchError(f"{file} is no journal of this version; --restart begins anew") from None

    @property
    def done(self) -> bool:
        """Whether every row of the input is accounted for."""
        return self.tally.rows == self.job.rows

    def refuse_other(self, job: Job, folder: Path) -> None:
        """Refuse to go on with another job than the one that was begun.

        Raises:
            BatchError: they differ.
        """
        other = [name for name in Job.model_fields if getattr(self.job, name) != getattr(job, name)]
        if other:
            raise BatchError(
                f"{folder} holds an unfinished job with another {' and another '.join(other)}; "
                "give what was given then, or begin anew with --restart"
            )


def unfinished(target: Path) -> Path:
    """Return the folder in which `target` grows."""
    return target.with_name(f"{target.name}.unfinished")


def rejected_file(target: Path) -> Path:
    """Return where rejected rows stand when `target` is done."""
    return target.with_name(f"{target.stem}.{REJECTED}")


class GrowingOutput:
    """The two files of an unfinished job, and its journal. One process at a time may hold it."""

    def __init__(self, target: Path, journal: Journal, held: ExitStack, files: Sequence[BinaryIO]) -> None:
        """Args: held: the lock and the files, closed together; files: of suggestions and of rejected rows."""
        self._target = target
        self._journal = journal
        self._held = held
        self._files = files

    @classmethod
    def open(cls, target: Path, job: Job, *, restart: bool = False) -> GrowingOutput:
        """Begin `job`, or go on with it where it stopped; with `restart`, forget what there is.

        Raises:
            BatchError: another process writes this output, what is unfinished is another job, or the
                files are shorter than its journal says.
        """
        folder = unfinished(target)
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            _lock(folder, held)
            journal = (None if restart else Journal.read(target)) or Journal(job=job, tally=Tally())
            journal.refuse_other(job, folder)
            sizes = {SUGGESTIONS: journal.tally.suggestions_size, REJECTED: journal.tally.rejections_size}
            # Of a job that is done, a file may have been moved to its place already.
            files = [] if journal.done else [_opened(folder / name, size, held) for name, size in sizes.items()]
            _write(folder, journal)
            return cls(target, journal, held.pop_all(), files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._held.close()

    @property
    def tally(self) -> Tally:
        """How far the job is."""
        return self._journal.tally

    def append(self, outcome: Outcome) -> None:
        """Write what became of the next block; when this returns, it is on the disk."""
        for file, lines in zip(self._files, (outcome.suggestions, outcome.rejections), strict=True):
            file.write(lines)
            _sync(file)
        self._journal = Journal(job=self._journal.job, tally=self.tally.plus(outcome))
        _write(unfinished(self._target), self._journal)

    def publish(self) -> None:
        """Put the files of a job that is done in their places, and take the folder away.

        Raises:
            BatchError: the files are gone.
        """
        folder = unfinished(self._target)
        if self.tally.rejected:
            _move(folder / REJECTED, rejected_file(self._target), self.tally.rejections_size)
        else:
            rejected_file(self._target).unlink(missing_ok=True)
        _move(folder / SUGGESTIONS, self._target, self.tally.suggestions_size)
        _sync_folder(self._target.parent)
        shutil.rmtree(folder)


def _lock(folder: Path, held: ExitStack) -> None:
    """Hold the folder until the process ends, however it ends."""
    opened = os.open(folder, os.O_RDONLY)
    held.callback(os.close, opened)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BatchError(f"{folder} is being written by another process; wait for it, or end it") from None


def _opened(file: Path, size: int, held: ExitStack) -> BinaryIO:
    """Open a file for appending after its first `size` bytes; what stands there is cut off."""
    opened = held.enter_context(file.open("ab"))
    found = opened.tell()
    if found < size:
        raise BatchError(f"{file} has {found} bytes, the journal says {size}: it was altered; --restart begins anew")
    opened.truncate(size)
    return opened


def _write(folder: Path, journal: Journal) -> None:
    beside = folder / f"{JOURNAL}.new"
    with beside.open("wb") as file:
        file.write(journal.model_dump_json(indent=2).encode())
        _sync(file)
    beside.replace(folder / JOURNAL)
    _sync_folder(folder)


def _move(file: Path, place: Path, size: int) -> None:
    """Rename `file` to `place`, if that is not done yet."""
    if file.exists():
        file.replace(place)
    if not place.exists() or place.stat().st_size != size:
        raise BatchError(f"{place} is not what the journal says: it was altered; --restart begins anew")


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Sync the names in a folder: a file that was renamed is only there when its folder says so."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
