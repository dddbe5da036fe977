"""Encoding a large history on a Ray cluster: the same chunks of texts as on one machine, many of them at once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from repliek.cluster import Parcel, connected
from repliek.encoder import Encoder, EncoderConfig, FloatArray, OnnxEncoder
from training.embeddings import CHUNK, LoadEncoder, caching_encoder

CHUNKS_PER_ACTOR = 8
"""How many chunks an actor gets between two writes to the cache."""


CORES_PER_ACTOR = 0.5
"""A bundle has up to two sentence encoders, each with actors of its own; they take turns on the same cores."""


@contextmanager
def ray_encoders(address: str | None, workers: int | None) -> Generator[LoadEncoder]:
    """Connect to a Ray cluster, and yield what loads an encoder there, in front of the cache here.

    Args:
        address: of the cluster; without it one is started on this machine, and ended.
        workers: actors; as many as the cluster has cores without it.

    Raises:
        ClusterError: Ray is not installed, or no cluster answers.
    """
    with connected(address, workers) as actors:

        def load(directory: Path, cache: Path) -> Encoder:
            def encoder(folder: Path) -> Encoder:
                return RayEncoder.from_directory(folder, actors)

            return caching_encoder(directory, cache, encoder, at_once=CHUNK * CHUNKS_PER_ACTOR * actors)

        yield load


class RayEncoder:
    """An encoder whose chunks are encoded by actors, each with the model in memory."""

    def __init__(self, dimensions: int, pool: Any) -> None:
        """Args: dimensions: length of every vector; pool: a Ray `ActorPool`."""
        self._dimensions = dimensions
        self._pool = pool

    @classmethod
    def from_directory(cls, directory: Path, actors: int) -> RayEncoder:
        """Load the encoder in `directory` into as many actors, which need not have that folder.

        Raises:
            EncoderError: it holds no encoder.
        """
        import ray
        from ray.util import ActorPool

        dimensions = EncoderConfig.from_directory(directory).dimensions
        parcel = ray.put(Parcel.of(directory))
        # A lost machine costs its chunks' time, not the run.
        actor = ray.remote(num_cpus=CORES_PER_ACTOR, max_restarts=-1, max_task_retries=-1)(_Actor)
        return cls(dimensions, ActorPool([actor.remote(parcel) for _ in range(actors)]))

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return self._dimensions

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what customers ask: (texts, dimensions) float32, rows of length one."""
        return self._encode(lambda actor, chunk: actor.encode_queries.remote(chunk), texts)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of what is looked for: (texts, dimensions) float32, rows of length one."""
        return self._encode(lambda actor, chunk: actor.encode_passages.remote(chunk), texts)

    def _encode(self, ask: Callable[[Any, list[str]], Any], texts: Sequence[str]) -> FloatArray:
        chunks = [list(texts[start : start + CHUNK]) for start in range(0, len(texts), CHUNK)]
        return np.concatenate([np.zeros((0, self.dimensions), dtype=np.float32), *self._pool.map(ask, chunks)])


class _Actor:
    """One copy of the encoder."""

    def __init__(self, parcel: Parcel) -> None:
        with parcel.unpacked() as folder:
            self._encoder = OnnxEncoder.from_directory(folder)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        return self._encoder.encode_passages(texts)
