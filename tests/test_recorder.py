"""What was suggested is written down, and never in the way of a suggestion."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from starlette.testclient import TestClient

from repliek.suggester import Suggester
from repliek.wire.suggestions import SuggestRequest
from serving import recorder as module
from serving.recorder import Recorder
from serving.schema import from_engine, to_engine
from serving.store.database import Database
from serving.store.suggestion_sets import Shown
from serving.store.tables import ShownRow, SuggestionSetRow
from tests.fixture_bundle import MESSAGES
from tests.served import served_alone, sqlite_url


def shown(suggester: Suggester, message: str = MESSAGES.suggested) -> Shown:
    request = SuggestRequest(message=message)
    response = from_engine(suggester.suggest(to_engine(request)), 1.0)
    return Shown("default", datetime.now(UTC), 0, request, response)


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(SuggestionSetRow)) or 0


@pytest.fixture
def recorder(database: Database) -> Iterator[Recorder]:
    found = Recorder(database)
    found.start()
    yield found
    found.stop()


def test_a_set_is_written_before_it_is_given(recorder: Recorder, database: Database, suggester: Suggester) -> None:
    asyncio.run(recorder.record([shown(suggester) for _ in range(3)]))
    assert count(database) == 3


def test_everything_about_a_set(suggester: Suggester, tmp_path: Path) -> None:
    body = {
        "message": f"{MESSAGES.suggested}\0",
        "channel": "x",
        "conversation": [{"speaker": "agent", "text": "06-12345678"}],
        "conversation_id": "gesprek 7",
        "customer": {"name": "Jan", "id": "klant 3"},
        "agent": {"initials": "EK", "id": "ella"},
        "received_at": "2026-03-02T09:15:00+01:00",
    }
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        found = client.post("/v1/suggest", json=body).json()
    database = Database.from_url(sqlite_url(tmp_path))
    with database.reading() as session:
        (row,) = session.scalars(select(SuggestionSetRow))
    database.close()
    assert row.set_id == found["suggestion_set_id"]
    assert row.message == MESSAGES.suggested
    assert row.context == [{"speaker": "agent", "text": "[PHONE]"}]
    assert (row.brand, row.channel, row.language, row.intent) == ("default", "x", "nl", found["intent"]["label"])
    assert (row.conversation_id, row.customer_id, row.agent_id) == ("gesprek 7", "klant 3", "ella")
    assert row.received_at == datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    assert row.first_reply_due == datetime.fromisoformat(found["due"]["first_reply"])
    assert (row.abstained, row.bundle, row.revision) == (found["abstained"]["reason"], found["bundle"], 0)


def test_everything_about_what_was_shown(suggester: Suggester, tmp_path: Path) -> None:
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        found = client.post("/v1/suggest", json={"message": MESSAGES.suggested}).json()
    database = Database.from_url(sqlite_url(tmp_path))
    with database.reading() as session:
        rows = session.scalars(select(ShownRow).order_by(ShownRow.rank)).all()
    database.close()
    assert [(row.text, row.confidence) for row in rows] == [
        (one["text"], one["confidence"]) for one in found["suggestions"]
    ]
    assert {row.propensity for row in rows} == {1.0}


def test_a_batch_is_written_too(suggester: Suggester, tmp_path: Path) -> None:
    items = [{"message": MESSAGES.suggested}, {"message": ""}, {"message": MESSAGES.out_of_scope}]
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        client.post("/v1/suggest/batch", json={"items": items})
    database = Database.from_url(sqlite_url(tmp_path))
    with database.reading() as session:
        assert sorted(session.scalars(select(SuggestionSetRow.abstained)), key=str) == [None, "out_of_scope"]
    database.close()


def test_a_set_that_cannot_be_written_is_given_all_the_same(
    suggester: Suggester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
    database = Database.from_url(sqlite_url(tmp_path))
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        with database.writing() as session:
            session.execute(text("ALTER TABLE suggestion_sets RENAME TO elsewhere"))
        assert client.post("/v1/suggest", json={"message": MESSAGES.suggested}).status_code == 200
        with database.writing() as session:
            session.execute(text("ALTER TABLE elsewhere RENAME TO suggestion_sets"))
        assert client.post("/v1/suggest", json={"message": MESSAGES.suggested}).status_code == 200
    assert count(database) == 1
    database.close()


def test_what_waits_is_written_when_the_store_is_back(
    suggester: Suggester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.05)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(module, "KEPT", 2)
    database = Database.from_url(sqlite_url(tmp_path))
    recorder = Recorder(database)
    recorder.start()
    (tmp_path / "repliek.db").mkdir()
    asyncio.run(recorder.record([shown(suggester) for _ in range(3)]))
    (tmp_path / "repliek.db").rmdir()
    database.migrate()
    deadline = time.monotonic() + 5
    while count(database) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    recorder.stop()
    assert count(database) == 2
    database.close()
