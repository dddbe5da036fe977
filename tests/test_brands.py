"""Several brands in one server: each with its own bundle, answers, keys and data, none visible to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select
from starlette.testclient import TestClient

from repliek.knowledge import Answer
from repliek.suggester import Suggester
from serving.desk import Desk
from serving.settings import Settings
from serving.store import keys, revisions
from serving.store.database import Database
from serving.store.keys import Scope
from serving.store.tables import LiveAnswerRow, SuggestionSetRow
from serving.watch import Watch
from tests.fixture_bundle import ANSWERS, BRAND_TOML, MESSAGES, write_tiny_bundle
from tests.served import served

SHOP, ENERGY = "shop", "energy"


@dataclass(frozen=True, slots=True)
class Server:
    """A server of two brands over one store, with a key for each."""

    client: TestClient
    database: Database
    watch: Watch
    keys: dict[str, str]

    def suggest(self, brand: str, *, path: str = "/v1/suggest", **more: object) -> Any:
        headers = {"Authorization": f"Bearer {self.keys[brand]}"}
        response = self.client.post(path, json={"message": MESSAGES.suggested, **more}, headers=headers)
        assert response.status_code == 200, response.text
        return response.json()

    def save(self, brand: str, answer: Answer) -> None:
        with self.database.writing() as session:
            revision = revisions.advance(session, revisions.answers_of(brand))
            document = TypeAdapter(Answer).dump_python(answer, mode="json")
            now = datetime.now(UTC)
            session.add(
                LiveAnswerRow(
                    brand=brand,
                    answer_id=answer.answer_id,
                    version=1,
                    document=document,
                    changed_at=now,
                    changed_by=None,
                    revision=revision,
                )
            )
        self.watch.look()


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Suggester]:
    """Two bundles with the same history, and answers of their own."""
    found: dict[str, Suggester] = {}
    for brand in (SHOP, ENERGY):
        folder = tmp_path_factory.mktemp(brand)
        answers = [replace(answer, text=f"{answer.text} Groet van {brand}.") for answer in ANSWERS]
        brand_toml = BRAND_TOML.replace("Testlijn", brand.title()).replace("dm.testlijn", f"dm.{brand}")
        write_tiny_bundle(folder / "bundle", folder / "encoder", answers, brand_toml=brand_toml)
        found[brand] = Suggester.from_bundle(folder / "bundle")
    return found


@pytest.fixture
def server(bundles: dict[str, Suggester], store_url: str, database: Database) -> Iterator[Server]:
    with database.writing() as session:
        made = {brand: keys.create(session, brand, brand, list(Scope))[1] for brand in bundles}
    desks = [Desk(name, suggester) for name, suggester in bundles.items()]
    with served(Settings(database_url=store_url), *desks) as app, TestClient(app) as client:
        yield Server(client, database, app.state.services.watch, made)


def test_each_brand_suggests_its_own_answers(server: Server) -> None:
    for brand, other in ((SHOP, ENERGY), (ENERGY, SHOP)):
        for path in ("/v1/suggest", f"/v1/brands/{brand}/suggest"):
            found = server.suggest(brand, path=path)
            assert all(f"Groet van {brand}." in one["text"] for one in found["suggestions"])
            assert other not in str(found)
        referred = server.suggest(brand, message="ik bel mijn advocaat", channel="x")
        assert referred["hand_over"]["address"] == f"dm.{brand}.example"
    assert server.suggest(SHOP)["bundle"] != server.suggest(ENERGY)["bundle"]


def test_a_key_opens_one_brand(server: Server) -> None:
    body = {"message": MESSAGES.suggested}
    for brand, other in ((SHOP, ENERGY), (ENERGY, SHOP)):
        headers = {"Authorization": f"Bearer {server.keys[brand]}"}
        assert server.client.post(f"/v1/brands/{other}/suggest", json=body, headers=headers).status_code == 403


def test_what_one_team_saves_the_other_never_says(server: Server) -> None:
    (answer,) = (one for one in ANSWERS if one.answer_id == "delivery-je")
    server.save(SHOP, replace(answer, text="Je pakket ligt bij de buren."))
    assert "bij de buren" in server.suggest(SHOP)["suggestions"][0]["text"]
    assert "bij de buren" not in str(server.suggest(ENERGY))
    server.save(ENERGY, replace(answer, text="Je pakket ligt in de schuur."))
    assert "in de schuur" in server.suggest(ENERGY)["suggestions"][0]["text"]
    assert "in de schuur" not in str(server.suggest(SHOP))


def test_what_was_shown_is_kept_with_its_brand(server: Server) -> None:
    shown = {brand: server.suggest(brand)["suggestion_set_id"] for brand in (SHOP, ENERGY)}
    with server.database.reading() as session:
        rows = session.execute(select(SuggestionSetRow.brand, SuggestionSetRow.set_id)).all()
    assert dict(rows) == shown


def test_who_names_no_brand_is_served_by_the_first_where_nobody_needs_a_key(
    bundles: dict[str, Suggester], store_url: str
) -> None:
    desks = [Desk(name, suggester) for name, suggester in bundles.items()]
    with served(Settings(database_url=store_url), *desks) as app, TestClient(app) as client:
        body = {"message": MESSAGES.suggested}
        assert f"Groet van {SHOP}." in client.post("/v1/suggest", json=body).text
        assert f"Groet van {ENERGY}." in client.post(f"/v1/brands/{ENERGY}/suggest", json=body).text
        assert client.post("/v1/brands/bank/suggest", json=body).status_code == 404
