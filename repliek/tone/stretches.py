"""Stretches of a text that do not overlap, such as its quotations, in their order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import inf


def stretch_at(stretches: Sequence[tuple[int, int]], place: int) -> tuple[int, int] | None:
    """Return the stretch that holds `place`, its end excluded, in a time that hardly grows with their number."""
    before = bisect_right(stretches, (place, inf)) - 1
    return stretches[before] if before >= 0 and place < stretches[before][1] else None
