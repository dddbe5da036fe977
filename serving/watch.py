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

    def __init__(self, database: Database, refreshers: Mapping[str, Callable[[Database], bool]]) -> None:
        """Make a watch; it looks when it is told to, and from `start` on by itself.

        Args:
            database: the store.
            refreshers: by the name of a revision, what reads again what it stands for, and returns whether that is
                all; if not, it is asked again, and meanwhile the others have their turn.
        """
        self._database = database
        self._refreshers = refreshers
        self._seen: dict[str, int] = {}
        self._down = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Look from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def look(self) -> bool:
        """Read again what has changed since the last look, everything at the first one; return whether that is all.

        Raises:
            StoreDownError: the store does not answer; everything stays what it was.
        """
        with self._database.reading() as session:
            found = revisions.current(session)
        is_all = True
        for name, refresh in self._refreshers.items():
            revision = found.get(name, 0)
            if self._seen.get(name) != revision:
                if refresh(self._database):
                    self._seen[name] = revision
                else:
                    is_all = False
        return is_all

    def _run(self) -> None:
        is_all = True
        while not self._ended.wait(EVERY_SECONDS if is_all else 0):
            is_all = self._look_again()

    def _look_again(self) -> bool:
        """Do what `look` does, whatever happens; return whether there is time until the next look."""
        try:
            is_all = self.look()
        except StoreDownError:
            self._tell(down=True)
        except Exception:
            _log.exception("failed")
        else:
            self._tell(down=False)
            return is_all
        return True

    def _tell(self, *, down: bool) -> None:
        """Write one line when the store goes away, and one when it is back."""
        if down is not self._down:
            self._down = down
            if down:
                _log.error("store does not answer")
            else:
                _log.warning("store answers again")
