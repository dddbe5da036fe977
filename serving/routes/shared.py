"""What the routes have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, HTTPException, Query, Request
from starlette.responses import Response

from repliek.wire.answers import MAX_PAGE
from repliek.wire.problems import MEDIA_TYPE, FieldError
from serving.middleware import BODY_LIMIT
from serving.problems import Refused
from serving.store.place import PATTERN, Place

Documented = dict[int | str, dict[str, Any]]


def text_header(name: str, description: str) -> dict[str, Any]:
    """Describe a header of a response, for the OpenAPI document."""
    return {name: {"description": description, "schema": {"type": "string"}}}


_HEADERS: Documented = {
    401: {"headers": text_header("WWW-Authenticate", "Always `Bearer`.")},
    503: {"headers": text_header("Retry-After", "Seconds to wait.")},
}


def documented(problems: Mapping[int, str]) -> Documented:
    """Describe, for the OpenAPI document, when a route answers with a problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": description, "content": content, **_HEADERS.get(status, {})}
        for status, description in problems.items()
    }


REFUSALS = documented(
    {
        400: "The body is not JSON.",
        401: "No API key was sent, or not a good one.",
        403: "The API key is for another brand, or lacks the scope.",
        404: "There is no brand, or nothing, of that name.",
        413: "The body is too large.",
        415: "The body is not announced as `application/json`.",
        422: "A field is wrong; `errors` says which and why.",
        500: "Something went wrong in the server.",
        503: "Too many requests are waiting, or the store does not answer; try again after `Retry-After` seconds.",
        504: "It took too long.",
    }
)
"""What any route may answer."""

_OF_BODIES = frozenset({400, 413, 415})
READ_REFUSALS: Documented = {status: told for status, told in REFUSALS.items() if status not in _OF_BODIES}
"""What a route may answer that takes no body."""

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="How many at most.")]


async def _place(
    after: Annotated[
        str | None,
        Query(
            description="`next` of the page before; the first page when left out.",
            json_schema_extra={"pattern": PATTERN},
        ),
    ] = None,
) -> Place | None:
    try:
        return None if after is None else Place.parse(after)
    except ValueError as error:
        raise Refused(422, "Cannot be used as it is: after.", FieldError("after", str(error))) from None


Continued = Annotated[Place | None, Depends(_place)]
"""Where a page begins.

Raises:
    Refused: 422, it begins nowhere.
"""


def takes(limit: int) -> Callable[[Request], Awaitable[None]]:
    """Return the dependency of a route that takes bodies of up to `limit` bytes; the route reads the body itself."""

    async def take(request: Request) -> None:
        setattr(request.state, BODY_LIMIT, limit)

    return take


async def require_json(content_type: Annotated[str, Header(include_in_schema=False)] = "") -> None:
    """Refuse a body that is not announced as JSON.

    Raises:
        HTTPException: 415.
    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)


def json_response(content: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON that is written already."""
    return Response(content, status, headers, media_type="application/json")
