"""What the commands share: settings, the store, and options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from serving.settings import Settings
    from serving.store.database import Database

WRONG_USE = 2

Brand = Annotated[str | None, typer.Option(help="Name of the brand. [default: the server's first]")]
Json = Annotated[bool, typer.Option("--json", help="Print the figures for machines.")]


def settings_from(**given: Any) -> Settings:
    """Return the settings, those that are given before those of the environment; wrong ones end the command."""
    from pydantic import ValidationError

    from serving.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        for problem in error.errors():
            typer.echo(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}, not {problem['input']!r}", err=True)
        raise typer.Exit(WRONG_USE) from None


@contextmanager
def store_of(settings: Settings) -> Iterator[Database]:
    """Give the store, ready for use, and name it on stderr: an empty one may be another than was meant.

    Raises:
        StoreError: it cannot be reached, written or migrated.
    """
    from serving.store.database import Database

    database = Database.from_url(settings.database_url)
    typer.echo(f"Database {database.name}.", err=True)
    try:
        database.migrate()
        yield database
    finally:
        database.close()


def brand_of(settings: Settings, brand: str | None) -> str:
    """Return the brand that was named, or else the first; one that the server does not serve ends the command."""
    if brand is None:
        return next(iter(settings.bundles))
    if brand not in settings.bundles:
        raise typer.BadParameter(
            f"no brand {brand!r} is served; expected one of {', '.join(settings.bundles)}", param_hint="--brand"
        )
    return brand
