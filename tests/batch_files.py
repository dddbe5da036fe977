"""Inputs of batch jobs, and ways to run one, whole or broken off."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from datetime import date
from itertools import cycle, islice
from pathlib import Path

import pytest

from evaluation.batch.blocks import Outcome, Source
from evaluation.batch.engines import LocalEngine, Work
from evaluation.batch.job import BatchRequest, run_batch
from evaluation.batch.journal import Journal
from evaluation.cli import app
from tests.command_line import Ended, command
from tests.fixture_bundle import MESSAGES

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 11, 20)


def rows(count: int) -> list[dict[str, object]]:
    """Messages of every kind, by turns."""
    kinds = islice(cycle(astuple(MESSAGES)), count)
    return [{"id": f"m{number}", "message": f"{message} {number}"} for number, message in enumerate(kinds)]


def write_jsonl(path: Path, found: Iterable[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), encoding="utf-8")
    return path


def read_jsonl(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def arguments(bundle: Path, source: Path, output: Path, *more: object) -> list[str]:
    given = ("--bundle", bundle, "--input", source, "--output", output, "--day", DAY, "--workers", 1, *more)
    return ["suggest", *map(str, given)]


def suggest(bundle: Path, source: Path, output: Path, *more: object) -> Ended:
    """Run `python -m evaluation suggest` in this process."""
    return command(app, *arguments(bundle, source, output, *more))


def start(bundle: Path, source: Path, output: Path, *more: object) -> subprocess.Popen[str]:
    """Start the same as a process of its own."""
    command = [sys.executable, "-m", "evaluation", *arguments(bundle, source, output, *more)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class _BreaksOff:
    """Computes as many blocks as it is told, and is then interrupted."""

    def __init__(self, blocks: int) -> None:
        self._blocks = blocks

    def outcomes(self, work: Work) -> Iterator[Outcome]:
        yield from islice(LocalEngine(1).outcomes(work), self._blocks)
        raise KeyboardInterrupt


def break_off(bundle: Path, source: Path, output: Path, blocks: int) -> None:
    """Leave the job that `suggest` does unfinished after so many blocks."""
    request = BatchRequest(bundle, Source(source, {}), output, k=3, day=DAY, strict=False, restart=False)
    with pytest.raises(KeyboardInterrupt):
        run_batch(request, _BreaksOff(blocks), lambda *_: None)


def rows_done(output: Path) -> int:
    """How many rows of an unfinished output are done."""
    journal = Journal.read(output)
    return journal.tally.rows if journal else 0
