"""What became of deliveries, over HTTP and on the command line, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from repliek.client import Repliek
from repliek.client.errors import Refused
from repliek.suggester import Suggester
from repliek.wire.deliveries import DeliveryStatus
from serving.__main__ import app
from serving.helpdesks.adapter import Helpdesk
from serving.store.database import Database
from serving.store.keys import Scope, create
from tests.command_line import command
from tests.http_server import running
from tests.served_feedback import refused
from tests.served_helpdesks import (
    MARKER,
    NOW,
    buried,
    connected,
    deliver,
    eventually,
    hooked,
    row,
    rows,
    written_to_chatwoot,
)
from tests.stand_in_helpdesk import Reply, StandIn, stand_in_helpdesk

NOTHING = "0" * 32


@pytest.fixture
def desk() -> Iterator[StandIn]:
    with stand_in_helpdesk() as found:
        yield found


@pytest.fixture
def client(suggester: Suggester, store_url: str, tmp_path: Path, desk: StandIn) -> Iterator[TestClient]:
    """Two brands; `default` has Chatwoot."""
    file = connected(tmp_path / "helpdesks.toml", desk.url, [Helpdesk.CHATWOOT])
    with hooked(suggester, store_url, file) as client:
        yield client


def listed(client: TestClient, place: str = "/v1/deliveries", **params: object) -> Any:
    answer = client.get(place, params=params)
    assert answer.status_code == 200, answer.text
    assert MARKER not in answer.text
    return answer.json()


def ids(found: Any) -> list[str]:
    return [one["delivery_id"] for one in found["items"]]


def test_what_is_told_of_a_delivery(client: TestClient, database: Database) -> None:
    delivery_id = buried(database)
    assert listed(client)["items"] == [
        {
            "delivery_id": delivery_id,
            "helpdesk": "zendesk",
            "status": "dead",
            "attempts": 1,
            "received_at": "2026-03-02T08:17:00Z",
            "next_attempt_at": None,
            "done_at": None,
            "suggestion_set_id": None,
            "reason": "helpdesk.example answered 401",
        }
    ]


def test_the_latest_first_page_by_page(client: TestClient, database: Database) -> None:
    made = [buried(database, number) for number in range(5)]
    first = listed(client, limit=2)
    second = listed(client, limit=2, after=first["next"])
    third = listed(client, limit=2, after=second["next"])
    assert ids(first) + ids(second) + ids(third) == made[::-1]
    assert third["next"] is None
    refused(client.get("/v1/deliveries", params={"after": "nowhere"}), 422, "after")


def test_only_what_is_asked_for(client: TestClient, database: Database) -> None:
    dead, of_other = buried(database), buried(database, 2, brand="other")
    deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1))
    eventually(lambda: listed(client, status="done")["items"] != [])
    assert ids(listed(client, status="dead")) == ids(listed(client, helpdesk="zendesk")) == [dead]
    assert len(ids(listed(client))) == 2
    assert ids(listed(client, "/v1/brands/other/deliveries")) == [of_other]
    assert listed(client, status="queued") == {"items": [], "next": None}
    refused(client.get("/v1/deliveries", params={"status": "lost"}), 422, "status")


def test_a_dead_delivery_gets_its_note_when_the_secret_is_mended(
    client: TestClient, database: Database, desk: StandIn
) -> None:
    desk.replies = [Reply(401)]
    delivery_id = deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1)).json()["delivery_id"]
    eventually(lambda: row(database).status == "dead")
    (dead,) = listed(client, status="dead")["items"]
    assert dead["reason"].startswith("127.0.0.1 answered 401: it does not accept token or user")
    replayed = client.post(f"/v1/deliveries/{delivery_id}/replay")
    assert (replayed.status_code, replayed.json()["status"]) == (200, "queued")
    eventually(lambda: row(database).status == "done", seconds=3)
    assert (row(database).attempts, len(desk.calls)) == (1, 2)
    assert "done" in refused(client.post(f"/v1/deliveries/{delivery_id}/replay"), 409)


def test_nobody_replays_what_is_another_brands(client: TestClient, database: Database) -> None:
    delivery_id = buried(database, brand="other")
    refused(client.post(f"/v1/deliveries/{delivery_id}/replay"), 404)
    refused(client.post(f"/v1/deliveries/{NOTHING}/replay"), 404)
    assert client.post(f"/v1/brands/other/deliveries/{delivery_id}/replay").status_code == 200


def test_only_administrators_look(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        _, insights = create(session, "default", "looks", [Scope.INSIGHTS])
        _, admin = create(session, "default", "runs", [Scope.ADMIN])
    eventually(lambda: client.get("/v1/deliveries").status_code == 401)
    assert client.get("/v1/deliveries", headers={"Authorization": f"Bearer {insights}"}).status_code == 403
    assert client.get("/v1/deliveries", headers={"Authorization": f"Bearer {admin}"}).status_code == 200
    # Helpdesks have no key, and need none.
    assert deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1)).status_code == 202


def test_the_client_replays_what_is_dead(client: TestClient, database: Database) -> None:
    delivery_id = buried(database)
    with running(client.app) as url, Repliek(url) as repliek:
        (dead,) = repliek.deliveries.list(status=DeliveryStatus.DEAD, helpdesk="zendesk", limit=1).items
        assert (dead.delivery_id, dead.received_at) == (delivery_id, NOW + timedelta(minutes=1))
        assert repliek.deliveries.replay(delivery_id).status is DeliveryStatus.QUEUED
        with pytest.raises(Refused, match="can be replayed"):
            repliek.deliveries.replay(delivery_id)


def test_deliveries_in_the_terminal(store_url: str, database: Database) -> None:
    first, second = buried(database, 1), buried(database, 2, "other", Helpdesk.INTERCOM)
    told = command(app, "deliveries", "list", "--database", store_url)
    assert told.code == 0
    place = [told.stdout.index(second), told.stdout.index(first)]
    assert place == sorted(place)
    assert "helpdesk.example answered 401" in told.stdout
    assert MARKER not in told.stdout
    chosen = ("--helpdesk", "intercom", "--status", "dead", "--brand", "other", "--limit", "1")
    found = json.loads(command(app, "deliveries", "list", *chosen, "--json", "--database", store_url).stdout)
    assert [one["delivery_id"] for one in found] == [second]
    assert command(app, "deliveries", "list", "--brand", "third", "--json", "--database", store_url).stdout == "[]\n"


def test_replaying_in_the_terminal(store_url: str, database: Database) -> None:
    first, second, third = (buried(database, number) for number in range(3))
    assert command(app, "deliveries", "replay", first, "--database", store_url).said.endswith(" 1 to be tried again.")
    assert [one.status for one in rows(database)] == ["queued", "dead", "dead"]
    unknown = command(app, "deliveries", "replay", second, NOTHING, "--database", store_url)
    assert unknown.code == 1
    assert unknown.said.endswith(
        f"error: there is no delivery '{NOTHING}'; `python -m serving deliveries list` shows them"
    )
    again = command(app, "deliveries", "replay", second, first, "--database", store_url)
    assert again.code == 1
    assert again.said.endswith(f"error: delivery '{first}' is queued, not dead; nothing was changed")
    assert [one.status for one in rows(database)] == ["queued", "dead", "dead"]
    of_none = command(app, "deliveries", "replay", "--all-dead", "--brand", "other", "--database", store_url)
    assert of_none.said.endswith(" 0 to be tried again.")
    assert command(app, "deliveries", "replay", "--all-dead", "--database", store_url).said.endswith(
        " 2 to be tried again."
    )
    assert {(one.status, one.attempts) for one in rows(database)} == {("queued", 0)}
    assert third


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "either the ids of deliveries, or --all-dead"),
        (["--all-dead", NOTHING], "either the ids of deliveries, or --all-dead"),
        ([NOTHING, "--brand", "other"], "expected --all-dead with them"),
    ],
)
def test_wrong_use(options: list[str], said: str) -> None:
    ended = command(app, "deliveries", "replay", *options)
    assert ended.code == 2
    assert said in ended.said
