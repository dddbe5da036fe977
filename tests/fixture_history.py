"""A small history with its answers, out of the bundled corpus, and an encoder that learns from it in seconds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from threadpoolctl import threadpool_limits

from tests.command_line import Ended, command
from tests.fixture_bundle import write_tiny_encoder
from training.cli import app

CORPUS = Path(__file__).parents[1] / "datasets" / "wadlijn"
INTENTS = (
    "bereavement",
    "esim",
    "handset_return",
    "masts",
    "parental_control",
    "puk_code",
    "recycling",
    "voicemail",
)
LINES = 14
"""Exchanges of each intent; those with a reply first."""

STRAYS = 24
"""Out-of-scope exchanges: enough to learn the scope from."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Files:
    """What `training fit` reads, on disk."""

    history: Path
    answers: Path
    brand: Path
    encoder: Path

    @property
    def arguments(self) -> tuple[object, ...]:
        """All of it, as options."""
        return ("--history", self.history, "--answers", self.answers, "--brand", self.brand, "--encoder", self.encoder)


def history_rows() -> list[Row]:
    """`LINES` exchanges of each of `INTENTS`, and `STRAYS` that are out of scope."""
    rows = _rows(CORPUS / "history.jsonl")
    chosen: list[Row] = []
    for intent in INTENTS:
        own = [row for row in rows if row.get("intent") == intent]
        chosen += sorted(own, key=lambda row: "reply" not in row)[:LINES]
    return chosen + [row for row in rows if row.get("intent") == "out_of_scope"][:STRAYS]


def later_rows(each: int = 16) -> list[Row]:
    """`each` exchanges of each of `INTENTS`, and as many that are out of scope; none of `history_rows`."""
    rows = _rows(CORPUS / "history.jsonl")
    ids = {row["exchange_id"] for row in history_rows()}
    others = [row for row in rows if row["exchange_id"] not in ids]
    return [
        row
        for intent in (*INTENTS, "out_of_scope")
        for row in [one for one in others if one.get("intent") == intent][:each]
    ]


def answer_rows() -> list[Row]:
    """Every answer to one of `INTENTS`."""
    return [row for row in _rows(CORPUS / "answers.jsonl") if row["intent"] in INTENTS]


def write_files(folder: Path, history: Iterable[Row], answers: Iterable[Row]) -> Files:
    """Write what `training fit` reads into `folder`, with an encoder that knows the words of these texts."""
    folder.mkdir(parents=True, exist_ok=True)
    history, answers = list(history), list(answers)
    files = Files(folder / "history.jsonl", folder / "answers.jsonl", CORPUS / "brand.toml", folder / "encoder")
    write_rows(files.history, history)
    write_rows(files.answers, answers)
    texts = [row[name] for row in history for name in ("message", "reply") if name in row]
    write_tiny_encoder(files.encoder, texts + [row["text"] for row in answers])
    return files


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write rows as JSONL and return the file."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def without(rows: Iterable[Row], *names: str) -> list[Row]:
    """Return the rows without some of their columns."""
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def training(*arguments: object) -> Ended:
    """Run `python -m training`; on one thread, since several wait for each other on a busy machine."""
    with threadpool_limits(1):
        return command(app, *arguments)


@contextmanager
def workplace(folder: Path) -> Iterator[pytest.MonkeyPatch]:
    """Work in `folder`, with the cache and the MLflow store in it as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("REPLIEK_CACHE", str(folder / "cache"))
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder / 'mlflow.db'}")
        yield patch


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
