"""What agents did with what was suggested: each event once, however often and wherever it arrives."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repliek.edits import Edit
from repliek.promises import Promise
from repliek.vocabulary import EditKind
from repliek.wire.feedback import Action, EditView, FeedbackRequest, FeedbackResponse
from serving.store import follow_ups
from serving.store.database import insert_new
from serving.store.suggestion_sets import suggestion_id_of
from serving.store.tables import FeedbackRow, ShownRow, SuggestionSetRow


class KeyReused(Exception):  # noqa: N818  (an answer, not an accident)
    """An idempotency key came with other content than the first time."""


@dataclass(frozen=True, slots=True)
class Case:
    """What feedback is about: a set as it was shown.

    Attributes:
        set_id: which one.
        language: of the message.
        texts: what was shown, by rank.
    """

    set_id: str
    language: str
    texts: Mapping[int, str]

    def rank_of(self, suggestion_id: str) -> int | None:
        """Return the rank of a suggestion; `None` where it is not of this set."""
        return next((rank for rank in self.texts if suggestion_id_of(self.set_id, rank) == suggestion_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Feedback as it is kept, redacted already: nothing slow is left to do while others wait to write.

    Attributes:
        brand: whose.
        set_id: which set it is about.
        rank: which suggestion of the set; `None` for none of them in particular.
        action: what was done with it.
        sent_text: what the customer got, where it was told.
        agent: who did it.
        edit: what was changed, where it can be told.
        promises: what was promised in the text that was sent.
        fingerprint: the same for the same event.
        idempotency_key: by which the sender knows it.
        received_at: when it came.
        sent_at: when the customer got the text.
    """

    brand: str
    set_id: str
    rank: int | None
    action: Action
    sent_text: str | None
    agent: str | None
    edit: Edit | None
    promises: tuple[Promise, ...]
    fingerprint: str
    idempotency_key: str | None
    received_at: datetime
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """Feedback that is kept, and whether it was not before."""

    response: FeedbackResponse
    is_new: bool


def fingerprint_of(request: FeedbackRequest) -> str:
    """Return what tells events apart: a SHA-256 of all that was said, before redaction."""
    said = [
        request.suggestion_set_id,
        request.suggestion_id,
        request.action,
        request.sent_text,
        request.agent,
        request.sent_at and request.sent_at.timestamp(),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def case_of(session: Session, brand: str, set_id: str) -> Case | None:
    """Return what was shown in a brand's set; `None` where the brand has no such set."""
    row = session.get(SuggestionSetRow, set_id)
    if row is None or row.brand != brand:
        return None
    shown = select(ShownRow.rank, ShownRow.text).where(ShownRow.set_id == set_id).order_by(ShownRow.rank)
    return Case(set_id, row.language, {one.rank: one.text for one in session.execute(shown)})


def add(session: Session, event: Event) -> Taken | None:
    """Keep an event, or find it where it is kept already; `None` where its set was erased meanwhile.

    Raises:
        KeyReused: its idempotency key was used for another event.
    """
    # Held until the end, so that nobody erases the set between this and the insert.
    held = {"read": True, "key_share": True}
    if session.get(SuggestionSetRow, event.set_id, with_for_update=held) is None:
        return None
    feedback_id = uuid.uuid4().hex
    # Of many at once one inserts; the others wait for it to commit, and find its row.
    if is_new := bool(insert_new(session, FeedbackRow, [_row(feedback_id, event)])):
        follow_ups.add(session, event.brand, feedback_id, event.promises, event.received_at)
    else:
        feedback_id = _known(session, event)
    return Taken(_response(session, feedback_id, event.received_at), is_new)


def _row(feedback_id: str, event: Event) -> dict[str, object]:
    return {
        "feedback_id": feedback_id,
        "brand": event.brand,
        "set_id": event.set_id,
        "rank": event.rank,
        "action": event.action,
        "sent_text": event.sent_text,
        "agent": event.agent,
        "edit_kind": event.edit and event.edit.kind,
        "edit_similarity": event.edit and event.edit.similarity,
        "fingerprint": event.fingerprint,
        "idempotency_key": event.idempotency_key,
        "received_at": event.received_at,
        "sent_at": event.sent_at,
    }


def _known(session: Session, event: Event) -> str:
    """Return the id under which an event is kept that cannot be inserted."""
    rows = select(FeedbackRow.feedback_id, FeedbackRow.fingerprint).where(FeedbackRow.brand == event.brand)
    if event.idempotency_key is not None:
        found = session.execute(rows.where(FeedbackRow.idempotency_key == event.idempotency_key)).one_or_none()
        if found and found.fingerprint != event.fingerprint:
            raise KeyReused
    return session.execute(rows.where(FeedbackRow.fingerprint == event.fingerprint)).one().feedback_id


def _response(session: Session, feedback_id: str, now: datetime) -> FeedbackResponse:
    row = session.get_one(FeedbackRow, feedback_id)
    return FeedbackResponse(
        feedback_id=row.feedback_id,
        suggestion_set_id=row.set_id,
        suggestion_id=suggestion_id(row),
        action=Action(row.action),
        edit=edit_view(row),
        follow_ups=follow_ups.of_feedback(session, feedback_id, now),
        received_at=row.received_at,
    )


def suggestion_id(row: FeedbackRow) -> str | None:
    """Return which suggestion feedback is about; `None` for none in particular."""
    return None if row.rank is None else suggestion_id_of(row.set_id, row.rank)


def edit_view(row: FeedbackRow) -> EditView | None:
    """Return what was changed; `None` where nothing was sent, or nothing suggested."""
    if row.edit_kind is None or row.edit_similarity is None:
        return None
    return EditView(kind=EditKind(row.edit_kind), similarity=row.edit_similarity)
