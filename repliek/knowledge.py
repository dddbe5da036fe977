"""What may be said: the answers of a team's knowledge base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass as validated

from repliek.records import read_records
from repliek.tone.register import Register
from repliek.vocabulary import SLOT, Audience, Origin, Status


@validated(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Answer:
    """One entry of the knowledge base.

    Answers that say the same in another language, register or for another audience share
    `variant_of`; together they are one topic, and a conversation is offered the variant that fits.
    """

    answer_id: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=20_000)
    language: str = Field(pattern=r"^[a-z]{2}$")
    intent: str | None = None
    variant_of: str | None = None
    register: Register = Register.NEUTRAL
    audience: Audience = Audience.ANY
    valid_from: date | None = None
    valid_until: date | None = None
    team: str | None = None
    author: str | None = None
    origin: Origin = Origin.AGENT
    status: Status = Status.ALLOWED
    source_url: str | None = None
    tags: tuple[str, ...] = ()

    @field_validator("answer_id", "text")
    @classmethod
    def _says_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("expected text, found only white space")
        return value

    @property
    def topic(self) -> str:
        """What the answer is about, whatever its wording."""
        return self.variant_of or self.answer_id

    @property
    def slots(self) -> frozenset[str]:
        """Names of the places to fill."""
        return frozenset(SLOT.findall(self.text))

    def valid_on(self, day: date) -> bool:
        """Whether `day` lies in the answer's validity, both ends included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class AnswerEdits:
    """What a team changed in the answers of a bundle since it was trained.

    Attributes:
        saved: answers that are new, or take the place of those with the same id.
        deleted: ids of answers that are no longer there, even where they were saved too.
    """

    saved: tuple[Answer, ...] = ()
    deleted: frozenset[str] = frozenset()


class KnowledgeBase:
    """All answers, by id and by topic, in the order of their file."""

    def __init__(self, answers: Iterable[Answer], retired: Iterable[Answer] = ()) -> None:
        """Args: retired: the last answers of topics of which none is left; none of them is an answer any more."""
        self._by_id: dict[str, Answer] = {answer.answer_id: answer for answer in answers}
        self._retired = tuple(retired)

    @classmethod
    def from_jsonl(cls, path: Path) -> KnowledgeBase:
        """Read a knowledge base of which every line must be right, as in a bundle.

        Raises:
            DataError: the file cannot be read, or a line is wrong.
        """
        return cls(read_records(path, Answer, unique="answer_id", strict=True).records)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self._by_id.values())

    def __contains__(self, answer_id: str) -> bool:
        return answer_id in self._by_id

    def __getitem__(self, answer_id: str) -> Answer:
        return self._by_id[answer_id]

    @cached_property
    def topics(self) -> Mapping[str, tuple[Answer, ...]]:
        """Every topic with its variants; after them the retired ones, with none."""
        gone = {answer.topic for answer in self._retired}
        return {topic: () if topic in gone else answers for topic, answers in self.wordings.items()}

    @cached_property
    def wordings(self) -> Mapping[str, tuple[Answer, ...]]:
        """Every topic with the answers by which it is recognised: its variants, or the last ones of a retired topic.

        A retired topic goes on being recognised, so that what asks for it is not given the next best answer.
        """
        wordings: defaultdict[str, list[Answer]] = defaultdict(list)
        for answer in self.recognised:
            wordings[answer.topic].append(answer)
        return {topic: tuple(answers) for topic, answers in wordings.items()}

    @property
    def recognised(self) -> tuple[Answer, ...]:
        """The answers, and after them those by which retired topics are recognised."""
        return (*self, *self._retired)

    @cached_property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages in which something can be said."""
        return frozenset(answer.language for answer in self)

    @cached_property
    def topic_numbers(self) -> Mapping[str, int]:
        """The place of every topic among `topics`: what stands for it in arrays."""
        return {topic: number for number, topic in enumerate(self.topics)}

    def numbers_of(self, answer_ids: Iterable[str | None]) -> npt.NDArray[np.int64]:
        """Return (answer_ids,) int64: the number of the topic that each names, -1 where it names none that is known."""
        topics = (self.topic_of(answer_id) if answer_id else None for answer_id in answer_ids)
        return np.array([self.topic_numbers[topic] if topic else -1 for topic in topics], dtype=np.int64)

    def edited(self, edits: AnswerEdits) -> KnowledgeBase:
        """Return the answers as they are after these edits: changed ones in their place, new ones at the end.

        A topic that has lost its last answer is retired, unless one of its answers stands under another topic now.
        """
        answers = self._by_id | {answer.answer_id: answer for answer in edits.saved}
        kept = [answer for answer_id, answer in answers.items() if answer_id not in edits.deleted]
        topics, ids = {answer.topic for answer in kept}, {answer.answer_id for answer in kept}
        retired = [
            answer
            for topic, wordings in self.wordings.items()
            if topic not in topics and ids.isdisjoint(one.answer_id for one in wordings)
            for answer in wordings
        ]
        return KnowledgeBase(kept, retired)

    def numbers_after(self, edited: KnowledgeBase) -> npt.NDArray[np.int64]:
        """Return (topics,) int64: the number that the past of each topic belongs to in the `edited` knowledge base.

        That is the topic itself as long as it is known there, and else the one to which its answers went.
        """
        heirs = (
            topic
            if topic in edited.topics
            else next(edited[answer.answer_id].topic for answer in wordings if answer.answer_id in edited)
            for topic, wordings in self.wordings.items()
        )
        return np.array([edited.topic_numbers[topic] for topic in heirs], dtype=np.int64)

    def topic_of(self, answer_id: str) -> str | None:
        """Return the topic that `answer_id` names: an answer's id, or a topic's own name."""
        if answer_id in self._by_id:
            return self._by_id[answer_id].topic
        return answer_id if answer_id in self.topics else None
