"""Which time of the day is meant by "17.00 uur", "half vijf" or "5 pm"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

NOON = 12


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of the day as it is said: "vijf uur" may be in the morning or in the afternoon.

    Attributes:
        hour: from 0 to 23.
        minute: from 0 to 59.
        sure: whether which half of the day is meant was said, or follows from the hour.
    """

    hour: int
    minute: int
    sure: bool

    @property
    def time(self) -> time:
        """As it is said."""
        return time(self.hour, self.minute)

    @property
    def later(self) -> time:
        """Half a day later, where that may be meant."""
        return self.time if self.sure else time(self.hour + NOON, self.minute)


Meaning = Callable[[re.Match[str]], ClockTime]


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A way to name a time of the day."""

    pattern: re.Pattern[str]
    meaning: Meaning


def on_the_clock(match: re.Match[str]) -> ClockTime:
    """An hour in the first group, and maybe minutes in the second."""
    hour = int(match[1]) % 24
    return ClockTime(hour, int(match[2] or 0), sure=hour >= NOON or match[1].startswith("0"))


def half_to(match: re.Match[str]) -> ClockTime:
    """Half an hour before the hour in the first group, as Dutch counts."""
    hour = (int(match[1]) - 1) % NOON
    return ClockTime(hour, 30, sure=False)


def before_noon(match: re.Match[str]) -> ClockTime:
    """An hour of twelve in the first group, and maybe minutes in the second, before noon."""
    return ClockTime(int(match[1]) % NOON, int(match[2] or 0), sure=True)


def after_noon(match: re.Match[str]) -> ClockTime:
    """As `before_noon`, twelve hours later."""
    return ClockTime(int(match[1]) % NOON + NOON, int(match[2] or 0), sure=True)


def at_noon(_match: re.Match[str]) -> ClockTime:
    """Twelve o'clock."""
    return ClockTime(NOON, 0, sure=True)
