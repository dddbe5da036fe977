"""The two clients: one that waits, and one that lets others go on."""

from __future__ import annotations

from functools import cached_property
from typing import Self

import httpx

from repliek.client.address import Address
from repliek.client.answers import Answers
from repliek.client.calls import Call, Calls, Sender, Walking
from repliek.client.deliveries import Deliveries
from repliek.client.follow_ups import FollowUps
from repliek.client.health import health
from repliek.client.insights import Insights
from repliek.client.reviews import Reviews
from repliek.client.sending import AsyncSender, Patience, SyncSender
from repliek.client.suggesting import feedback, suggest, suggest_many

TIMEOUT_SECONDS = 10.0
RETRIES = 3


class _Server(Calls[Sender]):
    """All that a server can be asked."""

    suggest = Call(suggest)
    suggest_many = Walking(suggest_many)
    feedback = Call(feedback)
    health = Call(health)

    @cached_property
    def answers(self) -> Answers[Sender]:
        """The knowledge base."""
        return Answers(self.sender)

    @cached_property
    def reviews(self) -> Reviews[Sender]:
        """Feedback, for those who decide what may teach."""
        return Reviews(self.sender)

    @cached_property
    def insights(self) -> Insights[Sender]:
        """What was made of what was suggested."""
        return Insights(self.sender)

    @cached_property
    def follow_ups(self) -> FollowUps[Sender]:
        """What was promised to customers."""
        return FollowUps(self.sender)

    @cached_property
    def deliveries(self) -> Deliveries[Sender]:
        """What helpdesks delivered."""
        return Deliveries(self.sender)


class Repliek(_Server[SyncSender]):
    """A server, asked from plain code. Safe to share between threads.

    Args:
        base_url: the server's root, such as `http://127.0.0.1:3000`.
        key: an API key; none where the server asks for none.
        brand: whose answers are asked for, where the key is for several; the key's own when left out.
        timeout: seconds that may pass without a byte coming or going.
        retries: how often a call is sent again when it did not come through.
        transport: how bytes travel, for proxies and tests; httpx's own when left out.

    Raises:
        Misconfigured: address, brand or key cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        brand: str | None = None,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: int = RETRIES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        address = Address(base_url, brand, key)
        http = httpx.Client(timeout=timeout, transport=transport)
        super().__init__(SyncSender(http, address, Patience(retries)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.sender.http.close()


class AsyncRepliek(_Server[AsyncSender]):
    """A server, asked from asyncio: the same as `Repliek`, to be awaited.

    Args:
        base_url: the server's root, such as `http://127.0.0.1:3000`.
        key: an API key; none where the server asks for none.
        brand: whose answers are asked for, where the key is for several; the key's own when left out.
        timeout: seconds that may pass without a byte coming or going.
        retries: how often a call is sent again when it did not come through.
        transport: how bytes travel, for proxies and tests; httpx's own when left out.

    Raises:
        Misconfigured: address, brand or key cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        brand: str | None = None,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: int = RETRIES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        address = Address(base_url, brand, key)
        http = httpx.AsyncClient(timeout=timeout, transport=transport)
        super().__init__(AsyncSender(http, address, Patience(retries)))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self.sender.http.aclose()
