"""From a customer's message in a helpdesk to a request for suggestions."""

from __future__ import annotations

from repliek.wire.suggestions import Agent, Customer, SuggestRequest, Turn
from serving.helpdesks.adapter import Event


def request_of(event: Event) -> SuggestRequest:
    """Return what `POST /v1/suggest` would be asked about the message."""
    return SuggestRequest(
        message=event.message,
        channel=event.channel,
        conversation=tuple(Turn(speaker=turn.speaker, text=turn.text) for turn in event.turns),
        conversation_id=event.ticket,
        customer=Customer(name=event.customer_name, id=event.customer_id),
        agent=Agent(initials=event.agent_initials, id=event.agent_id),
        received_at=event.received_at,
    )
