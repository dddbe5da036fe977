"""What reviewers decide about answers: allow, block, merge, rename, edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass as validated

from repliek.errors import DataError, RecordError
from repliek.knowledge import Answer, KnowledgeBase, Status
from repliek.records import read_records
from repliek.tone.register import detect_register

RECOGNISED = ".mined"
"""Ends the id of a wording that was replaced: it is never sent, and recognised in replies."""


class Action(StrEnum):
    """What can be decided."""

    ALLOW = "allow"
    BLOCK = "block"
    MERGE = "merge"
    RENAME = "rename"
    EDIT = "edit"


_NEEDS: Mapping[Action, str | None] = {
    Action.ALLOW: None,
    Action.BLOCK: None,
    Action.MERGE: "into",
    Action.RENAME: "intent",
    Action.EDIT: "text",
}


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Decision:
    """One line of a decisions file.

    Attributes:
        answer_id: what it is about.
        action: what is decided; a line without one decides nothing, such as a row of the review sheet that
            nobody has come to yet.
        into: with `merge`, the answer that goes on.
        intent: with `rename`, the new name.
        text: with `edit`, the new wording.
    """

    answer_id: str = Field(min_length=1, max_length=200)
    action: Action | None = None
    into: str | None = Field(default=None, min_length=1, max_length=200)
    intent: str | None = Field(default=None, pattern=r"^\S(.*\S)?$")
    text: str | None = Field(default=None, min_length=1, max_length=20_000)

    @model_validator(mode="after")
    def _complete(self) -> Decision:
        given = {name for name in ("into", "intent", "text") if getattr(self, name) is not None}
        needed = _NEEDS[self.action] if self.action else None
        if needed and needed not in given:
            raise ValueError(f"{self.action} needs {needed}")
        if surplus := sorted(given - {needed}):
            raise ValueError(f"{' and '.join(surplus)} says nothing with {self.action or 'no action'}")
        return self


@dataclass(frozen=True, slots=True)
class Decisions:
    """A decisions file: a journal, in which a later line holds over an earlier one.

    Attributes:
        source: the file, as the user named it.
        entries: line and decision, in the order of the file.
    """

    source: str
    entries: tuple[tuple[int, Decision], ...]

    @classmethod
    def from_file(cls, path: Path) -> Decisions:
        """Read decisions from JSONL, CSV or Parquet; other columns of a table are left alone.

        Raises:
            DataError: the file cannot be read, or a line is wrong.
        """
        read = read_records(path, Decision, unique=None, strict=True)
        return cls(str(path), tuple(zip(read.lines, read.records, strict=True)))

    @classmethod
    def none(cls) -> Decisions:
        """Nothing was decided."""
        return cls("", ())

    def __len__(self) -> int:
        return sum(decision.action is not None for _, decision in self.entries)

    def applied_to(self, answers: Iterable[Answer]) -> tuple[Answer, ...]:
        """Return the answers as they were decided to be. Deciding the same twice changes nothing more.

        Raises:
            DataError: a line names an answer that is not there.
            RecordError: an answer is merged into itself.
        """
        bank = {answer.answer_id: answer for answer in answers}
        self._refuse_unknown(bank)
        for line, decision in self.entries:
            if decision.action is Action.MERGE and decision.into == decision.answer_id:
                raise RecordError(self.source, line, "into names the answer itself; expected another answer")
            if decision.action:
                _APPLY[decision.action](bank, decision)
        return tuple(bank.values())

    def _refuse_unknown(self, bank: Mapping[str, Answer]) -> None:
        unknown = [
            (line, name)
            for line, decision in self.entries
            if decision.action
            for name in (decision.answer_id, decision.into)
            if name and name not in bank
        ]
        if unknown:
            named = ", ".join(f"{name} (line {line})" for line, name in unknown)
            raise DataError(
                f"{self.source}: decides about answers that are not there: {named}; expected answer_ids of the "
                "answers that were reviewed (give those to --answers, so that they are kept)"
            )


Bank = dict[str, Answer]


def _allow(bank: Bank, decision: Decision) -> None:
    bank[decision.answer_id] = replace(bank[decision.answer_id], status=Status.ALLOWED)


def _block(bank: Bank, decision: Decision) -> None:
    bank[decision.answer_id] = replace(bank[decision.answer_id], status=Status.BLOCKED)


def _merge(bank: Bank, decision: Decision) -> None:
    """Make variants of one topic; a wording that would be said on the same occasions as the other is not said."""
    into = bank[decision.into or ""]
    for answer in _topic_of(bank, decision.answer_id):
        if answer.topic == into.topic:
            continue
        rivals = (answer.language, answer.register, answer.audience) == (into.language, into.register, into.audience)
        bank[answer.answer_id] = replace(
            answer,
            variant_of=into.topic,
            intent=into.intent,
            status=Status.BLOCKED if rivals else answer.status,
        )


def _rename(bank: Bank, decision: Decision) -> None:
    for answer in _topic_of(bank, decision.answer_id):
        bank[answer.answer_id] = replace(answer, intent=decision.intent)


def _edit(bank: Bank, decision: Decision) -> None:
    """Replace a wording, and keep the old one to recognise it by."""
    answer, text = bank[decision.answer_id], decision.text or ""
    if answer.text == text:
        return
    old = f"{answer.answer_id}{RECOGNISED}"
    bank.setdefault(old, replace(answer, answer_id=old, variant_of=answer.topic, status=Status.BLOCKED))
    bank[answer.answer_id] = replace(answer, text=text, register=detect_register(text) or answer.register)


def _topic_of(bank: Bank, answer_id: str) -> Sequence[Answer]:
    return KnowledgeBase(bank.values()).topics[bank[answer_id].topic]


_APPLY: Mapping[Action, Callable[[Bank, Decision], None]] = {
    Action.ALLOW: _allow,
    Action.BLOCK: _block,
    Action.MERGE: _merge,
    Action.RENAME: _rename,
    Action.EDIT: _edit,
}
