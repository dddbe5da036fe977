"""Links in notes: signed, shown as a page, followed by a button; on both databases."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from repliek.suggester import Suggester
from repliek.wire.feedback import Action
from serving import feedback as taking
from serving.desk import Desk
from serving.links import VALID, LinkAction, LinkExpiredError, LinkForgedError, Links, Offer
from serving.middleware import SystemRoutes
from serving.pages import Words
from serving.settings import Settings
from serving.store.database import Database
from serving.store.keys import Scope, create
from serving.store.tables import FeedbackRow, SuggestionSetRow
from tests.fixture_bundle import BRAND_TOML, MESSAGES, write_tiny_bundle
from tests.served import served
from tests.served_feedback import kept, suggested

PUBLIC = "https://repliek.example"


@pytest.fixture
def client(suggester: Suggester, store_url: str) -> Iterator[TestClient]:
    """Two brands over an empty store."""
    desks = [Desk(name, suggester) for name in ("default", "other")]
    with served(Settings(database_url=store_url), *desks) as app, TestClient(app) as client:
        yield client


@pytest.fixture
def links(database: Database) -> Links:
    """Signs as another worker would."""
    return Links(database)


def rows(database: Database) -> list[FeedbackRow]:
    with database.reading() as session:
        return list(session.scalars(select(FeedbackRow).order_by(FeedbackRow.received_at)))


def link(links: Links, shown: Any, action: LinkAction = Action.ACCEPTED, rank: int = 1, brand: str = "default") -> str:
    """The address of a link on its server."""
    url = links.url(PUBLIC, brand, shown["suggestions"][rank - 1]["suggestion_id"], action)
    assert url.startswith(f"{PUBLIC}/v1/feedback/links/")
    return urlsplit(url).path


class _Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f"{data}\n"


def page(response: Any, status: int) -> _Page:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    return _Page(response.text)


def test_a_page_asks_and_its_button_answers(client: TestClient, links: Links, database: Database) -> None:
    shown = suggested(client, f"{MESSAGES.suggested} zonnebloemolie", customer={"name": "Eric"})
    address = link(links, shown)
    asked = page(client.get(address), 200)
    assert "Heb je deze suggestie zonder wijzigingen verstuurd?" in asked.text
    assert ("html", {"lang": "nl"}) in asked.tags
    assert ("form", {"method": "post"}) in asked.tags
    assert "zonnebloemolie" not in asked.text
    assert "Eric" not in asked.text
    # A preview of the link looks at the page.
    assert rows(database) == []
    thanked = page(client.post(address), 200)
    assert "het is genoteerd" in thanked.text
    assert "form" not in [tag for tag, _ in thanked.tags]
    (row,) = rows(database)
    assert (row.set_id, row.rank, row.action) == (shown["suggestion_set_id"], 1, "accepted")
    assert (row.agent, row.edit_kind) == (None, "as_is")


def test_however_often_it_is_followed(client: TestClient, links: Links, database: Database) -> None:
    shown = suggested(client)
    address = link(links, shown, Action.REJECTED)
    with ThreadPoolExecutor(8) as pool:
        assert {answer.status_code for answer in pool.map(lambda _: client.post(address), range(24))} == {200}
    # Made again for the same note, it is the same event.
    time.sleep(1.1)
    again = link(links, shown, Action.REJECTED)
    assert again != address
    page(client.post(again), 200)
    assert [(row.action, row.rank) for row in rows(database)] == [("rejected", 1)]


def test_it_is_the_same_event_as_over_the_api(client: TestClient, links: Links, database: Database) -> None:
    shown = suggested(client)
    kept(client, shown)
    page(client.post(link(links, shown)), 200)
    assert len(rows(database)) == 1


def test_the_signature_is_the_key(client: TestClient, links: Links, database: Database) -> None:
    address = link(links, suggested(client))
    with database.writing() as session:
        create(session, "default", "helpdesk", [Scope.SUGGEST])
    deadline = time.monotonic() + 5
    while client.get("/v1/follow-ups").status_code != 401:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    page(client.get(address), 200)
    page(client.post(address), 200)
    assert len(rows(database)) == 1


def test_what_was_not_signed_here(client: TestClient, links: Links, database: Database) -> None:
    address = link(links, suggested(client))
    folder, _, token = address.rpartition("/")
    said, stamp, signature = token.rsplit(".", 2)
    strange = URLSafeTimedSerializer("another secret", salt="links").dumps({"brand": "default"})
    for forged in (strange, f"{said}.{stamp}.{signature[:-2]}", f"{said}x.{stamp}.{signature}", "x", "%00", "é"):
        for ask in (client.get, client.post):
            told = page(ask(f"{folder}/{forged}"), 403)
            assert "Deze link klopt niet." in told.text
    assert rows(database) == []


def test_what_was_signed_for_something_else(client: TestClient, links: Links) -> None:
    other = links._signer.dumps({"brand": "default", "suggestion_id": "a-1", "action": "edited"})
    page(client.post(f"/v1/feedback/links/{other}"), 403)


def test_after_thirty_days(
    client: TestClient, links: Links, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = link(links, suggested(client))
    now = int(time.time())
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + VALID.total_seconds() - 5)
    page(client.get(address), 200)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + VALID.total_seconds() + 5)
    assert "verlopen" in page(client.get(address), 410).text
    assert "30 dagen" in page(client.post(address), 410).text
    assert rows(database) == []


def test_it_opens_no_other_brand(client: TestClient, links: Links, database: Database) -> None:
    shown = suggested(client)
    address = link(links, shown, brand="other")
    page(client.get(address), 200)
    assert "Er is niets genoteerd." in page(client.post(address), 410).text
    elsewhere = address.replace("/v1/", "/v1/brands/other/")
    assert client.post(elsewhere).status_code == 404
    assert rows(database) == []
    unknown = page(client.get(link(links, shown, brand="third")), 410)
    assert "Er is niets genoteerd." in unknown.text


def test_what_was_erased(client: TestClient, links: Links, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "_WAITS", ())
    address = link(links, suggested(client))
    with database.writing() as session:
        session.execute(delete(SuggestionSetRow))
    assert "Deze suggestie is er niet meer." in page(client.post(address), 410).text


def test_while_the_store_is_away(client: TestClient, links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    address = link(links, suggested(client))
    elsewhere = Database.from_url("postgresql://127.0.0.1:1/repliek")
    services = client.app.state.services  # type: ignore[attr-defined]
    there = services.database._engine, services.database._writer
    services.database._engine, services.database._writer = elsewhere._engine, elsewhere._writer
    assert "Probeer het over een minuut nog eens." in page(client.get(address), 503).text
    services.database._engine, services.database._writer = there
    page(client.get(address), 200)


def test_an_english_team_reads_english(tmp_path: Path) -> None:
    english = BRAND_TOML.replace('name = "Testlijn"', 'name = "<Test & Line>"').replace('"nl"', '"en"')
    write_tiny_bundle(tmp_path / "bundle", tmp_path / "encoder", brand_toml=english)
    desk = Desk("default", Suggester.from_bundle(tmp_path / "bundle"))
    with served(Settings(database_url=f"sqlite:///{tmp_path}/r.db"), desk) as app, TestClient(app) as client:
        shown = suggested(client)
        address = link(app.state.services.links, shown, Action.REJECTED)
        asked = page(client.get(address), 200)
        assert ("html", {"lang": "en"}) in asked.tags
        assert "Was this suggestion of no use?" in asked.text
        assert asked.text.count("<Test & Line>") == 2
        assert "it is noted" in page(client.post(address), 200).text
        assert "not right" in page(client.get(f"{address}x"), 403).text


def test_they_are_in_no_document(client: TestClient) -> None:
    assert not re.search("links", str(client.get("/openapi.json").json()["paths"].keys()))


def test_all_sign_with_the_same_secret(database: Database) -> None:
    together = threading.Barrier(8)
    tokens: list[str] = []

    def sign() -> None:
        links = Links(database)
        together.wait()
        tokens.append(links.url(PUBLIC, "default", "a-1", Action.ACCEPTED).rpartition("/")[2])

    threads = [threading.Thread(target=sign) for _ in range(together.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = Links(database)
    assert {reader.read(token) for token in tokens} == {Offer("default", "a-1", Action.ACCEPTED)}
    assert len(tokens) == together.parties


def test_another_server_reads_none_of_it(links: Links, tmp_path: Path) -> None:
    elsewhere = Database.from_url(f"sqlite:///{tmp_path}/elsewhere.db")
    elsewhere.migrate()
    token = Links(elsewhere).url(PUBLIC, "default", "a-1", Action.ACCEPTED).rpartition("/")[2]
    with pytest.raises(LinkForgedError):
        links.read(token)
    elsewhere.close()


def test_a_link_that_expired_is_not_called_forged(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    token = links.url(PUBLIC, "default", "a-1", Action.ACCEPTED).rpartition("/")[2]
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) + VALID.total_seconds() + 5)
    with pytest.raises(LinkExpiredError):
        links.read(token)


def test_a_language_without_words_is_served_in_english() -> None:
    assert [Words.of(language).language for language in ("nl", "en", "de")] == ["nl", "en", "en"]


def test_a_page_is_no_error_of_somebody_else(client: TestClient) -> None:
    # What BentoML refuses is given the shape of all problems, on its way out; a page of ours stays a page.
    behind = TestClient(SystemRoutes(client.app))
    page(behind.get("/v1/feedback/links/x"), 403)
