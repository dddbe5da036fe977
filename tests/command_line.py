"""Run a command line of Repliek inside the test's own process, as `python -m` would."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest.mock import patch

import typer

from repliek.terminal import run


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it printed."""

    code: object
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        """What stands on stderr, as one line, without the box that typer draws around wrong use."""
        return " ".join(self.stderr.translate(dict.fromkeys(map(ord, "│╭╮╰╯─"), " ")).split())


def command(app: typer.Typer, *arguments: object, stdin: str = "") -> Ended:
    """Run `app` with `arguments`; an exception that is no error of Repliek's goes on to the test."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["repliek", *map(str, arguments)]),
        patch.object(sys, "stdin", io.StringIO(stdin)),
        patch.dict("os.environ", {"TERMINAL_WIDTH": "200", "COLUMNS": "200"}),
        redirect_stdout(stdout),
        redirect_stderr(stderr),
    ):
        try:
            run(app, "repliek")
        except SystemExit as ended:
            return Ended(ended.code or 0, stdout.getvalue(), stderr.getvalue())
    return Ended(0, stdout.getvalue(), stderr.getvalue())
