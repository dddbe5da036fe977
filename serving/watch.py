"""Keeps what a worker holds in memory up to the store, whoever changed it: this worker, another one, a command."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import structlog

from serving.store import revisions
from serving.store.database import Database, StoreDownError

EVERY_SECONDS = 0.25
"""A saved answer is suggested, and a revoked key refused, within a second on every worker."""

_log = structlog.stdlib.get_logger("serving.watch")


class Watch:
    """Looks at the store's revisions from time to time, and has what changed read again."""

    def __init__(self, database: Database, refreshers: Mapping[str, Callable[[Database], None]]) -> None:
        """Args: refreshers: by the name of a revision, what reads again what it stands for."""
        self._database = database
        self._refreshers = refreshers
        self._seen: dict[str, int] = {}
        self._down = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Look now, and then from time to time; what cannot be read now is read as soon as it can."""
        self._look_and_tell()
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def look(self) -> None:
        """Read again what has changed since the last look; everything at the first one.

        Raises:
            StoreDownError: the store does not answer; everything stays what it was.
            Exception: the first thing that could not be read; all others were, and it is tried again at the next look.
        """
        with self._database.reading() as session:
            found = revisions.current(session)
        failed: Exception | None = None
        for name, refresh in self._refreshers.items():
            revision = found.get(name, 0)
            if self._seen.get(name) == revision:
                continue
            try:
                refresh(self._database)
            except Exception as error:
                failed = failed or error
            else:
                self._seen[name] = revision
        if failed:
            raise failed

    def _run(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            self._look_and_tell()

    def _look_and_tell(self) -> None:
        try:
            self.look()
            self._tell(down=False)
        except StoreDownError:
            self._tell(down=True)
        except Exception:
            _log.exception("failed")

    def _tell(self, *, down: bool) -> None:
        """Write one line when the store goes away, and one when it is back."""
        if down is not self._down:
            self._down = down
            if down:
                _log.error("store does not answer")
            else:
                _log.warning("store answers again")
