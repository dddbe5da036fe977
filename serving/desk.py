"""A brand at work: its bundle, and over it the answers that its team saves while the server runs."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from repliek.shared_encoders import SharedEncoders
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
    def load_all(cls, bundles: Mapping[str, Path], threads: int) -> Sequence[Desk]:
        """Load every brand's bundle; one encoding may use so many threads, 0 for all.

        Encoders that are the same in several bundles are once in memory.

        Raises:
            BundleError: a bundle cannot be used.
        """
        encoders = SharedEncoders()
        return [
            cls(name, Suggester.from_bundle(folder, threads=threads, encoders=encoders))
            for name, folder in bundles.items()
        ]

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
