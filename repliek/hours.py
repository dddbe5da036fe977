"""When a brand is open: deadlines within opening hours, closing times and working days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import get_args

from repliek.brand import Brand, Hours, Weekday
from repliek.conversation import in_utc

_MIDNIGHT = time()
_ALL_DAY = Hours(opens=_MIDNIGHT, closes=_MIDNIGHT)
_LAST_MINUTE = time(23, 59)
_DAY = timedelta(days=1)
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The opening hours of a week, the same every week: public holidays are not known.

    Moments are reckoned with as they pass: over a change of the clock, a day of 25 hours is an hour longer. A moment
    without a zone is in UTC. What comes out is in the zone of the moment that went in.

    Attributes:
        days: the hours of each weekday, Monday first; `None` for a day on which the brand is closed.
        zone: in which they are local time.

    Raises:
        ValueError: not seven days, or none on which the brand is open.
    """

    days: tuple[Hours | None, ...]
    zone: tzinfo

    def __post_init__(self) -> None:
        if len(self.days) != len(get_args(Weekday)) or not any(self.days):
            raise ValueError("expected the hours of seven weekdays, at least one of them open")

    @classmethod
    def of(cls, brand: Brand) -> OpeningHours:
        """Take the hours of a brand; one that sets none is open round the clock."""
        if not brand.opening_hours:
            return cls.round_the_clock(brand.timezone)
        return cls(tuple(brand.opening_hours.get(day) for day in get_args(Weekday)), brand.timezone)

    @classmethod
    def round_the_clock(cls, zone: tzinfo = UTC) -> OpeningHours:
        """Be always open."""
        return cls((_ALL_DAY,) * len(get_args(Weekday)), zone)

    def add(self, moment: datetime, open_time: timedelta) -> datetime:
        """Return when the brand has been open for `open_time` since `moment`, which may lie outside opening hours."""
        if open_time <= timedelta():
            return _back(in_utc(moment), moment)
        left = open_time
        for opens, closes in self._stretches(moment):
            if closes - opens >= left:
                return _back(opens + left, moment)
            left -= closes - opens
        raise AssertionError("a week has open time, so enough weeks have enough of it")

    def opened(self, moment: datetime) -> datetime:
        """Return `moment` where the brand is open then, and otherwise when it next opens.

        The moment of closing still counts: what is due then is due before the door shuts.
        """
        return _back(next(self._stretches(moment))[0], moment)

    def add_on_the_clock(self, moment: datetime, span: timedelta) -> datetime:
        """Return the end of a span that runs on the clock once the brand is open, and ends while it is.

        A span that would begin or end while the brand is closed waits until it opens.
        """
        begins = self.opened(moment)
        return self.opened(_back(in_utc(begins) + span, moment))

    def closes(self, day: date) -> datetime:
        """Return when the brand closes on `day`, local time.

        Where it is closed that day, or open until its end, that is the last minute of the day, so that what is due then
        bears the date that was named.
        """
        hours = self.days[day.weekday()]
        until = _LAST_MINUTE if hours is None or hours.closes == _MIDNIGHT else hours.closes
        return datetime.combine(day, until, self.zone)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is one from Monday to Friday on which the brand is open.

        Of a brand that is closed on all of those, every day on which it is open is one.
        """
        working = self.days[: _FRIDAY + 1]
        return self.days[day.weekday()] is not None and (day.weekday() <= _FRIDAY or not any(working))

    def working_day(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; for 0, `day` or the first working day after it."""
        found = day
        for _ in range(count):
            found = self._next_working(found + _DAY)
        return found if count else self._next_working(day)

    def last_working_day(self, first: date, last: date) -> date:
        """Return the last working day from `first` to `last`, both included; `last` where there is none."""
        days = (last - timedelta(days=back) for back in range((last - first).days + 1))
        return next(filter(self.is_working_day, days), last)

    def _next_working(self, day: date) -> date:
        while not self.is_working_day(day):
            day += _DAY
        return day

    def _stretches(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield what is left of the day's hours at `moment`, then those of every later day, in UTC, without end."""
        since = in_utc(moment)
        day = since.astimezone(self.zone).date()
        while True:
            hours = self.days[day.weekday()]
            if hours is not None:
                opens = self._at(day, hours.opens)
                closes = self._at(day if hours.closes != _MIDNIGHT else day + _DAY, hours.closes)
                if closes >= since:
                    yield max(opens, since), closes
            day += _DAY

    def _at(self, day: date, local: time) -> datetime:
        return datetime.combine(day, local, self.zone).astimezone(UTC)


def _back(reckoned: datetime, moment: datetime) -> datetime:
    """Return a moment in UTC in the zone of the one that it was reckoned from."""
    return reckoned.astimezone(moment.tzinfo or UTC)
