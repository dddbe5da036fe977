from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.cli import app
from evaluation.comparison import Comparison
from evaluation.yardsticks import LEAST
from tests.command_line import Ended, command
from tests.fixture_bundle import MESSAGES
from tests.fixture_gate import with_threshold, write_gate_history


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return write_gate_history(tmp_path / "history.jsonl")


@pytest.fixture
def silent(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A bundle that is never sure enough."""
    return with_threshold(tiny_bundle, tmp_path / "silent", 1.0)


def compare(champion: Path, challenger: Path, history: Path, *more: object) -> Ended:
    return command(app, "compare", "--champion", champion, "--challenger", challenger, "--history", history, *more)


def test_a_better_challenger_goes_through(tiny_bundle: Path, silent: Path, history: Path) -> None:
    ended = compare(silent, tiny_bundle, history, "--json")
    assert ended.code == 0, ended.stderr
    found = Comparison.model_validate_json(ended.stdout)
    assert (found.promoted, found.verdict) == (True, "better")
    assert (found.n, found.conversations, found.learned_from, found.untold) == (2 * LEAST, 2 * LEAST, 0, 0)
    assert found.deciding.champion == 0
    assert found.deciding.challenger == pytest.approx(0.67)
    assert 0 < found.deciding.interval[0] <= found.deciding.difference <= found.deciding.interval[1]
    assert {(part.by, part.value, part.n) for part in found.slices} >= {("channel", "chat", LEAST)}
    assert "may replace from-1.0" in ended.stderr


def test_a_worse_one_does_not(tiny_bundle: Path, silent: Path, history: Path) -> None:
    ended = compare(tiny_bundle, silent, history)
    assert ended.code == 3
    assert "worth of what is shown" in ended.stdout
    assert "-0.670" in ended.stdout
    assert "worth of what is shown: worse (0.670 to 0.000, -0.670" in ended.said
    assert "channel chat falls, 50 messages" in ended.said
    assert "from-1.0 may not replace" in ended.said


def test_the_same_bundle_is_not_worse(tiny_bundle: Path, history: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    ended = compare(tiny_bundle, tiny_bundle, history, "--out", out)
    assert ended.code == 0
    found = Comparison.model_validate_json((out / "comparison.json").read_text(encoding="utf-8"))
    assert found.verdict == "not worse by more than the margin"
    assert found.deciding.interval == (0, 0)
    assert [file.name for file in out.iterdir()] == ["comparison.json"]


def test_the_margin_is_the_users(tiny_bundle: Path, silent: Path, history: Path) -> None:
    assert compare(tiny_bundle, silent, history, "--margin", 1).code == 0


def test_what_was_learned_from_is_left_out(tiny_bundle: Path, history: Path) -> None:
    learned = {"exchange_id": "seen", "message": MESSAGES.public_and_private.upper(), "answer_id": "invoice"}
    with history.open("a", encoding="utf-8") as opened:
        opened.write(json.dumps(learned) + "\nno json\n")
    found = Comparison.model_validate_json(compare(tiny_bundle, tiny_bundle, history, "--json").stdout)
    assert (found.learned_from, found.n, found.rejected) == (1, 2 * LEAST, 1)


def test_too_few_messages_decide_nothing(tiny_bundle: Path, tmp_path: Path) -> None:
    history = write_gate_history(tmp_path / "few.jsonl", lines=LEAST - 1)
    ended = compare(tiny_bundle, tiny_bundle, history, "--out", tmp_path / "out")
    assert ended.code == 1
    assert "cannot tell which is better; expected 50 or more" in ended.said
    assert not (tmp_path / "out").exists()
