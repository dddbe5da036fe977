"""Whose answers were used, counted on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import update
from starlette.testclient import TestClient

from repliek.knowledge import Answer
from repliek.suggester import Suggester
from repliek.vocabulary import Origin
from serving.desk import Desk
from serving.settings import Settings
from serving.store import revisions
from serving.store.database import Database
from serving.store.tables import AnswerVersionRow, LiveAnswerRow, ShownRow, SuggestionSetRow
from tests.fixture_bundle import ANSWERS, MESSAGES, write_tiny_bundle
from tests.served import served
from tests.served_feedback import event, kept, refused, suggested

NOBODY = (None, "agent")
_AUTHORS = {
    "delivery": ("eva", Origin.EXPERT),
    "refund": ("karim", Origin.COMMUNITY),
    "invoice": ("eva", Origin.EXPERT),
}
_ANSWER = TypeAdapter(Answer)


def _by_somebody(answer: Answer) -> Answer:
    author, origin = _AUTHORS.get(answer.topic, (None, Origin.AGENT))
    return replace(answer, author=author, origin=origin)


@pytest.fixture(scope="module")
def authored(tmp_path_factory: pytest.TempPathFactory) -> Suggester:
    """The tiny bundle with authors."""
    folder = tmp_path_factory.mktemp("authored")
    write_tiny_bundle(folder / "bundle", folder / "encoder", [_by_somebody(answer) for answer in ANSWERS])
    return Suggester.from_bundle(folder / "bundle")


@pytest.fixture
def desk(authored: Suggester) -> Desk:
    return Desk("default", authored)


@pytest.fixture
def client(desk: Desk, authored: Suggester, store_url: str) -> Iterator[TestClient]:
    """Two brands over an empty store."""
    with served(Settings(database_url=store_url), desk, Desk("other", authored)) as app, TestClient(app) as client:
        yield client


def authors(client: TestClient, **params: object) -> dict[tuple[str | None, str | None], dict[str, int]]:
    answer = client.get("/v1/insights/authors", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return {(one.pop("author"), one.pop("origin")): one for one in items}


def use(counts: dict[str, int]) -> tuple[int, ...]:
    return tuple(counts[name] for name in ("suggested", "shown_first", "accepted", "edited", "rejected"))


def save(database: Database, desk: Desk, answer_id: str, *versions: Answer | None) -> None:
    """Save versions of an answer, `None` for its deletion, and have the desk take the last one over."""
    documents = [one and _ANSWER.dump_python(one, mode="json") for one in versions]
    now = datetime.now(UTC)
    with database.writing() as session:
        revision = revisions.advance(session, revisions.answers_of(desk.name))
        at = {"brand": desk.name, "answer_id": answer_id, "changed_at": now}
        session.add(LiveAnswerRow(**at, version=len(versions), document=documents[-1], revision=revision))
        session.flush()
        for version, document in enumerate(documents, start=1):
            session.add(AnswerVersionRow(**at, version=version, document=document))
    desk.refresh(database)


def test_authors_before_anything_was_shown(client: TestClient) -> None:
    found = authors(client)
    assert {credit: one["answers"] for credit, one in found.items()} == {
        ("eva", "expert"): 5,
        ("karim", "community"): 1,
        NOBODY: 5,
    }
    assert {use(one) for one in found.values()} == {(0, 0, 0, 0, 0)}


def test_what_became_of_what_was_shown(client: TestClient) -> None:
    shown = [suggested(client) for _ in range(4)]
    kept(client, shown[0])
    kept(client, shown[1], "edited", sent_text="Ja.")
    kept(client, shown[2], "rejected")
    kept(client, shown[3], "ignored")
    assert use(authors(client)["eva", "expert"]) == (4, 4, 1, 1, 1)
    assert use(authors(client)["karim", "community"]) == (0, 0, 0, 0, 0)


def test_every_author_of_a_text_is_credited_once(client: TestClient) -> None:
    shown = suggested(client, MESSAGES.two_matters)
    assert [one["answer_ids"] for one in shown["suggestions"]] == [
        ["delivery-je", "refund"],
        ["delivery-je"],
        ["refund"],
    ]
    kept(client, shown)
    assert use(authors(client)["eva", "expert"]) == (2, 1, 1, 0, 0)
    assert use(authors(client)["karim", "community"]) == (2, 1, 1, 0, 0)
    two_of_eva = suggested(client, "Waar blijft mijn pakket? En waarom is mijn factuur te hoog?", channel="dm")
    assert two_of_eva["suggestions"][0]["answer_ids"] == ["delivery-je", "invoice-private"]
    kept(client, two_of_eva, "rejected")
    assert use(authors(client)["eva", "expert"]) == (5, 2, 1, 0, 1)


def test_a_set_that_is_rejected_is_rejected_at_every_rank(client: TestClient) -> None:
    shown = suggested(client, MESSAGES.three_questions, channel="dm")
    ids = [one["answer_id"] for one in shown["suggestions"]]
    assert sorted(ids) == ["delivery-je", "invoice-private", "refund"]
    kept(client, shown, "rejected", rank=None)
    assert use(authors(client)["eva", "expert"])[-1] == 2
    assert use(authors(client)["karim", "community"])[-1] == 1


def test_one_suggestion_counts_once_whoever_used_it(client: TestClient) -> None:
    shown = suggested(client)
    for agent in ("ella", "bo"):
        kept(client, shown, agent=agent)
    assert use(authors(client)["eva", "expert"]) == (1, 1, 1, 0, 0)


def test_live_answers_say_who_wrote_them(client: TestClient, database: Database, desk: Desk) -> None:
    kept(client, suggested(client))
    (before,) = (answer for answer in ANSWERS if answer.answer_id == "delivery-je")
    save(database, desk, "delivery-je", replace(before, author="noor", origin=Origin.AGENT))
    found = authors(client)
    assert use(found["noor", "agent"]) == (1, 1, 1, 0, 0)
    assert found["noor", "agent"]["answers"] == 1
    assert found["eva", "expert"]["answers"] == 4
    assert next(iter(found)) == ("noor", "agent")


def test_who_wrote_what_was_deleted_keeps_the_credit(client: TestClient, database: Database, desk: Desk) -> None:
    kept(client, suggested(client))
    kept(client, suggested(client, MESSAGES.open_slot))
    (refund,) = (answer for answer in ANSWERS if answer.answer_id == "refund")
    save(database, desk, "delivery-je", None)
    save(database, desk, "refund", replace(refund, author="noor"), None)
    found = authors(client)
    assert use(found["eva", "expert"]) == (1, 1, 1, 0, 0)
    assert found["eva", "expert"]["answers"] == 4
    assert use(found["noor", "agent"]) == (1, 1, 1, 0, 0)
    assert found["noor", "agent"]["answers"] == 0
    assert ("karim", "community") not in found


def test_what_nothing_is_known_of_any_more(client: TestClient, database: Database) -> None:
    shown = suggested(client)
    with database.writing() as session:
        session.execute(update(ShownRow).values(answer_ids=["of another bundle"]))
    kept(client, shown)
    assert use(authors(client)[None, None]) == (1, 1, 1, 0, 0)


def test_only_what_was_shown_in_the_period(client: TestClient, database: Database) -> None:
    old = suggested(client)
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # past midnight in Amsterdam
    with database.writing() as session:
        session.execute(update(SuggestionSetRow).values(created_at=at))
    kept(client, old)
    kept(client, suggested(client), "rejected")

    def of_eva(**params: object) -> tuple[int, ...]:
        return use(authors(client, **params)["eva", "expert"])

    assert of_eva(until="2026-03-02") == (1, 1, 1, 0, 0)
    assert of_eva(until="2026-03-01") == (0, 0, 0, 0, 0)
    assert of_eva(since="2026-03-02", until="2026-03-02") == (1, 1, 1, 0, 0)
    assert of_eva(since=at, until=at + timedelta(seconds=1)) == (1, 1, 1, 0, 0)
    assert of_eva(since=at + timedelta(seconds=1)) == (1, 1, 0, 0, 1)
    assert of_eva(since="2026-01-01") == (2, 2, 1, 0, 1)


def test_the_last_month_counts_where_nobody_says_since_when(client: TestClient, database: Database) -> None:
    for days in (29, 31):
        shown = suggested(client)
        with database.writing() as session:
            row = update(SuggestionSetRow).where(SuggestionSetRow.set_id == shown["suggestion_set_id"])
            session.execute(row.values(created_at=datetime.now(UTC) - timedelta(days=days)))
    assert use(authors(client)["eva", "expert"])[0] == 1


def test_another_brand_has_its_own(client: TestClient) -> None:
    assert client.post("/v1/feedback", json=event(suggested(client))).status_code == 201
    items = client.get("/v1/brands/other/insights/authors").json()["items"]
    assert {one["suggested"] for one in items} == {0}


def test_no_word_of_a_customer_or_an_agent(client: TestClient) -> None:
    shown = suggested(client, f"{MESSAGES.suggested} zonnebloemolie", agent={"id": "zonnebloem"})
    kept(client, shown, "edited", sent_text="zonnebloemolie", agent="zonnebloem")
    assert "zonnebloem" not in client.get("/v1/insights/authors").text


def test_what_cannot_be_asked(client: TestClient) -> None:
    refused(client.get("/v1/insights/authors", params={"since": "1999-12-31"}), 422, "since")
