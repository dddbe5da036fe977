"""What was promised to customers, and whether it was done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, not_, select
from sqlalchemy.orm import Session

from repliek.conversation import Channel
from repliek.promises import Promise
from repliek.wire.follow_ups import FollowUpList, FollowUpView
from serving.store.place import Place, cut
from serving.store.tables import FeedbackRow, FollowUpRow, SuggestionSetRow

_AGENT = func.coalesce(FeedbackRow.agent, SuggestionSetRow.agent_id)
"""Who sent the promise; where nobody told, who was to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which promises are asked for; `None` where it does not matter.

    Attributes:
        overdue: whether they are due and not done.
        done: whether they are done.
        agent: who made them.
        within: those that are not done, and due before this much time has passed.
    """

    overdue: bool | None = None
    done: bool | None = None
    agent: str | None = None
    within: timedelta | None = None

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        """Say in SQL which ones."""
        is_done = FollowUpRow.done_at.is_not(None)
        is_overdue = and_(not_(is_done), FollowUpRow.due < now)
        found: list[ColumnElement[bool]] = []
        if self.overdue is not None:
            found.append(is_overdue if self.overdue else not_(is_overdue))
        if self.done is not None:
            found.append(is_done if self.done else not_(is_done))
        if self.agent is not None:
            found.append(self.agent == _AGENT)
        if self.within is not None:
            found.append(and_(not_(is_done), FollowUpRow.due <= now + self.within))
        return found


def add(session: Session, brand: str, feedback_id: str, promises: Sequence[Promise], at: datetime) -> None:
    """Keep what a text promised that was sent; the words are kept as they are given."""
    session.add_all(
        FollowUpRow(
            follow_up_id=uuid.uuid4().hex,
            brand=brand,
            feedback_id=feedback_id,
            promised=promise.words,
            due=promise.due,
            created_at=at,
        )
        for promise in promises
    )
    session.flush()


def of_feedback(session: Session, feedback_id: str, now: datetime) -> tuple[FollowUpView, ...]:
    """Return what was promised in the text that feedback tells of, the first due first."""
    return _views(session, _with_origin().where(FollowUpRow.feedback_id == feedback_id), now)


def page(session: Session, brand: str, wanted: Wanted, now: datetime, after: Place | None, limit: int) -> FollowUpList:
    """Return at most `limit` of a brand's promises, the first due first, from a place on."""
    statement = _with_origin().where(FollowUpRow.brand == brand, *wanted.conditions(now))
    if after:
        statement = statement.where(after.precedes(FollowUpRow.due, FollowUpRow.follow_up_id))
    found = _views(session, statement.limit(limit + 1), now)
    items, following = cut(found, limit, lambda last: Place(last.due, last.follow_up_id))
    return FollowUpList(items=items, next=following)


def finish(session: Session, brand: str, follow_up_id: str, now: datetime) -> FollowUpView | None:
    """Say that a promise was kept, and return it; one that was kept before stays as it is."""
    row = session.get(FollowUpRow, follow_up_id, with_for_update=True)
    if row is None or row.brand != brand:
        return None
    row.done_at = row.done_at or now
    session.flush()
    (found,) = _views(session, _with_origin().where(FollowUpRow.follow_up_id == follow_up_id), now)
    return found


def _with_origin() -> Select[tuple[FollowUpRow, SuggestionSetRow, str | None]]:
    return (
        select(FollowUpRow, SuggestionSetRow, _AGENT)
        .join(FeedbackRow, FeedbackRow.feedback_id == FollowUpRow.feedback_id)
        .join(SuggestionSetRow, SuggestionSetRow.set_id == FeedbackRow.set_id)
        .order_by(FollowUpRow.due, FollowUpRow.follow_up_id)
    )


def _views(
    session: Session, statement: Select[tuple[FollowUpRow, SuggestionSetRow, str | None]], now: datetime
) -> tuple[FollowUpView, ...]:
    return tuple(
        FollowUpView(
            follow_up_id=row.follow_up_id,
            promised=row.promised,
            due=row.due,
            overdue=row.done_at is None and row.due < now,
            done_at=row.done_at,
            created_at=row.created_at,
            channel=Channel(origin.channel),
            customer_id=origin.customer_id,
            agent=agent,
            conversation_id=origin.conversation_id,
            suggestion_set_id=origin.set_id,
        )
        for row, origin, agent in session.execute(statement)
    )
