"""The body of a webhook: JSON of a limited size and depth, of which only the fields that matter are looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import from_json

from repliek.wire.fields import EARLIEST, LATEST, AgentId
from repliek.wire.problems import MAX_BODY_BYTES, Problem
from serving.problems import problem_of, problem_of_fields

Model = TypeVar("Model")

LENIENT = ConfigDict(extra="ignore", coerce_numbers_to_str=True)
"""Helpdesks add fields as they please, and write ids as numbers here and as text there."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
"""An id becomes part of an address: nothing in it may lead elsewhere."""


Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
"""What tells a message from all others; PostgreSQL keeps every character but NUL."""


def _nothing_is_none(value: Any) -> Any:
    return value or None


Reference = Annotated[AgentId | None, BeforeValidator(_nothing_is_none)]
"""Whom or what a helpdesk speaks of, in its own terms (`5158`, `zd:answerBot`); empty and 0 are nobody."""


def _sensible_time(value: Any) -> Any:
    try:
        moment = _MOMENT.validate_python(value)
    except ValidationError:
        return None
    return moment if moment.tzinfo and EARLIEST <= moment < LATEST else None


_MOMENT = TypeAdapter(datetime)
Moment = Annotated[datetime | None, BeforeValidator(_sensible_time)]
"""When a message was written; a time that cannot be read is left out, since the time of arrival is nearly the same."""


class PayloadError(Exception):
    """A body that is not as the helpdesk's documentation says; names the field, never what stands in it.

    Attributes:
        problem: the same as it is answered over HTTP.
    """

    def __init__(self, problem: Problem) -> None:
        wrong = "; ".join(f"{error.field}: {error.reason}" for error in problem.errors)
        super().__init__(wrong or problem.detail)
        self.problem = problem


def read_json(body: bytes) -> Any:
    """Return what the JSON in `body` says.

    Raises:
        PayloadError: it is too large, nested too deep, or no JSON in UTF-8.
    """
    if len(body) > MAX_BODY_BYTES:
        raise PayloadError(problem_of(413))
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        raise PayloadError(problem_of(400)) from None


def read_as(model: TypeAdapter[Model], value: Any) -> Model:
    """Return `value` as what `model` describes.

    Raises:
        PayloadError: it is something else.
    """
    try:
        return model.validate_python(value)
    except ValidationError as error:
        raise PayloadError(problem_of_fields(error.errors(include_input=False))) from None
