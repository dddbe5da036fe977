"""By when: from the words of a promise to the moment at which it is due."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from repliek.conversation import in_utc
from repliek.hours import OpeningHours
from repliek.promises.clock import ClockTime
from repliek.promises.days import Today
from repliek.promises.words import TermWords
from repliek.tone.rules.acts import DURATION
from repliek.tone.rules.quantities import in_digits

_MORNING_ENDS, _AFTERNOON_ENDS = time(12), time(18)
_SOON = timedelta(hours=1)
_DAY = timedelta(days=1)
_FEW = {"een": 1.0, "a": 1.0, "an": 1.0, "een half": 0.5, "half an": 0.5, "a couple of": 2.0}
"""What stands for a number; "een paar" and its like are `_SOME`."""
_SOME = 3.0
_LONGEST_DAYS = 366
_REACH = 60
"""How many characters before a term may say what it is."""
_WAKES = 8
"""An hour before this is not meant as one of the morning, unless that is said."""

_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:werk|working |business )d"), "working"),
    (re.compile(r"min"), "minutes"),
    (re.compile(r"kwartier"), "quarters"),
    (re.compile(r"^(?:uur|uren|hour)"), "hours"),
    (re.compile(r"^da"), "days"),
    (re.compile(r"^we"), "weeks"),
    (re.compile(r"^(?:maand|month)"), "months"),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads terms in one language, seen from when and where something is said.

    Attributes:
        words: of the language.
        hours: of the brand; days and times are meant in its zone.
        said: when, in that zone.
    """

    words: TermWords
    hours: OpeningHours
    said: datetime

    @classmethod
    def at(cls, sent: datetime, words: TermWords, hours: OpeningHours) -> Reader:
        """Read what was sent at a moment in any zone; one without a zone is in UTC."""
        return cls(words, hours, in_utc(sent).astimezone(hours.zone))

    def due(self, line: str) -> datetime | None:
        """Return by when `line`, plain text, says that something is done, in the brand's zone; `None` without a term.

        Of several days the last is meant ("vandaag of morgen"), of a stretch of time and a day the first.
        """
        text = in_digits(line)
        stretches = tuple(
            stretch for stretch in DURATION.finditer(text) if self.words.within.search(_before(text, stretch))
        )
        found = [moment for stretch in stretches if (moment := self._after(stretch)) is not None]
        rest = _without(text, stretches)
        day, rest = self._day(rest)
        clock = self._clock(rest)
        if day or clock:
            found.append(self._at(day or self.said.date(), clock, line))
        if found:
            return min(found)
        return self._vague(line)

    def _after(self, stretch: re.Match[str]) -> datetime | None:
        """Return the end of a stretch: of hours on the clock, of days when the brand closes."""
        amount, kind = _amount(stretch[1]), _kind(stretch[2])
        today, whole = self.said.date(), math.ceil(amount)
        if kind == "working":
            return self.hours.closes(self.hours.working_day(today, min(whole, _LONGEST_DAYS)))
        if kind in {"minutes", "quarters", "hours"}:
            unit = {"minutes": 1, "quarters": 15, "hours": 60}[kind]
            span = timedelta(minutes=min(amount * unit, _LONGEST_DAYS * 24 * 60))
            return (in_utc(self.said) + span).astimezone(self.hours.zone)
        if kind == "months":
            return self.hours.closes(_months_later(today, min(whole, 12)))
        if kind == "weeks":
            return self.hours.closes(today + min(math.ceil(amount * 7), _LONGEST_DAYS) * _DAY)
        return self.hours.closes(today + min(whole, _LONGEST_DAYS) * _DAY) if kind == "days" else None

    def _day(self, text: str) -> tuple[date | None, str]:
        """Return the last day that is named, and the text without all of them."""
        today = Today(self.said.date(), self.hours)
        days: list[date] = []
        for rule in self.words.days:
            matches = tuple(rule.pattern.finditer(text))
            for match in matches:
                if not self.words.no_term.search(_before(text, match)):
                    day = rule.meaning(match, today)
                    days += [day] if day else []
            text = _without(text, matches)
        return max(days, default=None), text

    def _clock(self, text: str) -> ClockTime | None:
        """Return the last time of the day that is named."""
        found: list[tuple[int, ClockTime]] = []
        for rule in self.words.times:
            matches = tuple(rule.pattern.finditer(text))
            found += [
                (match.start(), rule.meaning(match))
                for match in matches
                if not self.words.no_term.search(_before(text, match))
            ]
            text = _without(text, matches)
        return max(found, key=lambda one: one[0])[1] if found else None

    def _at(self, day: date, clock: ClockTime | None, line: str) -> datetime:
        if clock is None:
            return self._by_the_end(day, line)
        today = day == self.said.date()
        candidates = [self._local(day, one) for one in (clock.time, clock.later)]
        if self.words.morning.search(line):
            candidates = candidates[:1]
        elif self._is_late(line) or (not clock.sure and clock.hour < _WAKES):
            candidates = candidates[1:]
        if not today:
            return candidates[0]
        last = max(candidates[0], self.hours.closes(day))
        return next((moment for moment in candidates if self.said < moment <= last), candidates[0] + _DAY)

    def _is_late(self, line: str) -> bool:
        return bool(self.words.afternoon.search(line) or self.words.evening.search(line))

    def _by_the_end(self, day: date, line: str) -> datetime:
        """Return the end of a day or of the part that is named; of one that is over, the last minute of the day."""
        closes = self.hours.closes(day)
        last = self._local(day, time(23, 59))
        if self.words.evening.search(line):
            due = closes if closes.time() > _AFTERNOON_ENDS else last
        elif self.words.afternoon.search(line):
            due = min(closes, self._local(day, _AFTERNOON_ENDS))
        elif self.words.morning.search(line):
            due = min(closes, self._local(day, _MORNING_ENDS))
        else:
            due = closes
        return due if due > self.said else max(closes, last)

    def _vague(self, line: str) -> datetime | None:
        if self.words.at_once.search(line):
            return self.said + _SOON
        return self._by_the_end(self.said.date(), line) if self.words.later.search(line) else None

    def _local(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.hours.zone)


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _REACH) : match.start()]


def _without(text: str, matches: tuple[re.Match[str], ...]) -> str:
    """Return `text` with blanks, as many, for what was read."""
    parts: list[str] = []
    start = 0
    for match in matches:
        parts += text[start : match.start()], " " * len(match[0])
        start = match.end()
    return "".join((*parts, text[start:]))


def _amount(said: str) -> float:
    """Return how many: of "1 tot 2" the most."""
    if not said[0].isdigit():
        return _FEW.get(said, _SOME)
    return max(float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", said))


def _kind(unit: str) -> str | None:
    return next((kind for pattern, kind in _KINDS if pattern.search(unit)), None)


def _months_later(day: date, months: int) -> date:
    years, index = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, index + 1, min(day.day, monthrange(year, index + 1)[1]))
