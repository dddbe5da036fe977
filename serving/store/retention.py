"""What is older than the retention period goes, a little at a time, so that nobody else waits long."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from repliek.wire.deliveries import DeliveryStatus
from serving.store.database import Database
from serving.store.tables import DeliveryRow, FeedbackRow, FollowUpRow, SuggestionSetRow, Table

TOGETHER = 500
"""Rows that are removed in one transaction at most; others who write wait for no more than that."""


_PAUSE_SECONDS = 0.05
"""Between two transactions: who waits for SQLite's lock looks for it from time to time only."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was removed.

    Attributes:
        suggestion_sets: with what was shown in them, their feedback and their follow-ups.
        deliveries: of helpdesks, done with or given up.
    """

    suggestion_sets: int
    deliveries: int


def purge(database: Database, before: datetime, now: datetime) -> Purged:
    """Remove what is from before a moment, of every brand.

    A set from which a follow-up is still to come stays until that is done or past. Answers, keys and receipts stay.

    Raises:
        StoreDownError: the database does not answer; what was removed by then stays removed.
    """
    with database.reading() as session:
        brands = list(_brands(session))
    sets = sum(
        _remove(database, SuggestionSetRow, SuggestionSetRow.set_id, _old_sets(brand, before, now)) for brand in brands
    )
    return Purged(sets, _remove(database, DeliveryRow, DeliveryRow.delivery_id, _old_deliveries(before)))


def _brands(session: Session) -> Iterator[str]:
    """Yield the brands that have sets, each found by the index: there are few of them and many sets."""
    least = select(func.min(SuggestionSetRow.brand))
    brand = session.scalar(least)
    while brand is not None:
        yield brand
        brand = session.scalar(least.where(SuggestionSetRow.brand > brand))


def _old_sets(brand: str, before: datetime, now: datetime) -> Select[tuple[str]]:
    awaited = (
        exists()
        .where(FeedbackRow.set_id == SuggestionSetRow.set_id, FollowUpRow.feedback_id == FeedbackRow.feedback_id)
        .where(FollowUpRow.done_at.is_(None), FollowUpRow.due >= now)
    )
    return (
        select(SuggestionSetRow.set_id)
        .where(SuggestionSetRow.brand == brand, SuggestionSetRow.created_at < before, ~awaited)
        .order_by(SuggestionSetRow.created_at)
    )


def _old_deliveries(before: datetime) -> Select[tuple[str]]:
    return select(DeliveryRow.delivery_id).where(
        DeliveryRow.received_at < before, DeliveryRow.status != DeliveryStatus.QUEUED
    )


def _remove(database: Database, table: type[Table], key: InstrumentedAttribute[str], old: Select[tuple[str]]) -> int:
    """Remove the rows of a table that `old` finds; they are looked for without the lock that removing them takes."""
    removed = 0
    while keys := _some(database, old):
        with database.writing() as session:
            session.execute(delete(table).where(key.in_(keys)), execution_options={"synchronize_session": False})
        removed += len(keys)
        time.sleep(_PAUSE_SECONDS)
    return removed


def _some(database: Database, old: Select[tuple[str]]) -> Sequence[str]:
    with database.reading() as session:
        return session.scalars(old.limit(TOGETHER)).all()
