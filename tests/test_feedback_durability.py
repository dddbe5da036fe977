"""What was acknowledged is there, when server or database is killed with SIGKILL in the middle of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import select

from repliek.wire.suggestions import MAX_BATCH
from serving.settings import ROOT
from serving.store.database import Database
from serving.store.tables import FeedbackRow
from tests.databases import postgres_server, postgres_store
from tests.fixture_bundle import MESSAGES
from tests.served import sqlite_url
from tests.servers import free_port, wait_until_ready

SENDERS = 4
EVENTS = 90
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """A server with a worker of its own process."""

    process: subprocess.Popen[bytes]
    url: str

    def kill(self) -> None:
        """End it and its workers at once, with nothing written down."""
        _kill_all(self.process.pid)
        self.process.wait(PATIENCE_SECONDS)


@contextmanager
def running(bundle: Path, database_url: str, log: Path) -> Iterator[Running]:
    """`python -m serving run` over a database, killed in the end."""
    port = free_port()
    command = [sys.executable, "-m", "serving", "run", "--bundle", str(bundle), "--port", str(port)]
    environment = os.environ | {"REPLIEK_DATABASE_URL": database_url}
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    found = Running(process, f"http://127.0.0.1:{port}")
    try:
        wait_until_ready(found.url, process)
        yield found
    finally:
        found.kill()


def _kill_all(pid: int) -> None:
    """Kill a process and those that it started: the parent first, since it starts again what ends."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            os.kill(one, signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        pass


def events(server: Running, count: int) -> list[dict[str, str]]:
    """So many events, each for a set of its own."""
    batches = [min(MAX_BATCH, count - start) for start in range(0, count, MAX_BATCH)]
    asked = [{"items": [{"message": MESSAGES.suggested, "k": 1}] * size} for size in batches]
    answers = [httpx.post(f"{server.url}/v1/suggest/batch", json=body, timeout=PATIENCE_SECONDS) for body in asked]
    ids = [item["result"]["suggestion_set_id"] for answer in answers for item in answer.json()["items"]]
    sent = {"action": "edited", "sent_text": "Ik bel je morgen.", "agent": "ella"}
    return [sent | {"suggestion_set_id": one, "suggestion_id": f"{one}-1"} for one in ids]


@dataclass
class Senders:
    """Threads that send events as fast as they are answered; what the server does not take is sent again.

    Attributes:
        url: where to.
        acknowledged: the feedback ids that were given, by the place of the event.
        statuses: how often each was answered.
    """

    url: str
    acknowledged: dict[int, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    def send(self, events: Sequence[dict[str, str]]) -> list[threading.Thread]:
        """Begin."""
        threads = [
            threading.Thread(target=self._send_every, args=(events, start), daemon=True) for start in range(SENDERS)
        ]
        for thread in threads:
            thread.start()
        return threads

    def wait_for(self, count: int) -> None:
        """Wait until so many are acknowledged."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.acknowledged) < count:
            assert time.monotonic() < deadline, f"{len(self.acknowledged)} of {count}: {self.statuses}"
            time.sleep(0.005)

    def _send_every(self, events: Sequence[dict[str, str]], start: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        with httpx.Client(base_url=self.url, timeout=PATIENCE_SECONDS) as client:
            for number in range(start, len(events), SENDERS):
                while number not in self.acknowledged and time.monotonic() < deadline:
                    try:
                        answer = client.post("/v1/feedback", json=events[number])
                    except httpx.TransportError:
                        return  # the server was killed
                    self.statuses[answer.status_code] += 1
                    if answer.is_success:
                        self.acknowledged[number] = answer.json()["feedback_id"]
                    else:
                        time.sleep(0.05)


def kept(database_url: str) -> list[str]:
    """The ids of all feedback in a store."""
    database = Database.from_url(database_url)
    with database.reading() as session:
        found = list(session.scalars(select(FeedbackRow.feedback_id)))
    database.close()
    return found


def test_the_server_is_killed(tiny_bundle: Path, tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with running(tiny_bundle, url, tmp_path / "log") as server:
        sent = events(server, EVENTS)
        senders = Senders(server.url)
        threads = senders.send(sent)
        senders.wait_for(EVENTS // 3)
        server.kill()
        for thread in threads:
            thread.join()
    before = dict(senders.acknowledged)
    assert EVENTS // 3 <= len(before) < len(sent)
    assert set(before.values()) <= set(kept(url))
    with running(tiny_bundle, url, tmp_path / "log") as server:
        again = Senders(server.url)
        for thread in again.send(sent):
            thread.join()
    assert len(again.acknowledged) == len(sent)
    assert {number: again.acknowledged[number] for number in before} == before
    # What was written but not acknowledged when the server died is known too.
    assert again.statuses[200] >= len(before)
    assert sorted(kept(url)) == sorted(again.acknowledged.values())


def test_the_database_is_killed(tiny_bundle: Path, tmp_path: Path) -> None:
    # Not in pytest's own folder: every other run of pytest shuts that to the user that PostgreSQL starts as.
    with TemporaryDirectory() as folder, postgres_server(Path(folder)) as postgres:
        url = postgres_store(postgres)
        with running(tiny_bundle, url, tmp_path / "log") as server:
            sent = events(server, EVENTS)
            senders = Senders(server.url)
            threads = senders.send(sent)
            senders.wait_for(EVENTS // 3)
            locks = [postgres.pgdata / "postmaster.pid", *postgres.pgdata.glob(".s.PGSQL.*.lock")]
            _kill_all(int(locks[0].read_text().split()[0]))
            acknowledged = dict(senders.acknowledged)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not senders.statuses[503]:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            meanwhile = httpx.post(f"{server.url}/v1/suggest", json={"message": MESSAGES.suggested}, timeout=10)
            assert meanwhile.status_code == 200
            assert meanwhile.json()["suggestions"]
            # Where nobody waits for its processes, it would take their remains for a server that runs.
            for lock in locks:
                lock.unlink()
            postgres.start()
            for thread in threads:
                thread.join()
            assert set(senders.statuses) == {201, 200, 503} or set(senders.statuses) == {201, 503}
            assert len(senders.acknowledged) == len(sent)
            assert acknowledged.items() <= senders.acknowledged.items()
            # Feedback on what was suggested meanwhile is taken now that the set could be written.
            shown = meanwhile.json()["suggestion_set_id"]
            late = httpx.post(
                f"{server.url}/v1/feedback", json={"suggestion_set_id": shown, "action": "ignored"}, timeout=10
            )
            assert late.status_code == 201
        assert sorted(kept(url)) == sorted([*senders.acknowledged.values(), late.json()["feedback_id"]])
