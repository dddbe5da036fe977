"""What was promised to customers, and what of it is about to be forgotten, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from repliek.suggester import Suggester
from serving.desk import Desk
from serving.settings import Settings
from serving.store.database import Database
from serving.store.tables import FollowUpRow
from tests.served import served
from tests.served_feedback import kept, refused, suggested

PROMISE = "Ik bel je morgen voor 12 uur."


@pytest.fixture
def client(suggester: Suggester, store_url: str) -> Iterator[TestClient]:
    """Two brands over an empty store."""
    desks = [Desk(name, suggester) for name in ("default", "other")]
    with served(Settings(database_url=store_url), *desks) as app, TestClient(app) as client:
        yield client


def promised(client: TestClient, database: Database, due: datetime, agent: str = "ella") -> str:
    """Promise something, and have it due then."""
    (found,) = kept(client, suggested(client), "edited", sent_text=PROMISE, agent=agent)["follow_ups"]
    with database.writing() as session:
        session.get_one(FollowUpRow, found["follow_up_id"]).due = due
    return str(found["follow_up_id"])


def listed(client: TestClient, **params: object) -> list[Any]:
    answer = client.get("/v1/follow-ups", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def ids(client: TestClient, **params: object) -> list[str]:
    return [one["follow_up_id"] for one in listed(client, **params)]


def test_what_is_about_to_be_forgotten(client: TestClient, database: Database) -> None:
    now = datetime.now(UTC)
    soon = promised(client, database, now + timedelta(hours=1))
    late = promised(client, database, now - timedelta(hours=1), agent="bo")
    later = promised(client, database, now + timedelta(hours=5))
    kept_late = promised(client, database, now - timedelta(hours=2))
    assert client.post(f"/v1/follow-ups/{kept_late}/done").status_code == 200
    assert ids(client) == [kept_late, late, soon, later]
    assert [one["overdue"] for one in listed(client)] == [False, True, False, False]
    assert ids(client, overdue=True) == [late]
    assert ids(client, overdue=False) == [kept_late, soon, later]
    assert ids(client, done=True) == [kept_late]
    assert ids(client, done=False) == [late, soon, later]
    assert ids(client, within_hours=2) == [late, soon]
    assert ids(client, within_hours=0) == [late]
    assert ids(client, agent="bo") == [late]
    assert ids(client, agent="bo", overdue=False) == []


def test_it_is_the_agent_of_the_message_where_feedback_names_none(client: TestClient) -> None:
    shown = suggested(client, agent={"id": "ella"})
    kept(client, shown, "edited", sent_text=PROMISE)
    assert [one["agent"] for one in listed(client, agent="ella")] == ["ella"]


def test_due_is_in_utc_and_after_the_sending(client: TestClient) -> None:
    kept(client, suggested(client), "edited", sent_text=PROMISE, sent_at="2026-03-28T15:00:00+01:00")
    (one,) = listed(client)
    # The clocks go forward in the night between.
    assert one["due"] == "2026-03-29T10:00:00Z"
    assert one["promised"] == PROMISE


def test_done_once_stays_done(client: TestClient, database: Database) -> None:
    follow_up = promised(client, database, datetime.now(UTC) - timedelta(hours=1))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post(f"/v1/follow-ups/{follow_up}/done"), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    (done,) = {answer.text for answer in answers}
    assert listed(client)[0] == answers[0].json()
    assert '"overdue":false' in done
    assert listed(client)[0]["done_at"] is not None


def test_page_by_page(client: TestClient, database: Database) -> None:
    due = datetime.now(UTC) + timedelta(hours=3)
    expected = sorted(promised(client, database, due) for _ in range(3))
    first = client.get("/v1/follow-ups", params={"limit": 2}).json()
    assert [one["follow_up_id"] for one in first["items"]] == expected[:2]
    rest = client.get("/v1/follow-ups", params={"limit": 2, "after": first["next"]}).json()
    assert [one["follow_up_id"] for one in rest["items"]] == expected[2:]
    assert rest["next"] is None


def test_what_is_not_there(client: TestClient, database: Database) -> None:
    mine = promised(client, database, datetime.now(UTC))
    refused(client.post(f"/v1/follow-ups/{'0' * 32}/done"), 404)
    refused(client.post(f"/v1/brands/other/follow-ups/{mine}/done"), 404)
    assert client.get("/v1/brands/other/follow-ups").json() == {"items": [], "next": None}
    assert listed(client)[0]["done_at"] is None


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"overdue": "soon"}, "overdue"),
        ({"within_hours": -1}, "within_hours"),
        ({"within_hours": 10**9}, "within_hours"),
        ({"after": "next"}, "after"),
        ({"limit": 501}, "limit"),
    ],
)
def test_what_cannot_be_asked(client: TestClient, params: dict[str, object], field: str) -> None:
    refused(client.get("/v1/follow-ups", params=params), 422, field)
