"""API keys in the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from serving.store import keys, revisions
from serving.store.database import Database, StoreError
from serving.store.keys import PREFIX, Scope
from serving.store.tables import KeyRow


def test_a_key_is_kept_as_its_hash(database: Database) -> None:
    with database.writing() as session:
        key, text = keys.create(session, "default", "helpdesk", [Scope.SUGGEST, Scope.FEEDBACK])
    assert text.startswith(PREFIX)
    assert len(text) > 40
    with database.reading() as session:
        assert keys.every(session) == [(key, keys.hash_of(text))]
        (row,) = session.scalars(select(KeyRow))
        assert text not in str(vars(row))
        assert revisions.current(session) == {revisions.KEYS: 1}


def test_what_a_key_allows(database: Database) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        some, _ = keys.create(session, "default", "some", [Scope.SUGGEST], now + timedelta(hours=1))
        every, _ = keys.create(session, "default", "all", [Scope.ADMIN])
    assert [some.allows(scope) for scope in Scope] == [True, False, False, False, False]
    assert all(every.allows(scope) for scope in Scope)
    assert some.is_good(now)
    assert not some.is_good(now + timedelta(hours=1))


def test_a_revoked_key_stays_revoked(database: Database) -> None:
    with database.writing() as session:
        key, _ = keys.create(session, "default", "old", [Scope.SUGGEST])
    with database.writing() as session:
        first = keys.revoke(session, key.key_id)
    with database.writing() as session:
        assert keys.revoke(session, key.key_id) == first
    assert first.revoked_at is not None
    assert not first.is_good(datetime.now(UTC))
    with database.reading() as session:
        assert revisions.current(session)[revisions.KEYS] == 3


def test_no_such_key(database: Database) -> None:
    with pytest.raises(StoreError, match="there is no key 'abc'"), database.writing() as session:
        keys.revoke(session, "abc")
