from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from evaluation import cli
from repliek.history import Exchange
from repliek.records import write_jsonl

HISTORY = (
    Exchange(exchange_id="a", message="Waar blijft mijn pakket?"),
    Exchange(exchange_id="b", message="Mijn man is overleden, hoe stop ik zijn abonnement?"),
    Exchange(exchange_id="c", message="Ik bel mijn advocaat. Mijn man is overleden!"),
    Exchange(exchange_id="d", message="Ik zou gisteren teruggebeld worden"),
)


def run(tmp_path: Path, *more: str) -> str:
    history = tmp_path / "history.jsonl"
    write_jsonl(history, Exchange, HISTORY)
    result = CliRunner().invoke(cli.app, ["needs", "--history", str(history), *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_each_need_is_counted_and_those_that_silence(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, "--json"))
    assert (found["n"], found["silent"]) == (4, 2)
    assert {need: count for need, count in found["needs"].items() if count} == {
        "legal_threat": 1,
        "bereavement": 2,
        "broken_promise": 1,
    }


def test_the_messages_are_written_down_to_be_read(tmp_path: Path) -> None:
    out = tmp_path / "needs.jsonl"
    assert "3 with a need" in run(tmp_path, "--out", str(out))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["exchange_id"], line["needs"]) for line in lines] == [
        ("b", ["bereavement"]),
        ("c", ["legal_threat", "bereavement"]),
        ("d", ["broken_promise"]),
    ]
