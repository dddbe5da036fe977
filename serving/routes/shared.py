"""What the routes have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import Header, HTTPException, Request
from starlette.responses import Response

from repliek.wire.problems import MEDIA_TYPE
from serving.middleware import BODY_LIMIT

Documented = dict[int | str, dict[str, Any]]


def documented(problems: Mapping[int, str]) -> Documented:
    """Describe, for the OpenAPI document, when a route answers with a problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": description, "content": content} for status, description in problems.items()}


REFUSALS = documented(
    {
        400: "The body is not JSON.",
        401: "No API key was sent, or not a good one.",
        403: "The API key is for another brand, or lacks the scope.",
        404: "There is nothing of that name.",
        413: "The body is too large.",
        415: "The body is not announced as `application/json`.",
        422: "A field is wrong; `errors` says which and why.",
        500: "Something went wrong in the server.",
        503: "Too many requests are waiting, or the store does not answer; try again after `Retry-After` seconds.",
    }
)
"""What any route may answer."""


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
