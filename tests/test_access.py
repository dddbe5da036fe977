"""Who is let in: every kind of key on every operation of the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from repliek.suggester import Suggester
from repliek.wire.problems import MAX_BODY_BYTES, MEDIA_TYPE
from serving.desk import Desk
from serving.settings import Settings
from serving.store import keys
from serving.store.database import Database
from serving.store.keys import Scope
from serving.store.tables import Table
from tests.fixture_bundle import MESSAGES
from tests.operations import OPERATIONS, Operation
from tests.served import migrated, served, served_alone, sqlite_url

OURS, THEIRS = "shop", "energy"
JSON = {"Content-Type": "application/json"}

guarded = pytest.mark.parametrize(
    "operation",
    [one for one in OPERATIONS if one.wants_a_key],
    ids=lambda operation: f"{operation.method} {operation.path}",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A server with keys: a client of it, its store, and the keys that it knows."""

    client: TestClient
    database: Database
    unknown: str
    revoked: str
    expired: str
    theirs: str
    admin: str
    of_scope: dict[Scope, str]

    def everything(self) -> dict[str, list[Any]]:
        """All that stands in the store."""
        with self.database.reading() as session:
            return {
                table.name: sorted(map(str, session.execute(select(table)))) for table in Table.metadata.sorted_tables
            }


@pytest.fixture(scope="module")
def kept(suggester: Suggester, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    url = migrated(sqlite_url(tmp_path_factory.mktemp("store")))
    database = Database.from_url(url)
    now = datetime.now(UTC)
    with database.writing() as session:
        of_scope = {scope: keys.create(session, OURS, scope, [scope])[1] for scope in Scope}
        _, theirs = keys.create(session, THEIRS, "theirs", list(Scope))
        _, expired = keys.create(session, OURS, "expired", list(Scope), now - timedelta(seconds=1))
        known, revoked = keys.create(session, OURS, "revoked", list(Scope))
        keys.revoke(session, known.key_id)
    settings = Settings(database_url=url)
    with served(settings, Desk(OURS, suggester), Desk(THEIRS, suggester)) as app, TestClient(app) as client:
        admin = of_scope.pop(Scope.ADMIN)
        yield Kept(client, database, keys.PREFIX + "x" * 43, revoked, expired, theirs, admin, of_scope)
    database.close()


def ask(kept: Kept, operation: Operation, authorization: str | None, **sent: Any) -> httpx.Response:
    """Ask with a body that the operation would take, unless another is given."""
    headers = dict(sent.pop("headers", {}))
    if authorization:
        headers |= {"Authorization": authorization.encode("latin-1")}
    if operation.takes_a_body and not sent:
        sent = {"json": operation.rule.body}
    return kept.client.request(operation.method, operation.address(OURS), headers=headers, **sent)


def assert_refused(response: httpx.Response, status: int) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.json()["status"] == status
    assert response.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


def lacking(kept: Kept, operation: Operation) -> list[str]:
    return [key for scope, key in kept.of_scope.items() if scope not in operation.rule.scopes]


@guarded
def test_who_has_no_good_key_is_refused(kept: Kept, operation: Operation) -> None:
    before = kept.everything()
    malformed = ["Bearer", "Bearer ", f"Basic {kept.admin}", kept.admin, f"Bearer {kept.admin} x", "Bearer \xe9\x00"]
    wrong = [f"Bearer {key}" for key in (kept.unknown, kept.revoked, kept.expired, kept.admin.lower())]
    for authorization in (None, *malformed, *wrong):
        assert_refused(ask(kept, operation, authorization), 401)
    assert kept.everything() == before


@guarded
def test_who_lacks_the_scope_is_refused(kept: Kept, operation: Operation) -> None:
    before = kept.everything()
    for key in lacking(kept, operation):
        assert_refused(ask(kept, operation, f"Bearer {key}"), 403)
    assert kept.everything() == before


@guarded
def test_who_has_a_scope_is_let_in(kept: Kept, operation: Operation) -> None:
    right = [kept.of_scope[scope] for scope in operation.rule.scopes if scope is not Scope.ADMIN]
    for key in (*right, kept.admin):
        response = ask(kept, operation, f"bearer {key}")
        assert response.status_code not in {401, 403}
        assert response.status_code < 500


@guarded
def test_another_brand_is_refused(kept: Kept, operation: Operation) -> None:
    before = kept.everything()
    if operation.names_a_brand:
        assert_refused(ask(kept, operation, f"Bearer {kept.theirs}"), 403)
        elsewhere = operation.address("nobody")
        response = kept.client.request(
            operation.method, elsewhere, headers={"Authorization": f"Bearer {kept.admin}"}, json=operation.rule.body
        )
        assert_refused(response, 403)
    assert kept.everything() == before


@guarded
def test_the_key_is_looked_at_before_the_body(kept: Kept, operation: Operation) -> None:
    if not operation.takes_a_body:
        pytest.skip("it takes no body")
    valid = json.dumps(operation.rule.body).encode()
    bodies: list[dict[str, Any]] = [
        {"content": b"{broken", "headers": JSON},
        {"content": b"", "headers": JSON},
        {"content": valid, "headers": {"Content-Type": "text/plain"}},
        {"content": valid},
        {"json": {"unknown": 1}},
        {"content": b"{}", "headers": JSON | {"Content-Length": str(MAX_BODY_BYTES * 1_000)}},
        {"content": (b" " * 1_000 for _ in range(MAX_BODY_BYTES // 500)), "headers": JSON},
    ]
    for sent in bodies:
        assert_refused(ask(kept, operation, None, **sent), 401)
    for key in lacking(kept, operation)[:1]:
        assert_refused(ask(kept, operation, f"Bearer {key}", content=b"{broken", headers=JSON), 403)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: f"{operation.method} {operation.path}")
def test_the_document_says_which_scope_is_wanted(operation: Operation) -> None:
    if operation.wants_a_key:
        scopes = [scope for way_in in operation.document["security"] for (scope,) in way_in.values()]
        assert set(scopes) == operation.rule.scopes
        assert {"401", "403"} <= set(operation.document["responses"])
    else:
        assert "security" not in operation.document


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/metrics"])
def test_what_needs_no_key(kept: Kept, path: str) -> None:
    assert kept.client.get(path).status_code == 200


def test_no_address_is_told_from_another_without_a_key(kept: Kept) -> None:
    """What there is stands in the document that everybody may read; what a brand is called does not."""
    paths = [f"/v1/brands/{brand}/suggest" for brand in (OURS, "nobody", "Not A Brand")]
    answers = [kept.client.post(path, json={"message": "hallo"}) for path in paths]
    assert [answer.json() for answer in answers] == [answers[0].json()] * 3
    assert_refused(answers[0], 401)


def test_keys_stand_in_no_log(kept: Kept, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level("DEBUG"):
        for key in (kept.unknown, kept.revoked, kept.admin):
            kept.client.post("/v1/suggest", json={}, headers={"Authorization": f"Bearer {key}"})
    written = caplog.text + capsys.readouterr().out
    assert "401" in written
    assert not [key for key in (kept.unknown, kept.revoked, kept.admin) if key in written]


def test_a_server_that_runs_open_serves_this_machine_alone(suggester: Suggester, tmp_path: Path) -> None:
    """BentoML can be told to listen on another address than the settings name."""
    body = {"message": MESSAGES.suggested}
    with served_alone(suggester, tmp_path) as app:
        for address, status in (("127.0.0.1", 200), ("[::1]", 200), ("192.0.2.7", 401), ("[2001:db8::7]", 401)):
            with TestClient(app, base_url=f"http://{address}:3000") as client:
                assert client.post("/v1/suggest", json=body).status_code == status


def test_an_unknown_brand_of_a_server_that_runs_open(suggester: Suggester, tmp_path: Path) -> None:
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        for brand in ("nobody", "Not A Brand", "x" * 100):
            response = client.post(f"/v1/brands/{brand}/suggest", json={"message": "hallo"})
            assert (response.status_code, response.headers["content-type"]) == (404, MEDIA_TYPE)
        assert client.post("/v1/brands/default/suggest", json={"message": "hallo"}).status_code == 200


def test_the_last_key_that_is_revoked_opens_nothing(suggester: Suggester, tmp_path: Path) -> None:
    url = migrated(sqlite_url(tmp_path))
    database = Database.from_url(url)
    with database.writing() as session:
        known, text = keys.create(session, "default", "last", [Scope.SUGGEST])
        keys.revoke(session, known.key_id)
    database.close()
    with served_alone(suggester, tmp_path) as app, TestClient(app) as client:
        assert client.post("/v1/suggest", json={"message": "hallo"}).status_code == 401
        headers = {"Authorization": f"Bearer {text}"}
        assert client.post("/v1/suggest", json={"message": "hallo"}, headers=headers).status_code == 401
