"""What helpdesks delivered: each message once, and worked on by one worker at a time until its note is taken."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, exists, select, tuple_, update
from sqlalchemy.orm import Session

from repliek.wire.deliveries import DeliveryList, DeliveryStatus, DeliveryView
from repliek.wire.suggestions import SuggestResponse
from serving.helpdesks.adapter import Event, Helpdesk
from serving.helpdesks.settings import Source
from serving.store import suggestion_sets
from serving.store.database import insert_new
from serving.store.place import Place, cut
from serving.store.suggestion_sets import Shown
from serving.store.tables import DeliveryRow

LEASE = timedelta(minutes=1)
"""How long a worker has a delivery to itself. One that was killed leaves it to others after this. To suggest and to
call a helpdesk takes half of it at most, and the clocks of two machines may differ by the rest."""


class LeaseLost(Exception):  # noqa: N818  (a state, not an accident)
    """Another worker has taken a delivery up meanwhile, or it was erased."""


class NotDead(Exception):  # noqa: N818  (a state, not an accident)
    """A delivery cannot be replayed: it is done, or will be tried again by itself."""

    def __init__(self, status: DeliveryStatus) -> None:
        super().__init__(status)
        self.status = status


_EVENT, _RESPONSE = TypeAdapter(Event), TypeAdapter(SuggestResponse)


@dataclass(frozen=True, slots=True)
class Origin:
    """Which helpdesk of which brand."""

    brand: str
    helpdesk: Helpdesk

    @classmethod
    def of(cls, source: Source) -> Origin:
        """Name where a source's deliveries come from."""
        return cls(source.brand, source.helpdesk)


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery that is in the store.

    Attributes:
        delivery_id: ours.
        is_new: whether it was not there before.
    """

    delivery_id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A delivery on which one worker works.

    Attributes:
        delivery_id: which one.
        event: what the customer wrote.
        attempt: how often it was begun, this time included.
        leased_until: to whom it belongs: another worker that takes it up later gets another moment.
    """

    delivery_id: str
    event: Event
    attempt: int
    leased_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which deliveries are asked for; `None` where it does not matter."""

    brand: str | None = None
    helpdesk: Helpdesk | None = None
    status: DeliveryStatus | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Say in SQL which ones."""
        asked = ((DeliveryRow.brand, self.brand), (DeliveryRow.helpdesk, self.helpdesk))
        found = [column == value for column, value in (*asked, (DeliveryRow.status, self.status)) if value is not None]
        return [*found]


def receive(session: Session, origin: Origin, event: Event, now: datetime) -> Received:
    """Keep an event to be worked on; one that was delivered before stays as it is."""
    row = _row(origin, event.delivery_id, now) | {
        "status": DeliveryStatus.QUEUED,
        "event": _EVENT.dump_python(event, mode="json"),
        "customer_id": event.customer_id,
    }
    if insert_new(session, DeliveryRow, [row]):
        return Received(row["delivery_id"], is_new=True)
    known = select(DeliveryRow.delivery_id).where(*_is(origin, event.delivery_id))
    return Received(session.execute(known).scalar_one(), is_new=False)


def answered(session: Session, origin: Origin, delivery_key: str) -> SuggestResponse | None:
    """Return what a delivery was answered before; `None` where it was not."""
    found = session.scalar(select(DeliveryRow.response).where(*_is(origin, delivery_key)))
    return None if found is None else _RESPONSE.validate_python(found)


def answer(session: Session, origin: Origin, delivery_key: str, shown: Shown) -> SuggestResponse:
    """Keep what a delivery is answered, and return it; should it have been answered before, return that."""
    kept = suggestion_sets.redacted(shown.response)
    row = _row(origin, delivery_key, shown.at) | {
        "status": DeliveryStatus.DONE,
        "response": _RESPONSE.dump_python(kept, mode="json"),
        "customer_id": shown.request.customer and shown.request.customer.id,
        "set_id": shown.response.suggestion_set_id,
        "attempts": 1,
        "done_at": shown.at,
    }
    if insert_new(session, DeliveryRow, [row]):
        suggestion_sets.add(session, [shown])
        return shown.response
    known = select(DeliveryRow.response).where(*_is(origin, delivery_key))
    return _RESPONSE.validate_python(session.execute(known).scalar_one())


def is_any_due(session: Session, origin: Origin, now: datetime) -> bool:
    """Whether there is something to be worked on."""
    return bool(session.scalar(select(exists().where(*_is_due(origin, now)))))


def claim(session: Session, origin: Origin, now: datetime) -> Job | None:
    """Take the delivery that has waited longest, for the time of a lease; whoever claims meanwhile gets another."""
    row = session.scalar(
        select(DeliveryRow)
        .where(*_is_due(origin, now))
        .order_by(DeliveryRow.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)  # SQLite has no such thing: there a session that writes is alone
    )
    if row is None:
        return None
    try:
        event = _EVENT.validate_python(row.event)
    except ValidationError:
        row.status, row.last_error = DeliveryStatus.DEAD, "it was kept by another version of Repliek; replay it there"
        return None
    row.attempts += 1
    row.next_attempt_at = now + LEASE
    return Job(row.delivery_id, event, row.attempts, row.next_attempt_at)


def show(session: Session, job: Job, shown: Shown) -> None:
    """Keep what is about to be shown for a delivery, instead of what an attempt before this one would have shown.

    Raises:
        LeaseLost: it is not this worker's any more.
    """
    row = _held(session, job)
    _withdraw(session, row)
    suggestion_sets.add(session, [shown])
    row.set_id = shown.response.suggestion_set_id


def done(session: Session, job: Job, now: datetime) -> None:
    """Say that the helpdesk took the note, and drop the customer's words.

    Raises:
        LeaseLost: it is not this worker's any more.
    """
    row = _held(session, job)
    row.status, row.event, row.last_error, row.done_at = DeliveryStatus.DONE, None, None, now


def again(session: Session, job: Job, reason: str, at: datetime) -> None:
    """Put a delivery back until `at`.

    Raises:
        LeaseLost: it is not this worker's any more.
    """
    row = _held(session, job)
    row.last_error, row.next_attempt_at = reason, at


def bury(session: Session, job: Job, reason: str) -> None:
    """Give a delivery up. Its event is kept, so that it can be replayed; what nobody was shown is withdrawn.

    Raises:
        LeaseLost: it is not this worker's any more.
    """
    row = _held(session, job)
    row.status, row.last_error = DeliveryStatus.DEAD, reason
    _withdraw(session, row)


def replay(session: Session, brand: str | None, delivery_id: str, now: datetime) -> DeliveryView | None:
    """Try a dead delivery again, from its first attempt, and return it; `None` where there is no such delivery.

    Args:
        brand: whose it must be; `None` where it may be anybody's.

    Raises:
        NotDead: it is done, or being worked on.
    """
    row = session.get(DeliveryRow, delivery_id, with_for_update=True)
    if row is None or brand not in {None, row.brand}:
        return None
    if row.status != DeliveryStatus.DEAD:
        raise NotDead(DeliveryStatus(row.status))
    row.status, row.attempts, row.next_attempt_at = DeliveryStatus.QUEUED, 0, now
    return _view(row)


def replay_all(session: Session, wanted: Wanted, now: datetime) -> int:
    """Try dead deliveries again; return how many."""
    statement = (
        update(DeliveryRow)
        .where(*wanted.conditions(), DeliveryRow.status == DeliveryStatus.DEAD)
        .values(status=DeliveryStatus.QUEUED, attempts=0, next_attempt_at=now)
        .returning(DeliveryRow.delivery_id)
    )
    return len(session.scalars(statement).all())


def page(session: Session, wanted: Wanted, after: Place | None, limit: int) -> DeliveryList:
    """Return at most `limit` deliveries, the latest first, from a place on."""
    place = tuple_(DeliveryRow.received_at, DeliveryRow.delivery_id)
    statement = select(DeliveryRow).where(*wanted.conditions())
    if after:
        statement = statement.where(place < (after.at, after.item_id))
    ordered = statement.order_by(DeliveryRow.received_at.desc(), DeliveryRow.delivery_id.desc())
    found = session.scalars(ordered.limit(limit + 1)).all()
    rows, following = cut(found, limit, lambda last: Place(last.received_at, last.delivery_id))
    return DeliveryList(items=tuple(_view(row) for row in rows), next=following)


def _row(origin: Origin, delivery_key: str, now: datetime) -> dict[str, Any]:
    return {
        "delivery_id": uuid.uuid4().hex,
        "brand": origin.brand,
        "helpdesk": origin.helpdesk,
        "delivery_key": delivery_key,
        "attempts": 0,
        "next_attempt_at": now,
        "received_at": now,
    }


def _is(origin: Origin, delivery_key: str) -> Sequence[ColumnElement[bool]]:
    return (*_is_of(origin), DeliveryRow.delivery_key == delivery_key)


def _is_of(origin: Origin) -> Sequence[ColumnElement[bool]]:
    return DeliveryRow.brand == origin.brand, DeliveryRow.helpdesk == origin.helpdesk


def _is_due(origin: Origin, now: datetime) -> Sequence[ColumnElement[bool]]:
    return DeliveryRow.status == DeliveryStatus.QUEUED, DeliveryRow.next_attempt_at <= now, *_is_of(origin)


def _held(session: Session, job: Job) -> DeliveryRow:
    row = session.get(DeliveryRow, job.delivery_id, with_for_update=True)
    if row is None or row.status != DeliveryStatus.QUEUED or row.next_attempt_at != job.leased_until:
        raise LeaseLost
    return row


def _withdraw(session: Session, row: DeliveryRow) -> None:
    if row.set_id is not None:
        suggestion_sets.withdraw(session, row.brand, row.set_id)
        row.set_id = None


def _view(row: DeliveryRow) -> DeliveryView:
    is_queued = row.status == DeliveryStatus.QUEUED
    return DeliveryView(
        delivery_id=row.delivery_id,
        helpdesk=row.helpdesk,
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        received_at=row.received_at,
        next_attempt_at=row.next_attempt_at if is_queued else None,
        done_at=row.done_at,
        suggestion_set_id=row.set_id,
        reason=row.last_error,
    )
