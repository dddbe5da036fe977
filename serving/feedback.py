"""Taking feedback: what was sent is compared with what was shown, and what it promises is noted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from repliek.brand import Brand
from repliek.edits import Edit, edit_of
from repliek.hours import OpeningHours
from repliek.privacy import redact
from repliek.promises import Promise, promises_in
from repliek.wire.feedback import IDEMPOTENCY_KEY, Action, FeedbackRequest
from repliek.wire.problems import FieldError
from serving.desk import Desk
from serving.problems import Refused
from serving.services import Services
from serving.store import feedback
from serving.store.database import Database
from serving.store.feedback import Case, Event, KeyReused, Taken, fingerprint_of

_WAITS = (0.05, 0.1, 0.2, 0.4, 0.4)
"""Seconds between looks for a set: it may be written a moment after its suggestions were given."""

_SENT = frozenset({Action.ACCEPTED, Action.EDITED})
"""After these the customer got something of ours."""


async def take(services: Services, desk: Desk, request: FeedbackRequest, key: str | None = None) -> Taken:
    """Keep feedback; when this returns, it is on the disk.

    Args:
        desk: the brand that it is for.
        key: the sender's idempotency key.

    Raises:
        Refused: 404 for a set that the brand does not have, 422 for what does not fit it, or the key.
        StoreDownError: the store does not answer; nothing is kept, or the same can be sent again.
        Busy: nobody had time for it.
    """
    for wait in (0.0, *_WAITS):
        await asyncio.sleep(wait)
        taken = await services.clerks.do(partial(_take, services.database, desk, request, key))
        if taken:
            return taken
    raise Refused(
        404,
        "There is no such set of suggestions; it may have been erased, or never been written down.",
        FieldError("suggestion_set_id", "expected the id of a set that was suggested for this brand"),
    )


def _take(database: Database, desk: Desk, request: FeedbackRequest, key: str | None) -> Taken | None:
    with database.reading() as session:
        case = feedback.case_of(session, desk.name, request.suggestion_set_id)
    if case is None:
        return None
    event = _event(case, desk, request, key)
    try:
        with database.writing() as session:
            return feedback.add(session, event)
    except KeyReused:
        raise Refused(
            422,
            "This idempotency key was used for other feedback.",
            FieldError(IDEMPOTENCY_KEY, "expected a new key for other content"),
        ) from None


def _event(case: Case, desk: Desk, request: FeedbackRequest, key: str | None) -> Event:
    now = datetime.now(UTC)
    rank = _rank(case, request)
    sent_at = request.sent_at or now
    sent = _sent(case, request, rank)
    promises = _promises(sent, case.language, sent_at, desk.bundled.brand) if request.action in _SENT else ()
    return Event(
        brand=desk.name,
        set_id=case.set_id,
        rank=rank,
        action=request.action,
        sent_text=request.sent_text and redact(request.sent_text),
        agent=request.agent,
        edit=_edit(case, rank, sent),
        promises=promises,
        fingerprint=fingerprint_of(request),
        idempotency_key=key,
        received_at=now,
        sent_at=sent_at,
    )


def _rank(case: Case, request: FeedbackRequest) -> int | None:
    """Return the rank that feedback names.

    Raises:
        Refused: 422, it names none of the set, or leaves out what was sent after an edit.
    """
    if request.action is Action.EDITED and not (request.sent_text or "").strip():
        reason = "expected what was sent, where it was edited"
        raise Refused(422, "What was sent is not given.", FieldError("sent_text", reason))
    if request.suggestion_id is None:
        return None
    rank = case.rank_of(request.suggestion_id)
    if rank is None:
        reason = "expected one that was shown in this set"
        raise Refused(422, "The suggestion is not of the set.", FieldError("suggestion_id", reason))
    return rank


def _sent(case: Case, request: FeedbackRequest, rank: int | None) -> str | None:
    """Return what the customer got, as far as it is known: who accepts sends what was suggested."""
    if request.sent_text is None and rank is not None and request.action is Action.ACCEPTED:
        return case.texts[rank]
    return request.sent_text


def _edit(case: Case, rank: int | None, sent: str | None) -> Edit | None:
    """Compare what was sent with the suggestion, or with the nearest one where none is named."""
    if sent is None:
        return None
    compared = case.texts.values() if rank is None else [case.texts[rank]]
    edits = [edit_of(text, sent, case.language) for text in compared]
    return max(edits, key=lambda edit: edit.similarity, default=None)


def _promises(sent: str | None, language: str, sent_at: datetime, brand: Brand) -> tuple[Promise, ...]:
    found = promises_in(sent or "", language, sent_at, OpeningHours.of(brand), brand.reply_times.solution)
    return tuple(replace(promise, words=redact(promise.words)) for promise in found)
