"""Feedback as somebody looks at it who decides whether it may teach, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from repliek.suggester import Suggester
from serving.desk import Desk
from serving.settings import Settings
from serving.store.database import Database
from serving.store.tables import FeedbackRow
from tests.fixture_bundle import MESSAGES
from tests.served import served
from tests.served_feedback import event, kept, refused, suggested

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def client(suggester: Suggester, store_url: str) -> Iterator[TestClient]:
    """Two brands over an empty store."""
    desks = [Desk(name, suggester) for name in ("default", "other")]
    with served(Settings(database_url=store_url), *desks) as app, TestClient(app) as client:
        yield client


def listed(client: TestClient, **params: object) -> list[Any]:
    answer = client.get("/v1/feedback", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def ids(client: TestClient, **params: object) -> list[str]:
    return [one["feedback_id"] for one in listed(client, **params)]


def came_at(database: Database, feedback_id: str, moment: datetime) -> None:
    with database.writing() as session:
        row = update(FeedbackRow).where(FeedbackRow.feedback_id == feedback_id)
        session.execute(row.values(received_at=moment))


def decide(client: TestClient, feedback_id: str, verdict: str) -> Any:
    return client.post(f"/v1/feedback/{feedback_id}/review", json={"verdict": verdict})


def test_what_a_reviewer_sees(client: TestClient) -> None:
    message = f"{MESSAGES.suggested} {MESSAGES.suggested} 06-12345678"
    shown = suggested(client, message, channel="dm", customer={"name": "Eric"})
    sent = "Hoi Eric, mail naar eric@prive.example."
    found = kept(client, shown, "edited", sent_text=sent, agent="ella", sent_at="2026-03-02T09:15:00+01:00")
    (one,) = listed(client)
    assert one == {
        "feedback_id": found["feedback_id"],
        "suggestion_set_id": shown["suggestion_set_id"],
        "suggestion_id": shown["suggestions"][0]["suggestion_id"],
        "action": "edited",
        "message": f"{MESSAGES.suggested} {MESSAGES.suggested} [PHONE]",
        "answer_ids": ["delivery-je"],
        "suggestion": one["suggestion"],
        "sent_text": "Hoi [NAME], mail naar [EMAIL].",
        "edit": found["edit"],
        "channel": "dm",
        "language": "nl",
        "agent": "ella",
        "sent_at": "2026-03-02T08:15:00Z",
        "received_at": found["received_at"],
        "verdict": None,
        "reviewed_at": None,
    }
    assert one["suggestion"].startswith("Hoi [NAME],\nJe pakket is onderweg.")


def test_feedback_on_no_suggestion_in_particular(client: TestClient) -> None:
    kept(client, suggested(client), "rejected", rank=None)
    (one,) = listed(client)
    assert (one["suggestion_id"], one["suggestion"], one["answer_ids"], one["edit"]) == (None, None, [], None)


def test_a_verdict_takes_feedback_off_the_list(client: TestClient) -> None:
    shown = suggested(client)
    first, second = (kept(client, shown, "edited", sent_text=text)["feedback_id"] for text in ("Ja.", "Nee."))
    approved = decide(client, first, "approved")
    assert approved.status_code == 200
    assert approved.json()["verdict"] == "approved"
    assert decide(client, first, "approved").json() == approved.json()
    assert ids(client, reviewed=False) == [second]
    assert ids(client, reviewed=True) == [first]
    refused_later = decide(client, first, "refused").json()
    assert refused_later["verdict"] == "refused"
    assert refused_later["reviewed_at"] > approved.json()["reviewed_at"]
    assert listed(client, reviewed=True) == [refused_later]


def test_what_is_asked_for(client: TestClient, database: Database) -> None:
    shown = suggested(client)
    accepted = kept(client, shown, agent="ella")["feedback_id"]
    edited = kept(client, shown, "edited", sent_text="Ja.", agent="bo")["feedback_id"]
    came_at(database, accepted, MORNING)
    came_at(database, edited, MORNING + timedelta(days=1))
    assert ids(client) == [accepted, edited]
    assert ids(client, action="edited") == [edited]
    assert ids(client, agent="ella") == [accepted]
    assert ids(client, since=date(2026, 3, 3)) == [edited]
    assert ids(client, until=date(2026, 3, 2)) == [accepted]
    assert ids(client, since=MORNING, until=MORNING + timedelta(seconds=1)) == [accepted]
    assert ids(client, since=MORNING + timedelta(seconds=1), until=MORNING + timedelta(days=1)) == []


def test_page_by_page(client: TestClient, database: Database) -> None:
    shown = suggested(client)
    expected = [kept(client, shown, agent=f"agent {number}")["feedback_id"] for number in range(5)]
    # Three that came at the same moment, over the end of a page.
    for feedback_id in expected[1:4]:
        came_at(database, feedback_id, MORNING)
    found: list[str] = []
    after: str | None = None
    sizes: list[int] = []
    while after is not None or not found:
        page = client.get("/v1/feedback", params={"limit": 2} | ({"after": after} if after else {})).json()
        found += [one["feedback_id"] for one in page["items"]]
        sizes.append(len(page["items"]))
        after = page["next"]
        if len(sizes) == 1:
            decide(client, found[0], "refused")
    assert found == [*sorted(expected[1:4]), expected[0], expected[4]]
    assert sizes == [2, 2, 1]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"after": "x"}, "after"),
        ({"after": "20261399T000000000000Z-" + "0" * 32}, "after"),
        ({"limit": 0}, "limit"),
        ({"limit": 501}, "limit"),
        ({"action": "sent"}, "action"),
        ({"reviewed": "perhaps"}, "reviewed"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-03-02T09:15:00"}, "since"),
        ({"until": "9999-12-31"}, "until"),
        ({"agent": "\0"}, "agent"),
    ],
)
def test_what_cannot_be_asked(client: TestClient, params: dict[str, object], field: str) -> None:
    refused(client.get("/v1/feedback", params=params), 422, field)


def test_no_verdict_on_what_is_not_there(client: TestClient) -> None:
    mine = kept(client, suggested(client))["feedback_id"]
    refused(decide(client, "0" * 32, "approved"), 404)
    refused(client.post(f"/v1/brands/other/feedback/{mine}/review", json={"verdict": "approved"}), 404)
    refused(decide(client, mine, "perhaps"), 422, "verdict")
    refused(client.post("/v1/feedback/%00/review", json={"verdict": "approved"}), 422, "feedback_id")
    assert listed(client)[0]["verdict"] is None


def test_another_brand_sees_none_of_it(client: TestClient) -> None:
    assert client.post("/v1/feedback", json=event(suggested(client))).status_code == 201
    assert client.get("/v1/brands/other/feedback").json() == {"items": [], "next": None}
