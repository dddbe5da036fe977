"""What is asked, apart from how it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from repliek.client.errors import Invalid, Refused, Unreadable
from repliek.wire.problems import FieldError

Model = TypeVar("Model")
Result = TypeVar("Result", covariant=True)
Page = TypeVar("Page")
Item = TypeVar("Item", covariant=True)

JSON: Mapping[str, str] = {"Content-Type": "application/json"}
"""What announces a body that `body` made."""

Setting = str | int | bool | date | None
"""What may stand in the query of an address; a moment is a date, too."""


class Method(StrEnum):
    """Methods of HTTP."""

    GET = "GET"
    PUT = "PUT"
    POST = "POST"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Generic[Result]):
    """One request, and how its response is read.

    Attributes:
        method: of HTTP.
        path: as `Address.of` takes it.
        read: makes the result of a response, or raises a `ClientError`.
        params: the query.
        headers: beyond those that every request has.
        content: the body. Not shown, as it holds what people wrote.
        repeatable: whether doing it twice comes to the same as doing it once.
    """

    method: Method
    path: str
    read: Callable[[httpx.Response], Result]
    params: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    content: bytes | None = field(default=None, repr=False)
    repeatable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(Generic[Page, Item]):
    """Requests that follow each other, and what each brings.

    Attributes:
        first: the first request; `None` where there is nothing to ask.
        items: what a response holds.
        following: the request after a response; `None` after the last.
    """

    first: Ask[Page] | None
    items: Callable[[Page], Iterable[Item]]
    following: Callable[[Page], Ask[Page] | None]


class Paged(Protocol[Item]):
    """A page of a list, as a response holds it."""

    @property
    def items(self) -> Iterable[Item]:
        """What stands on it."""
        ...

    @property
    def next(self) -> str | None:
        """Where the next page begins; `None` on the last one."""
        ...


def page_by_page(ask: Callable[[str | None], Ask[Paged[Item]]]) -> Walk[Paged[Item], Item]:
    """Return a walk over a whole list, given what asks for the page that begins somewhere, or for the first one."""
    return Walk(
        first=ask(None),
        items=lambda page: page.items,
        following=lambda page: None if page.next is None else ask(page.next),
    )


def as_json(model: type[Model]) -> Callable[[httpx.Response], Model]:
    """Return what reads `model` out of a response; fields of a newer server are ignored."""
    adapter = TypeAdapter(model)

    def read(response: httpx.Response) -> Model:
        content = as_bytes(response)
        try:
            return adapter.validate_json(content)
        except ValidationError as error:
            wrong = FieldError.of(error.errors()[0])
            raise Unreadable.of(response, f"expected {model.__name__} ({wrong.field}: {wrong.reason})") from None

    return read


def as_bytes(response: httpx.Response) -> bytes:
    """Return the body of a response that says yes.

    Raises:
        Refused: it says no.
        Unreadable: it says neither.
    """
    if response.is_error:
        raise Refused.of(response)
    if not response.is_success:
        raise Unreadable.of(response, "expected a response of Repliek's; is base_url right?")
    return response.content


def as_nothing(response: httpx.Response) -> None:
    """Take note that a response says yes."""
    as_bytes(response)


def body(model: type[Model], make: Callable[[], Model]) -> bytes:
    """Return what `make` makes as the body of a request; a field that is left out is not sent.

    Older servers refuse fields that they do not know, even without a value.

    Raises:
        Invalid: a field is wrong.
    """
    try:
        made = make()
    except ValidationError as error:
        raise Invalid.of_fields(error) from None
    return TypeAdapter(model).dump_json(made, exclude_none=True)


def query(**settings: Setting) -> Mapping[str, str]:
    """Return settings as the query of an address, less those that are left out."""
    return {name: _written(value) for name, value in settings.items() if value is not None}


def _written(value: str | int | bool | date) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)
