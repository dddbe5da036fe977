"""What may be said: the answers of a team's knowledge base."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass

from repliek.records import read_records
from repliek.tone.register import Register
from repliek.vocabulary import Audience, Origin, Status

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A place in an answer that is filled for each customer, such as `{first_name}`."""


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
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


class KnowledgeBase:
    """All answers, by id and by topic, in the order of their file."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._by_id: dict[str, Answer] = {answer.answer_id: answer for answer in answers}

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
        """Every topic with its variants."""
        variants: defaultdict[str, list[Answer]] = defaultdict(list)
        for answer in self:
            variants[answer.topic].append(answer)
        return {topic: tuple(answers) for topic, answers in variants.items()}

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

    def topic_of(self, answer_id: str) -> str | None:
        """Return the topic that `answer_id` names: an answer's id, or a topic's own name."""
        if answer_id in self._by_id:
            return self._by_id[answer_id].topic
        return answer_id if answer_id in self.topics else None
