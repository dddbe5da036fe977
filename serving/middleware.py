"""What happens around every request: an id, a line in the log, a limit to the body, and an answer to accidents."""

from __future__ import annotations

import asyncio
import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from repliek.wire.problems import MAX_BODY_BYTES
from serving.desk import Desk
from serving.problems import TooLarge, problem_of, problem_response

REQUEST_ID = "X-Request-Id"
_REQUEST_ID_FORM = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_READING = ("GET", "HEAD")
_FIRST_ERROR = 400
_INTERNAL_ERROR = 500

TIME_LIMIT_SECONDS = 30.0
"""How long a request may take in all, waiting and the arrival of its body included."""

SYSTEM_PATHS = frozenset({"/livez", "/readyz", "/healthz", "/metrics"})
"""Routes for those who look after the server; all but the last are BentoML's."""

_HIDDEN = frozenset({"/schema.json"})  # BentoML's description of itself; ours is /openapi.json

BODY_LIMIT = "body_limit"
"""Where in a request's state a route says how many bytes of a body it takes."""

OUTCOME = "outcome"
"""Where in a request's state a route says what came out of it, for the log."""

DESK = "desk"
"""Where in a request's state stands the desk of the brand for which it was let in, for the log."""

_log = structlog.stdlib.get_logger("serving.requests")


class RequestLog:
    """Gives a request its id, writes one line about it, and answers 500 to an exception that nobody expected.

    The exception ends here: passed on, the server would write its message to the log, and that may
    quote a customer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(scope)
        status: int | None = None

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            _log.exception("failed", request_id=request_id, route=route_of(scope), brand=_brand(scope))
            if status is None:
                await problem_response(problem_of(_INTERNAL_ERROR))(scope, receive, send_with_id)
        finally:
            _log.info(
                "request",
                request_id=request_id,
                method=scope["method"],
                route=route_of(scope),
                status=status,
                took_ms=round(1e3 * (time.perf_counter() - started), 2),
                outcome=scope.get("state", {}).get(OUTCOME),
                brand=_brand(scope),
                bundle=_bundle(scope),
            )


class TimeLimit:
    """Ends a request that takes longer than `TIME_LIMIT_SECONDS`, before BentoML does so in a shape of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_tell(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        limit = asyncio.timeout(TIME_LIMIT_SECONDS)
        try:
            async with limit:
                await self._app(scope, receive, send_and_tell)
        except TimeoutError:
            if started or not limit.expired():
                raise
            await problem_response(problem_of(504))(scope, receive, send)


class BodyLimit:
    """Refuses a body that is larger than its route takes, by its announced length or as soon as that much has come.

    That is `MAX_BODY_BYTES`, unless the route says otherwise before it reads the body (`serving.routes.shared.takes`).
    It refuses when the body is asked for: who is not let in must learn that, however large the body is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "0")
        announced = int(said) if said.isdecimal() else 0
        received = 0

        async def receive_up_to_limit() -> Message:
            nonlocal received
            limit = scope.get("state", {}).get(BODY_LIMIT, MAX_BODY_BYTES)
            if announced > limit:
                raise TooLarge(limit)
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise TooLarge(limit)
            return message

        await self._app(scope, receive_up_to_limit, send)


class SystemRoutes:
    """Keeps BentoML's own routes to health and metrics, and gives their refusals the shape that all others have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] in _HIDDEN:
            await problem_response(problem_of(404))(scope, receive, send)
        elif scope["path"] in SYSTEM_PATHS and scope["method"] not in _READING:
            await problem_response(problem_of(405), {"Allow": ", ".join(_READING)})(scope, receive, send)
        else:
            await self._with_problems(scope, receive, send)

    async def _with_problems(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def send_problem(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_foreign_error(message):
                replaced = True
                await problem_response(problem_of(message["status"]))(scope, receive, send)
            elif not replaced:
                await send(message)

        await self._app(scope, receive, send_problem)


def _is_foreign_error(start: Message) -> bool:
    """Whether an error does not come from the public application, whose every response bears the request's id."""
    return start["status"] >= _FIRST_ERROR and REQUEST_ID not in Headers(raw=start["headers"])


def _request_id(scope: Scope) -> str:
    """Return the id that the caller gave, when it looks like one, or a new one."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if _REQUEST_ID_FORM.match(given) else uuid.uuid4().hex


def _brand(scope: Scope) -> str | None:
    """Return the brand for which a request was let in."""
    desk: Desk | None = scope.get("state", {}).get(DESK)
    return desk.name if desk else None


def _bundle(scope: Scope) -> str | None:
    """Return the bundle that a request was about."""
    desk: Desk | None = scope.get("state", {}).get(DESK)
    return desk.bundled.bundle.manifest.bundle if desk else None


def route_of(scope: Scope) -> str | None:
    """Return the route's own path: the path that was asked for may hold anything."""
    # A route that several routers include knows its path there by this context alone.
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(route, "path", None) or None  # empty is the mount
