"""What the command lines of Repliek share: plain errors, steps with their time, renamed columns."""

from __future__ import annotations

import sys
import time

import typer

from repliek.errors import RepliekError


class Steps:
    """Says what is happening, and how long it took to get there, on stderr, so that stdout stays for results."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    def __call__(self, line: str) -> None:
        typer.echo(f"[{time.perf_counter() - self._started:6.1f} s] {line}", err=True)


def run(app: typer.Typer, name: str) -> None:
    """Run a command line called `name`; an error of Repliek is one line on stderr and exit code 1."""
    try:
        app(prog_name=name)
    except RepliekError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(1)


def renaming(columns: str) -> dict[str, str]:
    """Read `ours=theirs,...` as our name for theirs.

    Raises:
        typer.BadParameter: the text is not of that form.
    """
    pairs = [part.partition("=") for part in columns.split(",") if part.strip()]
    for ours, equals, theirs in pairs:
        if not (ours.strip() and equals and theirs.strip()):
            raise typer.BadParameter(
                f"{ours + equals + theirs!r}; expected ours=theirs, such as message=question", param_hint="--map"
            )
    return {theirs.strip(): ours.strip() for ours, _, theirs in pairs}
