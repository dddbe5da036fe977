"""Suggestions for a message, or for many."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import structlog
from fastapi import APIRouter, Depends, Request
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from repliek.conversation import Conversation
from repliek.suggester import Suggester
from repliek.suggestions import SuggestionSet
from repliek.wire.problems import Problem
from repliek.wire.suggestions import BatchItem, BatchRequest, BatchResponse, SuggestRequest, SuggestResponse
from serving.access import KeyFirst, MaySuggest
from serving.desk import Live
from serving.middleware import OUTCOME
from serving.problems import problem_of, problem_of_fields
from serving.routes.shared import REFUSALS, json_response, require_json
from serving.schema import from_engine, to_engine
from serving.services import services_of
from serving.store.suggestion_sets import Shown
from serving.suggesting import shown_for

_AT_ONCE = 8
"""How many items of a batch take one turn: more would keep single messages waiting, and cost memory by the token."""

_log = structlog.stdlib.get_logger("serving.suggestions")

_REQUEST = TypeAdapter(SuggestRequest)
_RESPONSE = TypeAdapter(SuggestResponse)
_BATCH_RESPONSE = TypeAdapter(BatchResponse)

router = APIRouter(
    tags=["suggestions"],
    route_class=KeyFirst,
    dependencies=[Depends(require_json)],
    responses=REFUSALS,
)


@router.post(
    "/suggest",
    response_model=SuggestResponse,
    summary="Suggest answers to one message",
    response_description="Suggestions, or the reason why there are none.",
)
async def suggest(body: SuggestRequest, request: Request, caller: MaySuggest) -> Response:
    """Return at most `k` answers to the customer's message, best first, or the reason why there is none."""
    started = time.perf_counter()
    services, live = services_of(request), caller.desk.live
    shown = await services.engine.do(partial(shown_for, live, body, started))
    setattr(request.state, OUTCOME, _outcome(shown.response))
    await services.recorder.record([shown])
    return json_response(_RESPONSE.dump_json(shown.response))


@router.post(
    "/suggest/batch",
    response_model=BatchResponse,
    summary="Suggest answers to many messages",
    response_description="What became of each request, in their order.",
)
async def suggest_batch(body: BatchRequest, request: Request, caller: MaySuggest) -> Response:
    """Return for each request its suggestions, or the problem that it would have met by itself."""
    started = time.perf_counter()
    services, live = services_of(request), caller.desk.live
    items = [_read(item) for item in body.items]
    requests = [item for item in items if isinstance(item, SuggestRequest)]
    found: list[SuggestionSet | Problem] = []
    for start in range(0, len(requests), _AT_ONCE):
        few = requests[start : start + _AT_ONCE]
        found += await services.engine.do(partial(_suggest_each, live.suggester, few))
    took_ms = _ms_since(started)
    results = [one if isinstance(one, Problem) else from_engine(one, took_ms) for one in found]
    written = [
        _shown(live, one, result)
        for one, result in zip(requests, results, strict=True)
        if isinstance(result, SuggestResponse)
    ]
    await services.recorder.record(written)
    answers = iter(results)
    results = [item if isinstance(item, Problem) else next(answers) for item in items]
    setattr(request.state, OUTCOME, dict(Counter(_outcome(result) for result in results)))
    return json_response(_BATCH_RESPONSE.dump_json(BatchResponse(items=tuple(_item(result) for result in results))))


def _shown(live: Live, request: SuggestRequest, response: SuggestResponse) -> Shown:
    return Shown(live.brand, datetime.now(UTC), live.revision, request, response)


def _read(item: object) -> SuggestRequest | Problem:
    try:
        return _REQUEST.validate_python(item)
    except ValidationError as error:
        return problem_of_fields(error.errors(include_url=False))


def _suggest_each(suggester: Suggester, requests: Sequence[SuggestRequest]) -> list[SuggestionSet | Problem]:
    """Answer requests together where they ask for equally many suggestions."""
    found: dict[int, SuggestionSet | Problem] = {}
    for k in {request.k for request in requests}:
        rows = [row for row, request in enumerate(requests) if request.k == k]
        conversations = [to_engine(requests[row]) for row in rows]
        found.update(zip(rows, _suggest_many(suggester, conversations, k), strict=True))
    return [found[row] for row in range(len(requests))]


def _suggest_many(
    suggester: Suggester, conversations: Sequence[Conversation], k: int
) -> Sequence[SuggestionSet | Problem]:
    """Answer conversations together; should that fail, one by one, so that only what fails goes without."""
    try:
        return suggester.suggest_many(conversations, k)
    except Exception:
        _log.exception("failed", route="/v1/suggest/batch")
    return [_suggest_alone(suggester, conversation, k) for conversation in conversations]


def _suggest_alone(suggester: Suggester, conversation: Conversation, k: int) -> SuggestionSet | Problem:
    try:
        return suggester.suggest(conversation, k)
    except Exception:
        return problem_of(500)


def _item(result: SuggestResponse | Problem) -> BatchItem:
    if isinstance(result, Problem):
        return BatchItem(result=None, problem=result)
    return BatchItem(result=result, problem=None)


def _outcome(result: SuggestResponse | Problem) -> str:
    if isinstance(result, Problem):
        return "failed" if result.status >= 500 else "invalid"
    return result.abstained.reason if result.abstained else "suggested"


def _ms_since(started: float) -> float:
    return 1e3 * (time.perf_counter() - started)
