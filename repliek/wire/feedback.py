"""`POST /v1/feedback`: what an agent did with what was suggested."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic.dataclasses import dataclass

from repliek.edits import EditKind
from repliek.wire.fields import CLOSED, AgentId, Id, Moment, Text
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


@dataclass(frozen=True, kw_only=True, config=CLOSED)
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
