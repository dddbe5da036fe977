"""What stands in the cells of a CSV file: values as text, of which no spreadsheet takes one for a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

# Those of OWASP's "CSV Injection" begin a formula, in some spreadsheets a line feed too; a bracket begins a list here.
_NOT_AS_TEXT = re.compile(r"'*[=+\-@\t\r\n\[]")
_MARKED = re.compile(r"'+[=+\-@\t\r\n\[]")

BYTE_ORDER_MARK = "\ufeff"
"""Without it in front, Excel does not read a CSV file as UTF-8."""


def as_cell(value: object) -> str:
    """Return what stands for a value: a list as JSON, nothing for `None`, and text that would be more as mere text.

    Such a text gets an apostrophe in front, by which a spreadsheet knows it for text; `from_cell` takes it away.
    """
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return json.dumps(value, ensure_ascii=False) if value else ""
    text = str(value)
    return f"'{text}" if _NOT_AS_TEXT.match(text) else text


def from_cell(cell: str) -> object:
    """Return the value that a cell stands for: a list where it holds one as JSON, text otherwise."""
    if cell.startswith("["):
        try:
            value = json.loads(cell)
            json.dumps(value, ensure_ascii=False).encode()  # half of a pair of escapes is no character
        except (ValueError, RecursionError):
            return cell
        return value
    return cell[1:] if _MARKED.match(cell) else cell


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a CSV file, the header first; every cell in quotes, whatever separates it from the next."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    for row in chain([columns], rows):
        writer.writerow([as_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
