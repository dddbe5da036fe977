"""Calls: what is asked, bound to a sender. A call is written once, and is plain or awaited as its sender is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

from repliek.client.asking import Ask, Walk
from repliek.client.sending import AsyncSender, SyncSender

Given = ParamSpec("Given")
Found = TypeVar("Found")
Sender = TypeVar("Sender", SyncSender, AsyncSender)


class Calls(Generic[Sender]):
    """Calls that belong together."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender


class Call(Generic[Given, Found]):
    """A method of `Calls` that asks what `make` says: it returns what comes of it, or what to await it by."""

    def __init__(self, make: Callable[Given, Ask[Found]]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, calls: None, owner: type) -> Self: ...
    @overload
    def __get__(self, calls: Calls[SyncSender], owner: type) -> Callable[Given, Found]: ...
    @overload
    def __get__(self, calls: Calls[AsyncSender], owner: type) -> Callable[Given, Coroutine[Any, Any, Found]]: ...
    def __get__(self, calls: Calls[SyncSender] | Calls[AsyncSender] | None, owner: type) -> Any:
        return self if calls is None else calls.sender.calling(self._make)


class Walking(Generic[Given, Found]):
    """A method of `Calls` that asks what `make` says, request by request: it yields what they bring."""

    def __init__(self, make: Callable[Given, Walk[Any, Found]]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, calls: None, owner: type) -> Self: ...
    @overload
    def __get__(self, calls: Calls[SyncSender], owner: type) -> Callable[Given, Iterator[Found]]: ...
    @overload
    def __get__(self, calls: Calls[AsyncSender], owner: type) -> Callable[Given, AsyncIterator[Found]]: ...
    def __get__(self, calls: Calls[SyncSender] | Calls[AsyncSender] | None, owner: type) -> Any:
        return self if calls is None else calls.sender.walking(self._make)
