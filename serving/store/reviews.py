"""Feedback as somebody looks at it who decides whether it may teach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from repliek.conversation import Channel
from repliek.privacy import redact
from repliek.wire.feedback import Action, FeedbackList, FeedbackView, Verdict
from serving.store.feedback import edit_view, suggestion_id
from serving.store.place import Place, cut
from serving.store.tables import FeedbackRow, ShownRow, SuggestionSetRow

_Rows = tuple[FeedbackRow, SuggestionSetRow, ShownRow | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which feedback is asked for; `None` where it does not matter.

    Attributes:
        reviewed: whether somebody decided on it.
        action: what was done with the suggestion.
        agent: who did it.
        since: from when on it came.
        until: before when it came.
    """

    reviewed: bool | None = None
    action: Action | None = None
    agent: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Say in SQL which."""
        found: list[ColumnElement[bool]] = []
        if self.reviewed is not None:
            at = FeedbackRow.reviewed_at
            found.append(at.is_not(None) if self.reviewed else at.is_(None))
        if self.action is not None:
            found.append(FeedbackRow.action == self.action)
        if self.agent is not None:
            found.append(FeedbackRow.agent == self.agent)
        if self.since is not None:
            found.append(FeedbackRow.received_at >= self.since)
        if self.until is not None:
            found.append(FeedbackRow.received_at < self.until)
        return found


def page(session: Session, brand: str, wanted: Wanted, after: Place | None, limit: int) -> FeedbackList:
    """Return at most `limit` of a brand's feedback, the oldest first, from a place on."""
    statement = (
        _with_what_was_shown()
        .where(FeedbackRow.brand == brand, *wanted.conditions())
        .order_by(FeedbackRow.received_at, FeedbackRow.feedback_id)
    )
    if after:
        statement = statement.where(after.precedes(FeedbackRow.received_at, FeedbackRow.feedback_id))
    found = session.execute(statement.limit(limit + 1)).all()
    rows, following = cut(found, limit, lambda last: Place(last[0].received_at, last[0].feedback_id))
    return FeedbackList(items=tuple(_view(*row) for row in rows), next=following)


def decide(session: Session, brand: str, feedback_id: str, verdict: Verdict, at: datetime) -> FeedbackView | None:
    """Say whether feedback may teach, and return it; the same verdict again changes nothing, another replaces it."""
    row = session.get(FeedbackRow, feedback_id, with_for_update=True)
    if row is None or row.brand != brand:
        return None
    if row.verdict != verdict:
        row.verdict, row.reviewed_at = verdict, at
        session.flush()
    found = session.execute(_with_what_was_shown().where(FeedbackRow.feedback_id == feedback_id)).one()
    return _view(*found)


def _with_what_was_shown() -> Select[_Rows]:
    same = and_(ShownRow.set_id == FeedbackRow.set_id, ShownRow.rank == FeedbackRow.rank)
    return (
        select(FeedbackRow, SuggestionSetRow, ShownRow)
        .join(SuggestionSetRow, SuggestionSetRow.set_id == FeedbackRow.set_id)
        .outerjoin(ShownRow, same)
    )


def _view(row: FeedbackRow, origin: SuggestionSetRow, shown: ShownRow | None) -> FeedbackView:
    return FeedbackView(
        feedback_id=row.feedback_id,
        suggestion_set_id=row.set_id,
        suggestion_id=suggestion_id(row),
        action=Action(row.action),
        message=origin.message,
        answer_ids=tuple(shown.answer_ids) if shown else (),
        # What was shown is kept as it was, with the customer's name.
        suggestion=redact(shown.text) if shown else None,
        sent_text=row.sent_text,
        edit=edit_view(row),
        channel=Channel(origin.channel),
        language=origin.language,
        agent=row.agent,
        sent_at=row.sent_at,
        received_at=row.received_at,
        verdict=Verdict(row.verdict) if row.verdict else None,
        reviewed_at=row.reviewed_at,
    )
