"""Writing results so that nothing half-written ever stands under its name."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def publish(folder: Path, files: Mapping[str, str | None]) -> None:
    """Write texts beside their places in `folder`, then rename all of them; `None` takes a file away.

    Other files in the folder are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as staging:
        for name, text in files.items():
            if text is not None:
                (Path(staging) / name).write_text(text, encoding="utf-8")
        for name, text in files.items():
            if text is None:
                (folder / name).unlink(missing_ok=True)
            else:
                (Path(staging) / name).replace(folder / name)


def write_whole(path: Path, contents: bytes) -> None:
    """Write one file beside its place, in a folder that is made if need be, and rename it."""
    with writing_whole(path) as file:
        file.write(contents)


@contextmanager
def writing_whole(path: Path) -> Generator[BinaryIO]:
    """Give a file to write in, beside `path` in a folder that is made if need be, and rename it when the block ends.

    A block that raises leaves nothing, and what stood at `path` as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
