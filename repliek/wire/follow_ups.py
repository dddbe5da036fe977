"""`GET /v1/follow-ups`: what was promised to customers, and when it is due."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel


@dataclass(frozen=True, kw_only=True)
class FollowUpView:
    """A promise that an agent made in a text that was sent."""

    follow_up_id: str
    promised: Annotated[str, Field(description="The agent's words for it.")]
    due: Annotated[datetime, Field(description="When it should be kept at the latest.")]
    overdue: Annotated[bool, Field(description="Whether that moment has passed, and nobody has said that it is done.")]
    done_at: Annotated[datetime | None, Field(description="When somebody said that it is done.")]
    created_at: datetime
    channel: Channel
    customer_id: str | None
    agent: str | None
    conversation_id: str | None
    suggestion_set_id: str


@dataclass(frozen=True, kw_only=True)
class FollowUpList:
    """Promises, the first due first."""

    items: tuple[FollowUpView, ...]
    next: Annotated[str | None, Field(description="Ask on with it as `after`; `null` on the last page.")] = None
