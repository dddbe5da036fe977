"""Erasing a customer: everything that the store holds of them, at once, with a receipt that names nobody."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from repliek.erasure import ErasedCounts, Erasure
from serving.store.tables import DeliveryRow, ErasureRow, FeedbackRow, FollowUpRow, ShownRow, SuggestionSetRow, Table


@dataclass(frozen=True, slots=True)
class Customer:
    """Whose data it is.

    Attributes:
        brand: whose customer.
        customer_id: what the helpdesk calls them.
    """

    brand: str
    customer_id: str

    @property
    def sets(self) -> ColumnElement[bool]:
        """Their suggestion sets, and those of their conversations that name nobody."""
        ours = SuggestionSetRow.brand == self.brand
        named = and_(ours, SuggestionSetRow.customer_id == self.customer_id)
        of_theirs = SuggestionSetRow.conversation_id.in_(
            # Not correlated: it looks through the table anew, also where that table is read or deleted from.
            select(SuggestionSetRow.conversation_id)
            .where(named, SuggestionSetRow.conversation_id.is_not(None))
            .correlate(None)
        )
        return or_(named, and_(ours, SuggestionSetRow.customer_id.is_(None), of_theirs))

    @property
    def deliveries(self) -> ColumnElement[bool]:
        """What helpdesks delivered of them."""
        own = or_(
            DeliveryRow.customer_id == self.customer_id,
            DeliveryRow.set_id.in_(select(SuggestionSetRow.set_id).where(self.sets)),
        )
        return and_(DeliveryRow.brand == self.brand, own)


def held(session: Session, customer: Customer) -> ErasedCounts:
    """Count what the store holds of a customer."""
    sets = select(SuggestionSetRow.set_id).where(customer.sets)
    feedback = select(FeedbackRow.feedback_id).where(FeedbackRow.set_id.in_(sets))

    def count(table: type[Table], which: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(which)) or 0

    return ErasedCounts(
        suggestion_sets=count(SuggestionSetRow, customer.sets),
        suggestions=count(ShownRow, ShownRow.set_id.in_(sets)),
        feedback=count(FeedbackRow, FeedbackRow.set_id.in_(sets)),
        follow_ups=count(FollowUpRow, FollowUpRow.feedback_id.in_(feedback)),
        deliveries=count(DeliveryRow, customer.deliveries),
    )


def erase(session: Session, customer: Customer, at: datetime) -> Erasure | None:
    """Remove everything of a customer, and return the receipt; `None` where nothing was there.

    Feedback, follow-ups and what was shown go with the suggestion sets that they belong to.
    """
    counts = held(session, customer)
    if counts == ErasedCounts():
        return None
    unread = {"synchronize_session": False}  # no row of them is in the session
    session.execute(delete(DeliveryRow).where(customer.deliveries), execution_options=unread)
    removed = session.scalars(
        delete(SuggestionSetRow).where(customer.sets).returning(SuggestionSetRow.set_id), execution_options=unread
    )
    row = ErasureRow(
        erasure_id=uuid.uuid4().hex,
        brand=customer.brand,
        erased_at=at,
        exchange_ids=sorted(removed),
        counts=asdict(counts),
    )
    session.add(row)
    return _erasure(row)


def every(session: Session, brand: str) -> Sequence[Erasure]:
    """Return every receipt of a brand, the oldest first."""
    statement = select(ErasureRow).where(ErasureRow.brand == brand)
    return [_erasure(row) for row in session.scalars(statement.order_by(ErasureRow.erased_at, ErasureRow.erasure_id))]


def erased_ids(session: Session, brand: str) -> frozenset[str]:
    """Return the ids of a brand's exchanges that must never be learned from again."""
    return frozenset(_ids(session, brand))


def _ids(session: Session, brand: str) -> Iterator[str]:
    for ids in session.scalars(select(ErasureRow.exchange_ids).where(ErasureRow.brand == brand)):
        yield from ids


def _erasure(row: ErasureRow) -> Erasure:
    return Erasure(
        erasure_id=row.erasure_id,
        brand=row.brand,
        erased_at=row.erased_at,
        counts=ErasedCounts(**row.counts),
        exchange_ids=tuple(row.exchange_ids),
    )
