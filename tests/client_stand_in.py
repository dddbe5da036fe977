"""A stand-in for a server, for what no real one does at will: it takes down what is sent, and answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from repliek.client import AsyncRepliek, Repliek

ADDRESS = "https://repliek.example/helpdesk"

SUGGESTED: dict[str, Any] = {
    "suggestion_set_id": "7625f5ef",
    "language": "nl",
    "intent": {"label": "delivery", "confidence": 0.97},
    "tone": {"register": "je", "emotion": "neutral", "confidence": 0.91, "sarcasm": False},
    "suggestions": [],
    "matters": [],
    "abstained": {"reason": "low_confidence", "detail": "Too unsure."},
    "hand_over": None,
    "escalation": None,
    "priority": {"level": "normal", "before": "2026-03-02T10:15:00+01:00"},
    "warnings": [],
    "due": {"first_reply": "2026-03-02T10:15:00+01:00", "solution": "2026-03-03T09:15:00+01:00"},
    "bundle": "85e10170793f",
    "took_ms": 8.12,
}
FOLLOW_UP: dict[str, Any] = {
    "follow_up_id": "f-1",
    "promised": "ik bel je morgen",
    "due": "2026-03-03T17:00:00+01:00",
    "overdue": False,
    "done_at": None,
    "created_at": "2026-03-02T09:20:00+01:00",
    "channel": "chat",
    "customer_id": "42",
    "agent": "eva",
    "conversation_id": "c-7",
    "suggestion_set_id": "7625f5ef",
}
DELIVERY: dict[str, Any] = {
    "delivery_id": "d-1",
    "helpdesk": "zendesk",
    "status": "dead",
    "attempts": 1,
    "received_at": "2026-03-02T09:20:00+01:00",
    "next_attempt_at": None,
    "done_at": None,
    "suggestion_set_id": None,
    "reason": "example.zendesk.com answered 401",
}
KEPT: dict[str, Any] = {
    "feedback_id": "b-1",
    "suggestion_set_id": "7625f5ef",
    "suggestion_id": "7625f5ef-1",
    "action": "edited",
    "edit": {"kind": "tone", "similarity": 0.83},
    "follow_ups": [FOLLOW_UP],
    "received_at": "2026-03-02T09:20:00+01:00",
}
ANSWER: dict[str, Any] = {
    "answer_id": "parcel",
    "text": "Je pakket is onderweg.",
    "language": "nl",
    "intent": "delivery",
    "variant_of": None,
    "register": "je",
    "audience": "any",
    "valid_from": None,
    "valid_until": "2026-12-31",
    "team": None,
    "author": "eva",
    "origin": "agent",
    "status": "allowed",
    "source_url": None,
    "tags": ["light"],
    "version": 3,
    "etag": '"3"',
    "updated_at": "2026-03-02T09:20:00+01:00",
    "updated_by": "desk",
    "source": "live",
}
PROBLEM: dict[str, Any] = {
    "type": "about:blank",
    "title": "Service Unavailable",
    "status": 503,
    "detail": "Too many requests are waiting for their turn; try again in a second.",
    "errors": [],
}


def problem(status: int, headers: dict[str, str] | None = None, **told: Any) -> httpx.Response:
    """A refusal as the server words it."""
    content = {**PROBLEM, "status": status, **told}
    return httpx.Response(status, json=content, headers={"Content-Type": "application/problem+json", **(headers or {})})


Answering = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class StandIn:
    """Answers one request after another; the last answer goes for all that follow."""

    answers: list[Answering]
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            # One that was read cannot be given a second time.
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        return answer(request)


def ask_plainly(server: StandIn, call: Callable[[Any], Any], **settings: Any) -> Any:
    """What a call of the client that waits comes to; all items of one that yields."""
    with Repliek(ADDRESS, transport=httpx.MockTransport(server), **settings) as repliek:
        found = call(repliek)
        return list(found) if isinstance(found, Iterator) else found


def ask_awaiting(server: StandIn, call: Callable[[Any], Any], **settings: Any) -> Any:
    """The same of the client that is awaited."""

    async def ask() -> Any:
        async with AsyncRepliek(ADDRESS, transport=httpx.MockTransport(server), **settings) as repliek:
            found = call(repliek)
            return [item async for item in found] if isinstance(found, AsyncIterator) else await found

    return asyncio.run(ask())
