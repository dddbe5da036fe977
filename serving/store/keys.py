"""API keys: made once, shown once, kept as a hash, revoked at any time."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from serving.store import revisions
from serving.store.database import StoreError
from serving.store.tables import KeyRow

PREFIX = "rpk_"
"""Begins every key, so that scanners of source code find one that was left there."""

_SECRET_BYTES = 32


class Scope(StrEnum):
    """What a key allows; the value travels in JSON."""

    SUGGEST = "suggest"
    FEEDBACK = "feedback"
    ANSWERS_WRITE = "answers:write"
    INSIGHTS = "insights"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of an API key; not the key itself.

    Attributes:
        key_id: by which it is revoked.
        brand: whose data it opens.
        name: what it is for, as its owner calls it.
        scopes: what it allows.
        created_at: when it was made.
        expires_at: when it ends by itself, if it does.
        revoked_at: when it was revoked, if it was.
    """

    key_id: str
    brand: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether the key opens anything at the moment `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def allows(self, scope: Scope) -> bool:
        """Whether the key has a scope; `admin` has them all."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


def hash_of(key: str) -> str:
    """Return what is kept of a key: a key is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()


def create(
    session: Session, brand: str, name: str, scopes: Iterable[Scope], expires_at: datetime | None = None
) -> tuple[Key, str]:
    """Make a key, and return what is known of it with the key itself, which is nowhere kept."""
    text = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    key = Key(uuid.uuid4().hex[:12], brand, name, frozenset(scopes), datetime.now(UTC), expires_at)
    session.add(
        KeyRow(
            key_id=key.key_id,
            brand=brand,
            name=name,
            scopes=sorted(key.scopes),
            secret_hash=hash_of(text),
            created_at=key.created_at,
            expires_at=expires_at,
        )
    )
    revisions.advance(session, revisions.KEYS)
    return key, text


def revoke(session: Session, key_id: str) -> Key:
    """Revoke a key at once; one that was revoked before stays as it is.

    Raises:
        StoreError: there is no such key.
    """
    row = _row(session, key_id)
    row.revoked_at = row.revoked_at or datetime.now(UTC)
    revisions.advance(session, revisions.KEYS)
    return _key(row)


def rotate(session: Session, key_id: str, grace: timedelta, expires_at: datetime | None = None) -> tuple[Key, Key, str]:
    """Make a new key of the same brand, name and scopes; return the old key, the new one, and the new key itself.

    The old one ends after `grace`, unless it would have ended sooner.

    Raises:
        StoreError: there is no such key, or it opens nothing any more.
    """
    row, now = _row(session, key_id), datetime.now(UTC)
    if not _key(row).is_good(now):
        raise StoreError(f"key {key_id!r} was revoked or has expired; make one with `python -m serving keys create`")
    row.expires_at = min(now + grace, row.expires_at or now + grace)
    scopes = [Scope(scope) for scope in row.scopes]
    return _key(row), *create(session, row.brand, row.name, scopes, expires_at)


def every(session: Session) -> Sequence[tuple[Key, str]]:
    """Return every key that was ever made, oldest first, with its hash."""
    rows = session.scalars(select(KeyRow).order_by(KeyRow.created_at, KeyRow.key_id))
    return [(_key(row), row.secret_hash) for row in rows]


def _row(session: Session, key_id: str) -> KeyRow:
    row = session.get(KeyRow, key_id, with_for_update=True)
    if row is None:
        raise StoreError(f"there is no key {key_id!r}; `python -m serving keys list` shows them")
    return row


def _key(row: KeyRow) -> Key:
    scopes = frozenset(Scope(scope) for scope in row.scopes)
    return Key(row.key_id, row.brand, row.name, scopes, row.created_at, row.expires_at, row.revoked_at)
