"""Writes down what was suggested, beside the requests and several sets at a time."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import structlog

from serving.store import suggestion_sets
from serving.store.database import Database, StoreDownError
from serving.store.suggestion_sets import Shown

PATIENCE_SECONDS = 0.5
"""How long a suggestion waits to be written down before it is given all the same."""

TOGETHER = 200
"""Sets that are written in one transaction at most."""

KEPT = 10_000
"""Sets that wait while the store does not answer; beyond it, the oldest are given up."""

_RETRY_SECONDS = 0.5
_LAST_CHANCE_SECONDS = 5.0

_log = structlog.stdlib.get_logger("serving.recorder")


@dataclass(frozen=True, slots=True)
class _Waiting:
    shown: Shown
    written: Future[None] = field(default_factory=Future[None])


class Recorder:
    """One thread that writes what the requests put down. A suggestion is never withheld because the store is away.

    While it answers, a set is on the disk before the suggestion is given. While it does not, sets wait in memory: then
    those of a process that is killed are lost, and feedback on them is refused.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._down = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Write from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, as far as the store answers, and end."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join(_LAST_CHANCE_SECONDS)

    async def record(self, sets: Sequence[Shown]) -> None:
        """Have sets written, and wait for it as long as that may be expected to help."""
        entries = [_Waiting(shown) for shown in sets]
        with self._changed:
            self._waiting.extend(entries)
            given_up = [self._waiting.popleft() for _ in range(len(self._waiting) - KEPT)]
            self._changed.notify()
        if given_up:
            _log.error("sets given up", count=len(given_up))
        if entries and not self._down:
            await asyncio.wait([asyncio.wrap_future(entry.written) for entry in entries], timeout=PATIENCE_SECONDS)

    def _run(self) -> None:
        while batch := self._next():
            try:
                self._write(batch)
                self._down = False
            except StoreDownError:
                self._down = True
                with self._changed:
                    self._waiting.extendleft(reversed(batch))
                    if self._ended:
                        return
                    self._changed.wait_for(lambda: self._ended, _RETRY_SECONDS)

    def _next(self) -> list[_Waiting]:
        """Return what is to be written together, as soon as there is something; nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended)
            return [self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))]

    def _write(self, batch: Sequence[_Waiting]) -> None:
        try:
            with self._database.writing() as session:
                suggestion_sets.add(session, [entry.shown for entry in batch])
        except StoreDownError:
            raise
        except Exception:
            _log.exception("failed")
            # One that cannot be written must not take the others with it.
            if len(batch) > 1:
                for entry in batch:
                    self._write([entry])
                return
        for entry in batch:
            entry.written.set_result(None)
