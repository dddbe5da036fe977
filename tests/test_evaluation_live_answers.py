"""How topics are left out, and what is counted when their answers are saved and others are deleted."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from evaluation import live_answers
from evaluation.cli import app
from evaluation.live_answers import PARTS, LiveFigures, Tally, count, divide
from repliek.bundle import Bundle
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.knowledge import Answer, KnowledgeBase
from repliek.records import write_jsonl
from tests.command_line import command
from tests.fixture_bundle import ANSWERS, HISTORY

SOUP = Answer(answer_id="soup", text="Lekker recept: soep.", language="nl")
ASKED = Exchange(exchange_id="soup-1", message="ken je een lekker recept voor soep", answer_id="soup")


def history() -> list[Exchange]:
    return [
        Exchange(exchange_id=f"e{number}", message=message, answer_id=topic, intent=intent)
        for number, (message, topic, intent) in enumerate(HISTORY)
    ]


class TestDivision:
    PARTED = tuple(divide(history(), KnowledgeBase(ANSWERS), 13))

    def test_every_topic_is_left_out_once_and_every_message_asked_once(self) -> None:
        left_out = [answer.answer_id for part in self.PARTED for answer in part.left_out]
        assert sorted(left_out) == sorted(answer.answer_id for answer in ANSWERS)
        asked = [exchange.exchange_id for part in self.PARTED for exchange in part.held_out]
        assert sorted(asked) == sorted(exchange.exchange_id for exchange in history())

    def test_nothing_is_learned_of_what_is_left_out_or_asked(self) -> None:
        for part in self.PARTED:
            gone = KnowledgeBase(part.left_out)
            assert not any(exchange.answer_id and gone.topic_of(exchange.answer_id) for exchange in part.history)
            assert {one.exchange_id for one in part.history}.isdisjoint(one.exchange_id for one in part.held_out)
            assert {*part.answers, *part.left_out} == set(ANSWERS)

    def test_what_nobody_answered_is_not_asked(self) -> None:
        unknown = Exchange(exchange_id="u", message="hallo")
        parts = list(divide([unknown], KnowledgeBase(ANSWERS), 13))
        assert len(parts) == PARTS
        assert not any(part.held_out for part in parts)


class TestCounts:
    def test_each_message_counts_for_each_edit(self, tiny_bundle: Path) -> None:
        bundle = Bundle.load(tiny_bundle)
        strays = [
            exchange for exchange in history() if exchange.intent == OUT_OF_SCOPE and "soep" not in exchange.message
        ]
        known = [exchange for exchange in history() if exchange.answer_id]
        done: list[int] = []
        found = count(bundle, [SOUP], [ASKED, *strays, *known], lambda _, edits, __: done.append(edits))
        assert (found.topics, found.own) == (1, Tally(1, 1, 1))
        assert found.others == Tally(len(known), 0, 0)
        assert (found.strays.messages, found.strays.shown) == (len(strays), 0)
        assert (found.unsaved, found.lost, found.precision) == (Tally(), 0, 1.0)
        assert (found.deleted.messages, found.deleted.shown) == (len(known), 0)
        assert (found.deleted.first, found.misled) == (len(known), 0)
        assert len(found.edit_ms) == 1 + len(bundle.knowledge.topics) == done[-1]

    def test_messages_of_what_nobody_saved_are_counted_apart(self, tiny_bundle: Path) -> None:
        horse = Answer(answer_id="horse", text="Vertel eens: mop over paard.", language="nl")
        asked = Exchange(exchange_id="horse-1", message="vertel eens een mop over een paard", answer_id="horse")
        found = count(Bundle.load(tiny_bundle), [SOUP, horse], [ASKED, asked])
        assert found.own.messages == found.unsaved.messages == 2
        assert found.own.shown == 2
        assert found.unsaved.shown == 0

    def test_nothing_that_was_shown_has_no_precision(self) -> None:
        assert LiveFigures().precision is None
        assert json.loads(LiveFigures().as_json())["edit_ms"] is None


@pytest.fixture
def files(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the command reads; every training gives the tiny bundle."""

    @contextmanager
    def trained(*_: Any) -> Generator[Path]:
        yield tiny_bundle

    monkeypatch.setattr(live_answers, "trained", trained)
    write_jsonl(tmp_path / "history.jsonl", Exchange, history())
    write_jsonl(tmp_path / "answers.jsonl", Answer, ANSWERS)
    return ["--history", str(tmp_path / "history.jsonl"), "--answers", str(tmp_path / "answers.jsonl")]


def test_the_command_prints_figures(files: list[str]) -> None:
    ended = command(app, "live-answers", *files, "--parts", "1", "--json")
    assert ended.code == 0
    assert set(json.loads(ended.stdout)) == {
        "topics", "own", "others", "strays", "unsaved", "deleted", "lost", "misled", "precision", "edit_ms",
    }  # fmt: skip


def test_the_command_prints_a_table(files: list[str]) -> None:
    ended = command(app, "live-answers", *files, "--parts", "1")
    assert ended.code == 0
    assert "ask for the saved answer" in ended.stdout
