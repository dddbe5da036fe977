"""What a helpdesk is answered when it delivers a webhook; and `GET /v1/deliveries`: what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass


class Reception(StrEnum):
    """What is done with a webhook."""

    ACCEPTED = "accepted"
    KNOWN = "known"
    IGNORED = "ignored"


@dataclass(frozen=True, kw_only=True)
class HookResponse:
    """What a helpdesk is answered."""

    status: Annotated[
        Reception,
        Field(description="`accepted`: a note will follow; `known`: it was delivered before; `ignored`: see `reason`."),
    ]
    delivery_id: Annotated[str | None, Field(description="Of the delivery; `null` where it was ignored.")] = None
    reason: Annotated[str | None, Field(description="Why there is nothing to answer.")] = None


class DeliveryStatus(StrEnum):
    """How far a delivery has come."""

    QUEUED = "queued"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    """One customer's message that a helpdesk delivered."""

    delivery_id: str
    helpdesk: str
    status: Annotated[DeliveryStatus, Field(description="`dead` is not tried again by itself; it can be replayed.")]
    attempts: Annotated[int, Field(description="How often it was begun.")]
    received_at: datetime
    next_attempt_at: Annotated[datetime | None, Field(description="`null` where nothing more is to be done.")]
    done_at: Annotated[datetime | None, Field(description="When the helpdesk took the note.")]
    suggestion_set_id: Annotated[str | None, Field(description="What was suggested; `null` before that.")]
    reason: Annotated[str | None, Field(description="What went wrong last; no word of a customer's.")]


@dataclass(frozen=True, kw_only=True)
class DeliveryList:
    """Deliveries, the latest first."""

    items: tuple[DeliveryView, ...]
    next: Annotated[str | None, Field(description="Ask on with it as `after`; `null` on the last page.")]
