"""Which day is meant by "vrijdag", "eind volgende week" or "3 december", seen from the day on which it is said."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from repliek.hours import OpeningHours

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_FARTHEST = timedelta(days=270)
"""A day without a year that would lie farther ahead lies behind."""


class Part(Enum):
    """Which part of a week or month is meant; without one, its end."""

    BEGIN = auto()
    MIDDLE = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Today:
    """The day on which something is said, in the brand's zone, and when the brand is open."""

    day: date
    hours: OpeningHours

    @property
    def monday(self) -> date:
        """The first day of this week."""
        return self.day - self.day.weekday() * _DAY


Meaning = Callable[[re.Match[str], Today], date | None]
"""The day that a match means, `None` where it is none that lies ahead."""


@dataclass(frozen=True, slots=True)
class DayRule:
    """A way to name a day."""

    pattern: re.Pattern[str]
    meaning: Meaning


def ahead(days: int) -> Meaning:
    """So many days from now."""
    return lambda _match, today: today.day + days * _DAY


def weekday(names: Sequence[str]) -> Meaning:
    """The next such day, named in the first group; said on a Monday, "Monday" is that of next week."""

    def day(match: re.Match[str], today: Today) -> date:
        away = (names.index(match[1]) - today.day.weekday()) % 7
        return today.day + (away or 7) * _DAY

    return day


def weekday_of_next_week(names: Sequence[str]) -> Meaning:
    """Such a day of next week, named in the first group."""
    return lambda match, today: today.monday + _WEEK + names.index(match[1]) * _DAY


def week(weeks: int, part: Part = Part.END) -> Meaning:
    """A part of the week that lies so many weeks ahead: its second working day, its middle, or its last working day."""

    def day(_match: re.Match[str], today: Today) -> date:
        monday = today.monday + weeks * _WEEK
        if part is Part.BEGIN:
            found = today.hours.working_day(today.hours.working_day(monday, 0), 1)
        elif part is Part.MIDDLE:
            found = today.hours.working_day(monday + 2 * _DAY, 0)
        else:
            found = today.hours.last_working_day(max(monday, today.day), monday + 6 * _DAY)
        return max(found, today.day)

    return day


def weekend(_match: re.Match[str], today: Today) -> date:
    """The Sunday of this week."""
    return today.monday + 6 * _DAY


def after_the_weekend(_match: re.Match[str], today: Today) -> date:
    """The first working day of next week."""
    return today.hours.working_day(today.monday + _WEEK, 0)


def month(months: int, part: Part = Part.END) -> Meaning:
    """A part of the month that lies so many months ahead."""

    def day(_match: re.Match[str], today: Today) -> date:
        years, index = divmod(today.day.month - 1 + months, 12)
        return max(_part_of_month(today, today.day.year + years, index + 1, part), today.day)

    return day


def named_month(names: Sequence[str], part: Part = Part.END) -> Meaning:
    """A part of the month that is named in the first group."""

    def day(match: re.Match[str], today: Today) -> date | None:
        number = _month_number(match[1], names)
        years = (today.day.year, today.day.year + 1)
        return _first_ahead((_part_of_month(today, year, number, part) for year in years), today)

    return day


def dated(names: Sequence[str]) -> Meaning:
    """A day with its month, in the groups `day`, `month` (a name, its beginning, or a number) and maybe `year`."""

    def day(match: re.Match[str], today: Today) -> date | None:
        said = match["month"]
        number = int(said) if said.isdigit() else _month_number(said, names)
        groups = match.groupdict()
        years = (int(groups["year"]),) if groups.get("year") else (today.day.year, today.day.year + 1)
        return _first_ahead((_date(year, number, int(match["day"])) for year in years), today)

    return day


def _month_number(said: str, names: Sequence[str]) -> int:
    begins = said.rstrip(".")
    return next(number for number, name in enumerate(names, 1) if name.startswith(begins))


def _part_of_month(today: Today, year: int, number: int, part: Part) -> date:
    if part is Part.BEGIN:
        return today.hours.working_day(date(year, number, 7), 0)
    if part is Part.MIDDLE:
        return today.hours.working_day(date(year, number, 15), 0)
    last = date(year, number, monthrange(year, number)[1])
    return today.hours.last_working_day(max(date(year, number, 1), last - _WEEK), last)


def _date(year: int, number: int, day: int) -> date | None:
    try:
        return date(year, number, day)
    except ValueError:  # 31 June
        return None


def _first_ahead(days: Iterable[date | None], today: Today) -> date | None:
    return next((day for day in days if day and timedelta() <= day - today.day <= _FARTHEST), None)
