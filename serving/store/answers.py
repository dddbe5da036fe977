"""Answers that a team saved or deleted while the server ran; they lie over those of the bundle."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from repliek.knowledge import Answer, AnswerEdits
from serving.store import revisions
from serving.store.tables import LiveAnswerRow, RevisionRow

_ANSWER = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What lies over a brand's bundle.

    Attributes:
        revision: how often it was changed.
        edits: the answers that were saved and deleted.
    """

    revision: int
    edits: AnswerEdits


def overlay(session: Session, brand: str) -> Overlay:
    """Return what lies over a brand's bundle now."""
    # First the revision: should a change come between the two, it is read once more, and never missed.
    row = session.get(RevisionRow, revisions.answers_of(brand))
    rows = session.scalars(
        select(LiveAnswerRow).where(LiveAnswerRow.brand == brand).order_by(LiveAnswerRow.answer_id)
    ).all()
    return Overlay(
        row.revision if row else 0,
        AnswerEdits(
            saved=tuple(_ANSWER.validate_python(one.document) for one in rows if one.document is not None),
            deleted=frozenset(one.answer_id for one in rows if one.document is None),
        ),
    )
