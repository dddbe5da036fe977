"""Feedback is taken once, compared with what was shown, and on the disk when it is acknowledged."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text
from starlette.testclient import TestClient

from repliek.suggester import Suggester
from serving import feedback as module
from serving.desk import Desk
from serving.settings import ROOT, Settings
from serving.store.database import Database
from serving.store.keys import Scope, create
from serving.store.tables import FeedbackRow, FollowUpRow, ShownRow, SuggestionSetRow
from tests.fixture_bundle import MESSAGES
from tests.served import served, served_alone, sqlite_url
from tests.served_feedback import event, kept, refused, suggested

MARKER = "zonnebloemolie"
PROMISE = "Je pakket is onderweg. Ik bel je morgen voor 12 uur."


@pytest.fixture(scope="module")
def client(suggester: Suggester, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One brand on SQLite, open to everybody."""
    with served_alone(suggester, tmp_path_factory.mktemp("store")) as app, TestClient(app) as client:
        yield client


@pytest.fixture
def clients(suggester: Suggester, store_url: str) -> Iterator[tuple[TestClient, TestClient]]:
    """Two servers over one store, once on SQLite and once on PostgreSQL."""
    settings = Settings(database_url=store_url)
    with ExitStack() as stack:
        apps = [stack.enter_context(served(settings, Desk("default", suggester))) for _ in range(2)]
        first, second = (stack.enter_context(TestClient(app)) for app in apps)
        yield first, second


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(FeedbackRow)) or 0


def test_feedback_has_the_shape_of_the_contract(client: TestClient) -> None:
    shown = suggested(client)
    answer = client.post("/v1/feedback", json=event(shown, "edited", sent_text=PROMISE, agent="ella"))
    assert answer.status_code == 201
    found = answer.json()
    assert list(found) == [
        "feedback_id",
        "suggestion_set_id",
        "suggestion_id",
        "action",
        "edit",
        "follow_ups",
        "received_at",
    ]
    assert found["suggestion_set_id"] == shown["suggestion_set_id"]
    assert found["suggestion_id"] == shown["suggestions"][0]["suggestion_id"]
    assert found["action"] == "edited"
    assert list(found["edit"]) == ["kind", "similarity"]
    assert datetime.fromisoformat(found["received_at"]).tzinfo is not None


def test_the_same_event_a_hundred_times_at_once_is_one_row(
    clients: tuple[TestClient, TestClient], database: Database
) -> None:
    for client in clients:
        # FastAPI looks into a route when it is first asked, and hushes its warnings in a way that threads undo.
        refused(client.post("/v1/feedback", json={}), 422, "suggestion_set_id", "action")
    shown = suggested(clients[0])
    body = event(shown, "edited", sent_text=PROMISE, agent="ella")
    together = threading.Barrier(20)

    def send(number: int) -> Any:
        if number < together.parties:
            together.wait()
        return clients[number % 2].post("/v1/feedback", json=body, headers={"Idempotency-Key": f"key {number % 3}"})

    with ThreadPoolExecutor(together.parties) as pool:
        answers = list(pool.map(send, range(100)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 99}
    assert len({answer.text for answer in answers}) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FeedbackRow)) == 1
        assert session.scalar(select(func.count()).select_from(FollowUpRow)) == 1


def test_a_key_names_one_event(clients: tuple[TestClient, TestClient], database: Database) -> None:
    first, second = clients
    shown = suggested(first)
    key = {"Idempotency-Key": "f1f77f1e"}
    assert first.post("/v1/feedback", json=event(shown), headers=key).status_code == 201
    assert second.post("/v1/feedback", json=event(shown), headers=key).status_code == 200
    assert second.post("/v1/feedback", json=event(shown)).status_code == 200
    other = second.post("/v1/feedback", json=event(shown, agent="ella"), headers=key)
    assert refused(other, 422, "Idempotency-Key") == "This idempotency key was used for other feedback."
    assert count(database) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "clé"])
def test_what_is_no_key(client: TestClient, key: str) -> None:
    answer = client.post("/v1/feedback", json=event(suggested(client)), headers={"Idempotency-Key": key.encode()})
    refused(answer, 422, "Idempotency-Key")


def test_an_event_that_differs_in_anything_is_another_one(client: TestClient) -> None:
    shown = suggested(client, MESSAGES.three_questions)
    bodies = [
        event(shown),
        event(shown, rank=2),
        event(shown, "rejected"),
        event(shown, agent="ella"),
        event(shown, sent_text="Morgen."),
        event(shown, sent_at="2026-03-02T09:15:00+01:00"),
        event(shown, "ignored", rank=None),
    ]
    answers = [client.post("/v1/feedback", json=body) for body in bodies]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["feedback_id"] for answer in answers}) == len(bodies)
    in_another_zone = event(shown, sent_at="2026-03-02T08:15:00Z")
    assert client.post("/v1/feedback", json=in_another_zone).status_code == 200


def test_everything_that_later_judging_needs_is_kept(
    clients: tuple[TestClient, TestClient], database: Database
) -> None:
    shown = suggested(clients[0], MESSAGES.three_questions)
    sent = "Hoi, mail naar jan@prive.example of bel 06-12345678."
    kept(clients[0], shown, "edited", rank=2, sent_text=sent, agent="ella", sent_at="2026-03-02T09:15:00+01:00")
    with database.reading() as session:
        (row,) = session.scalars(select(FeedbackRow))
        same = select(ShownRow).where(ShownRow.set_id == row.set_id, ShownRow.rank == row.rank)
        (suggestion,) = session.scalars(same)
    assert row.sent_text == "Hoi, mail naar [EMAIL] of bel [PHONE]."
    assert (row.brand, row.rank, row.action, row.agent) == ("default", 2, "edited", "ella")
    assert row.sent_at == datetime.fromisoformat("2026-03-02T09:15:00+01:00")
    assert (row.reviewed_at, row.verdict) == (None, None)
    assert suggestion.text == shown["suggestions"][1]["text"]
    assert (suggestion.confidence, suggestion.propensity) == (shown["suggestions"][1]["confidence"], 1.0)


@pytest.mark.parametrize("action", ["accepted", "edited", "rejected", "ignored"])
def test_what_was_sent_is_classed_whatever_was_done(client: TestClient, action: str) -> None:
    shown = suggested(client)
    found = kept(client, shown, action, sent_text="Geen idee, vraag het de buren.")["edit"]
    assert found["kind"] == "rewritten"
    assert 0 <= found["similarity"] < 0.5


def test_it_is_compared_before_it_is_redacted(client: TestClient) -> None:
    shown = suggested(client, customer={"name": "Eric"})
    text_shown = shown["suggestions"][0]["text"]
    assert "Eric" in text_shown
    assert kept(client, shown, "accepted", sent_text=text_shown)["edit"] == {"kind": "as_is", "similarity": 1.0}


def test_who_accepts_sends_what_was_suggested(client: TestClient) -> None:
    assert kept(client, suggested(client))["edit"] == {"kind": "as_is", "similarity": 1.0}


def test_nothing_is_compared_where_nothing_was_sent_or_suggested(client: TestClient) -> None:
    shown = suggested(client)
    assert kept(client, shown, "rejected")["edit"] is None
    assert kept(client, shown, "ignored", rank=None)["edit"] is None
    assert kept(client, shown, "accepted", rank=None)["edit"] is None
    silent = suggested(client, MESSAGES.out_of_scope)
    assert kept(client, silent, "edited", rank=None, sent_text="Morgen wordt het droog.")["edit"] is None


def test_without_a_suggestion_the_nearest_one_is_compared(client: TestClient) -> None:
    shown = suggested(client, MESSAGES.three_questions)
    found = kept(client, shown, "edited", rank=None, sent_text=shown["suggestions"][2]["text"])
    assert found["edit"] == {"kind": "as_is", "similarity": 1.0}
    assert found["suggestion_id"] is None


def test_what_was_promised_makes_a_follow_up(client: TestClient) -> None:
    about = {"channel": "dm", "customer": {"id": "klant 3"}, "conversation_id": "gesprek 7", "agent": {"id": "ella"}}
    shown = suggested(client, **about)
    sent = "Hoi, ik bel je morgen voor 12 uur op 06-12345678."
    (found,) = kept(client, shown, "edited", sent_text=sent, sent_at="2026-03-02T09:15:00+01:00")["follow_ups"]
    assert "[PHONE]" in found["promised"]
    assert datetime.fromisoformat(found["due"]) == datetime.fromisoformat("2026-03-03T12:00:00+01:00")
    assert (found["overdue"], found["done_at"]) == (True, None)
    assert (found["channel"], found["customer_id"], found["conversation_id"]) == ("dm", "klant 3", "gesprek 7")
    assert (found["agent"], found["suggestion_set_id"]) == ("ella", shown["suggestion_set_id"])


@pytest.mark.parametrize(("action", "promises"), [("accepted", 1), ("edited", 1), ("rejected", 0), ("ignored", 0)])
def test_only_what_was_sent_of_ours_promises(client: TestClient, action: str, promises: int) -> None:
    assert len(kept(client, suggested(client), action, sent_text=PROMISE)["follow_ups"]) == promises


def test_an_accepted_suggestion_promises_what_it_says(client: TestClient) -> None:
    shown = suggested(client)
    database = Database.from_url(client.app.state.services.settings.database_url)  # type: ignore[attr-defined]
    with database.writing() as session:
        session.get_one(ShownRow, (shown["suggestion_set_id"], 1)).text = PROMISE
    database.close()
    (found,) = kept(client, shown)["follow_ups"]
    assert found["promised"] == "Ik bel je morgen voor 12 uur."


def test_no_such_set(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAITS", (0.01,))
    answer = client.post("/v1/feedback", json={"suggestion_set_id": MARKER, "action": "ignored"})
    assert MARKER not in answer.text
    refused(answer, 404, "suggestion_set_id")


def test_a_set_that_is_written_a_moment_later(clients: tuple[TestClient, TestClient], database: Database) -> None:
    shown = suggested(clients[0])
    with database.reading() as session:
        row = session.get_one(SuggestionSetRow, shown["suggestion_set_id"])
        columns = {column.key: getattr(row, column.key) for column in SuggestionSetRow.__table__.columns}
    with database.writing() as session:
        session.execute(delete(SuggestionSetRow))

    def write() -> None:
        with database.writing() as session:
            session.add(SuggestionSetRow(**columns))

    writing = threading.Timer(0.3, write)
    writing.start()
    answer = clients[1].post("/v1/feedback", json=event(shown, "rejected", rank=None))
    writing.join()
    assert answer.status_code == 201


def test_a_suggestion_of_another_set(client: TestClient) -> None:
    shown, other = suggested(client), suggested(client)
    wrong = event(shown) | {"suggestion_id": other["suggestions"][0]["suggestion_id"]}
    refused(client.post("/v1/feedback", json=wrong), 422, "suggestion_id")
    beyond = event(shown) | {"suggestion_id": f"{shown['suggestion_set_id']}-9"}
    refused(client.post("/v1/feedback", json=beyond), 422, "suggestion_id")


@pytest.mark.parametrize("more", [{}, {"sent_text": None}, {"sent_text": " \n"}])
def test_an_edit_needs_what_was_sent(client: TestClient, more: dict[str, object]) -> None:
    refused(client.post("/v1/feedback", json=event(suggested(client), "edited", **more)), 422, "sent_text")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"action": MARKER}, "action"),
        ({"sent_text": f"{MARKER}\0"}, "sent_text"),
        ({"sent_text": f"{MARKER}\ud800"}, "sent_text"),
        ({"sent_text": "x" * 20_001}, "sent_text"),
        ({"sent_at": "2026-03-02T09:15:00"}, "sent_at"),
        ({"agent": "a\nb"}, "agent"),
        ({"rating": 5}, "rating"),
    ],
)
def test_what_is_no_feedback(client: TestClient, wrong: dict[str, object], field: str) -> None:
    shown = suggested(client)
    # Not `json=`, which cannot write half a character.
    content = json.dumps(event(shown) | wrong)
    answer = client.post("/v1/feedback", content=content, headers={"Content-Type": "application/json"})
    assert MARKER not in answer.text
    refused(answer, 422, field)


def test_another_brands_set_is_none(suggester: Suggester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAITS", (0.01,))
    settings = Settings(database_url=sqlite_url(tmp_path))
    with served(settings, Desk("default", suggester), Desk("other", suggester)) as app, TestClient(app) as client:
        shown = suggested(client)
        refused(client.post("/v1/brands/other/feedback", json=event(shown)), 404, "suggestion_set_id")
        assert client.post("/v1/brands/default/feedback", json=event(shown)).status_code == 201


def test_a_key_of_the_brand_and_the_scope_is_needed(suggester: Suggester, tmp_path: Path) -> None:
    database = Database.from_url(sqlite_url(tmp_path))
    database.migrate()
    with database.writing() as session:
        _, feeds_back = create(session, "default", "helpdesk", [Scope.FEEDBACK, Scope.SUGGEST])
        _, looks = create(session, "default", "lead", [Scope.INSIGHTS])
    database.close()
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        client.headers["Authorization"] = f"Bearer {feeds_back}"
        body = event(suggested(client))
        refused(client.post("/v1/feedback", json=body, headers={"Authorization": ""}), 401)
        refused(client.post("/v1/feedback", json=body, headers={"Authorization": f"Bearer {looks}"}), 403)
        assert client.post("/v1/feedback", json=body).status_code == 201
        refused(client.get("/v1/feedback"), 403)


def test_nothing_is_acknowledged_while_the_store_is_away(suggester: Suggester, tmp_path: Path) -> None:
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        body = event(suggested(client))
        file, aside = tmp_path / "repliek.db", tmp_path / "aside"
        app.state.services.database.close()
        for one in tmp_path.glob("repliek.db*"):
            one.rename(aside.with_name(f"aside{one.name.removeprefix('repliek.db')}"))
        file.mkdir()
        answer = client.post("/v1/feedback", json=body)
        assert refused(answer, 503).startswith("The database does not answer and nothing was kept")
        assert answer.headers["retry-after"] == "2"
        assert suggested(client)["suggestions"]
        app.state.services.database.close()
        file.rmdir()
        for one in tmp_path.glob("aside*"):
            one.rename(file.with_name(f"repliek.db{one.name.removeprefix('aside')}"))
        assert client.post("/v1/feedback", json=body).status_code == 201


def test_a_set_that_is_erased_meanwhile(
    clients: tuple[TestClient, TestClient], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = suggested(clients[0])
    compare = module._event

    def erase_and_compare(*args: Any) -> Any:
        with database.writing() as session:
            session.execute(delete(SuggestionSetRow))
        return compare(*args)

    monkeypatch.setattr(module, "_event", erase_and_compare)
    monkeypatch.setattr(module, "_WAITS", ())
    refused(clients[0].post("/v1/feedback", json=event(shown)), 404, "suggestion_set_id")
    assert count(database) == 0


def test_no_word_of_it_is_logged(
    client: TestClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    shown = suggested(client)
    kept(client, shown, "edited", sent_text=MARKER, agent=MARKER)
    assert MARKER not in caplog.text
    assert MARKER not in "".join(capfd.readouterr())


def test_the_store_is_read_as_it_was_written(clients: tuple[TestClient, TestClient], database: Database) -> None:
    shown = suggested(clients[0])
    kept(clients[0], shown, "edited", sent_text="Ÿ 👍🏽 \u200d", agent="Zoë")
    with database.reading() as session:
        row = session.execute(text("SELECT sent_text, agent FROM feedback")).one()
    assert tuple(row) == ("Ÿ 👍🏽 \u200d", "Zoë")


def names(value: Any) -> Any:
    """The fields of a JSON value, without what they hold."""
    if isinstance(value, dict):
        return {name: names(found) for name, found in value.items()}
    return [names(found) for found in value[:1]] if isinstance(value, list) else None


def test_the_documentation_shows_what_is_answered(client: TestClient) -> None:
    documented = (ROOT / "docs/http.md").read_text(encoding="utf-8")
    parts = re.findall(r"```json\n(.*?)```", documented, re.DOTALL)
    (feedback,) = (json.loads(part) for part in parts if '"feedback_id"' in part)
    assert names(feedback) == names(kept(client, suggested(client), "edited", sent_text=PROMISE))
    (authors,) = (json.loads(part) for part in parts if '"author"' in part)
    assert names(authors) == names(client.get("/v1/insights/authors").json())
    asked = re.findall(r"curl -s 'http://127\.0\.0\.1:3000(/\S+)'", documented)
    assert len(asked) >= 4
    assert {client.get(address).status_code for address in asked} == {200}
