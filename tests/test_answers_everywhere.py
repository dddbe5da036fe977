"""How soon an edited answer is suggested, or gone, on every worker of a server and on every replica."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.databases import postgres_store
from tests.fixture_bundle import MESSAGES
from tests.served import sqlite_url
from tests.servers import client_of_each_worker, running

WITHIN_SECONDS = 1.0
NEW = {"text": "Je pakket ligt klaar bij de winkel.", "register": "je", "intent": "delivery", "variant_of": "delivery"}


@pytest.fixture(scope="module", params=["two workers on SQLite", "two replicas on PostgreSQL"])
def clients(
    request: pytest.FixtureRequest, tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sequence[httpx.Client]]:
    """Clients of two processes, of which each asks its own; no answer of the bundle is in the way."""
    options = ("--bundle", str(tiny_bundle))
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        if request.param == "two workers on SQLite":
            folder = tmp_path_factory.mktemp("workers")
            patch.setenv("REPLIEK_DATABASE_URL", sqlite_url(folder))
            server = stack.enter_context(running(folder, *options, "--workers", "2"))
            found = stack.enter_context(client_of_each_worker(server, 2))
        else:
            patch.setenv("REPLIEK_DATABASE_URL", postgres_store(request.getfixturevalue("postgres")))
            folders = [tmp_path_factory.mktemp(f"replica-{number}") for number in (1, 2)]
            servers = [stack.enter_context(running(folder, *options)) for folder in folders]
            found = [stack.enter_context(httpx.Client(base_url=server.url)) for server in servers]
        for answer_id in ("delivery-je", "delivery-u"):
            assert found[0].delete(f"/v1/answers/{answer_id}").status_code == 204
        yield found


def is_suggested(client: httpx.Client, text: str) -> bool:
    response = client.post("/v1/suggest", json={"message": MESSAGES.suggested})
    assert response.status_code == 200, response.text
    return any(text in one["text"] for one in response.json()["suggestions"])


def assert_soon(what: str, clients: Sequence[httpx.Client], done: Callable[[httpx.Client], bool]) -> None:
    """Ask every one of them, from now on, until it is done."""
    started = time.perf_counter()
    while not all(done(client) for client in clients):
        assert time.perf_counter() - started < 10 * WITHIN_SECONDS
        time.sleep(0.01)
    took = time.perf_counter() - started
    print(f"{what} everywhere after {1e3 * took:.0f} ms")  # noqa: T201
    assert took < WITHIN_SECONDS


def put(client: httpx.Client, **changed: object) -> None:
    response = client.put("/v1/answers/shop", json={**NEW, **changed})
    assert response.status_code in {200, 201}, response.text


@pytest.mark.parametrize("editor", [0, 1])
def test_an_edit_is_followed_by_all(clients: Sequence[httpx.Client], editor: int) -> None:
    def soon(what: str, text: str, *, there: bool) -> None:
        assert is_suggested(clients[editor], text) is there  # who took it follows before it answers
        assert_soon(what, clients, lambda one: is_suggested(one, text) is there)

    edited = clients[editor]
    put(edited)
    soon("saved", "winkel", there=True)
    put(edited, text="Je pakket ligt bij de buren.")
    soon("changed", "buren", there=True)
    put(edited, text="Je pakket ligt bij de buren.", status="blocked")
    soon("blocked", "buren", there=False)
    put(edited)
    soon("allowed", "winkel", there=True)
    put(edited, valid_until=str((datetime.now(UTC) - timedelta(days=1)).date()))
    soon("expired", "winkel", there=False)
    put(edited)
    soon("prolonged", "winkel", there=True)
    assert edited.delete("/v1/answers/shop").status_code == 204
    soon("deleted", "winkel", there=False)


def test_a_single_edit_does_not_wait_for_an_import(clients: Sequence[httpx.Client]) -> None:
    lines = [f'{{"answer_id": "m-{number}", "text": "Factuur {number} staat klaar."}}' for number in range(500)]
    imported = clients[0].post("/v1/answers", content="\n".join(lines), headers={"Content-Type": "application/jsonl"})
    assert imported.json()["created"] == len(lines)
    put(clients[0])
    assert_soon("saved after an import", clients, lambda one: is_suggested(one, "winkel"))
    clients[0].delete("/v1/answers/shop")
    assert_soon("deleted after it", clients, lambda one: not is_suggested(one, "winkel"))
