"""How what is asked is sent: with and without asyncio, as often as it takes."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypedDict, TypeVar

import httpx
import tenacity

from repliek.client.address import Address
from repliek.client.asking import Ask, Item, Page, Result, Walk
from repliek.client.errors import REQUEST_ID, ConnectionFailed, Refused, Unavailable

LONGEST_WAIT_SECONDS = 30.0
"""A server that asks for more patience is not asked again: the caller should know."""

# Longer each time, and spread by chance, so that many clients do not come back together.
_back_off = tenacity.wait_random_exponential(multiplier=0.5, min=0.1, max=5.0)

Given = ParamSpec("Given")
Found = TypeVar("Found")


class _Terms(TypedDict):
    stop: tenacity.stop.stop_base
    wait: Callable[[tenacity.RetryCallState], float]
    retry: tenacity.retry_base
    reraise: bool


@dataclass(frozen=True, slots=True)
class Patience:
    """When something is asked again, and after how long. `retries` is how often at most."""

    retries: int

    def terms(self, ask: Ask[Any]) -> _Terms:
        """Return the same for one request, in tenacity's terms."""
        return {
            "stop": tenacity.stop_after_attempt(1 + self.retries),
            "wait": _wait_seconds,
            "retry": tenacity.retry_if_exception(lambda error: _is_worth_another(error, ask)),
            "reraise": True,
        }


def _is_worth_another(error: BaseException, ask: Ask[Any]) -> bool:
    match error:
        case ConnectionFailed():
            return ask.repeatable or not error.arrived
        case Unavailable(retry_after=float(seconds)):
            return seconds <= LONGEST_WAIT_SECONDS
        case Unavailable():
            return ask.repeatable
        case _:
            return False


def _wait_seconds(state: tenacity.RetryCallState) -> float:
    error = state.outcome and state.outcome.exception()
    asked_for = error.retry_after if isinstance(error, Refused) else None
    return _back_off(state) if asked_for is None else asked_for


class SyncSender:
    """Sends, and waits for what comes back."""

    def __init__(self, http: httpx.Client, address: Address, patience: Patience) -> None:
        self.http = http
        self._address = address
        self._patience = patience

    def calling(self, make: Callable[Given, Ask[Found]]) -> Callable[Given, Found]:
        """Return what asks `make` says and returns what comes of it."""

        @wraps(make)
        def call(*args: Given.args, **kwargs: Given.kwargs) -> Found:
            return self._send(make(*args, **kwargs))

        return call

    def walking(self, make: Callable[Given, Walk[Any, Item]]) -> Callable[Given, Iterator[Item]]:
        """Return what asks `make` says, one request after another, and yields what they bring."""

        @wraps(make)
        def walk(*args: Given.args, **kwargs: Given.kwargs) -> Iterator[Item]:
            return self._walk(make(*args, **kwargs))

        return walk

    def _walk(self, walk: Walk[Page, Item]) -> Iterator[Item]:
        ask = walk.first
        while ask is not None:
            page = self._send(ask)
            yield from walk.items(page)
            ask = walk.following(page)

    def _send(self, ask: Ask[Result]) -> Result:
        request = _request(self.http, self._address, ask)
        return tenacity.Retrying(**self._patience.terms(ask))(self._send_once, request, ask)

    def _send_once(self, request: httpx.Request, ask: Ask[Result]) -> Result:
        try:
            response = self.http.send(request)
        except httpx.RequestError as error:
            raise ConnectionFailed.of(error) from None
        return ask.read(response)


class AsyncSender:
    """Sends, and lets others go on until something comes back."""

    def __init__(self, http: httpx.AsyncClient, address: Address, patience: Patience) -> None:
        self.http = http
        self._address = address
        self._patience = patience

    def calling(self, make: Callable[Given, Ask[Found]]) -> Callable[Given, Coroutine[Any, Any, Found]]:
        """Return what asks `make` says and returns what comes of it."""

        @wraps(make)
        async def call(*args: Given.args, **kwargs: Given.kwargs) -> Found:
            return await self._send(make(*args, **kwargs))

        return call

    def walking(self, make: Callable[Given, Walk[Any, Item]]) -> Callable[Given, AsyncIterator[Item]]:
        """Return what asks `make` says, one request after another, and yields what they bring."""

        @wraps(make)
        def walk(*args: Given.args, **kwargs: Given.kwargs) -> AsyncIterator[Item]:
            return self._walk(make(*args, **kwargs))

        return walk

    async def _walk(self, walk: Walk[Page, Item]) -> AsyncIterator[Item]:
        ask = walk.first
        while ask is not None:
            page = await self._send(ask)
            for item in walk.items(page):
                yield item
            ask = walk.following(page)

    async def _send(self, ask: Ask[Result]) -> Result:
        request = _request(self.http, self._address, ask)
        return await tenacity.AsyncRetrying(**self._patience.terms(ask))(self._send_once, request, ask)

    async def _send_once(self, request: httpx.Request, ask: Ask[Result]) -> Result:
        try:
            response = await self.http.send(request)
        except httpx.RequestError as error:
            raise ConnectionFailed.of(error) from None
        return ask.read(response)


def _request(http: httpx.Client | httpx.AsyncClient, address: Address, ask: Ask[Any]) -> httpx.Request:
    """Make the request that is sent, once or several times, under one id."""
    return http.build_request(
        ask.method,
        address.of(ask.path),
        params=ask.params,
        headers={**address.headers, **ask.headers, REQUEST_ID: uuid.uuid4().hex},
        content=ask.content,
    )
