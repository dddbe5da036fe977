"""Between answers as the store keeps them and those that travel over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from repliek.knowledge import Answer
from repliek.wire.answers import AnswerBody, AnswerVersion, AnswerView, SavedAnswer, Source
from serving.store.answers import OF_THE_BUNDLE, Version

COLUMNS = tuple(field.name for field in fields(Answer))
"""Of `answers.jsonl`, in its order."""


def to_answer(body: AnswerBody, answer_id: str, language: str) -> Answer:
    """Return what is to be saved as `answer_id`, in `language` (ISO 639-1) where the body names none."""
    given = {name: getattr(body, name) for name in COLUMNS}
    return Answer(**(given | {"answer_id": answer_id, "language": body.language or language}))


def view_of(version: Version) -> AnswerView | None:
    """Return an answer as it stood in this version; `None` where it was deleted."""
    return AnswerView(**_shown(version, version.answer)) if version.answer else None


def view_of_saved(version: Version, warnings: Sequence[str]) -> SavedAnswer | None:
    """Return the same of an answer that was just saved."""
    return SavedAnswer(**_shown(version, version.answer), warnings=tuple(warnings)) if version.answer else None


def view_in_history(version: Version) -> AnswerVersion:
    """Return a version as one of several."""
    return AnswerVersion(
        version=version.number,
        updated_at=version.changed_at,
        updated_by=version.changed_by,
        answer=view_of(version),
    )


def _shown(version: Version, answer: Answer) -> dict[str, Any]:
    return {
        **{name: getattr(answer, name) for name in COLUMNS},
        "version": version.number,
        "etag": version.etag,
        "updated_at": version.changed_at,
        "updated_by": version.changed_by,
        "source": Source.BUNDLE if version.number == OF_THE_BUNDLE else Source.LIVE,
    }
