"""Errors over HTTP: RFC 9457 problem details, one shape everywhere, without a word of a customer in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"

MAX_BODY_BYTES = 256 * 1024
"""Largest body that is read. Sixty-four long messages fit; no single one comes near."""

# An unknown field's name is the caller's own text: only what looks like a name is repeated.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,40}\Z")
_BODY = "body"
_INVALID_JSON, _OUR_OWN = "json_invalid", "value_error"

# Where pydantic speaks to a Python programmer; its other reasons say what was expected and are repeated.
_REASONS: Mapping[str, str] = {
    "dataclass_type": "expected a JSON object",
    "missing": "expected, but not given",
    "string_too_short": "expected text, found nothing but white space",
    "timezone_aware": "expected a time zone, such as +01:00 or Z",
    "too_short": "expected at least one",
    "unexpected_keyword_argument": "unknown field; see GET /docs for those there are",
}


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class FieldError:
    """What is wrong with one field."""

    field: Annotated[str, Field(description="Where: `message`, `conversation.0.speaker`, or `body` for all of it.")]
    reason: Annotated[str, Field(description="What was expected.")]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Problem:
    """Problem details (RFC 9457)."""

    type: Annotated[str, Field(description="Always `about:blank`: the status says what kind of problem it is.")]
    title: Annotated[str, Field(description="The status in words.")]
    status: Annotated[int, Field(description="The HTTP status.")]
    detail: Annotated[str, Field(description="What went wrong and what to do.")]
    errors: Annotated[tuple[FieldError, ...], Field(description="The fields that are wrong, when fields are.")]

    @classmethod
    def of(cls, status: int) -> Problem:
        """Make the problem that an HTTP status always stands for."""
        known = HTTPStatus(status)
        detail, errors = _MEANINGS.get(known, (f"{known.phrase}.", ()))
        return cls(type="about:blank", title=known.phrase, status=status, detail=detail, errors=errors)

    @classmethod
    def of_fields(cls, errors: Sequence[Mapping[str, Any]]) -> Problem:
        """Make the problem that stands for pydantic's errors: 400 for what is no JSON, 422 for wrong fields."""
        if any(error["type"] == _INVALID_JSON for error in errors):
            return cls.of(HTTPStatus.BAD_REQUEST)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        found = tuple(FieldError(field_name(error["loc"]), _reason(error)) for error in errors)
        names = ", ".join(dict.fromkeys(error.field for error in found))
        return cls(
            type="about:blank",
            title=status.phrase,
            status=status,
            detail=f"Cannot be used as it is: {names}.",
            errors=found,
        )


_PROBLEM = TypeAdapter(Problem)

_MEANINGS: Mapping[HTTPStatus, tuple[str, tuple[FieldError, ...]]] = {
    HTTPStatus.BAD_REQUEST: (
        "The body cannot be read as JSON.",
        (FieldError(_BODY, "expected one JSON object in UTF-8"),),
    ),
    HTTPStatus.NOT_FOUND: ("There is nothing at this address; GET /docs lists what there is.", ()),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "This address does not take this method; the Allow header names those that it takes.",
        (),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "The body is too large; send the part to be answered, or fewer items at a time.",
        (FieldError(_BODY, f"expected at most {MAX_BODY_BYTES} bytes"),),
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "The body is not announced as JSON.",
        (FieldError("Content-Type", "expected application/json"),),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("Something went wrong here; the log knows more under this request's id.", ()),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Too many requests are waiting for their turn; try again in a second.", ()),
    HTTPStatus.GATEWAY_TIMEOUT: ("It took too long; send fewer or shorter items at a time.", ()),
}


def field_name(location: Sequence[int | str]) -> str:
    """Name a field by its path in the body, leaving out what does not look like a field's name."""
    path = location[1:] if location and location[0] == _BODY else location
    parts = [str(part) if isinstance(part, int) or _NAME.match(part) else "(unnamed)" for part in path]
    return ".".join(parts) or _BODY


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] == _OUR_OWN:
        return str(error["ctx"]["error"])
    return _REASONS.get(error["type"], error["msg"])


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return `problem` as a response."""
    return Response(_PROBLEM.dump_json(problem), problem.status, headers, MEDIA_TYPE)


async def on_http_exception(_: Request, error: HTTPException) -> Response:
    """Answer what is refused by its status: no such route, wrong method, unreadable body, too busy."""
    return problem_response(Problem.of(error.status_code), error.headers)


async def on_invalid_request(_: Request, error: RequestValidationError) -> Response:
    """Answer a body that is not what the route takes."""
    return problem_response(Problem.of_fields(error.errors()))
