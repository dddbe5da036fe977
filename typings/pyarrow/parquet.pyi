"""What Repliek uses of pyarrow.parquet, which ships no types."""

from collections.abc import Iterator
from os import PathLike
from typing import Literal

from pyarrow import RecordBatch, Table

class ParquetFile:
    def __init__(self, source: str | PathLike[str]) -> None: ...
    def iter_batches(self) -> Iterator[RecordBatch]: ...

def read_table(source: str | PathLike[str]) -> Table: ...
def write_table(
    table: Table, where: str | PathLike[str], *, compression: Literal["none", "snappy", "zstd"] = "snappy"
) -> None: ...
