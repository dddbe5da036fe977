"""`/v1/feedback`: what an agent did with what was suggested, and whether it may teach."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel
from repliek.vocabulary import EditKind
from repliek.wire.fields import AgentId, Id, Moment, Text, closed_with_example
from repliek.wire.follow_ups import FollowUpView

IDEMPOTENCY_KEY = "Idempotency-Key"
"""Header by which a request that is sent again is known for the same."""

MAX_KEY_CHARS = 255
_KEY = r"^[!-~]([ -~]*[!-~])?$"  # what a header can hold, whoever reads it


def _key(text: str) -> str:
    if not re.fullmatch(_KEY, text):
        raise ValueError("expected ASCII on one line, without white space around it")
    return text


IdempotencyKey = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_KEY_CHARS),
    AfterValidator(_key),
    Field(json_schema_extra={"pattern": _KEY}),
]
"""Any text of the caller's own."""


class Action(StrEnum):
    """What became of a suggestion."""

    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"
    IGNORED = "ignored"


@dataclass(
    frozen=True,
    kw_only=True,
    config=closed_with_example(
        suggestion_set_id="7625f5ef7aa24edd87d7ffb4062beee4",
        suggestion_id="7625f5ef7aa24edd87d7ffb4062beee4-1",
        action="edited",
        sent_text="Hoi Eric, je pakket is onderweg. Ik bel je morgen. ^EK",
        agent="eva.k",
    ),
)
class FeedbackRequest:
    """What an agent did with the suggestions of one set."""

    suggestion_set_id: Annotated[Id, Field(description="As `POST /v1/suggest` gave it.")]
    suggestion_id: Annotated[
        Id | None, Field(description="Which one of the set; all of them when left out, as where none was any good.")
    ] = None
    action: Annotated[Action, Field(description="What the agent did with it.")]
    sent_text: Annotated[
        Text | None, Field(description="What the customer got; it is compared with the suggestion.")
    ] = None
    agent: Annotated[AgentId | None, Field(description="What the agent is called in your system.")] = None
    sent_at: Annotated[
        Moment | None, Field(description="When the customer got it, with time zone; now when left out.")
    ] = None


@dataclass(frozen=True, kw_only=True)
class EditView:
    """How a text that was sent differs from the suggestion."""

    kind: EditKind
    similarity: Annotated[float, Field(description="From 0, nothing is left of it, to 1, the same text.")]


@dataclass(frozen=True, kw_only=True)
class FeedbackResponse:
    """The feedback as it is kept."""

    feedback_id: str
    suggestion_set_id: str
    suggestion_id: str | None
    action: Action
    edit: Annotated[EditView | None, Field(description="`null` where nothing was sent, or nothing suggested.")]
    follow_ups: Annotated[tuple[FollowUpView, ...], Field(description="What the text that was sent promises.")]
    received_at: datetime


class Verdict(StrEnum):
    """Whether feedback may teach the next training."""

    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, config=closed_with_example(verdict="approved"))
class ReviewRequest:
    """What somebody decided who looked at feedback."""

    verdict: Annotated[Verdict, Field(description="Whether it may teach the next training.")]


@dataclass(frozen=True, kw_only=True)
class FeedbackView:
    """Feedback, with what it is about: the words of customer and agent are redacted."""

    feedback_id: str
    suggestion_set_id: str
    suggestion_id: str | None
    action: Action
    message: Annotated[str, Field(description="What the customer wrote.")]
    answer_ids: Annotated[tuple[str, ...], Field(description="What the suggestion was made of.")]
    suggestion: Annotated[str | None, Field(description="What was suggested; `null` where none was named.")]
    sent_text: Annotated[str | None, Field(description="What the customer got, where it was told.")]
    edit: EditView | None
    channel: Channel
    language: str
    agent: str | None
    sent_at: datetime
    received_at: datetime
    verdict: Verdict | None
    reviewed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class FeedbackList:
    """A page of feedback, the oldest first."""

    items: tuple[FeedbackView, ...]
    next: Annotated[str | None, Field(description="Ask on with it as `after`; `null` on the last page.")]
