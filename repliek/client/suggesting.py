"""Asking for suggestions, and telling what became of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

import httpx
from pydantic import TypeAdapter, ValidationError

from repliek.client.asking import JSON, Ask, Method, Walk, as_json, body
from repliek.client.errors import Invalid, Unreadable
from repliek.conversation import Channel
from repliek.tone.register import Register
from repliek.wire.feedback import IDEMPOTENCY_KEY, Action, FeedbackRequest, FeedbackResponse, IdempotencyKey
from repliek.wire.problems import MAX_BODY_BYTES, FieldError, Problem
from repliek.wire.suggestions import (
    MAX_BATCH,
    Agent,
    BatchItem,
    BatchResponse,
    Customer,
    SuggestRequest,
    SuggestResponse,
    Turn,
)

_KEY = TypeAdapter[str](IdempotencyKey)
_REQUEST = TypeAdapter(SuggestRequest)
_FRAME = b'{"items":[%b]}'


def suggest(
    message: str,
    *,
    channel: Channel = Channel.CHAT,
    conversation: Sequence[Turn] = (),
    conversation_id: str | None = None,
    customer: Customer | None = None,
    agent: Agent | None = None,
    language: str | None = None,
    register: Register | None = None,
    received_at: datetime | None = None,
    replying_at: datetime | None = None,
    thread: Sequence[str] = (),
    k: int = 3,
) -> Ask[SuggestResponse]:
    """Suggest at most `k` answers to a customer's message, or say why there is none.

    Args are those of `repliek.wire.suggestions.SuggestRequest`, which says what they are.
    """
    content = body(
        SuggestRequest,
        lambda: SuggestRequest(
            message=message,
            channel=channel,
            conversation=tuple(conversation),
            conversation_id=conversation_id,
            customer=customer,
            agent=agent,
            language=language,
            register=register,
            received_at=received_at,
            replying_at=replying_at,
            thread=tuple(thread),
            k=k,
        ),
    )
    return Ask(method=Method.POST, path="suggest", read=as_json(SuggestResponse), headers=JSON, content=content)


def suggest_many(requests: Iterable[SuggestRequest]) -> Walk[BatchResponse, BatchItem]:
    """Yield for each request, in their order, its suggestions or the problem that it meets by itself.

    The requests are read and sent as the results are asked for, as many at a time as the server takes.
    """
    asks = (_ask_for_few(few) for few in _few_at_a_time(requests))
    return Walk(first=next(asks, None), items=lambda page: page.items, following=lambda _: next(asks, None))


def feedback(
    suggestion_set_id: str,
    action: Action,
    *,
    suggestion_id: str | None = None,
    sent_text: str | None = None,
    agent: str | None = None,
    sent_at: datetime | None = None,
    idempotency_key: str | None = None,
) -> Ask[FeedbackResponse]:
    """Tell what an agent did with a suggestion, or with all of a set.

    Args:
        suggestion_set_id: as `suggest` gave it.
        action: what the agent did.
        suggestion_id: which suggestion; all of the set when left out.
        sent_text: what the customer got.
        agent: what the agent is called in your system.
        sent_at: when the customer got it, with a time zone; now when left out.
        idempotency_key: by which the server knows the same feedback again. One is made for every call, and is the same
            however often the call is sent; give your own where you may call again yourself.
    """
    content = body(
        FeedbackRequest,
        lambda: FeedbackRequest(
            suggestion_set_id=suggestion_set_id,
            suggestion_id=suggestion_id,
            action=action,
            sent_text=sent_text,
            agent=agent,
            sent_at=sent_at,
        ),
    )
    return Ask(
        method=Method.POST,
        path="feedback",
        read=as_json(FeedbackResponse),
        headers={**JSON, IDEMPOTENCY_KEY: _sendable(idempotency_key or uuid.uuid4().hex)},
        content=content,
    )


def _sendable(key: str) -> str:
    try:
        return _KEY.validate_python(key)
    except ValidationError as error:
        reason = FieldError.of(error.errors()[0]).reason
        raise Invalid(Problem.of_fields([FieldError(IDEMPOTENCY_KEY, reason)])) from None


def _few_at_a_time(requests: Iterable[SuggestRequest]) -> Iterator[list[bytes]]:
    """Divide requests into as few bodies as the server takes."""
    few: list[bytes] = []
    room = MAX_BODY_BYTES - len(_FRAME)
    for request in requests:
        item = _REQUEST.dump_json(request, exclude_none=True)
        if few and (len(few) == MAX_BATCH or sum(len(one) + 1 for one in few) + len(item) > room):
            yield few
            few = []
        few.append(item)
    if few:
        yield few


def _ask_for_few(few: Sequence[bytes]) -> Ask[BatchResponse]:
    return Ask(
        method=Method.POST,
        path="suggest/batch",
        read=_as_many(len(few)),
        headers=JSON,
        content=_FRAME % b",".join(few),
    )


def _as_many(asked: int) -> Callable[[httpx.Response], BatchResponse]:
    read_json = as_json(BatchResponse)

    def read(response: httpx.Response) -> BatchResponse:
        found = read_json(response)
        if len(found.items) != asked:
            raise Unreadable.of(response, f"expected {asked} items, as were asked, found {len(found.items)}")
        return found

    return read
