"""`python -m serving deliveries`: what helpdesks delivered, and another try for what was given up."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from repliek.wire.deliveries import DeliveryStatus, DeliveryView
from serving.commands.shared import AsJson, DatabaseUrl, at, settings_of, store_of
from serving.helpdesks.adapter import Helpdesk
from serving.store import deliveries
from serving.store.database import StoreError
from serving.store.deliveries import NotDead, Wanted

commands = typer.Typer(help="Messages that helpdesks delivered, and their notes.", no_args_is_help=True)

OfBrand = Annotated[str | None, typer.Option(help="Only those of this brand. [default: of every brand]")]
OfHelpdesk = Annotated[Helpdesk | None, typer.Option(help="Only those of this helpdesk.")]

_VIEWS = TypeAdapter(tuple[DeliveryView, ...])


@commands.command(name="list")
def show(
    status: Annotated[DeliveryStatus | None, typer.Option(help="Only those that have come so far.")] = None,
    helpdesk: OfHelpdesk = None,
    brand: OfBrand = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: AsJson = False,
    database: DatabaseUrl = None,
) -> None:
    """Show deliveries, the latest first, without a word of what was written."""
    wanted = Wanted(brand=brand, helpdesk=helpdesk, status=status)
    with store_of(settings_of(database_url=database)) as store, store.reading() as session:
        found = deliveries.page(session, wanted, None, limit).items
    if as_json:
        typer.echo(json.dumps(_VIEWS.dump_python(found, mode="json"), indent=2, ensure_ascii=False))
    else:
        Console(width=None if sys.stdout.isatty() else 200).print(_table(found))


@commands.command()
def replay(
    delivery_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Of dead deliveries, as `deliveries list` shows them.")
    ] = None,
    all_dead: Annotated[bool, typer.Option("--all-dead", help="Every dead delivery, instead of some.")] = False,
    helpdesk: OfHelpdesk = None,
    brand: OfBrand = None,
    database: DatabaseUrl = None,
) -> None:
    """Try dead deliveries again, from the first attempt: a running server does so within a second."""
    if all_dead == bool(delivery_ids):
        raise typer.BadParameter("expected either the ids of deliveries, or --all-dead")
    if delivery_ids and (helpdesk or brand):
        raise typer.BadParameter("--helpdesk and --brand choose among all that are dead; expected --all-dead with them")
    now, wanted = datetime.now(UTC), Wanted(brand=brand, helpdesk=helpdesk)
    with store_of(settings_of(database_url=database)) as store, store.writing() as session:
        if all_dead:
            count = deliveries.replay_all(session, wanted, now)
        else:
            count = sum(_replayed(session, one, now) for one in dict.fromkeys(delivery_ids or ()))
    typer.echo(f"{count} to be tried again.", err=True)


def _replayed(session: Session, delivery_id: str, now: datetime) -> bool:
    """Have one tried again.

    Raises:
        StoreError: there is no such delivery, or it is not dead; then none of the others is tried either.
    """
    try:
        found = deliveries.replay(session, None, delivery_id, now)
    except NotDead as error:
        raise StoreError(f"delivery {delivery_id!r} is {error.status}, not dead; nothing was changed") from None
    if found is None:
        raise StoreError(f"there is no delivery {delivery_id!r}; `python -m serving deliveries list` shows them")
    return True


def _table(found: Sequence[DeliveryView]) -> Table:
    table = Table("ID", "helpdesk", "status", "attempts", "received", "next attempt", "what went wrong")
    for one in found:
        moments = (at(one.received_at), at(one.next_attempt_at))
        table.add_row(one.delivery_id, one.helpdesk, one.status, str(one.attempts), *moments, escape(one.reason or ""))
    return table
