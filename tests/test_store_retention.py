"""What is too old goes, little by little; what is still to come stays."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from repliek.wire.deliveries import DeliveryStatus
from serving import housekeeper
from serving.housekeeper import TURN_SECONDS, Housekeeper
from serving.store import keys, retention
from serving.store.database import Database
from serving.store.keys import Scope
from serving.store.retention import Purged
from serving.store.tables import DeliveryRow, ErasureRow, FeedbackRow, KeyRow, ShownRow, SuggestionSetRow
from tests.stored import NOW, add_delivery, add_feedback, add_follow_up, add_set

YEAR = timedelta(days=365)
OLD = NOW - YEAR - timedelta(seconds=1)


def sets(database: Database) -> Sequence[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(SuggestionSetRow.set_id)))


def test_what_is_old_goes_of_every_brand(database: Database) -> None:
    with database.writing() as session:
        add_set(session, "old", "a", created_at=OLD)
        add_feedback(session, "old")
        add_set(session, "of another brand", "a", created_at=OLD, brand="zulu")
        add_set(session, "new", "a", created_at=NOW - YEAR)
        add_delivery(session, "done", received_at=OLD, event={"text": "hallo"})
        add_delivery(session, "dead", received_at=OLD, status=DeliveryStatus.DEAD)
        add_delivery(session, "queued", received_at=OLD, status=DeliveryStatus.QUEUED)
        add_delivery(session, "fresh")
    assert retention.purge(database, NOW - YEAR, NOW) == Purged(suggestion_sets=2, deliveries=2)
    assert sets(database) == ["new"]
    with database.reading() as session:
        assert session.scalars(select(ShownRow.set_id)).all() == ["new"]
        assert session.scalars(select(FeedbackRow)).all() == []
        assert sorted(session.scalars(select(DeliveryRow.delivery_id))) == ["fresh", "queued"]
    assert retention.purge(database, NOW - YEAR, NOW) == Purged(0, 0)


def test_a_promise_that_is_still_to_be_kept_keeps_its_set(database: Database) -> None:
    with database.writing() as session:
        for name, columns in {
            "to come": {"due": NOW},
            "done": {"due": NOW, "done_at": NOW},
            "past": {"due": NOW - timedelta(seconds=1)},
        }.items():
            add_set(session, name, created_at=OLD)
            add_follow_up(session, add_feedback(session, name), **columns)
    assert retention.purge(database, NOW - YEAR, NOW).suggestion_sets == 2
    assert sets(database) == ["to come"]


def test_keys_and_receipts_stay(database: Database) -> None:
    with database.writing() as session:
        keys.create(session, "default", "old", [Scope.ADMIN])
        session.add(ErasureRow(erasure_id="e", brand="default", erased_at=OLD, exchange_ids=[], counts={}))
    retention.purge(database, NOW + YEAR, NOW)
    with database.reading() as session:
        assert len(session.scalars(select(KeyRow)).all()) == len(session.scalars(select(ErasureRow)).all()) == 1


def test_much_goes_in_parts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "TOGETHER", 4)
    with database.writing() as session:
        for number in range(9):
            add_set(session, f"s{number}", created_at=OLD)
    assert retention.purge(database, NOW, NOW).suggestion_sets == 9


def test_each_hour_one_worker_has_its_turn(database: Database) -> None:
    workers = [Housekeeper(database, 365) for _ in range(3)]
    with database.writing() as session:
        add_set(session, "old", created_at=OLD)
    assert [worker.tidy(NOW) for worker in workers] == [Purged(1, 0), None, None]
    later = NOW + timedelta(seconds=TURN_SECONDS)
    assert [worker.tidy(later) for worker in reversed(workers)] == [Purged(0, 0), None, None]


def test_it_works_in_the_background(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeper, "_FIRST_LOOK_SECONDS", 0.01)
    with database.writing() as session:
        add_set(session, "old", created_at=OLD)
    worker = Housekeeper(database, 365)
    worker.start()
    deadline = time.monotonic() + 5
    while sets(database) and time.monotonic() < deadline:
        time.sleep(0.02)
    worker.stop()
    assert sets(database) == []
