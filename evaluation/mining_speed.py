"""How long mining takes and how much memory: given replies, repeated as agents repeat them, as many as are wanted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from evaluation.options import AsJson, Columns
from repliek.errors import DataError, RepliekError
from repliek.history import Exchange
from repliek.records import read_records, write_jsonl
from repliek.terminal import renaming

NAMES = ("Anna", "Bram", "Chantal", "Dirk", "Emma", "Fatima", "Gijs", "Hanna", "Ivo", "Julia", "Karim", "Lotte")
INITIALS = ("EK", "LV", "MB", "SJ", "TD")

ENCODER = "default"

_DIGITS = re.compile(r"\d+")
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class MiningFigures:
    """What was measured.

    Attributes:
        replies: that were mined.
        distinct: of them before names and numbers were varied.
        answers: that were found.
        wall_s: from start to end of the process, reading and encoding included.
        user_s: seconds of processor time, over all threads.
        peak_mb: most memory that the process held, in MiB.
    """

    replies: int
    distinct: int
    answers: int
    wall_s: float
    user_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class _Ended:
    """A process that ended well: what it printed, and what it used."""

    stdout: str
    wall_s: float
    user_s: float
    peak_mb: float


def _training(*arguments: str, environment: Mapping[str, str]) -> _Ended:
    """Run `python -m training` and wait for it."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen([sys.executable, "-m", "training", *arguments], stdout=printed, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RepliekError(f"mining ended with exit code {process.returncode}; its own message stands above")
        printed.seek(0)
        wall_s = time.perf_counter() - started
        return _Ended(printed.read(), wall_s, used.ru_utime, used.ru_maxrss / 1024)  # kibibytes, on Linux


def varied(exchanges: Sequence[Exchange], count: int, seed: int) -> Iterator[Exchange]:
    """Yield `count` exchanges whose replies repeat those of `exchanges` with other names, numbers and initials.

    Each reply comes about equally often; digits become other digits, so that amounts, dates and codes differ.
    """
    random = np.random.default_rng(seed)
    for number in range(count):
        exchange = exchanges[number % len(exchanges)]
        reply = _DIGITS.sub(lambda run: "".join(map(str, random.integers(0, 10, len(run[0])))), exchange.reply or "")
        name, initials = NAMES[random.integers(len(NAMES))], INITIALS[random.integers(len(INITIALS))]
        yield replace(
            exchange, exchange_id=f"{number}", reply=f"Hoi {name}, {reply} ^{initials}", answer_id=None, context=()
        )


def measure(exchanges: Sequence[Exchange], count: int, seed: int) -> MiningFigures:
    """Mine `count` varied replies in a process of its own, with no vector encoded before.

    Raises:
        RepliekError: mining failed; it has said why on stderr.
    """
    with tempfile.TemporaryDirectory(prefix="repliek-mining-") as scratch:
        history, out = Path(scratch) / "history.jsonl", Path(scratch) / "answers.jsonl"
        write_jsonl(history, Exchange, varied(exchanges, count, seed))
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        named = _training("encoder", ENCODER, environment=environment)
        options = ("mine", "--history", str(history), "--out", str(out), "--encoder", named.stdout.strip(), "--json")
        ended = _training(*options, environment={**environment, "REPLIEK_CACHE": scratch})
        return MiningFigures(
            replies=count,
            distinct=min(count, len({exchange.reply for exchange in exchanges})),
            answers=json.loads(ended.stdout)["mined"],
            wall_s=round(ended.wall_s, 1),
            user_s=round(ended.user_s, 1),
            peak_mb=round(ended.peak_mb),
        )


def mining_speed(
    history: Annotated[Path, typer.Option(help="Exchanges whose replies are repeated: .jsonl, .csv or .parquet.")],
    replies: Annotated[int, typer.Option(min=10, help="How many replies are mined.")] = 100_000,
    columns: Columns = "",
    seed: Annotated[int, typer.Option(help="Of the names and numbers that are drawn.")] = 13,
    as_json: AsJson = False,
) -> None:
    """Measure time and memory of mining a large history, made of given replies with other names and numbers."""
    read = read_records(history, Exchange, rename=renaming(columns), unique="exchange_id").records
    replied = [exchange for exchange in read if exchange.reply]
    if not replied:
        raise DataError(f"{history}: no exchange has a reply; expected replies to repeat")
    found = measure(replied, replies, seed)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    typer.echo(f"{found.replies:,} replies ({found.distinct:,} distinct), {found.answers:,} answers mined")
    typer.echo(f"{found.wall_s:,.0f} s, of processor time {found.user_s:,.0f} s, memory {found.peak_mb:,.0f} MiB")
