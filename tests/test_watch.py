"""What a worker holds in memory follows the store, also when that goes away and comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from repliek.suggester import Suggester
from repliek.wire.problems import MEDIA_TYPE
from serving import watch
from serving.app import create_app
from serving.desk import Desk
from serving.services import Services
from serving.settings import DEFAULT_BRAND, Settings
from serving.store import keys, revisions
from serving.store.database import Database
from serving.store.keys import Scope
from serving.watch import Watch
from tests.fixture_bundle import MESSAGES
from tests.served import migrated, sqlite_url

BODY = {"message": MESSAGES.suggested}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "EVERY_SECONDS", 0.02)


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_worker_that_starts_while_the_store_is_away(suggester: Suggester, tmp_path: Path) -> None:
    """As one does that is started anew in a server that runs: nobody is let in before the keys are known."""
    in_the_way = tmp_path / "repliek.db"
    in_the_way.mkdir()
    services = Services.of(Settings(database_url=sqlite_url(tmp_path)), [Desk(DEFAULT_BRAND, suggester)])
    services.start()
    try:
        with TestClient(create_app(services)) as client:
            for headers in ({}, {"Authorization": "Bearer rpk_unknown"}):
                response = client.post("/v1/suggest", json=BODY, headers=headers)
                assert (response.status_code, response.headers["content-type"]) == (503, MEDIA_TYPE)
                assert response.headers["retry-after"] == "2"
            in_the_way.rmdir()
            migrated(sqlite_url(tmp_path))
            wait_until(lambda: client.post("/v1/suggest", json=BODY).status_code == 200)
    finally:
        services.stop()


def test_a_store_that_goes_away_leaves_the_keys_as_they_were(suggester: Suggester, tmp_path: Path) -> None:
    url = migrated(sqlite_url(tmp_path))
    database = Database.from_url(url)
    with database.writing() as session:
        known, text = keys.create(session, DEFAULT_BRAND, "helpdesk", [Scope.SUGGEST])
    database.close()
    services = Services.of(Settings(database_url=url), [Desk(DEFAULT_BRAND, suggester)])
    services.start()
    headers = {"Authorization": f"Bearer {text}"}
    try:
        with TestClient(create_app(services)) as client:
            services.database.close()
            (tmp_path / "repliek.db").rename(tmp_path / "kept.db")
            (tmp_path / "repliek.db").mkdir()
            assert client.post("/v1/suggest", json=BODY, headers=headers).status_code == 200
            assert client.post("/v1/suggest", json=BODY).status_code == 401
            (tmp_path / "repliek.db").rmdir()
            (tmp_path / "kept.db").rename(tmp_path / "repliek.db")
            with services.database.writing() as session:
                keys.revoke(session, known.key_id)
            wait_until(lambda: client.post("/v1/suggest", json=BODY, headers=headers).status_code == 401)
    finally:
        services.stop()


def test_what_cannot_be_read_holds_up_nothing_else_and_is_tried_again(database: Database) -> None:
    asked: list[str] = []

    def fail_once(_: Database) -> None:
        asked.append("first")
        if len(asked) == 1:
            raise KeyError

    found = Watch(database, {"first": fail_once, "second": lambda _: asked.append("second")})
    with pytest.raises(KeyError):
        found.look()
    for _ in range(2):
        found.look()
    assert asked == ["first", "second", "first"]


def test_only_what_has_changed_is_read_again(database: Database) -> None:
    asked: list[str] = []

    def reading(name: str) -> bool:
        asked.append(name)
        return False

    found = Watch(database, {name: lambda _, name=name: reading(name) for name in ("a", "b")})
    found.look()
    found.look()
    with database.writing() as session:
        revisions.advance(session, "b")
        revisions.advance(session, "c")
    found.look()
    assert asked == ["a", "b", "b"]


def test_what_is_left_is_asked_for_again_and_keeps_nobody_waiting(database: Database) -> None:
    asked: list[str] = []

    def slow(_: Database) -> bool:
        asked.append("slow")
        return len(asked) < 5

    def other(_: Database) -> bool:
        asked.append("other")
        return False

    found = Watch(database, {"slow": slow, "other": other})
    assert found.look()
    with database.writing() as session:
        revisions.advance(session, "other")
    assert found.look()
    assert not found.look()
    assert not found.look()
    assert asked == ["slow", "other", "slow", "other", "slow"]
