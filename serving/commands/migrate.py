"""`python -m serving migrate`."""

from __future__ import annotations

import typer

from serving.commands.shared import DatabaseUrl, settings_of
from serving.store.database import opened


def migrate(database: DatabaseUrl = None) -> None:
    """Bring the tables of the database up to date, as every start of the server does, and say what was done."""
    with opened(settings_of(database_url=database).database_url) as (store, migration):
        if migration.before is None:
            done = f"the tables were made, in form {migration.after}"
        elif migration.before == migration.after:
            done = f"the tables are up to date, in form {migration.after}; nothing was changed"
        else:
            done = f"the tables were brought from form {migration.before} to {migration.after}"
        typer.echo(f"{store.name}: {done}.")
