"""`export`: the history of the next training."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.shared import AsJson, Brand, brand_of, settings_of, store_of

if TYPE_CHECKING:
    from serving.teaching import Exported

_DAY = ["%Y-%m-%d"]


def export(
    since: Annotated[
        datetime, typer.Option(formats=_DAY, metavar="DATE", help="First day, in UTC, of what was settled.")
    ],
    out: Annotated[Path, typer.Option(help="File for the history, .jsonl; one that is there is replaced.")],
    until: Annotated[
        datetime | None, typer.Option(formats=_DAY, metavar="DATE", help="Last day, in UTC. [default: today]")
    ] = None,
    brand: Brand = None,
    per_agent: Annotated[
        str | None,
        typer.Option(
            metavar="N|SHARE",
            help="What one agent may teach: exchanges, or a share such as 30%. [default: 50, or 20% if that is more]",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the draw, where an agent has more.")] = 13,
    as_json: AsJson = False,
) -> None:
    """Write what agents accepted, and reviewers approved, as a history for `training fit`."""
    from rich.console import Console
    from rich.progress import track

    from repliek.errors import RepliekError
    from serving.lessons import Lessons
    from serving.shares import Allowance
    from serving.store import decisions
    from serving.store.decisions import Period
    from serving.teaching import Export

    if out.suffix != ".jsonl":
        raise typer.BadParameter(f"{out}; expected a file that ends in .jsonl", param_hint="--out")
    if until and until < since:
        raise typer.BadParameter("lies before --since", param_hint="--until")
    try:
        allowance = Allowance.from_text(per_agent) if per_agent else Allowance()
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--per-agent") from None
    settings = settings_of()
    name = brand_of(settings, brand)
    period = Period(since.date(), until.date() if until else None)
    with store_of(settings) as database:
        with database.writing() as session:
            lessons = Lessons.prepare(session, name, settings.bundles[name])
        with database.reading() as session:
            found = track(
                decisions.settled(session, name, period),
                "export",
                decisions.count(session, name, period),
                console=Console(stderr=True),
            )
            try:
                exported = Export(lessons, seed).write(found, allowance, out)
            except OSError as error:
                raise RepliekError(f"{out} cannot be written ({error.strerror}); choose another --out") from None
    _print(exported, out, as_json=as_json)


def _print(exported: Exported, out: Path, *, as_json: bool) -> None:
    if as_json:
        figures = {
            "exchanges": exported.exchanges,
            "left_out": exported.left_out,
            "per_agent": exported.each,
            "agents_over_share": exported.capped,
        }
        typer.echo(json.dumps(figures))
        return
    typer.echo(f"{exported.exchanges:,} exchanges: {out}")
    for reason, count in sorted(exported.left_out.items()):
        typer.echo(f"{count:>9,} left out: {reason.told}")
    if exported.capped:
        typer.echo(f"Agents with more than {exported.each:,} exchanges, of whose a draw was taken: {exported.capped}")
