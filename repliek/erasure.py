"""That a customer's data was erased: the receipt, which names no customer, and tells a training what to leave out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, ConfigDict, NonNegativeInt, TypeAdapter
from pydantic.dataclasses import dataclass

from repliek.errors import RecordError
from repliek.files import write_whole
from repliek.records import Rejection, stream_records


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class ErasedCounts:
    """How much of a customer was removed from the store, by kind."""

    suggestion_sets: NonNegativeInt = 0
    suggestions: NonNegativeInt = 0
    feedback: NonNegativeInt = 0
    follow_ups: NonNegativeInt = 0
    deliveries: NonNegativeInt = 0


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Erasure:
    """One line of a file of receipts.

    Attributes:
        erasure_id: by which the store knows it.
        brand: whose customer it was.
        erased_at: when it was done.
        counts: what was removed.
        exchange_ids: what a history that was exported before, or a bundle that learned from one, may still hold.
    """

    erasure_id: str
    brand: str
    erased_at: AwareDatetime
    counts: ErasedCounts
    exchange_ids: tuple[str, ...]

    @property
    def when(self) -> datetime:
        """When it was done, to the second."""
        return self.erased_at.replace(microsecond=0)


_ERASURE = TypeAdapter(Erasure)


def read_erasures(file: Path) -> tuple[Erasure, ...]:
    """Read a file of receipts, one JSON object a line; it may be empty, but every line must be good.

    Raises:
        DataError: the file is missing, not UTF-8, or not `.jsonl`.
        RecordError: a line is no receipt: whom it is about would be learned from.
    """
    found: list[Erasure] = []
    for line, record in stream_records(file, Erasure):
        if isinstance(record, Rejection):
            raise RecordError(str(file), line, f"no receipt of an erasure: {record.reason}")
        found.append(record)
    return tuple(found)


def erased_in(files: Iterable[Path]) -> frozenset[str]:
    """Return the ids of all exchanges that some files of receipts name.

    Raises:
        DataError: as `read_erasures` does.
    """
    return frozenset(one for file in files for erasure in read_erasures(file) for one in erasure.exchange_ids)


def write_erasures(file: Path, erasures: Iterable[Erasure]) -> None:
    """Write receipts as JSONL, whole or not at all."""
    write_whole(file, b"".join(_ERASURE.dump_json(erasure) + b"\n" for erasure in erasures))


def as_json(erasure: Erasure) -> str:
    """Return a receipt as it stands on its line."""
    return _ERASURE.dump_json(erasure).decode()
