"""Where a page of a list ends that is sorted by a moment: the next page begins there, whatever was added or erased."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self, TypeVar

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import InstrumentedAttribute

_FORM = re.compile(r"([0-9]{8}T[0-9]{12})Z-([0-9a-f]{32})")
_MOMENT = "%Y%m%dT%H%M%S%f"

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
        try:
            at, item_id = _FORM.fullmatch(text).groups()  # type: ignore[union-attr]
            return cls(datetime.strptime(at, _MOMENT).replace(tzinfo=UTC), item_id)
        except (AttributeError, ValueError):
            raise ValueError("expected the `next` of the page before, as it was given") from None

    def __str__(self) -> str:
        """Return what travels as `next`; it needs no quoting in an address."""
        return f"{self.at.astimezone(UTC):{_MOMENT}}Z-{self.item_id}"

    def precedes(self, at: InstrumentedAttribute[datetime], item_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Say in SQL that a row comes after this place."""
        return tuple_(at, item_id) > (self.at, self.item_id)


def cut(found: Sequence[Item], limit: int, place_of: Callable[[Item], Place]) -> tuple[tuple[Item, ...], str | None]:
    """Return a page out of one item more than it may hold, and what travels as its `next`."""
    items = tuple(found[:limit])
    return items, str(place_of(items[-1])) if len(found) > limit else None
