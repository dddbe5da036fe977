"""How the store is reached: SQLite in one file, or PostgreSQL; the rest of the store does not know which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from repliek.errors import RepliekError
from serving.store.tables import Table

MIGRATIONS = Path(__file__).parent / "migrations"

CONNECTIONS = 10
"""Connections of one worker at most."""

WAIT_SECONDS = 5
"""How long to wait for a lock, a connection or a statement before the store counts as unavailable."""

_BEGINS = "repliek_begins"
_MIGRATING = 7_261_533  # the number of a PostgreSQL advisory lock, any will do
_NO_MODULE, _PASSWORD = re.compile(r"postgres(?:ql)?(?=:)"), re.compile(r"://[^@/]*@")


class StoreError(RepliekError):
    """The store cannot be used as it was asked to; says what to do."""


class StoreDownError(StoreError):
    """The store does not answer now, but may later."""


@dataclass(frozen=True, slots=True)
class Migration:
    """What was done to the tables.

    Attributes:
        before: the form that they had; `None` where there were none.
        after: the form that they have.
    """

    before: str | None
    after: str


class Database:
    """A database with the tables of the store. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{_BEGINS: "BEGIN IMMEDIATE"})

    @classmethod
    def from_url(cls, url: str) -> Database:
        """Prepare to reach the database at `url`; nothing is opened yet, but for the folder of a SQLite file.

        Raises:
            StoreError: the URL is none, or not of SQLite or PostgreSQL.
        """
        found = _parsed(url)
        return cls(_sqlite_engine(found) if found.get_backend_name() == "sqlite" else _postgres_engine(found))

    @property
    def name(self) -> str:
        """The database's URL, without its password."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session to read in.

        Raises:
            StoreDownError: the database does not answer, now or during the block.
        """
        with self._session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that commits at the end of the block, or undoes all of it when the block raises.

        A commit is on the disk when the block is left, whatever happens to the process or the machine then.

        Raises:
            StoreDownError: the database does not answer, or is locked; nothing of the block is kept, unless the
                answer to the commit itself was lost.
        """
        with self._session(self._writer) as session:
            yield session
            session.commit()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        try:
            with Session(engine, expire_on_commit=False) as session:
                yield session
        except PoolTimeout:
            raise StoreDownError(f"{self.name}: every connection is in use") from None
        except DBAPIError as error:
            if _is_away(error):
                raise StoreDownError(f"{self.name}: {_cause(error)}") from None
            raise

    def empty_log(self) -> bool:
        """Empty the file beside a SQLite file in which what was deleted still stands, and return whether that was done.

        It cannot be where somebody reads for longer than `WAIT_SECONDS`. PostgreSQL keeps its log by its own rules.

        Raises:
            StoreDownError: the database does not answer.
        """
        if self._engine.dialect.name != "sqlite":
            return True
        with self._session(self._engine.execution_options(**{_BEGINS: None})) as session:
            busy, *_ = session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
        return not busy

    def migrate(self) -> Migration:
        """Bring the tables to the form that this version of Repliek knows; at once where they are in it.

        A migration is done wholly or not at all. Others who start at the same time wait for it.

        Raises:
            StoreError: the database cannot be reached, written or migrated, or is of a newer version.
        """
        try:
            with self._writer.connect() as connection, connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})
                return self._upgrade(connection)
        except StoreError:
            raise
        except DBAPIError as error:
            cause = _cause(error)
            raise StoreError(f"{self.name}: {_what_helps(cause) or _not_migrated(cause)}") from None
        except CommandError as error:
            raise StoreError(f"{self.name}: {_not_migrated(str(error))}") from None
        except Exception as error:  # a migration is code: it may raise anything
            raise StoreError(f"{self.name}: {_not_migrated(f'{type(error).__name__}: {error}')}") from None

    def _upgrade(self, connection: Connection) -> Migration:
        settings = Config()
        settings.set_main_option("script_location", str(MIGRATIONS))
        settings.attributes["connection"] = connection
        scripts = ScriptDirectory.from_config(settings)
        known = {script.revision for script in scripts.walk_revisions()}
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and found not in known:
            raise StoreError(
                f"{self.name}: made by a newer version of Repliek (its tables have the unknown form {found!r}); "
                "update Repliek, or name another database; nothing was changed"
            )
        command.upgrade(settings, "head")
        return Migration(found, str(scripts.get_current_head()))

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()


@contextmanager
def opened(url: str) -> Iterator[tuple[Database, Migration]]:
    """Give the database at `url`, and what it took to bring its tables up to date; let go of it after the block.

    Raises:
        StoreError: it cannot be reached, written or migrated, or is of a newer version.
    """
    database = Database.from_url(url)
    try:
        yield database, database.migrate()
    finally:
        database.close()


def insert_new(session: Session, table: type[Table], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows, but for those that the table's keys and unique indexes say are there; return how many were new."""
    if not rows:
        return 0
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    # The table itself, not its class: that takes half the time, and suggestions wait for it.
    statement = dialect.insert(table.__table__).on_conflict_do_nothing()
    return session.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount


def _parsed(url: str) -> URL:
    try:
        found = make_url(_NO_MODULE.sub("postgresql+psycopg", url, count=1))
    except (ArgumentError, ValueError):
        raise StoreError(_not_a_url(url)) from None
    if found.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise StoreError(_not_a_url(url))
    if found.drivername == "sqlite" and found.database in {None, "", ":memory:"}:
        raise StoreError("the database's URL names no file; expected sqlite:///FOLDER/FILE.db")
    return found


def _not_a_url(url: str) -> str:
    return (
        f"{_PASSWORD.sub('://***@', url)!r} is no database's URL; "
        "expected sqlite:///FILE.db or postgresql://USER:PASSWORD@HOST/DATABASE"
    )


def _sqlite_engine(url: URL) -> Engine:
    file = Path(str(url.database))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{file.parent}: this folder for the database cannot be made ({error.strerror})") from None
    engine = create_engine(
        url, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=WAIT_SECONDS, connect_args={"timeout": WAIT_SECONDS}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  (the module would begin transactions by itself)
    cursor = connection.cursor()
    # Readers do not wait for the writer; a commit is on the disk before it is acknowledged. What is deleted is
    # overwritten: always, since a page that was divided before would keep copies of what is deleted from it later.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the lock at once in order to write: one that is taken half-way fails where another waits for it too."""
    begins = connection.get_execution_options().get(_BEGINS, "BEGIN")
    if begins:
        connection.exec_driver_sql(begins)


def _postgres_engine(url: URL) -> Engine:
    limit = 1_000 * WAIT_SECONDS
    return create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True,  # a connection from before a restart of the database is replaced unseen
        connect_args={
            "connect_timeout": WAIT_SECONDS,
            "options": f"-c statement_timeout={limit} -c lock_timeout={limit} -c timezone=UTC",
        },
    )


_AWAY = ("locked", "busy", "disk", "readonly", "unable to open", "not a database", "malformed")


def _is_away(error: DBAPIError) -> bool:
    """Whether the database could not do what was asked, rather than that something wrong was asked of it."""
    if error.connection_invalidated or isinstance(error.orig, ConnectionError):
        return True
    if type(error.orig).__module__.startswith("sqlite3"):
        return any(word in str(error.orig) for word in _AWAY)
    state = getattr(error.orig, "sqlstate", None)
    # Without a state no server answered. 08: connection; 53: out of room; 55: locked; 57: shut down or timed out.
    return state is None or state[:2] in {"08", "53", "55", "57"}


def _cause(error: DBAPIError) -> str:
    """Return the database's own words on one line, without the statement and its values: these may be a customer's."""
    return " ".join(_PASSWORD.sub("://***@", str(error.orig)).split())


def _not_migrated(cause: str) -> str:
    return f"the tables cannot be migrated ({' '.join(cause.split())}); nothing was changed"


def _what_helps(cause: str) -> str | None:
    advice = {
        "locked": "another process holds it: end that one, or wait",
        "readonly": "make the file and its folder writable",
        "full": "make room on the disk",
        "disk I/O": "see whether the disk is full or broken",
        "not a database": "it is another kind of file, or damaged: name another file, or put a backup back",
        "unable to open": "look whether the folder exists and can be written",
        "password": "look after user and password in the URL",
        "does not exist": "make it first, or look after the name in the URL",
        "connect": "see whether the server runs and can be reached",
        "resolve": "look after the host in the URL",
    }
    return next((f"{cause}; {told}" for word, told in advice.items() if word in cause), None)
