"""Where a page ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from serving.store.place import Place, cut

AT = datetime(2026, 3, 2, 8, 15, 30, 45, tzinfo=UTC)


def test_there_and_back() -> None:
    place = Place(AT.astimezone(timezone(timedelta(hours=1))), "0af1" * 8)
    assert str(place) == f"1772439330000045-{'0af1' * 8}"
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1772439330000045-",
        f"1772439330000045-{'0af1' * 8}\n",
        f"17724393300000450-{'0af1' * 8}",
        f"1772439330000045-{'zzzz' * 8}",
        "١٧٧٢-" + "0af1" * 8,
    ],
)
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(ValueError, match="expected the `next` of the page before"):
        Place.parse(text)


def test_a_page_says_where_the_next_one_begins() -> None:
    def place_of(number: int) -> Place:
        return Place(AT, f"{number:032x}")

    assert cut([1, 2, 3], 2, place_of) == ((1, 2), str(place_of(2)))
    assert cut([1, 2], 2, place_of) == ((1, 2), None)
    assert cut([], 2, place_of) == ((), None)
