"""`/v1/answers`: the knowledge base, read and edited while the service runs."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from repliek.tone.register import Register
from repliek.vocabulary import SLOT, Audience, Origin, Status
from repliek.wire.fields import Day, Id, Url, Words, closed_with_example

MAX_TAGS = 50

MAX_IMPORT_BYTES = 5 * 1024 * 1024
"""Largest file that is imported."""

MAX_IMPORTED = 10_000
"""Lines that are imported at a time, at most."""

PAGE = 50
"""Answers of a page, unless the caller wants another number."""

MAX_PAGE = 500


class Format(StrEnum):
    """How a list of answers is written."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class Source(StrEnum):
    """Where an answer was last written."""

    BUNDLE = "bundle"
    LIVE = "live"


def _says_more_than_slots(text: str) -> str:
    said = SLOT.sub("", text)
    if said != text and not any(char.isalnum() for char in said):
        raise ValueError("expected words, found only places to fill in")
    return text


@dataclass(
    frozen=True,
    kw_only=True,
    config=closed_with_example(
        text="Onze winkel in Hoorn is vandaag open tot 18.00 uur.",
        intent="store_hours",
        valid_until="2026-12-31",
        author="Sanne",
        tags=["winkel"],
    ),
)
class AnswerBody:
    """An answer as it is saved: the columns of `answers.jsonl`."""

    answer_id: Annotated[Id | None, Field(description="The one in the address, or nothing.")] = None
    text: Annotated[
        Words,
        Field(description="What may be said; `{order_number}` is a place to fill in."),
        AfterValidator(_says_more_than_slots),
    ]
    language: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None,
        Field(description="ISO 639-1 code; the brand's own when left out."),
    ] = None
    intent: Annotated[Id | None, Field(description="Label of what it answers.")] = None
    variant_of: Annotated[Id | None, Field(description="Topic that it shares with answers that say the same.")] = None
    register: Annotated[Register, Field(description="How it addresses the customer.")] = Register.NEUTRAL
    audience: Annotated[Audience, Field(description="Who may read it.")] = Audience.ANY
    valid_from: Annotated[Day | None, Field(description="First day on which it may be said.")] = None
    valid_until: Annotated[Day | None, Field(description="Last day on which it may be said.")] = None
    team: Annotated[Id | None, Field(description="Whose answer it is, for your own bookkeeping.")] = None
    author: Annotated[Id | None, Field(description="Who gets the credit for it.")] = None
    origin: Annotated[Origin, Field(description="What kind of author that is.")] = Origin.AGENT
    status: Annotated[Status, Field(description="Whether it may be suggested.")] = Status.ALLOWED
    source_url: Annotated[Url | None, Field(description="Where it was taken from.")] = None
    tags: Annotated[tuple[Id, ...], Field(max_length=MAX_TAGS, description="Words of your own to find it by.")] = ()

    @field_validator("valid_until")
    @classmethod
    def _not_over_before_it_begins(cls, day: date | None, others: ValidationInfo) -> date | None:
        first = others.data.get("valid_from")
        if day and first and day < first:
            raise ValueError("expected a day that does not lie before valid_from")
        return day


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    """An answer as it stands."""

    answer_id: str
    text: str
    language: str
    intent: str | None
    variant_of: str | None
    register: Register
    audience: Audience
    valid_from: date | None
    valid_until: date | None
    team: str | None
    author: str | None
    origin: Origin
    status: Status
    source_url: str | None
    tags: tuple[str, ...]
    version: Annotated[int, Field(description="Counts how often it was saved here; 0 for one of the bundle.")]
    etag: Annotated[str, Field(description="Send it as `If-Match`, and nobody's later edit is lost.")]
    updated_at: Annotated[datetime | None, Field(description="`null` for one of the bundle.")]
    updated_by: Annotated[str | None, Field(description="Name of the key with which it was saved.")]
    source: Source


@dataclass(frozen=True, kw_only=True)
class SavedAnswer(AnswerView):
    """An answer as it was saved, with what its team may want to look at again."""

    warnings: Annotated[
        tuple[str, ...], Field(description="What does not fit its register or language, or stays to be filled in.")
    ] = ()


@dataclass(frozen=True, kw_only=True)
class AnswerList:
    """A page of answers."""

    items: tuple[AnswerView, ...]
    next: Annotated[str | None, Field(description="Ask on with it as `after`; `null` on the last page.")]


@dataclass(frozen=True, kw_only=True)
class AnswerVersion:
    """What was once saved as an answer."""

    version: Annotated[int, Field(description="0 for what the bundle holds.")]
    updated_at: Annotated[datetime | None, Field(description="`null` for what the bundle holds.")]
    updated_by: str | None
    answer: Annotated[AnswerView | None, Field(description="`null` where it was deleted.")]


@dataclass(frozen=True, kw_only=True)
class AnswerVersionList:
    """Every version of one answer, the latest first."""

    items: tuple[AnswerVersion, ...]


@dataclass(frozen=True, kw_only=True)
class RejectedLine:
    """A line of an import that was not taken."""

    line: Annotated[int, Field(description="Counted from 1, as an editor shows it.")]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ImportResponse:
    """What became of the lines of an import."""

    created: int
    updated: int
    unchanged: int
    rejected: tuple[RejectedLine, ...]
