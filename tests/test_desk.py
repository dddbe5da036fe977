"""A brand at work while its answers are edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from repliek.knowledge import Answer, Status
from repliek.suggester import Suggester
from serving.desk import Desk
from serving.store.answers import AnswerBook
from serving.store.database import Database, StoreDownError
from tests.databases import sqlite_store
from tests.fixture_bundle import ANSWERS

DELIVERY, REFUND = ANSWERS[0], ANSWERS[-1]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = Database.from_url(sqlite_store(tmp_path))
    yield database
    database.close()


@pytest.fixture
def desk(suggester: Suggester) -> Desk:
    return Desk("default", suggester)


def edit(store: Database, desk: Desk, change: Callable[[AnswerBook], object]) -> None:
    with store.writing() as session:
        change(AnswerBook(session, desk.name, desk.bundled.bundle.knowledge))


def new(number: int) -> Answer:
    return Answer(answer_id=f"new-{number}", text=f"Pakket {number} ligt klaar.", language="nl")


def texts(desk: Desk) -> dict[str, str]:
    return {answer.answer_id: answer.text for answer in desk.live.suggester.bundle.knowledge}


def test_nothing_is_made_anew_where_nothing_has_changed(store: Database, desk: Desk) -> None:
    before = desk.live
    assert not desk.refresh(store)
    assert desk.live is before
    edit(store, desk, lambda book: book.save(new(1), None))
    assert not desk.refresh(store)
    after = desk.live
    assert after.revision == 1
    assert texts(desk)["new-1"] == new(1).text
    assert not desk.refresh(store)
    assert desk.live is after
    assert "new-1" not in {answer.answer_id for answer in desk.bundled.bundle.knowledge}


def test_many_are_taken_over_bit_by_bit_the_latest_first(store: Database, desk: Desk) -> None:
    at_once = 10  # five short answers, of two texts each
    edit(store, desk, lambda book: book.save_all([new(number) for number in range(10, 22)], None))
    edit(store, desk, lambda book: book.save(new(1), None))
    seen = []
    is_left = True
    while is_left:
        is_left = desk.refresh(store, at_once)
        seen.append((desk.live.revision, sorted(answer_id for answer_id in texts(desk) if answer_id.startswith("new"))))
    assert [len(ids) for _, ids in seen] == [5, 10, 13]
    assert "new-1" in seen[0][1]
    assert [revision for revision, _ in seen] == [0, 0, 2]


def test_meanwhile_what_waits_stays_as_it_was_and_what_is_forbidden_is_gone(store: Database, desk: Desk) -> None:
    at_once = 2
    rewritten = replace(DELIVERY, text="Anders.")
    blocked = replace(REFUND, text="Ook anders.", status=Status.BLOCKED)
    edit(store, desk, lambda book: book.delete("modem", None))
    edit(store, desk, lambda book: book.save(replace(ANSWERS[1], status=Status.BLOCKED), None))
    edit(store, desk, lambda book: book.save_all([rewritten, blocked], None))
    edit(store, desk, lambda book: book.save(new(1), None))
    assert desk.refresh(store, at_once)
    now = desk.live.suggester.bundle.knowledge
    assert "new-1" in now
    assert now[DELIVERY.answer_id] == DELIVERY
    assert now[ANSWERS[1].answer_id].status is Status.BLOCKED
    assert REFUND.answer_id not in now
    assert "modem" not in now
    while desk.refresh(store, at_once):
        pass
    now = desk.live.suggester.bundle.knowledge
    assert (now[DELIVERY.answer_id], now[REFUND.answer_id]) == (rewritten, blocked)
    assert "modem" not in now


def test_what_was_deleted_and_waits_to_come_back_stays_away(store: Database, desk: Desk) -> None:
    edit(store, desk, lambda book: book.delete(DELIVERY.answer_id, None))
    desk.refresh(store)
    at_once = 2
    edit(store, desk, lambda book: book.save(replace(DELIVERY, text="Anders."), None))
    edit(store, desk, lambda book: book.save(new(1), None))
    assert desk.refresh(store, at_once)
    assert DELIVERY.answer_id not in texts(desk)
    assert not desk.refresh(store, at_once)
    assert texts(desk)[DELIVERY.answer_id] == "Anders."


def test_one_long_answer_is_taken_over_whatever_it_costs(store: Database, desk: Desk) -> None:
    at_once = 2
    edit(store, desk, lambda book: book.save(replace(new(1), text="Een lange zin over je pakket. " * 50), None))
    assert not desk.refresh(store, at_once)
    assert "new-1" in texts(desk)


def test_without_the_store_everything_stays(store: Database, desk: Desk, tmp_path: Path) -> None:
    edit(store, desk, lambda book: book.save(new(1), None))
    desk.refresh(store)
    before = desk.live
    elsewhere = Database.from_url(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreDownError):
        desk.refresh(elsewhere)
    assert desk.live is before
