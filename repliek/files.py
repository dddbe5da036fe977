"""Writing results so that nothing half-written ever stands under its name."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path


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
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(contents)
    unfinished.replace(path)
