"""Webhooks, from the signed bytes to the note and the click on its link, on both databases."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from repliek.suggester import Suggester
from repliek.wire.problems import MAX_BODY_BYTES, MEDIA_TYPE
from serving.helpdesks.adapter import Helpdesk
from serving.helpdesks.registry import ADAPTERS
from serving.store import database as store
from serving.store.database import Database
from serving.store.tables import FeedbackRow, ShownRow, SuggestionSetRow
from tests.fixture_bundle import MESSAGES
from tests.helpdesk_deliveries import SENDERS, payload
from tests.served import served_alone, sqlite_url
from tests.served_helpdesks import (
    away,
    connected,
    deliver,
    eventually,
    headers_of,
    hooked,
    links_in,
    recorded,
    row,
    rows,
    written_to_chatwoot,
)
from tests.stand_in_helpdesk import Call, StandIn, stand_in_helpdesk

MARKER = "zonnebloemolie"

each = pytest.mark.parametrize("helpdesk", Helpdesk)
each_that_takes_notes = pytest.mark.parametrize("helpdesk", ADAPTERS)
each_that_signs = pytest.mark.parametrize("helpdesk", [one.helpdesk for one in SENDERS if one.signs_body])
each_that_signs_time = pytest.mark.parametrize("helpdesk", [one.helpdesk for one in SENDERS if one.signs_time])

PRIVATE = {
    Helpdesk.ZENDESK: lambda body: body["ticket"]["comment"]["public"] is False,
    Helpdesk.CHATWOOT: lambda body: body["private"] is True,
    Helpdesk.ZAMMAD: lambda body: body["internal"] is True,
    Helpdesk.FRESHDESK: lambda body: body["private"] is True,
    Helpdesk.INTERCOM: lambda body: body["message_type"] == "note",
}


@pytest.fixture
def desk() -> Iterator[StandIn]:
    with stand_in_helpdesk() as found:
        yield found


@pytest.fixture
def file(tmp_path: Path, desk: StandIn) -> Path:
    return connected(tmp_path / "helpdesks.toml", desk.url)


@pytest.fixture
def client(suggester: Suggester, store_url: str, file: Path) -> Iterator[TestClient]:
    with hooked(suggester, store_url, file) as client:
        yield client


@pytest.fixture(scope="module")
def quick(suggester: Suggester, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The same for many tests, for what does not depend on the store."""
    folder = tmp_path_factory.mktemp("quick")
    with stand_in_helpdesk() as desk:
        file = connected(folder / "helpdesks.toml", desk.url)
        with hooked(suggester, sqlite_url(folder), file) as client:
            yield client


def assert_refused(response: Any, status: int) -> str:
    assert response.status_code == response.json()["status"] == status, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    assert MARKER not in response.text
    return str(response.json()["detail"])


def is_private(helpdesk: Helpdesk, call: Call) -> bool:
    return bool(PRIVATE[helpdesk](json.loads(call.body)))


@each_that_takes_notes
def test_a_message_gets_one_private_note_whose_links_work(
    client: TestClient, database: Database, desk: StandIn, helpdesk: Helpdesk
) -> None:
    accepted = deliver(client, helpdesk, recorded(helpdesk))
    assert accepted.status_code == 202
    delivery_id = accepted.json()["delivery_id"]
    assert accepted.json() == {"status": "accepted", "delivery_id": delivery_id, "reason": None}
    known = deliver(client, helpdesk, recorded(helpdesk))
    assert (known.status_code, known.json()["status"], known.json()["delivery_id"]) == (200, "known", delivery_id)
    eventually(lambda: row(database).status == "done")
    (call,) = desk.calls
    assert is_private(helpdesk, call)
    assert "akket is onderweg" in call.body.decode()
    assert deliver(client, helpdesk, recorded(helpdesk)).json()["status"] == "known"

    accept, reject = links_in(call)[:2]
    assert client.get(accept).status_code == client.post(accept).status_code == 200
    assert client.post(reject).status_code == 200
    with database.reading() as session:
        given = {one.action: one.set_id for one in session.scalars(select(FeedbackRow))}
    assert given == dict.fromkeys(("accepted", "rejected"), row(database).set_id)
    assert len(desk.calls) == 1


def test_the_customers_words_go_when_the_note_is_written(
    client: TestClient, database: Database, desk: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1, f"{MESSAGES.suggested} {MARKER}"))
        eventually(lambda: row(database).status == "done")
    kept = row(database)
    assert (kept.event, kept.response, kept.attempts, kept.last_error) == (None, None, 1, None)
    assert kept.customer_id == "21"
    with database.reading() as session:
        shown = session.get_one(SuggestionSetRow, kept.set_id)
    assert (shown.customer_id, shown.conversation_id, shown.agent_id) == ("21", "3/48", "5")
    listed = client.get("/v1/deliveries")
    assert MARKER not in listed.text + caplog.text


def test_silence_is_told_without_links(client: TestClient, desk: StandIn) -> None:
    deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1, MESSAGES.out_of_scope))
    eventually(lambda: bool(desk.calls))
    assert links_in(desk.calls[0]) == []
    assert json.loads(desk.calls[0].body)["content"]


def test_without_a_public_address_a_note_has_no_links(
    suggester: Suggester, store_url: str, file: Path, desk: StandIn
) -> None:
    with hooked(suggester, store_url, file, public_url=None) as client:
        deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1))
        eventually(lambda: bool(desk.calls))
    assert b"akket is onderweg" in desk.calls[0].body
    assert b"/v1/feedback" not in desk.calls[0].body


def test_what_is_no_customers_message_is_ignored(client: TestClient, database: Database, desk: StandIn) -> None:
    ignored = deliver(client, Helpdesk.CHATWOOT, payload("chatwoot_private_note"))
    assert ignored.status_code == 200
    assert ignored.json() == {"status": "ignored", "delivery_id": None, "reason": "a private note"}
    assert rows(database) == []
    assert desk.calls == []


@each_that_signs
def test_an_altered_body_is_refused(quick: TestClient, helpdesk: Helpdesk) -> None:
    content = json.dumps(recorded(helpdesk)).encode()
    altered = content.replace(MESSAGES.suggested.encode(), MARKER.encode())
    assert altered != content
    response = quick.post(f"/v1/hooks/{helpdesk}", content=altered, headers=headers_of(helpdesk, content))
    assert "signature" in assert_refused(response, 401)


@each_that_signs_time
def test_six_minutes_are_too_long_and_four_are_not(quick: TestClient, helpdesk: Helpdesk) -> None:
    old = deliver(quick, helpdesk, recorded(helpdesk), age=timedelta(minutes=6))
    assert "time" in assert_refused(old, 401)
    early = deliver(quick, helpdesk, recorded(helpdesk), age=-timedelta(minutes=6))
    assert "time" in assert_refused(early, 401)
    assert deliver(quick, helpdesk, recorded(helpdesk), age=timedelta(minutes=4)).is_success


@each
def test_nobody_is_let_in_without_a_proof(quick: TestClient, helpdesk: Helpdesk) -> None:
    body = json.dumps(recorded(helpdesk)).encode()
    nothing = quick.post(f"/v1/hooks/{helpdesk}", content=body)
    wrong = quick.post(f"/v1/hooks/{helpdesk}", content=body, headers=headers_of(helpdesk, body, secret="bm9uc2Vuc2U="))
    assert assert_refused(nothing, 401) == assert_refused(wrong, 401)


@each
def test_while_a_secret_is_rotated_both_hold(
    suggester: Suggester, tmp_path: Path, desk: StandIn, helpdesk: Helpdesk
) -> None:
    old, new, url = "b2xkLXNlY3JldC0wMQ==", "bmV3LXNlY3JldC0wMQ==", sqlite_url(tmp_path)
    both = connected(tmp_path / "both.toml", desk.url, [helpdesk], **{helpdesk: [old, new]})
    with hooked(suggester, url, both) as client:
        assert deliver(client, helpdesk, recorded(helpdesk), secret=old).is_success
        assert deliver(client, helpdesk, recorded(helpdesk), secret=new).is_success
    rotated = connected(tmp_path / "rotated.toml", desk.url, [helpdesk], **{helpdesk: [new]})
    with hooked(suggester, url, rotated) as client:
        assert_refused(deliver(client, helpdesk, recorded(helpdesk), secret=old), 401)
        assert deliver(client, helpdesk, recorded(helpdesk), secret=new).is_success


@each
def test_a_megabyte_of_noise_is_not_read_to_its_end(quick: TestClient, helpdesk: Helpdesk) -> None:
    noise = bytes(range(256)) * 4096
    assert_refused(quick.post(f"/v1/hooks/{helpdesk}", content=noise), 413)
    assert_refused(quick.post(f"/v1/hooks/{helpdesk}", content=noise, headers=headers_of(helpdesk, noise)), 413)
    less = noise[:MAX_BODY_BYTES]
    assert_refused(quick.post(f"/v1/hooks/{helpdesk}", content=less), 401)
    assert_refused(quick.post(f"/v1/hooks/{helpdesk}", content=less, headers=headers_of(helpdesk, less)), 400)


@each
def test_a_signed_body_that_lacks_what_matters(quick: TestClient, helpdesk: Helpdesk) -> None:
    chatwoots = {"event": "message_created", "message_type": "incoming", "private": False, "conversation": MARKER}
    content = json.dumps({**chatwoots, "topic": "conversation.user.replied"}).encode()
    response = quick.post(f"/v1/hooks/{helpdesk}", content=content, headers=headers_of(helpdesk, content))
    assert_refused(response, 422)
    assert response.json()["errors"]


@each
def test_only_what_is_connected_is_there(
    suggester: Suggester, tmp_path: Path, desk: StandIn, helpdesk: Helpdesk
) -> None:
    other = Helpdesk.ZENDESK if helpdesk is Helpdesk.INTERCOM else Helpdesk.INTERCOM
    file = connected(tmp_path / "helpdesks.toml", desk.url, [helpdesk])
    with hooked(suggester, sqlite_url(tmp_path), file) as client:
        assert client.head(f"/v1/hooks/{helpdesk}").status_code == 200
        assert client.head(f"/v1/hooks/{other}").status_code == 404
        for place in (f"/v1/hooks/{other}", "/v1/hooks/nobody", f"/v1/brands/other/hooks/{helpdesk}"):
            assert_refused(client.post(place, content=b"{}"), 404)
        assert_refused(deliver(client, helpdesk, recorded(helpdesk), brand="nobody"), 404)
        assert deliver(client, helpdesk, recorded(helpdesk), brand="default").is_success


def test_no_helpdesk_is_connected(suggester: Suggester, tmp_path: Path) -> None:
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        assert_refused(client.post("/v1/hooks/zendesk", content=b"{}"), 404)


@each
def test_while_the_store_is_away_a_helpdesk_is_asked_to_come_back(
    suggester: Suggester,
    store_url: str,
    database: Database,
    file: Path,
    desk: StandIn,
    helpdesk: Helpdesk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "WAIT_SECONDS", 1)
    with hooked(suggester, store_url, file) as client:
        with away(database):
            response = deliver(client, helpdesk, recorded(helpdesk))
            assert_refused(response, 503)
            assert "retry-after" in response.headers
        assert desk.calls == []
        assert deliver(client, helpdesk, recorded(helpdesk)).is_success


def test_characters_that_no_database_keeps_are_no_accident(client: TestClient, database: Database) -> None:
    body = written_to_chatwoot(1, f"{MESSAGES.suggested}\0 \ud83d\ude42")
    body["sender"]["name"] = "Em\0ily"
    assert deliver(client, Helpdesk.CHATWOOT, body).status_code == 202
    eventually(lambda: row(database).status == "done")
    body["sender"]["id"] = "2\0001"
    assert_refused(deliver(client, Helpdesk.CHATWOOT, body), 422)
    signed = recorded(Helpdesk.ZENDESK)
    signed["event"]["meta"]["sequence"]["id"] = "2\0001"
    assert_refused(deliver(client, Helpdesk.ZENDESK, signed), 422)


def test_fifty_at_once_are_one(client: TestClient, database: Database, desk: StandIn) -> None:
    with ThreadPoolExecutor(20) as threads:
        sent = list(threads.map(lambda _: deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1)), range(50)))
    assert sorted(one.json()["status"] for one in sent) == ["accepted", *["known"] * 49]
    assert len({one.json()["delivery_id"] for one in sent}) == 1
    eventually(lambda: row(database).status == "done")
    assert len(desk.calls) == 1


def test_standard_webhooks_are_answered_in_the_response(client: TestClient, database: Database, desk: StandIn) -> None:
    response = deliver(client, Helpdesk.STANDARD, recorded(Helpdesk.STANDARD))
    assert response.status_code == 200
    shown = response.json()
    assert shown["suggestions"][0]["answer_id"] == "delivery-je"
    event = {"suggestion_set_id": shown["suggestion_set_id"], "action": "ignored"}
    assert client.post("/v1/feedback", json=event).status_code == 201
    kept = row(database)
    assert (kept.status, kept.set_id, kept.event) == ("done", shown["suggestion_set_id"], None)
    assert desk.calls == []


def test_a_standard_webhook_that_is_sent_again_gets_the_same_set(client: TestClient, database: Database) -> None:
    body = recorded(Helpdesk.STANDARD, MESSAGES.half_answered)
    first, again = (deliver(client, Helpdesk.STANDARD, body) for _ in range(2))
    assert first.json() == again.json()
    assert first.json()["matters"]
    # One who gives every message the same id must not be given the answer to another.
    other = deliver(client, Helpdesk.STANDARD, recorded(Helpdesk.STANDARD, MESSAGES.public_and_private)).json()
    assert other["intent"]["label"] == "invoice"
    with database.reading() as session:
        assert len(session.scalars(select(SuggestionSetRow)).all()) == len(rows(database)) == 2


def test_a_standard_webhook_is_kept_redacted(client: TestClient, database: Database) -> None:
    number = "06-12345678"
    body = recorded(Helpdesk.STANDARD, f"Waar blijft mijn pakket? En wanneer krijg ik geld terug op {number}?")
    first, again = (deliver(client, Helpdesk.STANDARD, body).text for _ in range(2))
    assert number in first
    assert number not in again + json.dumps(row(database).response)


def test_a_standard_webhook_that_is_sent_ten_times_at_once(client: TestClient, database: Database) -> None:
    with ThreadPoolExecutor(10) as threads:
        found = list(threads.map(lambda _: deliver(client, Helpdesk.STANDARD, recorded(Helpdesk.STANDARD)), range(10)))
    assert len({one.json()["suggestion_set_id"] for one in found}) == 1
    with database.reading() as session:
        sets = session.scalars(select(ShownRow.set_id).distinct()).all()
    assert sets == [row(database).set_id]
