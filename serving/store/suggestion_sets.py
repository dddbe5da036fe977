"""What was shown for each message, and with which probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from repliek.privacy import redact
from repliek.wire.suggestions import SuggestRequest, SuggestResponse
from serving.store.database import insert_new
from serving.store.tables import FeedbackRow, ShownRow, SuggestionSetRow

CERTAIN = 1.0
"""The propensity of what a ranking shows that leaves nothing to chance."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message, and what was shown for it.

    Attributes:
        brand: whose.
        at: when it was shown.
        revision: of the live answers over the bundle.
        request: what was asked.
        response: what was shown.
    """

    brand: str
    at: datetime
    revision: int
    request: SuggestRequest
    response: SuggestResponse


def suggestion_id_of(set_id: str, rank: int) -> str:
    """Name the suggestion of a set that was shown at a rank, from 1."""
    return f"{set_id}-{rank}"


def set_id_of(suggestion_id: str) -> str:
    """Return the set that a suggestion is named to be of."""
    return suggestion_id.rpartition("-")[0]


def add(session: Session, sets: Sequence[Shown]) -> None:
    """Keep sets, redacting what the customer wrote; those that are there stay as they are."""
    insert_new(session, SuggestionSetRow, [_set_row(shown) for shown in sets])
    insert_new(session, ShownRow, [row for shown in sets for row in _shown_rows(shown.response)])


def withdraw(session: Session, brand: str, set_id: str) -> None:
    """Forget a set that nobody was shown after all; one that somebody gave feedback on was shown, and stays."""
    used = exists().where(FeedbackRow.set_id == SuggestionSetRow.set_id)
    unused = delete(SuggestionSetRow).where(SuggestionSetRow.brand == brand, SuggestionSetRow.set_id == set_id, ~used)
    session.execute(unused, execution_options={"synchronize_session": False})


def redacted(response: SuggestResponse) -> SuggestResponse:
    """Return a response as it may be kept: it quotes the customer where a message asks several things."""
    return replace(response, matters=tuple(replace(one, text=_kept(one.text)) for one in response.matters))


def _set_row(shown: Shown) -> dict[str, object]:
    request, response = shown.request, shown.response
    return {
        "set_id": response.suggestion_set_id,
        "brand": shown.brand,
        "created_at": shown.at,
        "received_at": request.received_at or shown.at,
        "message": _kept(request.message),
        "context": [{"speaker": turn.speaker, "text": _kept(turn.text)} for turn in request.conversation],
        "channel": request.channel,
        "language": response.language,
        "register": response.tone.register,
        "emotion": response.tone.emotion,
        "intent": response.intent and response.intent.label,
        "intent_confidence": response.intent and response.intent.confidence,
        "abstained": response.abstained and response.abstained.reason,
        "conversation_id": request.conversation_id,
        "customer_id": request.customer and request.customer.id,
        "agent_id": request.agent and request.agent.id,
        "first_reply_due": response.due.first_reply,
        "solution_due": response.due.solution,
        "bundle": response.bundle,
        "revision": shown.revision,
    }


def _shown_rows(response: SuggestResponse) -> list[dict[str, object]]:
    return [
        {
            "set_id": response.suggestion_set_id,
            "rank": rank,
            "answer_id": suggestion.answer_id,
            "answer_ids": list(suggestion.answer_ids),
            "text": suggestion.text,
            "register": suggestion.register,
            "confidence": suggestion.confidence,
            "propensity": CERTAIN,
        }
        for rank, suggestion in enumerate(response.suggestions, start=1)
    ]


def _kept(text: str) -> str:
    """Return what is kept of somebody's words; PostgreSQL keeps every character but NUL."""
    return redact(text).replace("\0", "")
