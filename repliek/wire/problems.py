"""Errors over HTTP: RFC 9457 problem details, one shape everywhere, without a word of a customer in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field
from pydantic.dataclasses import dataclass

MEDIA_TYPE = "application/problem+json"

MAX_BODY_BYTES = 256 * 1024
"""Largest body that is read. Sixty-four long messages fit; no single one comes near."""

BODY = "body"
"""What stands for the whole body where a field's name is expected."""

_PLACES = frozenset({BODY, "header", "path", "query"})

# An unknown field's name is the caller's own text: only what looks like a name is repeated.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,40}\Z")
_OUR_OWN = "value_error"

# Where pydantic speaks to a Python programmer; its other reasons say what was expected and are repeated.
_REASONS: Mapping[str, str] = {
    "dataclass_type": "expected a JSON object",
    "extra_forbidden": "unknown; see GET /docs for those there are",
    "missing": "expected, but not given",
    "string_too_short": "expected text, found nothing but white space",
    "timezone_aware": "expected a time zone, such as +01:00 or Z",
    "too_short": "expected at least one",
    "unexpected_keyword_argument": "unknown field; see GET /docs for those there are",
}


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field."""

    field: Annotated[
        str,
        Field(description="Where: `message`, `conversation.0.speaker`, a parameter, a header, or all of the `body`."),
    ]
    reason: Annotated[str, Field(description="What was expected.")]

    @classmethod
    def of(cls, error: Mapping[str, Any]) -> FieldError:
        """Say what one of pydantic's errors means, without what was found."""
        return cls(field_name(error["loc"]), _reason(error))


@dataclass(frozen=True)
class Problem:
    """Problem details (RFC 9457)."""

    type: Annotated[str, Field(description="Always `about:blank`: the status says what kind of problem it is.")]
    title: Annotated[str, Field(description="The status in words.")]
    status: Annotated[int, Field(description="The HTTP status.")]
    detail: Annotated[str, Field(description="What went wrong and what to do.")]
    errors: Annotated[tuple[FieldError, ...], Field(description="The fields that are wrong, when fields are.")]

    @classmethod
    def of_fields(cls, errors: Sequence[FieldError]) -> Problem:
        """Make the problem of a request of which these fields are wrong."""
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        names = ", ".join(dict.fromkeys(error.field for error in errors))
        return cls(
            type="about:blank",
            title=status.phrase,
            status=status,
            detail=f"Cannot be used as it is: {names}.",
            errors=tuple(errors),
        )


def field_name(location: Sequence[int | str]) -> str:
    """Name a field by its path in the body, or a parameter, leaving out what does not look like a name."""
    path = location[1:] if location and location[0] in _PLACES else location
    parts = [str(part) if isinstance(part, int) or _NAME.match(part) else "(unnamed)" for part in path]
    return ".".join(parts) or BODY


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] == _OUR_OWN:
        return str(error["ctx"]["error"])
    return _REASONS.get(error["type"], error["msg"])
