"""The keys of this server, in memory, so that no request waits for the store to be let in."""

from __future__ import annotations

from datetime import UTC, datetime

from serving.store import keys
from serving.store.database import Database
from serving.store.keys import Key


class KeyRing:
    """Every key that was made, by its hash."""

    def __init__(self, *, may_be_open: bool) -> None:
        """Args: may_be_open: whether everybody is let in as long as no key was ever made."""
        self._may_be_open = may_be_open
        self._by_hash: dict[str, Key] | None = None

    def refresh(self, database: Database) -> bool:
        """Take over the keys as they stand in the store now; return `False`: none is left.

        Raises:
            StoreDownError: the store does not answer; the keys stay what they were.
        """
        with database.reading() as session:
            self._by_hash = {secret_hash: key for key, secret_hash in keys.every(session)}
        return False

    @property
    def is_known(self) -> bool:
        """Whether the keys were read at all: a worker may start while the store does not answer."""
        return self._by_hash is not None

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in. A server that once had a key stays closed when its last key is revoked."""
        return self._may_be_open and self._by_hash == {}

    def find(self, text: str) -> Key | None:
        """Return what is known of a key that opens something now."""
        key = (self._by_hash or {}).get(keys.hash_of(text))
        return key if key and key.is_good(datetime.now(UTC)) else None
