"""Telling every worker and replica that something has changed which they hold in memory."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from serving.store.database import insert_new
from serving.store.tables import RevisionRow

KEYS = "keys"


def answers_of(brand: str) -> str:
    """Name the revision of a brand's live answers."""
    return f"answers:{brand}"


def hold(session: Session, name: str) -> None:
    """Have others who change the same wait until this session is over."""
    insert_new(session, RevisionRow, [{"name": name, "revision": 0}])
    session.execute(select(RevisionRow.revision).where(RevisionRow.name == name).with_for_update())


def advance(session: Session, name: str) -> int:
    """Count one change and return the new revision; others who change the same wait until this session commits."""
    insert_new(session, RevisionRow, [{"name": name, "revision": 0}])
    statement = (
        update(RevisionRow)
        .where(RevisionRow.name == name)
        .values(revision=RevisionRow.revision + 1)
        .returning(RevisionRow.revision)
    )
    return session.execute(statement).scalar_one()


def claim(session: Session, name: str, turn: int) -> bool:
    """Raise a revision to `turn`, and return whether it was lower: of all who claim the same turn, one gets it."""
    insert_new(session, RevisionRow, [{"name": name, "revision": 0}])
    statement = (
        update(RevisionRow)
        .where(RevisionRow.name == name, RevisionRow.revision < turn)
        .values(revision=turn)
        .returning(RevisionRow.revision)
    )
    return session.execute(statement).one_or_none() is not None


def current(session: Session) -> Mapping[str, int]:
    """Return every revision; what never changed has none."""
    return {row.name: row.revision for row in session.scalars(select(RevisionRow))}
