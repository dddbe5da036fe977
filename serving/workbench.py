"""Blocking work beside the event loop: a few pieces at a time, in the order in which they came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class Busy(Exception):  # noqa: N818  (a state, not an accident)
    """A piece of work did not get its turn in time."""


class Workbench:
    """Threads for work that would block the event loop, as many as there is room for.

    More pieces at a time than cores would make each slower and none sooner done, so the others wait.
    """

    def __init__(self, places: int, patience_seconds: float) -> None:
        """Args: places: pieces at a time; patience_seconds: how long one may wait for its place."""
        self._places = asyncio.Semaphore(places)
        self._patience_seconds = patience_seconds
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="suggest")

    async def do(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, or raise what it raises.

        Raises:
            Busy: no place came free in time.
        """
        await self._wait_for_a_place()
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        # A caller that goes away leaves its thread at work: the place is free when the thread is.
        running.add_done_callback(lambda _: self._places.release())
        return await asyncio.shield(running)

    async def _wait_for_a_place(self) -> None:
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise Busy from None
