"""Keys and brands on every worker of a server as it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from serving.__main__ import app
from tests.command_line import command
from tests.fixture_bundle import MESSAGES
from tests.served import sqlite_url
from tests.servers import Running, client_of_each_worker, running

WORKERS = 2
FOLLOWED_WITHIN_SECONDS = 1.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def first_key(folder: Path) -> str:
    return made(folder, "shop")


@pytest.fixture(scope="module")
def server(tiny_bundle: Path, folder: Path, first_key: str) -> Iterator[Running]:
    brands = [f"--brand={name}={tiny_bundle}" for name in ("shop", "energy")]
    with running(folder, *brands, "--database", sqlite_url(folder), "--workers", str(WORKERS)) as found:
        yield found


def made(folder: Path, brand: str) -> str:
    arguments = ["--name", "test", "--scope", "suggest", "--brand", brand, "--database", sqlite_url(folder)]
    return command(app, "keys", "create", *arguments).stdout.strip()


def status(client: httpx.Client, key: str, brand: str = "shop") -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return client.post(f"/v1/brands/{brand}/suggest", json={"message": MESSAGES.suggested}, headers=headers).status_code


def seconds_until(clients: Sequence[httpx.Client], done: Callable[[httpx.Client], bool]) -> float:
    """How long it takes every worker."""
    started = time.monotonic()
    while not all(done(client) for client in clients):
        assert time.monotonic() - started < 10 * FOLLOWED_WITHIN_SECONDS
        time.sleep(0.02)
    return time.monotonic() - started


def test_every_worker_follows_when_keys_are_made_and_revoked(server: Running, folder: Path, first_key: str) -> None:
    with client_of_each_worker(server, WORKERS) as clients:
        assert [status(client, first_key) for client in clients] == [200] * WORKERS
        new = made(folder, "energy")
        assert seconds_until(clients, lambda one: status(one, new, "energy") == 200) < FOLLOWED_WITHIN_SECONDS
        assert [status(client, new, "shop") for client in clients] == [403] * WORKERS
        key_id = command(app, "keys", "list", "--json", "--database", sqlite_url(folder)).stdout.split('"')[3]
        assert command(app, "keys", "revoke", key_id, "--database", sqlite_url(folder)).code == 0
        assert seconds_until(clients, lambda one: status(one, first_key) == 401) < FOLLOWED_WITHIN_SECONDS
        assert [status(client, new, "energy") for client in clients] == [200] * WORKERS


def test_what_is_said_at_the_start(server: Running) -> None:
    written = server.log.read_text(encoding="utf-8")
    assert "Brand shop: bundle " in written
    assert "Brand energy: bundle " in written
    assert "Closed: 1 API key(s) let callers in." in written


def test_the_requests_of_all_workers_are_counted_together(server: Running) -> None:
    with client_of_each_worker(server, WORKERS) as clients:
        for client in clients:
            client.get("/v1/nothing/of/this/name")
        counted = [client.get("/metrics").text for client in clients]
    line = f'repliek_request_duration_seconds_count{{method="GET",route="other",status="404"}} {WORKERS}.0'
    assert [line in text for text in counted] == [True] * WORKERS
