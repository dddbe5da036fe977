"""What becomes a problem over HTTP, and how it is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from repliek.wire.problems import BODY, MEDIA_TYPE, FieldError, Problem
from serving.store.database import StoreDownError
from serving.workbench import Busy

_INVALID_JSON = "json_invalid"

_PROBLEM = TypeAdapter(Problem)

_MEANINGS: Mapping[HTTPStatus, tuple[str, tuple[FieldError, ...]]] = {
    HTTPStatus.BAD_REQUEST: (
        "The body cannot be read as JSON.",
        (FieldError(BODY, "expected one JSON object in UTF-8"),),
    ),
    HTTPStatus.NOT_FOUND: ("There is nothing at this address; GET /docs lists what there is.", ()),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "This address does not take this method; the Allow header names those that it takes.",
        (),
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "The body is not announced as JSON.",
        (FieldError("Content-Type", "expected application/json"),),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("Something went wrong here; the log knows more under this request's id.", ()),
    HTTPStatus.SERVICE_UNAVAILABLE: ("This cannot be done now; try again in a few seconds.", ()),
    HTTPStatus.GATEWAY_TIMEOUT: ("It took too long; send fewer or shorter items at a time.", ()),
}


class Refused(Exception):  # noqa: N818  (an answer, not an accident)
    """A request that a route refuses, for a reason that the status alone does not tell."""

    def __init__(self, status: int, detail: str, *errors: FieldError, headers: Mapping[str, str] | None = None) -> None:
        """Args: detail: what went wrong and what to do, no word of a customer's; errors: the fields that are wrong."""
        super().__init__(detail)
        self.problem = Problem(
            type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors
        )
        self.headers = headers


class TooLarge(HTTPException):
    """The body is larger than its route takes."""

    def __init__(self, limit: int) -> None:
        """Args: limit: bytes that the route takes."""
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self.limit = limit


def problem_of(status: int) -> Problem:
    """Make the problem that an HTTP status always stands for."""
    known = HTTPStatus(status)
    detail, errors = _MEANINGS.get(known, (f"{known.phrase}.", ()))
    return Problem(type="about:blank", title=known.phrase, status=status, detail=detail, errors=errors)


def problem_of_fields(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Make the problem that stands for pydantic's errors: 400 for what is no JSON, 422 for wrong fields."""
    if any(error["type"] == _INVALID_JSON for error in errors):
        return problem_of(HTTPStatus.BAD_REQUEST)
    return Problem.of_fields([FieldError.of(error) for error in errors])


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return `problem` as a response."""
    return Response(_PROBLEM.dump_json(problem), problem.status, headers, MEDIA_TYPE)


async def on_http_exception(request: Request, error: HTTPException) -> Response:
    """Answer what is refused by its status: no such route, wrong method, unreadable body, too busy."""
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods_at(request)):
        headers = {"Allow": ", ".join(methods)}
    return problem_response(problem_of(error.status_code), headers)


def _methods_at(request: Request) -> Sequence[str]:
    """Return the methods that an address takes: where several routes share it, the framework names those of one."""
    matching = [
        route.methods or ()
        for route in iter_route_contexts(request.app.routes)
        if route.matches(request.scope)[0] is not Match.NONE
    ]
    return sorted({method for methods in matching for method in methods})


async def on_invalid_request(_: Request, error: RequestValidationError) -> Response:
    """Answer a body that is not what the route takes."""
    return problem_response(problem_of_fields(error.errors()))


async def on_refused(_: Request, refused: Refused) -> Response:
    """Answer what a route refuses."""
    return problem_response(refused.problem, refused.headers)


async def on_too_large(request: Request, error: TooLarge) -> Response:
    """Answer a body that nobody wants to read to its end."""
    detail = "The body is too large; send the part to be answered, or fewer items at a time."
    wrong = FieldError(BODY, f"expected at most {error.limit} bytes")
    return await on_refused(request, Refused(error.status_code, detail, wrong))


async def on_busy(request: Request, _: Busy) -> Response:
    """Answer whom nobody had time for."""
    detail = "Too many requests are waiting for their turn; try again in a second."
    return await on_refused(request, Refused(503, detail, headers={"Retry-After": "1"}))


async def on_store_down(request: Request, _: StoreDownError) -> Response:
    """Answer what needs the store while it does not answer; nothing was kept."""
    detail = "The database does not answer and nothing was kept; send the same again in a few seconds."
    return await on_refused(request, Refused(503, detail, headers={"Retry-After": "2"}))
