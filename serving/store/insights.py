"""What became of everybody's answers, counted without a word of a customer or an agent."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Self

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, String, Subquery, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from repliek.knowledge import Answer
from repliek.vocabulary import Origin
from repliek.wire.feedback import Action
from repliek.wire.insights import AuthorList, AuthorView
from serving.store.tables import AnswerVersionRow, FeedbackRow, ShownRow, SuggestionSetRow

_AT_ONCE = 500
"""Values in one statement: databases take only so many."""

_ANSWER = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Credit:
    """Who gets the credit for an answer.

    Attributes:
        author: their name; `None` where the answer names none.
        origin: what kind of author; `None` where nothing is known of the answer any more.
    """

    author: str | None
    origin: Origin | None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        return cls(answer.author, answer.origin)


_NOBODY = Credit(None, None)


@dataclass(frozen=True, slots=True)
class Use:
    """How often suggestions were shown, and what became of them."""

    suggested: int = 0
    shown_first: int = 0
    accepted: int = 0
    edited: int = 0
    rejected: int = 0

    def __add__(self, other: Use) -> Use:
        return Use(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Use)))


def authors(
    session: Session,
    brand: str,
    since: datetime | None,
    until: datetime | None,
    known: Iterable[Answer],
    bundled: Iterable[Answer],
) -> AuthorList:
    """Count, for each author and origin, what became of what was shown in a period, whenever it did.

    Args:
        since: the first moment that counts; all that is kept without one.
        until: the first that does not.
        known: the answers as they stand now; they say who wrote them.
        bundled: those of the bundle, of which some may be deleted.
    """
    standing = {answer.answer_id: Credit.of(answer) for answer in known}
    uses = _uses(session, brand, since, until)
    gone = {answer_id for ids in uses for answer_id in ids} - standing.keys()
    deleted = {answer.answer_id: Credit.of(answer) for answer in bundled if answer.answer_id in gone}
    written = deleted | _last_credits(session, brand, gone) | standing
    found: dict[Credit, Use] = {credit: Use() for credit in standing.values()}
    for ids, use in uses.items():
        # Who wrote two answers of one text is credited with it once.
        for credit in {written.get(answer_id, _NOBODY) for answer_id in ids}:
            found[credit] = found.get(credit, Use()) + use
    return AuthorList(items=_sorted(found, Counter(standing.values())))


def _uses(
    session: Session, brand: str, since: datetime | None, until: datetime | None
) -> Mapping[tuple[str, ...], Use]:
    """Count by the answers that a text held: there are far fewer combinations of them than suggestions."""
    became = _became(brand, since)
    ids = cast(ShownRow.answer_ids, String)
    flags = [became.c[action] for action in (Action.ACCEPTED, Action.EDITED, Action.REJECTED)]
    statement = (
        select(
            ids,
            func.count(),
            func.sum(case((ShownRow.rank == 1, 1), else_=0)),
            *(func.sum(func.coalesce(flag, 0)) for flag in flags),
        )
        .join(SuggestionSetRow, SuggestionSetRow.set_id == ShownRow.set_id)
        .outerjoin(became, and_(became.c.set_id == ShownRow.set_id, became.c.rank == ShownRow.rank))
        .where(SuggestionSetRow.brand == brand, *_within(since, until))
        .group_by(ids)
    )
    return {tuple(json.loads(text)): Use(*counts) for text, *counts in session.execute(statement)}


def _became(brand: str, since: datetime | None) -> Subquery:
    """Say in SQL what became of each suggestion; a set that is rejected as a whole is rejected at every rank."""
    about = or_(
        FeedbackRow.rank == ShownRow.rank, and_(FeedbackRow.rank.is_(None), FeedbackRow.action == Action.REJECTED)
    )
    statement = (
        select(
            ShownRow.set_id,
            ShownRow.rank,
            *(func.max(case((FeedbackRow.action == action, 1), else_=0)).label(action) for action in Action),
        )
        .join(FeedbackRow, and_(FeedbackRow.set_id == ShownRow.set_id, about))
        .where(FeedbackRow.brand == brand)
        .group_by(ShownRow.set_id, ShownRow.rank)
    )
    # Nothing is fed back before it is shown.
    return (statement.where(FeedbackRow.received_at >= since) if since else statement).subquery()


def _within(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    at = SuggestionSetRow.created_at
    return [*([at >= since] if since else []), *([at < until] if until else [])]


def _last_credits(session: Session, brand: str, answer_ids: Iterable[str]) -> Mapping[str, Credit]:
    """Return whom the last version of each answer credits that was not a deletion."""
    wanted = sorted(answer_ids)
    found: dict[str, Credit] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        statement = (
            select(AnswerVersionRow.answer_id, AnswerVersionRow.document)
            .where(AnswerVersionRow.brand == brand, AnswerVersionRow.answer_id.in_(wanted[start : start + _AT_ONCE]))
            .where(AnswerVersionRow.document.is_not(None))
            .order_by(AnswerVersionRow.version)
        )
        for answer_id, document in session.execute(statement):
            found[answer_id] = Credit.of(_ANSWER.validate_python(document))
    return found


def _sorted(found: Mapping[Credit, Use], answers: Mapping[Credit, int]) -> tuple[AuthorView, ...]:
    items = [
        AuthorView(
            author=credit.author,
            origin=credit.origin,
            answers=answers.get(credit, 0),
            suggested=use.suggested,
            shown_first=use.shown_first,
            accepted=use.accepted,
            edited=use.edited,
            rejected=use.rejected,
        )
        for credit, use in found.items()
    ]
    return tuple(
        sorted(items, key=lambda one: (-one.accepted - one.edited, -one.suggested, one.author or "", one.origin or ""))
    )
