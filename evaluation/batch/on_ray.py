"""Blocks computed on a Ray cluster, with Ray Data: read here, in order; suggested by actors; handed back in order."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from evaluation.batch.blocks import Block, BlockSuggester, Outcome, Source
from evaluation.batch.engines import Work, one_thread
from repliek.cluster import Parcel, connected
from repliek.suggester import Suggester

_BLOCK = TypeAdapter(Block)


class RayEngine:
    """Actors of a Ray cluster, each with the bundle in memory; one is started here where none is named."""

    def __init__(self, workers: int | None, address: str | None) -> None:
        """Args: workers: actors, as many as the cluster has cores without it; address: of the cluster."""
        self._workers = workers
        self._address = address

    def outcomes(self, work: Work) -> Iterator[Outcome]:
        """Yield outcomes in order.

        Raises:
            ClusterError: Ray is not installed, or no cluster answers.
        """
        with connected(self._address, self._workers) as workers:
            import ray
            from ray.data import ActorPoolStrategy, DataContext, read_datasource

            context = DataContext.get_current()
            context.execution_options.preserve_order = True
            logging.getLogger("ray.data").setLevel(logging.ERROR)  # it tells of every step, and of its own bars
            context.enable_progress_bars = False
            context.target_max_block_size = 1  # one of our blocks in one of Ray's, or few actors would have work
            bundle = ray.put(Parcel.of(work.bundle))
            rows = read_datasource(_feed(work.source, work.done), num_cpus=0, override_num_blocks=1).map(
                _Actor,
                fn_constructor_args=(bundle, work.k, work.day),
                compute=ActorPoolStrategy(size=workers),
                num_cpus=1,
            )
            for row in rows.iter_rows():
                yield Outcome(**row)


class _Actor:
    """One copy of the bundle, and what it makes of blocks."""

    def __init__(self, bundle: Any, k: int, day: date) -> None:
        import ray

        self._limits = one_thread()
        with ray.get(bundle).unpacked() as folder:
            self._suggest = BlockSuggester(Suggester.from_bundle(folder), k, day)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        return asdict(self._suggest(_BLOCK.validate_json(row["block"])))


def _feed(source: Source, done: int) -> Any:
    """Return a Ray data source of one task, which runs on this machine and yields block after block."""
    import pyarrow as pa
    from ray.data import Datasource, ReadTask
    from ray.data.block import BlockMetadata

    class Feed(Datasource):
        @property
        def supports_distributed_reads(self) -> bool:
            return False  # the file need not be there on other machines

        def estimate_inmemory_data_size(self) -> int | None:
            return None

        def get_read_tasks(self, *_: Any, **__: Any) -> list[ReadTask]:
            def read() -> Iterator[pa.Table]:
                for block in source.blocks(done):
                    yield pa.table({"block": [_BLOCK.dump_json(block)]})

            return [ReadTask(read, BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None))]

    return Feed()
