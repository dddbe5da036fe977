"""What the commands have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from serving.settings import Settings

WRONG_USE = 2

DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="Where all is kept. [default: that of REPLIEK_DATABASE_URL]"),
]
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


def at(moment: datetime | None) -> str:
    """Return a moment for people, to the minute."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else ""
