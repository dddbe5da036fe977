"""Options that several commands of the evaluation share."""

from __future__ import annotations

from typing import Annotated

import typer

Columns = Annotated[
    str,
    typer.Option("--map", metavar="OURS=THEIRS,...", help="Other names of columns: message=question,reply=answer."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at the first line that cannot be used.")]
Seed = Annotated[int, typer.Option(help="Of everything that is drawn.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures for machines.")]
