"""The work after a webhook: attempts, waits, leases and dead letters, on both databases, against a stand-in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from repliek.conversation import Channel
from repliek.suggester import Suggester
from serving.deliveries import ATTEMPTS, FIRST_WAIT, Courier, Duty, wait_after
from serving.desk import Desk
from serving.helpdesks.adapter import Event, Helpdesk
from serving.helpdesks.posting import LONGEST_WAIT, new_client
from serving.helpdesks.settings import Helpdesks
from serving.store import database as store
from serving.store import deliveries
from serving.store.database import Database
from serving.store.deliveries import LEASE, LeaseLost, Origin
from serving.store.tables import DeliveryRow, SuggestionSetRow
from tests.fixture_bundle import MESSAGES
from tests.served_helpdesks import (
    away,
    connected,
    deliver,
    eventually,
    hooked,
    recorded,
    row,
    rows,
    written_to_chatwoot,
)
from tests.stand_in_helpdesk import Reply, StandIn, stand_in_helpdesk

NOW = datetime(2026, 3, 2, 8, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CHATWOOT = Origin("default", Helpdesk.CHATWOOT)
EVENT = Event("message-1", "3/48", MESSAGES.suggested, Channel.CHAT, customer_id="21")


@pytest.fixture
def desk() -> Iterator[StandIn]:
    with stand_in_helpdesk() as found:
        yield found


@pytest.fixture
def file(tmp_path: Path, desk: StandIn) -> Path:
    return connected(tmp_path / "helpdesks.toml", desk.url, [Helpdesk.CHATWOOT])


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Hand(Courier):
    """A courier that is told when it works."""

    def __init__(self, *tools: Any) -> None:
        self.clock = Clock()
        super().__init__(*tools, self.clock)

    def work_at(self, now: datetime) -> bool:
        self.clock.now = now
        return self.work()


class Team:
    """Couriers as those of several workers, each with a connection of its own to the store."""

    def __init__(self, file: Path, suggester: Suggester, store_url: str) -> None:
        (self._source,) = Helpdesks.from_toml(file).sources
        self._desk = Desk("default", suggester)
        self._url = store_url
        self._open = ExitStack()

    def __enter__(self) -> Team:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def courier(self, *on_response: Callable[[httpx.Response], None]) -> Hand:
        database = Database.from_url(self._url)
        self._open.callback(database.close)
        client = self._open.enter_context(new_client())
        client.event_hooks = {"response": [*on_response]}
        account = self._source.account
        assert account
        return Hand(Duty(self._source, account, self._desk, None), database, client, threading.Lock())


@pytest.fixture
def team(file: Path, suggester: Suggester, store_url: str) -> Iterator[Team]:
    with Team(file, suggester, store_url) as found:
        yield found


@pytest.fixture
def courier(team: Team) -> Hand:
    return team.courier()


def receive(database: Database, event: Event = EVENT, now: datetime = NOW) -> str:
    with database.writing() as session:
        return deliveries.receive(session, CHATWOOT, event, now).delivery_id


def sets(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(SuggestionSetRow.set_id)))


def test_nothing_to_do(courier: Hand, desk: StandIn) -> None:
    assert not courier.work_at(NOW)
    assert desk.calls == []


def test_a_helpdesk_that_is_down_gets_the_note_later(courier: Hand, database: Database, desk: StandIn) -> None:
    desk.replies = [Reply(500)]
    receive(database)
    assert courier.work_at(NOW)
    waiting = row(database)
    assert (waiting.status, waiting.attempts, waiting.last_error) == ("queued", 1, "127.0.0.1 answered 500")
    assert FIRST_WAIT * 0.8 <= waiting.next_attempt_at - NOW <= FIRST_WAIT * 1.2
    assert waiting.event is not None
    assert not courier.work_at(waiting.next_attempt_at - SECOND)
    assert courier.work_at(waiting.next_attempt_at)
    done = row(database)
    assert (done.status, done.attempts, done.last_error, done.event) == ("done", 2, None, None)
    assert done.done_at == waiting.next_attempt_at
    # What the first attempt would have shown, nobody has seen.
    assert sets(database) == [done.set_id] != [waiting.set_id]
    assert len(desk.calls) == 2


def test_a_helpdesk_is_asked_no_sooner_than_it_wants(courier: Hand, database: Database, desk: StandIn) -> None:
    desk.replies = [Reply(429, {"Retry-After": "1800"})]
    receive(database)
    courier.work_at(NOW)
    assert row(database).next_attempt_at == NOW + timedelta(minutes=30)
    assert not courier.work_at(NOW + timedelta(minutes=29))
    assert courier.work_at(NOW + timedelta(minutes=30))
    assert row(database).status == "done"


def test_a_token_that_is_refused_ends_the_attempts(courier: Hand, database: Database, desk: StandIn) -> None:
    desk.replies = [Reply(401)]
    receive(database)
    courier.work_at(NOW)
    dead = row(database)
    assert (dead.status, dead.attempts, dead.set_id) == ("dead", 1, None)
    assert dead.last_error == ("127.0.0.1 answered 401: it does not accept token or user; renew them in helpdesks.toml")
    assert dead.event is not None
    assert sets(database) == []
    assert not courier.work_at(NOW + timedelta(days=30))


def test_attempts_end_after_about_a_day(courier: Hand, database: Database, desk: StandIn) -> None:
    desk.replies = [Reply(503)] * ATTEMPTS
    receive(database)
    moments, now = [], NOW
    while courier.work_at(now):
        moments.append(now)
        now = row(database).next_attempt_at
    assert len(moments) == len(desk.calls) == ATTEMPTS == 8
    assert timedelta(hours=18) < moments[-1] - moments[0] < timedelta(hours=28)
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert waits == sorted(waits)
    assert (row(database).status, row(database).last_error) == ("dead", "127.0.0.1 answered 503")
    assert not courier.work_at(now + timedelta(days=30))


def test_waits_differ_so_that_not_all_come_back_at_once() -> None:
    assert len({wait_after(3, None) for _ in range(20)}) > 10
    assert wait_after(1, LONGEST_WAIT) == LONGEST_WAIT
    assert wait_after(8, timedelta()) > timedelta(hours=40)


def test_what_an_agent_gave_feedback_on_was_shown(
    courier: Hand, database: Database, desk: StandIn, suggester: Suggester, store_url: str, file: Path
) -> None:
    """The helpdesk takes the note, and its answer gets lost."""
    desk.replies = [Reply(504)]
    receive(database)
    courier.work_at(NOW)
    first = row(database).set_id
    others = connected(file.with_name("others.toml"), desk.url, [Helpdesk.ZENDESK])
    with hooked(suggester, store_url, others) as client:
        assert client.post("/v1/feedback", json={"suggestion_set_id": first, "action": "ignored"}).status_code == 201
    courier.work_at(row(database).next_attempt_at)
    assert row(database).status == "done"
    assert set(sets(database)) == {first, row(database).set_id}
    assert len(desk.calls) == 2


def test_a_worker_that_was_killed_leaves_its_delivery_to_others(team: Team, database: Database, desk: StandIn) -> None:
    receive(database)
    with database.writing() as session:
        job = deliveries.claim(session, CHATWOOT, NOW)
    assert job
    other = team.courier()
    assert not other.work_at(NOW + LEASE - SECOND)
    assert other.work_at(NOW + LEASE)
    assert (row(database).status, row(database).attempts, len(desk.calls)) == ("done", 2, 1)


def test_a_worker_that_comes_back_too_late_changes_nothing(database: Database) -> None:
    receive(database)
    with database.writing() as session:
        late = deliveries.claim(session, CHATWOOT, NOW)
    with database.writing() as session:
        holder = deliveries.claim(session, CHATWOOT, NOW + LEASE)
    assert late
    assert holder
    assert late.delivery_id == holder.delivery_id
    for said in (
        lambda session: deliveries.done(session, late, NOW),
        lambda session: deliveries.again(session, late, "late", NOW),
        lambda session: deliveries.bury(session, late, "late"),
    ):
        with pytest.raises(LeaseLost), database.writing() as session:
            said(session)
    assert (row(database).status, row(database).last_error) == ("queued", None)
    assert row(database).next_attempt_at == holder.leased_until


def test_two_workers_write_fifty_notes_and_none_twice(team: Team, database: Database, desk: StandIn) -> None:
    for number in range(50):
        receive(database, replace(EVENT, delivery_id=f"message-{number}", ticket=f"3/{number}"))
    begin = threading.Barrier(2)

    def work(courier: Hand) -> None:
        begin.wait()
        while courier.work_at(NOW):
            pass

    threads = [threading.Thread(target=work, args=(team.courier(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(call.path for call in desk.calls) == sorted(
        f"/api/v1/accounts/3/conversations/{number}/messages" for number in range(50)
    )
    assert {one.status for one in rows(database)} == {"done"}
    assert {one.attempts for one in rows(database)} == {1}
    assert sorted(sets(database)) == sorted(str(one.set_id) for one in rows(database))


def test_a_note_that_was_taken_is_not_written_again_because_the_store_went_away(
    file: Path,
    suggester: Suggester,
    store_url: str,
    database: Database,
    desk: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "WAIT_SECONDS", 1)
    taken, held = threading.Event(), threading.Event()

    def hold() -> None:
        taken.wait()
        with away(database):
            held.set()
            time.sleep(2.5)

    def on_response(_: httpx.Response) -> None:
        taken.set()
        held.wait()

    receive(database)
    holding = threading.Thread(target=hold)
    holding.start()
    with Team(file, suggester, store_url) as team:
        courier = team.courier(on_response)
        assert courier.work_at(NOW)
        assert not courier.work_at(NOW + timedelta(days=1))
    holding.join()
    assert (row(database).status, row(database).attempts, len(desk.calls)) == ("done", 1, 1)


def test_what_cannot_be_worked_on_ends_too(courier: Hand, database: Database, desk: StandIn) -> None:
    """An event that no request can be made of, as a mistake of ours would leave."""
    receive(database, replace(EVENT, message=""))
    now = NOW
    for _ in range(ATTEMPTS):
        with pytest.raises(ValueError, match="message"):
            courier.work_at(now)
        now += LEASE
    assert courier.work_at(now)
    assert (row(database).status, desk.calls) == ("dead", [])
    assert row(database).last_error == ("each attempt ended in an accident of the server's own; its log says which")


def test_what_another_version_kept_is_not_guessed_at(courier: Hand, database: Database) -> None:
    delivery_id = receive(database)
    with database.writing() as session:
        session.get_one(DeliveryRow, delivery_id).event = {"words": "of a later version"}
    assert not courier.work_at(NOW)
    assert (row(database).status, row(database).attempts) == ("dead", 0)


def test_one_helpdesk_that_hangs_keeps_no_other_waiting(
    suggester: Suggester, store_url: str, database: Database, tmp_path: Path
) -> None:
    with ExitStack() as of_slow, stand_in_helpdesk() as quick:
        slow = of_slow.enter_context(stand_in_helpdesk())
        slow.replies = [Reply(200, hang=True)]
        both = [
            connected(tmp_path / f"{helpdesk}.toml", one.url, [helpdesk]).read_text(encoding="utf-8")
            for helpdesk, one in ((Helpdesk.CHATWOOT, slow), (Helpdesk.ZENDESK, quick))
        ]
        file = tmp_path / "both.toml"
        file.write_text("".join(both), encoding="utf-8")
        with hooked(suggester, store_url, file) as client:
            deliver(client, Helpdesk.CHATWOOT, written_to_chatwoot(1))
            eventually(lambda: bool(slow.calls))
            deliver(client, Helpdesk.ZENDESK, recorded(Helpdesk.ZENDESK))
            eventually(lambda: [one.status for one in rows(database)] == ["queued", "done"], seconds=3)
            of_slow.close()
        assert rows(database)[0].last_error == "127.0.0.1 cannot be reached (RemoteProtocolError)"
