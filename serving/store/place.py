"""Where a page of a list ends that is sorted by a moment: the next page begins there, whatever was added or erased."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self, TypeVar

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import InstrumentedAttribute

PATTERN = r"^[0-9]{1,16}-[0-9a-f]{32}$"
"""Microseconds since 1970 and an id: whatever has this form is a place, so that a document can tell the form."""

_FORM = re.compile(r"([0-9]{1,16})-([0-9a-f]{32})")
_START = datetime(1970, 1, 1, tzinfo=UTC)

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Place:
    """The last item of a page.

    Attributes:
        at: the moment that the list is sorted by.
        item_id: which one of those with the same moment.
    """

    at: datetime
    item_id: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` of a place wrote.

        Raises:
            ValueError: it did not write this.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError("expected the `next` of the page before, as it was given")
        return cls(_START + timedelta(microseconds=int(found[1])), found[2])

    def __str__(self) -> str:
        """Return what travels as `next`; it needs no quoting in an address."""
        return f"{(self.at - _START) // timedelta(microseconds=1)}-{self.item_id}"

    def precedes(self, at: InstrumentedAttribute[datetime], item_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Say in SQL that a row comes after this place."""
        return tuple_(at, item_id) > (self.at, self.item_id)


def cut(found: Sequence[Item], limit: int, place_of: Callable[[Item], Place]) -> tuple[tuple[Item, ...], str | None]:
    """Return a page out of one item more than it may hold, and what travels as its `next`."""
    items = tuple(found[:limit])
    return items, str(place_of(items[-1])) if len(found) > limit else None
