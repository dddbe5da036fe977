"""`python -m serving keys`: API keys, made, shown, revoked and replaced; a running server follows within a second."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from repliek.wire.fields import AgentId
from serving.commands.shared import AsJson, DatabaseUrl, at, settings_of
from serving.settings import BrandName
from serving.store import keys
from serving.store.database import opened
from serving.store.keys import Key, Scope

commands = typer.Typer(help="API keys: who may ask what, for which brand.", no_args_is_help=True)

KeyId = Annotated[str, typer.Argument(metavar="ID", help="Of the key, as `keys list` shows it.")]
ExpiresInDays = Annotated[
    int | None, typer.Option(min=1, max=3_650, help="After how many days it ends by itself. [default: never]")
]


def _named(name: str) -> str:
    try:
        return TypeAdapter(AgentId).validate_python(name)
    except ValidationError:
        raise typer.BadParameter("expected 1 to 100 characters on one line") from None


def _brand(brand: str | None) -> str | None:
    try:
        return TypeAdapter(BrandName | None).validate_python(brand)
    except ValidationError:
        raise typer.BadParameter("expected small letters, digits, - and _, at most 63") from None


@commands.command()
def create(
    name: Annotated[str, typer.Option(callback=_named, help="What the key is for, such as the helpdesk's name.")],
    scopes: Annotated[
        list[Scope], typer.Option("--scope", help="What it allows; once for each. `admin` allows everything.")
    ],
    brand: Annotated[
        str | None, typer.Option(callback=_brand, help="Whose data it opens. [default: the server's first brand]")
    ] = None,
    expires_in_days: ExpiresInDays = None,
    as_json: AsJson = False,
    database: DatabaseUrl = None,
) -> None:
    """Make a key and print it, alone on stdout: this once, for only its hash is kept."""
    settings = settings_of(database_url=database)
    brand = brand or next(iter(settings.bundles))
    if brand not in settings.bundles:
        served = ", ".join(settings.bundles)
        typer.echo(f"warning: the settings name no bundle for brand {brand}, only for {served}", err=True)
    with opened(settings.database_url) as (store, _), store.writing() as session:
        made = keys.create(session, brand, name, scopes, _in(expires_in_days))
    _hand_over(*made, as_json=as_json)


@commands.command(name="list")
def show(as_json: AsJson = False, database: DatabaseUrl = None) -> None:
    """Show every key that was ever made, oldest first; not the keys themselves, which nobody has kept."""
    with opened(settings_of(database_url=database).database_url) as (store, _), store.reading() as session:
        found = [key for key, _ in keys.every(session)]
    if as_json:
        typer.echo(json.dumps([_plain(key) for key in found], indent=2, ensure_ascii=False))
    else:
        Console(width=None if sys.stdout.isatty() else 200).print(_table(found))


@commands.command()
def revoke(key_id: KeyId, database: DatabaseUrl = None) -> None:
    """Revoke a key: running servers refuse it within a second."""
    with opened(settings_of(database_url=database).database_url) as (store, _), store.writing() as session:
        revoked = keys.revoke(session, key_id)
    typer.echo(f"{_called(revoked)} is revoked.", err=True)


@commands.command()
def rotate(
    key_id: KeyId,
    grace_hours: Annotated[
        float, typer.Option(min=0, max=8_760, help="For how many hours the old key stays good beside the new one.")
    ] = 24,
    expires_in_days: ExpiresInDays = None,
    as_json: AsJson = False,
    database: DatabaseUrl = None,
) -> None:
    """Make a new key of the same brand, name and scopes, print it, and let the old one end."""
    with opened(settings_of(database_url=database).database_url) as (store, _), store.writing() as session:
        old, new, text = keys.rotate(session, key_id, timedelta(hours=grace_hours), _in(expires_in_days))
    _hand_over(new, text, as_json=as_json)
    typer.echo(f"{_called(old)} ends at {at(old.expires_at)}.", err=True)


def _in(days: int | None) -> datetime | None:
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


def _hand_over(key: Key, text: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(_plain(key) | {"key": text}, indent=2, ensure_ascii=False) if as_json else text)
    end = f"until {at(key.expires_at)}" if key.expires_at else "until it is revoked"
    typer.echo(f"{_called(key)} allows {_scopes(key)} for brand {key.brand}, {end}.", err=True)
    typer.echo("Keep it now: it is shown this once. Callers send it as `Authorization: Bearer KEY`.", err=True)


def _plain(key: Key) -> dict[str, Any]:
    moments = {name: moment and moment.isoformat() for name, moment in asdict(key).items() if name.endswith("_at")}
    return asdict(key) | {"scopes": sorted(key.scopes)} | moments


def _table(found: Sequence[Key]) -> Table:
    table = Table("ID", "brand", "name", "scopes", "made", "expires", "revoked")
    for key in found:
        moments = (key.created_at, key.expires_at, key.revoked_at)
        table.add_row(key.key_id, key.brand, escape(key.name), _scopes(key), *map(at, moments))
    return table


def _called(key: Key) -> str:
    return f"Key {key.key_id} ({key.name})"


def _scopes(key: Key) -> str:
    return ", ".join(sorted(key.scopes))
