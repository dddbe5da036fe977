"""Reading records from JSONL, CSV and Parquet: the good lines, and why the others are not good."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Generic, TextIO, TypeVar, cast

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from repliek.cells import from_cell
from repliek.errors import DataError, RecordError
from repliek.files import write_whole

Record = TypeVar("Record")
Row = dict[str, Any]

_ROWS_AT_ONCE = 1_024
"""Rows of a Parquet file that are in memory together."""

csv.field_size_limit(10_000_000)  # a cell may hold a whole mail thread; the module's own limit is 131,072


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that could not be used, kept so that nothing is lost."""

    source: str
    line: int
    reason: str
    record: str

    def as_json(self) -> str:
        """Return the line that stands in `rejected.jsonl`."""
        fields = {"file": self.source, "line": self.line, "reason": self.reason, "record": self.record}
        return json.dumps(fields, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Read(Generic[Record]):
    """What a file held: records that validate, the line of each, and those that do not."""

    records: tuple[Record, ...]
    lines: tuple[int, ...]
    rejected: tuple[Rejection, ...]


def read_records(
    path: Path,
    model: type[Record],
    *,
    rename: Mapping[str, str] | None = None,
    unique: str | None,
    strict: bool = False,
) -> Read[Record]:
    """Read every record of a file and validate it against `model`.

    Args:
        path: a `.jsonl`, `.csv` or `.parquet` file; a CSV file has a header line.
        model: what one record is.
        rename: our column name for theirs, `{"question": "message"}`; other columns that the
            model does not know are then left out, where otherwise they are an error in JSONL.
        unique: the field that must not hold the same twice, if there is one. A table that has no such
            column gets one: the file's name and the line.
        strict: raise at the first bad record instead of collecting it.

    Raises:
        DataError: the file is missing, empty, not UTF-8, of an unknown kind, lacks a
            column that every record needs, or holds no usable record.
        RecordError: `strict`, and a record is wrong.
    """
    validate = _validator(path, model, rename, unique)
    records: list[Record] = []
    lines: list[int] = []
    rejected: list[Rejection] = []
    seen: dict[object, int] = {}
    for line, row, raw in _rows(path):
        try:
            record = validate(line, row)
            key = getattr(record, unique) if unique else line
            if key in seen:
                raise RecordError(str(path), line, f"{unique} stands on line {seen[key]} already; expected it once")
            seen[key] = line
            records.append(record)
            lines.append(line)
        except RecordError as error:
            if strict:
                raise
            rejected.append(Rejection(str(path), line, error.reason, raw))
    if not records and not rejected:
        raise DataError(f"{path}: the file holds no records; expected at least one {model.__name__.lower()} per line")
    if not records:
        raise DataError(
            f"{path}: none of the {len(rejected)} records can be used; "
            f"the first: line {rejected[0].line}: {rejected[0].reason}"
        )
    return Read(tuple(records), tuple(lines), tuple(rejected))


def stream_records(
    path: Path, model: type[Record], *, rename: Mapping[str, str] | None = None, skip: int = 0
) -> Iterator[tuple[int, Record | Rejection]]:
    """Yield the line and the record, or why it cannot be used, of every record of a file in its order.

    However large the file is, only a few lines of it are in memory; so nothing is said of what stands twice.

    Args:
        path: a `.jsonl`, `.csv` or `.parquet` file.
        model: what one record is.
        rename: our column name for theirs, as for `read_records`.
        skip: how many records to pass over, good or bad, before the first that is yielded.

    Raises:
        DataError: the file is missing, not UTF-8, of an unknown kind, or damaged.
    """
    validate = _validator(path, model, rename, None)
    for line, row, raw in islice(_rows(path), skip, None):
        try:
            yield line, validate(line, row)
        except RecordError as error:
            yield line, Rejection(str(path), line, error.reason, raw)


def write_rejections(path: Path, rejections: Iterable[Rejection]) -> int:
    """Write rejected records, one JSON object a line, and return their number; without any, leave no file."""
    lines = [rejection.as_json() for rejection in rejections]
    if lines:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        path.unlink(missing_ok=True)
    return len(lines)


def write_jsonl(path: Path, model: type[Record], records: Iterable[Record]) -> None:
    """Write records as JSONL, leaving out fields that hold nothing."""
    write_whole(path, b"".join(jsonl_lines(model, records)))


def jsonl_lines(model: type[Record], records: Iterable[Record]) -> Iterator[bytes]:
    """Yield the line of each record, ended, without the fields that hold nothing."""
    adapter = TypeAdapter(model)
    for record in records:
        yield adapter.dump_json(record, exclude_none=True, exclude_defaults=True) + b"\n"


def rows_in(contents: bytes, kind: str, name: str) -> Iterator[tuple[int, Row | str]]:
    """Yield the line and the fields, or why there are none, of every record of a text that is in memory.

    Args:
        contents: of a file.
        kind: how such a file's name ends, `.jsonl` or `.csv`.
        name: what the text is called in errors.

    Raises:
        DataError: the text is not UTF-8, or no CSV.
    """
    text = _TEXTS[kind]
    try:
        with io.TextIOWrapper(io.BytesIO(contents), encoding="utf-8-sig", newline=text.newline) as file:
            for line, row, _ in text.rows(file, name):
                yield line, row
    except UnicodeDecodeError:
        raise _not_utf8(io.BytesIO(contents), name) from None


def _rows(path: Path) -> Iterator[tuple[int, Row | str, str]]:
    """Yield line number, fields (or, as text, why there are none) and the line as it stands."""
    if path.suffix not in {*_TEXTS, _PARQUET}:
        raise DataError(f"{path}: kind of file {path.suffix or 'without ending'!r}; expected .jsonl, .csv or .parquet")
    if not path.is_file():
        raise DataError(f"{path}: no such file; expected a .jsonl, .csv or .parquet file")
    if path.suffix == _PARQUET:
        yield from _parquet_rows(path)
        return
    text = _TEXTS[path.suffix]
    try:
        with path.open(encoding="utf-8-sig", newline=text.newline) as file:
            yield from text.rows(file, str(path))
    except UnicodeDecodeError:
        with path.open("rb") as file:
            raise _not_utf8(file, str(path)) from None


def _not_utf8(file: BinaryIO, name: str) -> DataError:
    """Find the first byte that is not UTF-8: a text is decoded by the buffer, which knows nothing of lines."""
    before = 0
    for line, raw in enumerate(file, start=1):
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            return DataError(
                f"{name}, line {line}: byte {before + error.start} is not UTF-8; save the file as UTF-8 "
                "(a spreadsheet calls it 'CSV UTF-8'; iconv converts)"
            )
        before += len(raw)
    return DataError(f"{name}: changed while it was read; leave the file alone and try again")


def _jsonl_rows(file: TextIO, _: str) -> Iterator[tuple[int, Row | str, str]]:
    for line, ended in enumerate(file, start=1):
        raw = ended.removesuffix("\n")
        if raw.strip():
            yield line, _parsed(raw), raw


def _parsed(raw: str) -> Row | str:
    """Return the object that a line of JSON holds, or why there is none."""
    try:
        row = json.loads(raw)
        if "\\u" in raw:  # half of a pair of escapes becomes a string that no file can hold
            json.dumps(row, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        return f"not JSON ({error.msg}, column {error.colno})"
    except UnicodeEncodeError:
        return "holds half of a pair of \\u escapes, which is no character"
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets thousands deep
        return "JSON that is too large or too deep to be read"
    return cast("Row", row) if isinstance(row, dict) else "not a JSON object"


def _csv_rows(file: TextIO, name: str) -> Iterator[tuple[int, Row | str, str]]:
    header = file.readline()
    file.seek(0)
    # A spreadsheet set to Dutch separates by semicolons.
    delimiter = max((",", ";", "\t"), key=header.count)
    reader = csv.DictReader(file, delimiter=delimiter)
    try:
        if not reader.fieldnames:
            raise DataError(f"{name}: the file is empty; expected a header line with the columns' names")
        for row in reader:
            raw = json.dumps(row, ensure_ascii=False, default=str)
            if None in row:
                yield reader.line_num, f"more cells than the header's {len(reader.fieldnames)}", raw
            else:
                yield reader.line_num, {column: from_cell(cell) for column, cell in row.items() if cell}, raw
    except csv.Error as error:
        raise DataError(f"{name}, line {reader.line_num}: not CSV ({error})") from None


@dataclass(frozen=True, slots=True)
class _Text:
    """A kind of text file: the rows of an open one, and where a line of it ends, as `open` takes it."""

    rows: Callable[[TextIO, str], Iterator[tuple[int, Row | str, str]]]
    newline: str


_TEXTS: Mapping[str, _Text] = {
    # Lines end at line feeds alone: U+2028 and the like occur in copied messages.
    ".jsonl": _Text(_jsonl_rows, newline="\n"),
    # Without translation of line ends, which a cell may hold.
    ".csv": _Text(_csv_rows, newline=""),
}
_PARQUET = ".parquet"


def _parquet_rows(path: Path) -> Iterator[tuple[int, Row | str, str]]:
    line = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
                for row in batch.to_pylist():
                    line += 1
                    fields = {name: _plain(value) for name, value in row.items() if value is not None}
                    yield line, fields, json.dumps(row, ensure_ascii=False, default=str)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path}: not a Parquet file, or a damaged one ({error})") from None


def _plain(value: object) -> object:
    """Return whole numbers as text, as they stand in a CSV: ids are often numbers."""
    return str(value) if type(value) is int else value


def _validator(
    path: Path, model: type[Record], rename: Mapping[str, str] | None, unique: str | None
) -> Callable[[int, Row | str], Record]:
    """Return what makes a record of a line's fields, or raises `RecordError` for the reason that there is none."""
    adapter = TypeAdapter(model)
    known = {field.name for field in fields(model)}  # type: ignore[arg-type]
    renamed = dict(rename or {})
    table = path.suffix != ".jsonl"

    def validate(line: int, row: Row | str) -> Record:
        if isinstance(row, str):
            raise RecordError(str(path), line, row)
        row = {
            renamed.get(name, name): value
            for name, value in row.items()
            if name in renamed or name not in renamed.values()
        }
        if renamed or table:  # tables and foreign exports carry columns of their own
            row = {name: value for name, value in row.items() if name in known}
        if table and unique:
            row.setdefault(unique, f"{path.stem}-{line}")
        try:
            return adapter.validate_python(row)
        except ValidationError as error:
            raise RecordError(str(path), line, _reason(error)) from None

    return validate


def _reason(error: ValidationError) -> str:
    """Say which fields are wrong and what was expected, without quoting what they hold."""
    return "; ".join(
        f"{'.'.join(str(part) for part in item['loc']) or 'record'}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False)
    )
