"""Brings suggestions back to helpdesks: what they delivered, and was acknowledged, is answered with a private note."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial

import httpx
import structlog
from sqlalchemy.orm import Session

from serving.desk import Desk
from serving.helpdesks.adapter import Account
from serving.helpdesks.asking import request_of
from serving.helpdesks.posting import Done, GiveUp, Outcome, TryAgain, new_client, post
from serving.helpdesks.registry import ADAPTERS
from serving.helpdesks.rendering import LinkTo, render
from serving.helpdesks.settings import Source
from serving.links import Links
from serving.store import deliveries
from serving.store.database import Database, StoreDownError
from serving.store.deliveries import Job, LeaseLost, Origin
from serving.store.suggestion_sets import Shown
from serving.suggesting import shown_for

ATTEMPTS = 8
"""How often a note is tried before its delivery is dead: with the waits below, for about a day."""

FIRST_WAIT = timedelta(seconds=15)
"""Before the second attempt; each later one waits four times as long as the one before."""

LOOK_SECONDS = 1.0
"""A delivery that another worker took in, or whose wait is over, is seen within this."""

_GROWTH = 4
_JITTER = 0.2
_STORE_RETRY_SECONDS = 0.5
_LAST_CHANCE_SECONDS = 5.0
_ACCIDENTS = "each attempt ended in an accident of the server's own; its log says which"

_log = structlog.stdlib.get_logger("serving.deliveries")


def _now() -> datetime:
    return datetime.now(UTC)


def wait_after(attempt: int, asked: timedelta | None) -> timedelta:
    """Return how long to wait after an attempt, counted from 1; never less than the helpdesk asked for.

    Each wait is up to a fifth shorter or longer, so that what failed together does not come back together.
    """
    own = FIRST_WAIT * _GROWTH ** (attempt - 1) * random.uniform(1 - _JITTER, 1 + _JITTER)
    return max(own, asked or timedelta())


@dataclass(frozen=True, slots=True)
class Duty:
    """Whom a courier works for, and with what.

    Attributes:
        source: the helpdesk.
        account: with what it is called.
        desk: the brand that suggests.
        link_to: what the links in notes lead to; `None` leaves them out.
    """

    source: Source
    account: Account
    desk: Desk
    link_to: LinkTo | None

    @property
    def origin(self) -> Origin:
        """The same in the store."""
        return Origin.of(self.source)

    def call(self, job: Job, shown: Shown) -> httpx.Request:
        """Return the call that shows a suggestion to the helpdesk's agents."""
        note = render(shown.response, self.desk.bundled.brand.language, self.link_to)
        return ADAPTERS[self.source.helpdesk].note(job.event.ticket, note, self.account)


class End(StrEnum):
    """How an attempt ended, for the log."""

    DONE = "done"
    AGAIN = "again"
    DEAD = "dead"


class Courier:
    """One thread for one helpdesk of one brand: one that is slow keeps no other waiting.

    A delivery is claimed for the time of a lease, so that no two workers write the same note. Should this one be
    killed, another takes the delivery up when the lease has ended.
    """

    def __init__(
        self,
        duty: Duty,
        database: Database,
        client: httpx.Client,
        turn: AbstractContextManager[object],
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Args: turn: held while suggesting and in the store; a worker's couriers share it, and call side by side."""
        self._duty = duty
        self._database = database
        self._client = client
        self._turn = turn
        self._clock = clock
        self._ended = threading.Event()
        self._woken = threading.Event()
        name = f"courier-{duty.source.brand}-{duty.source.helpdesk}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Work from now on."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once, for there is something to do."""
        self._woken.set()

    def end(self) -> None:
        """Begin nothing more."""
        self._ended.set()
        self._woken.set()

    def wait(self, seconds: float) -> None:
        """Wait for what was begun, but no longer: it is begun anew when its lease has ended."""
        self._thread.join(seconds)

    def work(self) -> bool:
        """Do the delivery that has waited longest; return whether there was one.

        Raises:
            StoreDownError: the store does not answer.
            LeaseLost: another worker took the delivery up meanwhile, or it was erased.
        """
        with self._turn:
            job = self._claim(self._clock())
            call = job and self._call(job)
        if job is None:
            return False
        outcome = post(self._client, call, self._clock()) if call else GiveUp(_ACCIDENTS)
        self._tell(job, outcome, self._settled(job, outcome, self._clock()))
        return True

    def _claim(self, now: datetime) -> Job | None:
        with self._database.reading() as session:  # takes no lock: mostly there is nothing
            if not deliveries.is_any_due(session, self._duty.origin, now):
                return None
        with self._database.writing() as session:
            return deliveries.claim(session, self._duty.origin, now)

    def _call(self, job: Job) -> httpx.Request | None:
        """Suggest, keep what is suggested, and return the call that shows it; none after too many attempts.

        An attempt that ends here, by whatever exception, is made anew when the lease has ended.
        """
        if job.attempt > ATTEMPTS:
            return None
        shown = shown_for(self._duty.desk.live, request_of(job.event), time.perf_counter())
        call = self._duty.call(job, shown)
        with self._database.writing() as session:
            deliveries.show(session, job, shown)
        return call

    def _settled(self, job: Job, outcome: Outcome, now: datetime) -> End | None:
        """Write down what came of an attempt. A note that was taken must not be written again: the store is awaited."""
        while True:
            try:
                with self._turn, self._database.writing() as session:
                    return _settle(session, job, outcome, now)
            except StoreDownError:
                if self._ended.wait(_STORE_RETRY_SECONDS):
                    return None

    def _tell(self, job: Job, outcome: Outcome, end: End | None) -> None:
        brand, helpdesk = self._duty.source.brand, self._duty.source.helpdesk
        if isinstance(outcome, Done):
            _log.info(
                "delivered",
                delivery_id=job.delivery_id,
                brand=brand,
                helpdesk=helpdesk,
                attempt=job.attempt,
                outcome=end,
            )
        else:
            _log.warning(
                "not delivered",
                delivery_id=job.delivery_id,
                brand=brand,
                helpdesk=helpdesk,
                attempt=job.attempt,
                outcome=end,
                reason=outcome.reason,
            )

    def _run(self) -> None:
        with self._client:
            while not self._ended.is_set():
                if not self._work_and_tell():
                    self._woken.wait(LOOK_SECONDS)
                    self._woken.clear()

    def _work_and_tell(self) -> bool:
        try:
            return self.work()
        except StoreDownError:
            return False  # the watch tells of it
        except LeaseLost:
            return True
        except Exception:
            _log.exception("failed", brand=self._duty.source.brand, helpdesk=self._duty.source.helpdesk)
            return False


def _settle(session: Session, job: Job, outcome: Outcome, now: datetime) -> End:
    match outcome:
        case Done():
            deliveries.done(session, job, now)
            return End.DONE
        case TryAgain() if job.attempt < ATTEMPTS:
            deliveries.again(session, job, outcome.reason, now + wait_after(job.attempt, outcome.after))
            return End.AGAIN
        case TryAgain() | GiveUp():
            deliveries.bury(session, job, outcome.reason)
            return End.DEAD


class Couriers:
    """All of one worker."""

    def __init__(self, by_origin: Mapping[Origin, Courier]) -> None:
        self._by_origin = by_origin

    @classmethod
    def of(
        cls,
        sources: Sequence[Source],
        desks: Mapping[str, Desk],
        database: Database,
        links: Links,
        public_url: str | None,
    ) -> Couriers:
        """Make a courier for each source that takes notes.

        Args:
            public_url: where agents reach this server; without it, notes have no links.
        """
        turn = threading.Lock()
        return cls({
            Origin.of(source): Courier(
                Duty(
                    source,
                    source.account,
                    desks[source.brand],
                    partial(links.url, public_url, source.brand) if public_url else None,
                ),
                database,
                new_client(),  # one each: a helpdesk's cookies are no other's
                turn,
            )
            for source in sources
            if source.account
        })  # fmt: skip

    def start(self) -> None:
        """Work from now on."""
        for courier in self._by_origin.values():
            courier.start()

    def stop(self) -> None:
        """End what was begun, as far as that takes little time."""
        for courier in self._by_origin.values():
            courier.end()
        until = time.monotonic() + _LAST_CHANCE_SECONDS
        for courier in self._by_origin.values():
            courier.wait(max(0.0, until - time.monotonic()))

    def wake(self, origin: Origin) -> None:
        """Tell that something new was delivered."""
        if courier := self._by_origin.get(origin):
            courier.wake()
