"""Kinds of fields that several requests have."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

CLOSED = ConfigDict(extra="forbid", hide_input_in_errors=True)
"""Of a request: no unknown fields, and no word of a customer in what pydantic says about a wrong one."""


def closed_with_example(**fields: JsonValue) -> ConfigDict:
    """Return what `CLOSED` is, with an example of the request for the OpenAPI document."""
    return {**CLOSED, "json_schema_extra": {"examples": [dict(fields)]}}


MAX_ID_CHARS = 200
MAX_AGENT_ID_CHARS = 100
MAX_TEXT_CHARS = 20_000
MAX_URL_CHARS = 2_000

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""In the years between these a moment may lie: outside, dates cannot be reckoned with."""


# As patterns too, so that the OpenAPI document says exactly what is accepted.
_CONTROL = r"\u0000-\u001f\u007f-\u009f"
_NAME = rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"
_STORABLE = r"^[^\u0000]*$"
_WORDS = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
_OUR_TIME = "^20"


def _name(text: str) -> str:
    if not re.fullmatch(_NAME, text):
        raise ValueError("expected a name on one line, without control characters")
    return text.strip()


def _storable(text: str) -> str:
    # PostgreSQL stores every other character.
    if "\0" in text:
        raise ValueError("expected text without NUL characters")
    return text


def _says_something(text: str) -> str:
    if not text.strip():
        raise ValueError("expected text, found nothing but white space")
    return text


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _refuse_timestamps(value: Any) -> Any:
    if isinstance(value, str | datetime):
        return value
    raise ValueError("expected date and time as text, such as 2026-11-21T09:30:00+01:00")


def _refuse_numbers(value: Any) -> Any:
    if isinstance(value, str | date):
        return value
    raise ValueError("expected a date as text, such as 2026-11-21")


def _refuse_words(value: Any) -> Any:
    # As JSON has it, 3.0 is a whole number too; pydantic alone would take "3" and true for one.
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise ValueError("expected a whole number, such as 3")


def _in_our_time(moment: datetime) -> datetime:
    if not EARLIEST.year <= moment.year < LATEST.year:
        raise ValueError(f"expected a time from {EARLIEST.year} up to {LATEST.year}")
    return moment


OnOneLine = AfterValidator(_on_one_line)

AsNumber = BeforeValidator(_refuse_words)

Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_ID_CHARS),
    AfterValidator(_name),
    Field(json_schema_extra={"pattern": _NAME}),
]
"""What something is called in somebody's system; white space around it is dropped."""

AgentId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_AGENT_ID_CHARS),
    AfterValidator(_name),
    Field(json_schema_extra={"pattern": _NAME}),
]
"""What an agent is called in the helpdesk; white space around it is dropped."""

Text = Annotated[
    str,
    StringConstraints(max_length=MAX_TEXT_CHARS),
    AfterValidator(_storable),
    Field(json_schema_extra={"pattern": _STORABLE}),
]
"""What was written, or may be: lines and paragraphs included."""

Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_TEXT_CHARS),
    AfterValidator(_storable),
    AfterValidator(_says_something),
    Field(json_schema_extra={"pattern": _WORDS}),
]
"""Text that says something."""

Url = Annotated[
    str,
    StringConstraints(max_length=MAX_URL_CHARS),
    AfterValidator(_storable),
    Field(json_schema_extra={"pattern": _STORABLE}),
]
"""An address, as people copy it."""

Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_refuse_timestamps),
    AfterValidator(_in_our_time),
    Field(json_schema_extra={"pattern": _OUR_TIME}),
]
"""Date and time, with its zone."""

Day = Annotated[date, BeforeValidator(_refuse_numbers)]

_MOMENT, _DAY = TypeAdapter[datetime](Moment), TypeAdapter[date](Day)


def _day_or_moment(value: Any) -> date:
    try:
        return _MOMENT.validate_python(value)
    except ValidationError:
        pass
    try:
        day = _DAY.validate_python(value)
    except ValidationError:
        day = None
    if day is None or not EARLIEST.date() <= day < LATEST.date():
        raise ValueError(
            "expected a day, such as 2026-11-21, or date and time with zone, such as 2026-11-21T09:30:00Z, "
            f"from {EARLIEST.year} up to {LATEST.year}"
        )
    return day


DayOrMoment = Annotated[
    date,
    PlainValidator(_day_or_moment),
    WithJsonSchema({"type": "string", "pattern": _OUR_TIME, "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
]
"""A whole day of the brand's, or date and time with zone (a `datetime`, which is a `date` too)."""
