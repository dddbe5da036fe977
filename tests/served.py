"""The public application over a suggester and a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from repliek.suggester import Suggester
from serving.app import create_app
from serving.desk import Desk
from serving.services import Services
from serving.settings import DEFAULT_BRAND, Settings
from serving.store.database import Database


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'repliek.db'}"


def migrated(url: str) -> str:
    """`url`, once its tables are there."""
    database = Database.from_url(url)
    database.migrate()
    database.close()
    return url


@contextmanager
def served(settings: Settings, *desks: Desk) -> Iterator[FastAPI]:
    """The application for some brands, as long as the block lasts; the settings name its database."""
    migrated(settings.database_url)
    services = Services.of(settings, desks)
    services.start()
    try:
        yield create_app(services)
    finally:
        services.stop()


@contextmanager
def served_alone(suggester: Suggester, folder: Path, **settings: object) -> Iterator[FastAPI]:
    """The application for one brand, open to everybody, with its store in `folder`."""
    url = {"database_url": sqlite_url(folder)}
    with served(Settings(**(url | settings)), Desk(DEFAULT_BRAND, suggester)) as app:  # type: ignore[arg-type]
        yield app
