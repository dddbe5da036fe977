"""Encode every text once: progress while it lasts, a cache so that the next run need not."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from repliek.encoder import Encoder, EncoderConfig, FloatArray, OnnxEncoder

CHUNK = 64
"""Texts that are encoded together: with others beside it, the last digit of a vector may be another."""

Encode = Callable[[Sequence[str]], FloatArray]
OpenEncoder = Callable[[Path], Encoder]
LoadEncoder = Callable[[Path, Path], Encoder]
"""Loads the encoder of the first folder in front of the cache in the second."""


class CachingEncoder:
    """An encoder that remembers, in one SQLite file, what it has encoded before.

    Entries are keyed by the encoder's own checksum, so that another encoder never gets the wrong vector.
    """

    def __init__(
        self, encoder: Encoder, identity: str, cache: Path, *, show_progress: bool, at_once: int = CHUNK
    ) -> None:
        """Args: at_once: texts between two movements of the progress bar, and between two writes to the cache."""
        self._encoder = encoder
        self._identity = identity
        self._cache = cache
        self._show_progress = show_progress
        self._at_once = at_once

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return self._encoder.dimensions

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what customers ask: (texts, dimensions) float32, rows of length one."""
        return self._encode("query", self._encoder.encode_queries, texts)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what is looked for: (texts, dimensions) float32, rows of length one."""
        return self._encode("passage", self._encoder.encode_passages, texts)

    def _encode(self, kind: str, encode: Encode, texts: Sequence[str]) -> FloatArray:
        keys = [_key(self._identity, kind, text) for text in texts]
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._cache, timeout=60)) as store:
            store.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
            )
            found = _stored(store, set(keys))
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
            found.update(self._encode_missing(store, kind, encode, missing))
        return np.stack([found[key] for key in keys]) if keys else np.zeros((0, self.dimensions), dtype=np.float32)

    def _encode_missing(
        self, store: sqlite3.Connection, kind: str, encode: Encode, missing: dict[bytes, str]
    ) -> dict[bytes, FloatArray]:
        made: dict[bytes, FloatArray] = {}
        keys = sorted(missing, key=lambda key: len(missing[key]))
        with progress_bar(disable=not (self._show_progress and keys)) as progress:
            bar = progress.add_task(
                f"encode {'messages' if kind == 'query' else 'answers and replies'}", total=len(keys)
            )
            for start in range(0, len(keys), self._at_once):
                chunk = keys[start : start + self._at_once]
                vectors = encode([missing[key] for key in chunk])
                made.update(zip(chunk, vectors, strict=True))
                with store:
                    rows = [(key, vector.tobytes()) for key, vector in zip(chunk, vectors, strict=True)]
                    store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                progress.advance(bar, len(chunk))
        return made


def progress_bar(*, disable: bool = False) -> Progress:
    """Return a bar for long work, on stderr, with what is done and how long it will take still."""
    return Progress(
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=disable,
    )


def _stored(store: sqlite3.Connection, keys: set[bytes]) -> dict[bytes, FloatArray]:
    found: dict[bytes, FloatArray] = {}
    wanted = list(keys)
    for start in range(0, len(wanted), 500):  # SQLite limits the number of placeholders
        chunk = wanted[start : start + 500]
        marks = ",".join("?" * len(chunk))
        for key, vector in store.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", chunk):
            found[key] = np.frombuffer(vector, dtype=np.float32)
    return found


def _key(identity: str, kind: str, text: str) -> bytes:
    return hashlib.sha256(f"{identity}\0{kind}\0{text}".encode()).digest()


def on_all_cores(directory: Path) -> OnnxEncoder:
    """Load the encoder in `directory` into this process."""
    return OnnxEncoder.from_directory(directory, threads=0)


def caching_encoder(
    directory: Path, cache: Path, open_encoder: OpenEncoder = on_all_cores, *, at_once: int = CHUNK
) -> CachingEncoder:
    """Load the encoder in `directory`, on all cores unless told otherwise, in front of the cache in folder `cache`."""
    config = EncoderConfig.from_directory(directory)
    identity = ",".join(f"{name}:{digest}" for name, digest in sorted(config.files.items()))
    store = cache / "vectors.sqlite"
    return CachingEncoder(open_encoder(directory), identity, store, show_progress=True, at_once=at_once)
