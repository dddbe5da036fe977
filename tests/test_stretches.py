from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repliek.tone.stretches import stretch_at


def test_the_end_is_outside() -> None:
    found = [stretch_at([(2, 4), (4, 6)], place) for place in range(8)]
    assert found == [None, None, (2, 4), (2, 4), (4, 6), (4, 6), None, None]
    assert stretch_at([], 0) is None


@given(st.sets(st.integers(0, 60), max_size=20).map(sorted), st.integers(-5, 65))
def test_it_is_the_one_that_looking_at_all_would_find(bounds: list[int], place: int) -> None:
    stretches = list(zip(bounds[::2], bounds[1::2], strict=False))
    held = [one for one in stretches if one[0] <= place < one[1]]
    assert stretch_at(stretches, place) == (held[0] if held else None)
