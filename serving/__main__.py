"""`python -m serving`: the server, its keys, deliveries and database, what it keeps of people, its OpenAPI document."""

from __future__ import annotations

import typer

from repliek import terminal
from serving.commands import customers, deliveries, history, keeping, keys
from serving.commands.migrate import migrate
from serving.commands.openapi import openapi
from serving.commands.run import run

app = typer.Typer(help="Repliek over HTTP.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(run)
app.command()(migrate)
app.add_typer(keys.commands, name="keys")
app.command(name="export")(history.export)
app.command(name="erase")(customers.erase)
app.command(name="erasures")(customers.erasures)
app.command(name="purge")(keeping.purge)
app.add_typer(deliveries.commands, name="deliveries")
app.command()(openapi)

if __name__ == "__main__":
    terminal.run(app, "python -m serving")
