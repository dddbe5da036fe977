"""Deadlines within opening hours, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repliek.brand import Brand, Hours, ReplyTimes
from repliek.hours import OpeningHours
from repliek.suggestions import Due

ZONE = ZoneInfo("Europe/Amsterdam")
OFFICE = Hours(opens=time(9), closes=time(17))
SATURDAY = Hours(opens=time(10), closes=time(14))
WEEK = OpeningHours((OFFICE,) * 5 + (SATURDAY, None), ZONE)
ALWAYS = OpeningHours.round_the_clock(ZONE)
ALL_WEEK = OpeningHours((Hours(opens=time(8), closes=time(22)),) * 7, ZONE)
"""As the bundled brand."""


def at(text: str, zone: ZoneInfo = ZONE) -> datetime:
    """A moment of November 2026, in which the 23rd is a Monday: `"23 16:30"`."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        ("23 10:00", 60, "23 11:00"),
        ("23 16:00", 60, "23 17:00"),
        ("23 16:30", 60, "24 09:30"),
        ("23 07:15", 60, "23 10:00"),
        ("23 17:00", 60, "24 10:00"),
        ("27 16:30", 60, "28 10:30"),
        ("28 13:30", 60, "30 09:30"),
        ("29 12:00", 60, "30 10:00"),
        ("29 12:00", 0, "29 12:00"),
        ("02 09:00", 44 * 60, "07 14:00"),
        ("02 09:00", 44 * 60 + 1, "09 09:01"),
        ("02 09:00", 2 * 44 * 60 + 30, "16 09:30"),
    ],
)
def test_only_open_time_counts(moment: str, minutes: int, due: str) -> None:
    assert WEEK.add(at(moment), timedelta(minutes=minutes)) == at(due)


@pytest.mark.parametrize(
    ("moment", "hours", "due"),
    [
        ("23 10:00", 24, "24 10:00"),
        ("23 20:00", 24, "25 09:00"),
        ("23 07:00", 24, "24 09:00"),
        ("27 16:00", 24, "30 09:00"),
        ("28 11:00", 48, "30 11:00"),
        ("29 12:00", 24, "01 09:00"),
        ("23 09:00", 8, "23 17:00"),
    ],
)
def test_the_clock_runs_from_opening_and_stops_when_open(moment: str, hours: int, due: str) -> None:
    found = WEEK.add_on_the_clock(at(moment), timedelta(hours=hours))
    assert found == (datetime(2026, 12, 1, 9, tzinfo=ZONE) if due == "01 09:00" else at(due))


def test_round_the_clock_is_the_clock() -> None:
    moment, span = at("29 03:12"), timedelta(days=11, minutes=7)
    assert ALWAYS.add(moment, span) == ALWAYS.add_on_the_clock(moment, span) == moment + span
    assert ALWAYS.opened(moment) == moment


def test_a_day_until_midnight_joins_the_next() -> None:
    late = OpeningHours((Hours(opens=time(12), closes=time(0)),) * 7, ZONE)
    assert late.add(at("23 23:30"), timedelta(hours=1)) == at("24 12:30")
    assert late.closes(date(2026, 11, 23)) == at("23 23:59")


def test_the_hour_that_the_clock_leaves_out_is_no_open_time() -> None:
    night = OpeningHours((Hours(opens=time(1), closes=time(5)),) * 7, ZONE)
    spring, autumn = datetime(2026, 3, 29, 1, tzinfo=ZONE), datetime(2026, 10, 25, 1, tzinfo=ZONE)
    assert night.add(spring, timedelta(hours=3)) == datetime(2026, 3, 29, 5, tzinfo=ZONE)
    assert night.add(autumn, timedelta(hours=5)) == datetime(2026, 10, 25, 5, tzinfo=ZONE)
    day_later = ALWAYS.add_on_the_clock(datetime(2026, 3, 28, 12, tzinfo=ZONE), timedelta(hours=24))
    assert day_later.astimezone(ZONE) == datetime(2026, 3, 29, 13, tzinfo=ZONE)


def test_what_comes_out_is_in_the_zone_that_went_in() -> None:
    for zone in (UTC, timezone(timedelta(hours=5, minutes=30)), ZONE):
        found = WEEK.add(at("23 16:30").astimezone(zone), timedelta(hours=1))
        assert found == at("24 09:30")
        assert found.tzinfo is zone
    assert WEEK.add(datetime(2026, 11, 23, 15, 30), timedelta(hours=1)) == at("24 09:30"), "no zone is UTC"


def test_closing_time() -> None:
    assert WEEK.closes(date(2026, 11, 23)) == at("23 17:00")
    assert WEEK.closes(date(2026, 11, 28)) == at("28 14:00")
    assert WEEK.closes(date(2026, 11, 29)) == at("29 23:59")
    assert ALWAYS.closes(date(2026, 11, 23)) == at("23 23:59")


def test_working_days() -> None:
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert WEEK.working_day(friday, 1) == ALL_WEEK.working_day(friday, 1) == monday
    assert WEEK.working_day(friday, 6) == date(2026, 12, 7)
    assert WEEK.working_day(friday, 0) == friday
    assert WEEK.working_day(date(2026, 11, 28), 0) == monday
    assert WEEK.last_working_day(date(2026, 11, 23), date(2026, 11, 29)) == friday
    weekend = OpeningHours((None,) * 5 + (SATURDAY, SATURDAY), ZONE)
    assert weekend.working_day(friday, 2) == date(2026, 11, 29)
    assert WEEK.last_working_day(date(2026, 11, 28), date(2026, 11, 29)) == date(2026, 11, 29)


@pytest.mark.parametrize("days", [(), (None,) * 7, (OFFICE,) * 6])
def test_a_week_has_seven_days_and_open_time(days: tuple[Hours | None, ...]) -> None:
    with pytest.raises(ValueError, match="seven weekdays"):
        OpeningHours(days, ZONE)


def test_hours_of_a_brand() -> None:
    assert OpeningHours.of(Brand()) == ALWAYS
    brand = Brand(opening_hours={"tuesday": OFFICE}, timezone=ZoneInfo("Europe/Lisbon"))
    hours = OpeningHours.of(brand)
    assert hours.days == (None, OFFICE, *(None,) * 5)
    assert hours.opened(at("23 12:00")) == at("24 10:00"), "nine in Lisbon is ten in Amsterdam"


@pytest.mark.parametrize(
    ("hours", "received", "first_reply", "solution"),
    [
        (ALWAYS, "28 03:00", "28 04:00", "29 03:00"),
        (ALL_WEEK, "23 12:00", "23 13:00", "24 12:00"),
        (ALL_WEEK, "23 23:00", "24 09:00", "25 08:00"),
        (ALL_WEEK, "23 03:00", "23 09:00", "24 08:00"),
        (WEEK, "23 12:00", "23 13:00", "24 12:00"),
        (WEEK, "27 20:00", "28 11:00", "30 09:00"),
        (WEEK, "28 13:30", "30 09:30", "30 09:30"),
        (WEEK, "29 12:00", "30 10:00", "01 09:00"),
    ],
)
def test_what_the_brand_promised(hours: OpeningHours, received: str, first_reply: str, solution: str) -> None:
    due = Due.after(at(received), ReplyTimes(), hours)
    december = datetime(2026, 12, 1, 9, tzinfo=ZONE)
    assert (due.first_reply, due.solution) == (at(first_reply), december if solution == "01 09:00" else at(solution))


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(), timedelta(days=30))


@given(moments, spans, spans)
def test_adding_twice_is_adding_both(moment: datetime, first: timedelta, second: timedelta) -> None:
    assert WEEK.add(WEEK.add(moment, first), second) == WEEK.add(moment, first + second)


@given(moments, spans)
def test_deadlines_end_while_open_and_never_early(moment: datetime, span: timedelta) -> None:
    due = Due.after(moment, ReplyTimes(solution_minutes=1 + span // timedelta(minutes=1)), WEEK)
    assert moment < due.first_reply <= due.solution
    assert WEEK.opened(due.first_reply) == due.first_reply
    assert WEEK.opened(due.solution) == due.solution
