"""The public routes: one ASGI application, with its own documentation, limits and errors."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Annotated, Any, Protocol, TypeVar

import structlog
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from repliek.conversation import Conversation
from repliek.suggestions import SuggestionSet
from repliek.wire.problems import MEDIA_TYPE, Problem
from repliek.wire.suggestions import BatchItem, BatchRequest, BatchResponse, SuggestRequest, SuggestResponse
from serving import problems
from serving.middleware import OUTCOME, BodyLimit, RequestLog, TimeLimit
from serving.problems import problem_of, problem_of_fields
from serving.schema import from_engine, to_engine
from serving.settings import Settings
from serving.workbench import Busy, Workbench

API_VERSION = "1"
_OPENAPI_PATH = "/openapi.json"
_AT_ONCE = 8
"""How many items of a batch take one turn: more would keep single messages waiting, and cost memory by the token."""

_log = structlog.stdlib.get_logger("serving.app")

_REQUEST = TypeAdapter(SuggestRequest)
_RESPONSE = TypeAdapter(SuggestResponse)
_BATCH_RESPONSE = TypeAdapter(BatchResponse)


Result = TypeVar("Result")


class Suggests(Protocol):
    """What the routes need of `repliek.suggester.Suggester`."""

    def suggest(self, conversation: Conversation, k: int = 3) -> SuggestionSet: ...

    def suggest_many(self, conversations: Sequence[Conversation], k: int = 3) -> list[SuggestionSet]: ...


def create_app(suggester: Suggests, settings: Settings, *, bundle: str) -> FastAPI:
    """Make the application that serves the public routes.

    Args:
        suggester: answers the questions.
        settings: how many at a time, and how long others may wait.
        bundle: name of the bundle, for the log.
    """
    app = FastAPI(
        openapi_url=_OPENAPI_PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(RequestLog, bundle=bundle), Middleware(TimeLimit), Middleware(BodyLimit)],
        exception_handlers={
            StarletteHTTPException: problems.on_http_exception,
            RequestValidationError: problems.on_invalid_request,
        },
        # Its records of failures would hold what customers wrote.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.openapi = openapi_document  # type: ignore[method-assign]  (FastAPI documents this way to replace it)
    app.state.suggester = suggester
    app.state.workbench = Workbench(settings.concurrency, settings.patience_seconds)
    app.include_router(_documentation)
    app.include_router(_suggestions)
    app.mount("/docs/assets", StaticFiles(directory=str(files("bentoml._internal.server") / "static_content")))
    return app


@cache
def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the public routes; it takes no bundle to know them."""
    return get_openapi(
        title="Repliek",
        version=API_VERSION,
        summary="Suggests replies to people who answer customers.",
        description="Nothing is ever sent to a customer: an agent decides. See docs/http.md.",
        routes=_suggestions.routes,
    )


async def _require_json(content_type: Annotated[str, Header(include_in_schema=False)] = "") -> None:
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)


def _problem(description: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


_documentation = APIRouter(include_in_schema=False)
_suggestions = APIRouter(
    prefix="/v1",
    tags=["suggestions"],
    dependencies=[Depends(_require_json)],
    responses={
        400: _problem("The body is not JSON."),
        413: _problem("The body is too large."),
        415: _problem("The body is not announced as `application/json`."),
        422: _problem("A field is wrong; `errors` says which and why."),
        500: _problem("Something went wrong in the server."),
        503: _problem("Too many requests are waiting; try again after `Retry-After` seconds."),
        504: _problem("It took too long; send fewer or shorter items at a time."),
    },
)


@_documentation.get("/docs")
async def documentation() -> HTMLResponse:
    """Return the page on which the routes can be read and tried; all of it comes from this server."""
    return get_swagger_ui_html(
        openapi_url=_OPENAPI_PATH,
        title="Repliek",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon-light-32x32.png",
    )


@_suggestions.post("/suggest", response_model=SuggestResponse, summary="Suggest answers to one message")
async def suggest(body: SuggestRequest, request: Request) -> Response:
    """Return at most `k` answers to the customer's message, best first, or the reason why there is none."""
    started = time.perf_counter()
    found = await _in_turn(request, partial(request.app.state.suggester.suggest, to_engine(body), body.k))
    setattr(request.state, OUTCOME, _outcome(found))
    return _json(_RESPONSE.dump_json(from_engine(found, _ms_since(started))))


@_suggestions.post("/suggest/batch", response_model=BatchResponse, summary="Suggest answers to many messages")
async def suggest_batch(body: BatchRequest, request: Request) -> Response:
    """Return for each request its suggestions, or the problem that it would have met by itself."""
    started = time.perf_counter()
    items = [_read(item) for item in body.items]
    requests = [item for item in items if isinstance(item, SuggestRequest)]
    found: list[SuggestionSet | Problem] = []
    for start in range(0, len(requests), _AT_ONCE):
        few = requests[start : start + _AT_ONCE]
        found += await _in_turn(request, partial(_suggest_each, request.app.state.suggester, few))
    answers = iter(found)
    results = [item if isinstance(item, Problem) else next(answers) for item in items]
    took_ms = _ms_since(started)
    setattr(request.state, OUTCOME, dict(Counter(_outcome(result) for result in results)))
    return _json(_BATCH_RESPONSE.dump_json(BatchResponse(items=tuple(_item(result, took_ms) for result in results))))


def _read(item: object) -> SuggestRequest | Problem:
    try:
        return _REQUEST.validate_python(item)
    except ValidationError as error:
        return problem_of_fields(error.errors(include_url=False))


def _suggest_each(suggester: Suggests, requests: Sequence[SuggestRequest]) -> list[SuggestionSet | Problem]:
    """Answer requests together where they ask for equally many suggestions."""
    found: dict[int, SuggestionSet | Problem] = {}
    for k in {request.k for request in requests}:
        rows = [row for row, request in enumerate(requests) if request.k == k]
        conversations = [to_engine(requests[row]) for row in rows]
        found.update(zip(rows, _suggest_many(suggester, conversations, k), strict=True))
    return [found[row] for row in range(len(requests))]


def _suggest_many(
    suggester: Suggests, conversations: Sequence[Conversation], k: int
) -> Sequence[SuggestionSet | Problem]:
    """Answer conversations together; should that fail, one by one, so that only what fails goes without."""
    try:
        return suggester.suggest_many(conversations, k)
    except Exception:
        _log.exception("failed", route="/v1/suggest/batch")
    return [_suggest_alone(suggester, conversation, k) for conversation in conversations]


def _suggest_alone(suggester: Suggests, conversation: Conversation, k: int) -> SuggestionSet | Problem:
    try:
        return suggester.suggest(conversation, k)
    except Exception:
        return problem_of(500)


async def _in_turn(request: Request, work: Callable[[], Result]) -> Result:
    try:
        workbench: Workbench = request.app.state.workbench
        return await workbench.do(work)
    except Busy:
        raise HTTPException(503, headers={"Retry-After": "1"}) from None


def _item(result: SuggestionSet | Problem, took_ms: float) -> BatchItem:
    if isinstance(result, Problem):
        return BatchItem(result=None, problem=result)
    return BatchItem(result=from_engine(result, took_ms), problem=None)


def _outcome(result: SuggestionSet | Problem) -> str:
    if isinstance(result, Problem):
        return "failed" if result.status >= 500 else "invalid"
    return result.abstained.reason if result.abstained else "suggested"


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")


def _ms_since(started: float) -> float:
    return 1e3 * (time.perf_counter() - started)
