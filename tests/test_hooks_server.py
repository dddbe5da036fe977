"""A server that is killed between the acknowledgement of a webhook and its note: the next one writes it."""

from __future__ import annotations

from pathlib import Path

import httpx
import psutil
import pytest

from serving.helpdesks.adapter import Helpdesk
from serving.store.database import Database
from serving.store.deliveries import LEASE
from tests.fixture_bundle import MESSAGES
from tests.served import migrated, sqlite_url
from tests.served_helpdesks import PUBLIC, connected, deliver, eventually, let_pass, links_in, row, written_to_chatwoot
from tests.servers import Running, running
from tests.stand_in_helpdesk import Reply, stand_in_helpdesk


def kill(server: Running) -> None:
    """End every process of a server at once, by its id, without a word."""
    first = psutil.Process(server.pid)
    processes = [first, *first.children(recursive=True)]
    for process in processes:
        process.kill()
    psutil.wait_procs(processes[1:], timeout=5)


def test_what_was_acknowledged_gets_its_note_after_all(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database.from_url(migrated(sqlite_url(tmp_path)))
    options = ("--bundle", str(tiny_bundle), "--database", sqlite_url(tmp_path))
    with stand_in_helpdesk() as desk:
        file = connected(tmp_path / "helpdesks.toml", desk.url, [Helpdesk.CHATWOOT])
        monkeypatch.setenv("REPLIEK_HELPDESKS", str(file))
        monkeypatch.setenv("REPLIEK_PUBLIC_URL", PUBLIC)
        desk.replies = [Reply(200, hang=True)]
        with running(tmp_path, *options) as server, httpx.Client(base_url=server.url) as client:
            assert "Helpdesk chatwoot of brand default." in server.log.read_text(encoding="utf-8")
            assert deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1)).status_code == 202
            eventually(lambda: bool(desk.calls))
            kill(server)
        assert row(database).status == "queued"
        let_pass(database, LEASE)
        with running(tmp_path, *options) as server, httpx.Client(base_url=server.url) as client:
            eventually(lambda: row(database).status == "done")
            assert deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1)).json()["status"] == "known"
            _, note = desk.calls
            (accept, *_) = links_in(note)
            assert client.post(accept).status_code == 200
            assert MESSAGES.suggested not in server.log.read_text(encoding="utf-8")
    database.close()
