"""Answers that a team saved or deleted while the server ran; they lie over those of the bundle."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from repliek.errors import RepliekError
from repliek.knowledge import Answer, AnswerEdits, KnowledgeBase
from serving.preconditions import ALWAYS, Precondition
from serving.store import revisions
from serving.store.tables import AnswerVersionRow, LiveAnswerRow, RevisionRow

OF_THE_BUNDLE = 0
"""The number of the version that nobody saved here."""

_TAG_DIGITS = 16
_ANSWER = TypeAdapter(Answer)


class EditConflict(RepliekError):  # noqa: N818  (a state, not an accident)
    """What the caller wanted to hold before an edit does not: somebody else was quicker."""

    def __init__(self, current: Version | None) -> None:
        """Args: current: what stands instead, if anything does."""
        super().__init__("the answer is not what it was expected to be; read it again before it is edited")
        self.current = current


@dataclass(frozen=True, slots=True)
class Version:
    """An answer as it stood at one time, or that it was deleted.

    Attributes:
        answer_id: of the answer.
        number: counts how often it was saved or deleted here; 0 for what the bundle holds.
        answer: what may be said; `None` where it was deleted.
        changed_at: when that was saved; `None` for what the bundle holds.
        changed_by: name of the key with which it was saved, if there was one.
    """

    answer_id: str
    number: int
    answer: Answer | None
    changed_at: datetime | None = None
    changed_by: str | None = None

    @classmethod
    def of_bundle(cls, answer: Answer) -> Version:
        """Return the version that the bundle holds."""
        return cls(answer.answer_id, OF_THE_BUNDLE, answer)

    @property
    def etag(self) -> str:
        """Its strong entity tag, with its quotes: other for another number, and for other contents."""
        digest = hashlib.sha256(_ANSWER.dump_json(self.answer) if self.answer else b"").hexdigest()
        return f'"{self.number}-{digest[:_TAG_DIGITS]}"'


class Outcome(StrEnum):
    """What became of an answer that was to be saved."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer that was saved, as it stands now."""

    version: Version
    outcome: Outcome


class AnswerBook:
    """A brand's answers: those of its bundle, and over them what was saved and deleted since; within one session."""

    def __init__(self, session: Session, brand: str, bundled: KnowledgeBase) -> None:
        """Args: brand: whose; bundled: the answers of its bundle."""
        self._session = session
        self._brand = brand
        self._bundled = bundled

    def find(self, answer_id: str) -> Version | None:
        """Return the latest version of an answer, also where it is deleted; `None` for what never was."""
        return self._latest(answer_id, self._row(answer_id))

    def standing(self) -> list[Version]:
        """Return the latest version of every answer that is not deleted, by id."""
        rows = self._rows()
        found = (self._latest(answer_id, rows.get(answer_id)) for answer_id in self._ids(rows))
        return [version for version in found if version and version.answer]

    def history(self, answer_id: str) -> list[Version]:
        """Return every version of an answer, the latest first, that of the bundle last; none for what never was."""
        rows = self._session.scalars(
            select(AnswerVersionRow)
            .where(AnswerVersionRow.brand == self._brand, AnswerVersionRow.answer_id == answer_id)
            .order_by(AnswerVersionRow.version.desc())
        )
        bundled = [Version.of_bundle(self._bundled[answer_id])] if answer_id in self._bundled else []
        return [_version(row) for row in rows] + bundled

    def save(self, answer: Answer, by: str | None, when: Precondition = ALWAYS) -> Saved:
        """Save an answer; one that was deleted is there again, and one that is as it was makes no version.

        Raises:
            EditConflict: `when` does not hold of what stands.
        """
        self._hold()
        row = self._row(answer.answer_id)
        _expect(when, self._latest(answer.answer_id, row))
        return self._save([answer], {answer.answer_id: row} if row else {}, by)[0]

    def save_all(self, answers: Sequence[Answer], by: str | None) -> list[Saved]:
        """Save answers, each of which has an id of its own, all of them or none."""
        self._hold()
        return self._save(answers, self._rows(), by)

    def delete(self, answer_id: str, by: str | None, when: Precondition = ALWAYS) -> Version | None:
        """Delete an answer and return what is left of it: its deleted version; `None` where there is no such answer.

        Raises:
            EditConflict: `when` does not hold of what stands.
        """
        self._hold()
        row = self._row(answer_id)
        found = self._latest(answer_id, row)
        if found is None or found.answer is None:
            return None
        _expect(when, found)
        deleted = Version(answer_id, found.number + 1, None, datetime.now(UTC), by)
        self._write([deleted], {answer_id: row} if row else {})
        return deleted

    def _save(self, answers: Sequence[Answer], rows: Mapping[str, LiveAnswerRow], by: str | None) -> list[Saved]:
        now = datetime.now(UTC)
        saved = [self._saved(answer, rows.get(answer.answer_id), now, by) for answer in answers]
        self._write([one.version for one in saved if one.outcome is not Outcome.UNCHANGED], rows)
        return saved

    def _saved(self, answer: Answer, row: LiveAnswerRow | None, now: datetime, by: str | None) -> Saved:
        found = self._latest(answer.answer_id, row)
        if found and found.answer == answer:
            return Saved(found, Outcome.UNCHANGED)
        number = found.number + 1 if found else OF_THE_BUNDLE + 1
        outcome = Outcome.UPDATED if found and found.answer else Outcome.CREATED
        return Saved(Version(answer.answer_id, number, answer, now, by), outcome)

    def _write(self, versions: Sequence[Version], rows: Mapping[str, LiveAnswerRow]) -> None:
        """Write new versions over the `rows` that hold earlier ones, and tell every worker."""
        if not versions:
            return
        revision = revisions.advance(self._session, revisions.answers_of(self._brand))
        for version in versions:
            columns = _columns(version)
            row = rows.get(version.answer_id)
            if row is None:
                self._session.add(LiveAnswerRow(brand=self._brand, revision=revision, **columns))
            else:
                row.revision = revision
                for name, value in columns.items():
                    setattr(row, name, value)
        self._session.flush()  # a version refers to the row of its answer
        self._session.add_all(AnswerVersionRow(brand=self._brand, **_columns(version)) for version in versions)

    def _hold(self) -> None:
        """Have others who edit the brand's answers wait, so that what is read now stands until it is written over."""
        revisions.hold(self._session, revisions.answers_of(self._brand))

    def _row(self, answer_id: str) -> LiveAnswerRow | None:
        return self._session.get(LiveAnswerRow, (self._brand, answer_id))

    def _rows(self) -> dict[str, LiveAnswerRow]:
        rows = self._session.scalars(select(LiveAnswerRow).where(LiveAnswerRow.brand == self._brand))
        return {row.answer_id: row for row in rows}

    def _ids(self, rows: Iterable[str]) -> list[str]:
        return sorted({answer.answer_id for answer in self._bundled} | set(rows))

    def _latest(self, answer_id: str, row: LiveAnswerRow | None) -> Version | None:
        if row is not None:
            return _version(row)
        return Version.of_bundle(self._bundled[answer_id]) if answer_id in self._bundled else None


@dataclass(frozen=True, slots=True)
class Overlay:
    """What lies over a brand's bundle.

    Attributes:
        revision: how often it was changed.
        saved: the answers that were saved, the latest first.
        deleted: ids of those that were deleted.
    """

    revision: int
    saved: tuple[Answer, ...]
    deleted: frozenset[str]

    @property
    def edits(self) -> AnswerEdits:
        """All of it, in an order that does not depend on who was edited when."""
        return AnswerEdits(tuple(sorted(self.saved, key=lambda answer: answer.answer_id)), self.deleted)


def overlay(session: Session, brand: str) -> Overlay:
    """Return what lies over a brand's bundle now."""
    # First the revision: should a change come between the two, it is read once more, and never missed.
    row = session.get(RevisionRow, revisions.answers_of(brand))
    rows = session.scalars(
        select(LiveAnswerRow)
        .where(LiveAnswerRow.brand == brand)
        .order_by(LiveAnswerRow.revision.desc(), LiveAnswerRow.answer_id)
    )
    found = [_version(one) for one in rows]
    return Overlay(
        row.revision if row else 0,
        tuple(version.answer for version in found if version.answer),
        frozenset(version.answer_id for version in found if not version.answer),
    )


def _expect(when: Precondition, found: Version | None) -> None:
    standing = found if found and found.answer else None
    if not when.holds(standing.etag if standing else None):
        raise EditConflict(standing)


def _version(row: LiveAnswerRow | AnswerVersionRow) -> Version:
    answer = None if row.document is None else _ANSWER.validate_python(row.document)
    return Version(row.answer_id, row.version, answer, row.changed_at, row.changed_by)


def _columns(version: Version) -> dict[str, object]:
    return {
        "answer_id": version.answer_id,
        "version": version.number,
        "document": version.answer and _ANSWER.dump_python(version.answer, mode="json"),
        "changed_at": version.changed_at,
        "changed_by": version.changed_by,
    }
