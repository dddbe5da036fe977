from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation import mining_speed
from evaluation.cli import app
from evaluation.mining_speed import measure, varied
from repliek.errors import RepliekError
from repliek.history import Exchange
from tests.fixture_bundle import write_tiny_bundle

REPLIES = ("De code 1234 staat in de app.", "Je krijgt 50 euro terug op 3 mei.")
EXCHANGES = tuple(
    Exchange(exchange_id=f"e{n}", message=f"vraag {n}", reply=reply, answer_id="x") for n, reply in enumerate(REPLIES)
)


def test_replies_come_back_with_other_names_and_numbers() -> None:
    made = list(varied(EXCHANGES, 40, 13))
    assert len({exchange.exchange_id for exchange in made}) == 40
    assert len({exchange.reply for exchange in made}) > 30
    assert all("staat in de app. ^" in (exchange.reply or "") for exchange in made[::2])
    assert {exchange.answer_id for exchange in made} == {None}
    assert made == list(varied(EXCHANGES, 40, 13))
    assert made != list(varied(EXCHANGES, 40, 14))


def test_time_and_memory_are_those_of_mining(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny_bundle(tmp_path / "bundle", tmp_path / "encoder")
    monkeypatch.setattr(mining_speed, "ENCODER", str(tmp_path / "encoder"))
    found = measure(EXCHANGES, 40, 13)
    assert (found.replies, found.distinct, found.answers) == (40, 2, 2)
    assert found.user_s > 0
    assert found.wall_s > 0
    assert found.peak_mb > 50


def test_a_mining_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mining_speed, "ENCODER", "nothing")
    with pytest.raises(RepliekError, match="mining ended with exit code 1"):
        measure(EXCHANGES, 10, 13)


def test_without_replies_there_is_nothing_to_measure(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text(json.dumps({"exchange_id": "a", "message": "hallo"}) + "\n", encoding="utf-8")
    ended = CliRunner().invoke(app, ["mining-speed", "--history", str(history)])
    assert "no exchange has a reply" in str(ended.exception)
