"""What agents decided on suggestions, with the message, what was shown and what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from serving.store.tables import FeedbackRow, ShownRow, SuggestionSetRow

_ROWS_AT_ONCE = 500
"""Rows that are in memory together."""


class Verdict(StrEnum):
    """What a reviewer found of a decision."""

    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Period:
    """Days in UTC; both ends count, and without the last one there is none."""

    since: date
    until: date | None = None

    @property
    def start(self) -> datetime:
        """When it begins."""
        return datetime.combine(self.since, time.min, UTC)

    @property
    def end(self) -> datetime | None:
        """The first moment after it."""
        return datetime.combine(self.until + timedelta(days=1), time.min, UTC) if self.until else None


@dataclass(frozen=True, slots=True)
class Suggested:
    """One suggestion of a set, by what the store keeps of it."""

    answer_ids: tuple[str, ...]
    text: str

    @property
    def only_answer(self) -> str | None:
        """The answer, where the text gives one and no more."""
        return self.answer_ids[0] if len(self.answer_ids) == 1 else None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an agent did with a set.

    Attributes:
        set_id: of the set.
        message: the customer's, redacted.
        context: what was said before, redacted, as it stands in the store.
        channel, language, register, conversation_id, asked_at: of the message.
        action, edit_kind, verdict: as they stand in the store.
        reviewed: whether somebody looked at it.
        superseded: whether a later decision on the same set takes its place.
        sent_text: what was sent, redacted, where that is known.
        agent: who decided, where that is known.
        sent_at: when it was sent.
        chosen: the suggestion that it is about, if it is about one.
        first: the one that stood at the top, if there was one.
    """

    set_id: str
    message: str
    context: list[dict[str, Any]]
    channel: str
    language: str
    register: str | None
    conversation_id: str | None
    asked_at: datetime
    action: str
    edit_kind: str | None
    verdict: str | None
    reviewed: bool
    superseded: bool
    sent_text: str | None
    agent: str | None
    sent_at: datetime
    chosen: Suggested | None
    first: Suggested | None


def count(session: Session, brand: str, period: Period) -> int:
    """Count the decisions that were settled in a period."""
    return session.scalar(select(func.count()).select_from(FeedbackRow).where(_settled_in(brand, period))) or 0


def settled(session: Session, brand: str, period: Period) -> Iterator[Decision]:
    """Yield the decisions that were settled in a period, the oldest first: those reviewed by then, or not at all.

    They are read while they are yielded, so the session must stay open.
    """
    later, chosen, first = aliased(FeedbackRow), aliased(ShownRow), aliased(ShownRow)
    superseded = exists().where(
        later.set_id == FeedbackRow.set_id,
        tuple_(later.received_at, later.feedback_id) > tuple_(FeedbackRow.received_at, FeedbackRow.feedback_id),
    )
    statement = (
        select(FeedbackRow, SuggestionSetRow, chosen, first, superseded)
        .join(SuggestionSetRow, SuggestionSetRow.set_id == FeedbackRow.set_id)
        .outerjoin(chosen, and_(chosen.set_id == FeedbackRow.set_id, chosen.rank == FeedbackRow.rank))
        .outerjoin(first, and_(first.set_id == FeedbackRow.set_id, first.rank == 1))
        .where(_settled_in(brand, period))
        .order_by(FeedbackRow.received_at, FeedbackRow.feedback_id)
    )
    # A cursor of the database's own: closed whether or not all is read.
    with session.execute(statement, execution_options={"yield_per": _ROWS_AT_ONCE}) as rows:
        for feedback, asked, its, top, is_superseded in rows:
            yield Decision(
                set_id=asked.set_id,
                message=asked.message,
                context=asked.context,
                channel=asked.channel,
                language=asked.language,
                register=asked.register,
                conversation_id=asked.conversation_id,
                asked_at=asked.received_at,
                action=feedback.action,
                edit_kind=feedback.edit_kind,
                verdict=feedback.verdict,
                reviewed=feedback.reviewed_at is not None,
                superseded=is_superseded,
                sent_text=feedback.sent_text,
                agent=feedback.agent or asked.agent_id,
                sent_at=feedback.sent_at,
                chosen=_suggestion(its),
                first=_suggestion(top),
            )


def _settled_in(brand: str, period: Period) -> ColumnElement[bool]:
    settled_at = func.coalesce(FeedbackRow.reviewed_at, FeedbackRow.received_at)
    within = and_(FeedbackRow.brand == brand, settled_at >= period.start)
    return within if period.end is None else and_(within, settled_at < period.end)


def _suggestion(row: ShownRow | None) -> Suggested | None:
    return Suggested(tuple(row.answer_ids), row.text) if row else None
