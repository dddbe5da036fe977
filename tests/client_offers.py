"""All that the client offers, by name."""

from __future__ import annotations

from functools import cached_property
from itertools import chain

from repliek.client import Repliek
from repliek.client.calls import Call, Calls, Walking


def calls(kind: type[Calls]) -> set[str]:
    """The calls of one kind."""
    found = chain.from_iterable(vars(one).items() for one in kind.__mro__)
    return {name for name, one in found if isinstance(one, Call | Walking)}


def kinds() -> dict[str, type[Calls]]:
    """The kinds of calls that a client has beside its own: "answers" and so on."""
    found = chain.from_iterable(vars(one).items() for one in Repliek.__mro__)
    names = [name for name, one in found if isinstance(one, cached_property)]
    with Repliek("http://repliek.example") as repliek:
        return {name: type(getattr(repliek, name)) for name in names}


OF_A_KIND = {f"{name}.{call}" for name, kind in kinds().items() for call in calls(kind)}
"""Such as "answers.put"."""

ALL = calls(Repliek) | OF_A_KIND
