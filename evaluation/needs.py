"""Which messages of a history a human would have had to decide on: what the signals catch, and what they cost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from evaluation.options import AsJson, Columns
from repliek.conversation import MAX_MESSAGE_CHARS, Channel, Conversation
from repliek.files import write_whole
from repliek.history import Exchange
from repliek.needs import Need, Needs
from repliek.records import read_records
from repliek.signals import SIGNALS
from repliek.terminal import renaming


def needs(
    history: Annotated[Path, typer.Option(help="Messages to read: .jsonl, .csv or .parquet.")],
    out: Annotated[
        Path | None, typer.Option(help="JSONL to write: each message with a need, to be judged by reading.")
    ] = None,
    columns: Columns = "",
    as_json: AsJson = False,
) -> None:
    """Count for each need how many messages show it; no bundle is asked for."""
    from rich.console import Console
    from rich.table import Table

    exchanges = read_records(history, Exchange, rename=renaming(columns), unique="exchange_id").records
    found = dict(needy(exchanges))
    if out:
        lines = (
            json.dumps({"exchange_id": one.exchange_id, "needs": found[one.exchange_id], "message": one.message})
            for one in exchanges
            if one.exchange_id in found
        )
        write_whole(out, "".join(f"{line}\n" for line in lines).encode())
    counts = {need: sum(need in shown for shown in found.values()) for need in Need}
    silent = sum(any(need.silences for need in shown) for shown in found.values())
    if as_json:
        typer.echo(json.dumps({"n": len(exchanges), "needs": counts, "silent": silent}, indent=2))
        return
    table = Table("need", "messages", title=f"{len(exchanges):,} messages, {len(found):,} with a need")
    for need, count in counts.items():
        table.add_row(need, f"{count:,}")
    table.caption = f"{silent:,} get no written answer for it"
    Console().print(table)


def needy(exchanges: Sequence[Exchange]) -> Iterator[tuple[str, tuple[Need, ...]]]:
    """Yield the id of each exchange that a human must decide on, and why."""
    signals = Needs(SIGNALS)
    for exchange in exchanges:
        message = exchange.message[:MAX_MESSAGE_CHARS]
        shown = signals.read(Conversation(message, exchange.channel or Channel.CHAT, exchange.turns))
        if shown:
            yield exchange.exchange_id, shown
