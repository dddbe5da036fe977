"""From a customer's message in a helpdesk to a request for suggestions."""

from __future__ import annotations

from pydantic import TypeAdapter

from serving.helpdesks.adapter import Event
from serving.schema import SuggestRequest

_REQUEST = TypeAdapter(SuggestRequest)


def request_of(event: Event) -> SuggestRequest:
    """Return what `POST /v1/suggest` would be asked about the message, checked as it is there."""
    return _REQUEST.validate_python(
        {
            "message": event.message,
            "channel": event.channel,
            "conversation": [{"speaker": turn.speaker, "text": turn.text} for turn in event.turns],
            "customer": {"name": event.customer_name},
            "agent": {"initials": event.agent_initials},
            "received_at": event.received_at and event.received_at.isoformat(),
        }
    )
