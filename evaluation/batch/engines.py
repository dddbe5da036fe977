"""Who computes the blocks: this process, on some threads, or a Ray cluster."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from threadpoolctl import threadpool_limits

from evaluation.batch.blocks import BlockSuggester, Outcome, Source
from repliek.suggester import Suggester


@dataclass(frozen=True, slots=True)
class Work:
    """What an engine is to do.

    Attributes:
        bundle: folder of the bundle.
        source: the messages.
        done: rows of it that need not be done again.
        k: how many suggestions a message gets at most.
        day: on which messages came in whose row does not say.
    """

    bundle: Path
    source: Source
    done: int
    k: int
    day: date


class Engine(Protocol):
    """A way to compute blocks; every one gives the same bytes."""

    def outcomes(self, work: Work) -> Iterator[Outcome]:
        """Yield the outcome of each block that is left, in the order of the input."""
        ...


def one_thread() -> threadpool_limits:
    """Limit numeric libraries to one thread: the last digit of a sum depends on how many share in it."""
    return threadpool_limits(1)


class LocalEngine:
    """Threads that share one bundle: nearly all of the time is onnxruntime's, outside Python's lock."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def outcomes(self, work: Work) -> Iterator[Outcome]:
        """Yield outcomes in order; no more blocks are in memory than there are threads, and one."""
        suggest = BlockSuggester(Suggester.from_bundle(work.bundle), work.k, work.day)
        waiting: deque[Future[Outcome]] = deque()
        with (
            one_thread(),
            closing(work.source.blocks(work.done)) as blocks,
            # OpenMP keeps a number of threads for each thread that calls it, so each sets its own.
            ThreadPoolExecutor(self._workers, initializer=one_thread) as pool,
        ):
            try:
                for block in blocks:
                    waiting.append(pool.submit(suggest, block))
                    if len(waiting) > self._workers:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(cancel_futures=True)
