"""Removes in the background what is older than the retention period: each hour one worker, for all."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import structlog

from serving.store import retention, revisions
from serving.store.database import Database, StoreDownError
from serving.store.retention import Purged

TURN_SECONDS = 3_600
"""One worker of all has each turn."""

_FIRST_LOOK_SECONDS = 60.0
_LOOK_SECONDS = 600.0
_LAST_CHANCE_SECONDS = 2.0
_TURNS = "retention"

_log = structlog.stdlib.get_logger("serving.housekeeper")


class Housekeeper:
    """One thread of each worker."""

    def __init__(self, database: Database, retention_days: int) -> None:
        """Args: retention_days: after so many days what was shown and sent is removed."""
        self._database = database
        self._kept = timedelta(days=retention_days)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)

    def start(self) -> None:
        """Look after the store from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more. What is being removed is not waited for long: it is done little by little."""
        self._ended.set()
        self._thread.join(_LAST_CHANCE_SECONDS)

    def tidy(self, now: datetime) -> Purged | None:
        """Remove what is too old; `None` where another worker has had this hour's turn.

        Raises:
            StoreDownError: the store does not answer.
        """
        with self._database.writing() as session:
            if not revisions.claim(session, _TURNS, int(now.timestamp()) // TURN_SECONDS):
                return None
        return retention.purge(self._database, now - self._kept, now)

    def _run(self) -> None:
        seconds = _FIRST_LOOK_SECONDS
        while not self._ended.wait(seconds):
            seconds = _LOOK_SECONDS
            try:
                purged = self.tidy(datetime.now(UTC))
            except StoreDownError:
                continue  # the watch tells of it
            except Exception:
                _log.exception("failed")
                continue
            if purged:
                _log.info("sets purged", count=purged.suggestion_sets)
                _log.info("deliveries purged", count=purged.deliveries)
