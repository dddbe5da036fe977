"""A brand at work: its bundle, and over it the answers that its team saves while the server runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from repliek.suggester import Suggester
from serving.store import answers
from serving.store.database import Database


@dataclass(frozen=True, slots=True)
class Live:
    """What one request is answered with, whatever is saved meanwhile.

    Attributes:
        brand: whose.
        suggester: suggests out of the bundle and the live answers over it.
        revision: of the live answers; 0 before the first.
    """

    brand: str
    suggester: Suggester
    revision: int


class Desk:
    """One brand. Safe to share between threads: what it suggests with is replaced as a whole."""

    def __init__(self, name: str, bundled: Suggester) -> None:
        """Args: name: of the brand, as it stands in keys and addresses; bundled: without live answers."""
        self.name = name
        self.bundled = bundled
        self._live = Live(name, bundled, 0)
        self._refreshing = threading.Lock()

    @classmethod
    def load(cls, name: str, bundle: Path, threads: int) -> Desk:
        """Load the bundle in folder `bundle`; one encoding may use so many threads, 0 for all.

        Raises:
            BundleError: the bundle cannot be used.
        """
        return cls(name, Suggester.from_bundle(bundle, threads=threads))

    @property
    def live(self) -> Live:
        """What the brand suggests with now."""
        return self._live

    def refresh(self, database: Database) -> None:
        """Take over the live answers as they stand in the store now.

        Raises:
            StoreDownError: the store does not answer; the answers stay what they were.
        """
        with self._refreshing:
            with database.reading() as session:
                found = answers.overlay(session, self.name)
            if found.revision > self._live.revision:
                self._live = Live(self.name, self.bundled.with_answers(found.edits), found.revision)
