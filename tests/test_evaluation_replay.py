"""A busy day, replayed against a server of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation.cli import app
from evaluation.replay import SHARES, events
from repliek.history import Exchange
from tests.fixture_bundle import HISTORY

EXCHANGES = tuple(Exchange(exchange_id=str(number), message=message) for number, (message, _, _) in enumerate(HISTORY))


def test_a_day_is_drawn_and_can_be_drawn_again() -> None:
    day = list(events(EXCHANGES, 100, seed=5))
    assert [event.message for event in day] == [event.message for event in events(EXCHANGES, 100, seed=5)]
    assert len({event.message for event in day}) == len({exchange.message for exchange in EXCHANGES})
    assert {event.action for event in day} == set(SHARES)
    moments = [event.received_at for event in day]
    assert moments == sorted(moments)
    assert (moments[-1] - moments[0]).total_seconds() < 86_400


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_short_day(tiny_bundle: Path, tmp_path: Path, database: str) -> None:
    history = tmp_path / "history.jsonl"
    lines = [{"exchange_id": one.exchange_id, "message": one.message} for one in EXCHANGES]
    lines.append({"exchange_id": "no words", "message": "?!"})
    history.write_text("\n".join(map(json.dumps, lines)))
    options = ["--bundle", str(tiny_bundle), "--history", str(history), "--messages", "30", "--json"]
    result = CliRunner().invoke(app, ["replay", *options, "--database", database])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["database"], found["messages"], found["feedback"], found["errors"]) == (database, 30, 30, {})
    assert 0 < found["suggested"] < 30
    assert found["store_bytes"] > 50_000
    assert 0 < found["suggest"]["p50_ms"] <= found["suggest"]["p95_ms"] <= found["suggest"]["p99_ms"]
