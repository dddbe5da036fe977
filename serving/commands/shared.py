"""What the commands have in common: settings, the store, and options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from serving.settings import Settings
from serving.store.database import Database, opened

WRONG_USE = 2

DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="Where all is kept. [default: that of REPLIEK_DATABASE_URL]"),
]
Brand = Annotated[str | None, typer.Option(help="Name of the brand. [default: the server's first]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print it for machines.")]


def settings_of(**given: Any) -> Settings:
    """Return the settings: what was given, and the REPLIEK_... variables for what is `None`.

    Raises:
        typer.Exit: a setting cannot be used; stderr says which.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except SettingsError as error:
        typer.echo(f"{error}; see the table of settings in README.md", err=True)
    except ValidationError as error:
        for problem in error.errors():
            typer.echo(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}, not {problem['input']!r}", err=True)
    raise typer.Exit(WRONG_USE)


@contextmanager
def store_of(settings: Settings) -> Iterator[Database]:
    """Give the store, ready for use, and name it on stderr: an empty one may be another than was meant.

    Raises:
        StoreError: it cannot be reached, written or migrated.
    """
    with opened(settings.database_url) as (database, _):
        typer.echo(f"Database {database.name}.", err=True)
        yield database


def brand_of(settings: Settings, brand: str | None) -> str:
    """Return the brand that was named, or else the first.

    Raises:
        typer.BadParameter: the server does not serve it.
    """
    if brand is None:
        return next(iter(settings.bundles))
    if brand not in settings.bundles:
        raise typer.BadParameter(
            f"no brand {brand!r} is served; expected one of {', '.join(settings.bundles)}", param_hint="--brand"
        )
    return brand


def at(moment: datetime | None) -> str:
    """Return a moment for people, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else ""
