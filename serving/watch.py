"""Keeps what a worker holds in memory up to the store, whoever changed it: this worker, another one, a command."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import structlog

from serving.store import revisions
from serving.store.database import Database, StoreDownError

EVERY_SECONDS = 0.25
"""A saved answer is suggested, and a revoked key refused, within a second on every worker."""

PAUSE_SECONDS = 0.05
"""Between two turns of something that takes several: whoever waits for the same lock must get it in between."""

_log = structlog.stdlib.get_logger("serving.watch")


class Watch:
    """Looks at the store's revisions from time to time, and has what changed read again."""

    def __init__(self, database: Database, refreshers: Mapping[str, Callable[[Database], bool]]) -> None:
        """Make a watch.

        Args:
            database: the store.
            refreshers: by the name of a revision, what reads again what it stands for. It returns whether something is
                left to be read; then it is asked again, and the others have their turn in between.
        """
        self._database = database
        self._refreshers = refreshers
        self._seen: dict[str, int] = {}
        self._down = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Look until all is read, and then from time to time; what cannot be read now is read as soon as it can."""
        while self._look_and_tell():
            pass
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def look(self) -> bool:
        """Read again what has changed since the last look, all at the first; return whether something is left to read.

        Raises:
            StoreDownError: the store does not answer; everything stays what it was.
            Exception: the first thing that could not be read; all others were, and it is tried again at the next look.
        """
        with self._database.reading() as session:
            found = revisions.current(session)
        is_left = False
        failed: Exception | None = None
        for name, refresh in self._refreshers.items():
            revision = found.get(name, 0)
            if self._seen.get(name) == revision:
                continue
            try:
                if refresh(self._database):
                    is_left = True
                else:
                    self._seen[name] = revision
            except Exception as error:
                failed = failed or error
        if failed:
            raise failed
        return is_left

    def _run(self) -> None:
        is_left = False
        while not self._ended.wait(PAUSE_SECONDS if is_left else EVERY_SECONDS):
            is_left = self._look_and_tell()

    def _look_and_tell(self) -> bool:
        """Do what `look` does, whatever happens; return whether something is left to read."""
        is_left = False
        try:
            is_left = self.look()
            self._tell(down=False)
        except StoreDownError:
            self._tell(down=True)
        except Exception:
            _log.exception("failed")
        return is_left

    def _tell(self, *, down: bool) -> None:
        """Write one line when the store goes away, and one when it is back."""
        if down is not self._down:
            self._down = down
            if down:
                _log.error("store does not answer")
            else:
                _log.warning("store answers again")
