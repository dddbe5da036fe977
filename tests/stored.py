"""Rows of the store, as the server would have written them, for tests of what is done with them later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from repliek.wire.deliveries import DeliveryStatus
from serving.store.tables import DeliveryRow, FeedbackRow, FollowUpRow, ShownRow, SuggestionSetRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_NUMBERS = count()


def add_set(session: Session, set_id: str, *answers: str, **columns: Any) -> str:
    """Add a suggestion set in which these answers were shown, best first, and return its id."""
    usual = {
        "brand": "default",
        "created_at": NOW,
        "received_at": NOW,
        "message": "waar blijft mijn pakket",
        "context": [],
        "channel": "chat",
        "language": "nl",
        "register": "je",
        "emotion": "neutral",
        "intent": "delivery",
        "intent_confidence": 0.9,
        "first_reply_due": NOW + timedelta(hours=1),
        "solution_due": NOW + timedelta(days=1),
        "bundle": "b",
        "revision": 0,
    }
    session.add(SuggestionSetRow(set_id=set_id, **(usual | columns)))
    session.flush()
    for rank, answer in enumerate(answers, start=1):
        session.add(
            ShownRow(
                set_id=set_id,
                rank=rank,
                answer_id=answer,
                answer_ids=[answer],
                text=f"Hoi Eric,\nTekst van {answer}. ^EK",
                register="je",
                confidence=0.9,
                propensity=1.0,
            )
        )
    session.flush()
    return set_id


def add_feedback(session: Session, set_id: str, action: str = "accepted", **columns: Any) -> str:
    """Add feedback on a set, by default that its first suggestion was accepted, and return its id."""
    number = next(_NUMBERS)
    usual = {
        "feedback_id": f"f{number:06}",
        "brand": "default",
        "rank": 1,
        "action": action,
        "agent": "ella",
        "fingerprint": f"{number:064}",
        "received_at": NOW,
        "sent_at": NOW,
    }
    row = FeedbackRow(set_id=set_id, **(usual | columns))
    session.add(row)
    session.flush()
    return row.feedback_id


def add_follow_up(session: Session, feedback_id: str, **columns: Any) -> None:
    """Add a promise that is due in a day."""
    usual = {"brand": "default", "promised": "ik bel je morgen", "due": NOW + timedelta(days=1), "created_at": NOW}
    session.add(FollowUpRow(follow_up_id=f"u{next(_NUMBERS)}", feedback_id=feedback_id, **(usual | columns)))
    session.flush()


def add_delivery(session: Session, delivery_id: str, **columns: Any) -> None:
    """Add what a helpdesk delivered, done with."""
    usual = {
        "brand": "default",
        "helpdesk": "zendesk",
        "delivery_key": delivery_id,
        "status": DeliveryStatus.DONE,
        "attempts": 1,
        "next_attempt_at": NOW,
        "received_at": NOW,
    }
    session.add(DeliveryRow(delivery_id=delivery_id, **(usual | columns)))
    session.flush()
