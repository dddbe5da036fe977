"""`erase` and `erasures`: a customer's data goes, and a receipt stays."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.shared import AsJson, Brand, brand_of, settings_of, store_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repliek.erasure import ErasedCounts, Erasure


def erase(
    customer: Annotated[str, typer.Option(metavar="ID", help="What your helpdesk calls the customer: `customer.id`.")],
    brand: Brand = None,
    receipt: Annotated[
        Path | None, typer.Option(help="File to which the receipt is added, .jsonl: `training fit --erased` reads it.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be removed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove everything that the store holds of a customer, at once."""
    from serving.store import erasures
    from serving.store.erasures import Customer

    if receipt:
        _check_ending(receipt, "--receipt")
    settings = settings_of()
    whose = Customer(brand_of(settings, brand), customer.strip())
    with store_of(settings) as database:
        if dry_run:
            with database.reading() as session:
                held = erasures.held(session, whose)
            _print_counts(held, as_json=as_json)
            return
        if receipt:
            _receipts_in(receipt)  # before anything is removed: afterwards it would be too late to find it damaged
        with database.writing() as session:
            done = erasures.erase(session, whose, datetime.now(UTC))
        if done and receipt:
            _write(receipt, (*_receipts_in(receipt), done))
        _print_receipt(done, as_json=as_json)
        emptied = database.empty_log()
    if not emptied:
        typer.echo(
            "The words may still stand in SQLite's log, which somebody is reading; run the same command again.",
            err=True,
        )
        raise typer.Exit(1)


def erasures(
    out: Annotated[Path, typer.Option(help="File for the receipts, .jsonl; one that is there is replaced.")],
    brand: Brand = None,
    as_json: AsJson = False,
) -> None:
    """Write the receipts of every erasure, for `training fit --erased`."""
    from serving.store import erasures

    _check_ending(out, "--out")
    settings = settings_of()
    with store_of(settings) as database, database.reading() as session:
        found = erasures.every(session, brand_of(settings, brand))
    _write(out, found)
    exchanges = sum(len(one.exchange_ids) for one in found)
    if as_json:
        typer.echo(json.dumps({"erasures": len(found), "exchanges": exchanges}))
    else:
        typer.echo(f"{len(found):,} erasures of {exchanges:,} exchanges: {out}")


def _check_ending(file: Path, option: str) -> None:
    if file.suffix != ".jsonl":
        raise typer.BadParameter(f"{file}; expected a file that ends in .jsonl", param_hint=option)


def _receipts_in(file: Path) -> tuple[Erasure, ...]:
    from repliek.erasure import read_erasures

    return read_erasures(file) if file.exists() else ()


def _write(file: Path, receipts: Iterable[Erasure]) -> None:
    from repliek.erasure import write_erasures
    from repliek.errors import RepliekError

    try:
        write_erasures(file, receipts)
    except OSError as error:
        raise RepliekError(
            f"{file} cannot be written ({error.strerror}); `python -m serving erasures` writes the receipts again"
        ) from None


def _print_receipt(done: Erasure | None, *, as_json: bool) -> None:
    from repliek.erasure import as_json as json_of

    if as_json:
        typer.echo(json_of(done) if done else "null")
    elif done is None:
        typer.echo("Nothing of this customer is stored. `python -m serving erasures` writes the receipts of before.")
    else:
        typer.echo(f"Erased on {done.when.isoformat()}, receipt {done.erasure_id}, brand {done.brand}:")
        _print_counts(done.counts, as_json=False)
        typer.echo("What an exported history, or a bundle made of one, may still hold until the next training:")
        for exchange_id in done.exchange_ids:
            typer.echo(f"  {exchange_id}")


def _print_counts(counts: ErasedCounts, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(counts)))
        return
    for name, count in asdict(counts).items():
        typer.echo(f"{count:>7,} {name.replace('_', ' ')}")
