"""`GET /v1/deliveries`: what helpdesks sent to the webhooks, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass


class DeliveryStatus(StrEnum):
    """How far a delivery has come."""

    QUEUED = "queued"
    DONE = "done"
    IGNORED = "ignored"
    DEAD = "dead"


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    """One message of a helpdesk to a webhook."""

    delivery_id: str
    helpdesk: str
    status: Annotated[DeliveryStatus, Field(description="`dead` is not tried again by itself; it can be replayed.")]
    attempts: int
    received_at: datetime
    next_attempt_at: Annotated[datetime | None, Field(description="`null` where nothing more is to be done.")]
    reason: Annotated[str | None, Field(description="What went wrong last; no word of a customer's.")]


@dataclass(frozen=True, kw_only=True)
class DeliveryList:
    """Deliveries, the latest first."""

    items: tuple[DeliveryView, ...]
