"""From when until when: days of the brand's zone, or moments."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from repliek.wire.fields import DayOrMoment
from serving.period import Period

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
READ = TypeAdapter[date](DayOrMoment)


def test_a_day_counts_wholly() -> None:
    # The clocks go forward on this day: it has 23 hours.
    period = Period(since=date(2026, 3, 29), until=date(2026, 3, 29))
    assert period.begins(AMSTERDAM) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert period.ends(AMSTERDAM) == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_a_moment_is_what_it_is() -> None:
    at = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    period = Period(since=at, until=at)
    assert period.begins(AMSTERDAM) == period.ends(AMSTERDAM) == at


def test_without_ends() -> None:
    assert Period().begins(AMSTERDAM) is Period().ends(AMSTERDAM) is None


def test_what_is_read() -> None:
    assert READ.validate_python("2026-03-02") == date(2026, 3, 2)
    assert type(READ.validate_python("2026-03-02")) is date
    # Midnight is a moment too, and not its day.
    assert READ.validate_python("2026-03-02T00:00:00Z") == datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "given", ["", "x", "2026-02-30", "2026-03-02T08:15:00", "1999-12-31", "2100-01-01", 0, 1.5, True, None]
)
def test_what_is_neither(given: object) -> None:
    with pytest.raises(ValidationError, match="expected a day, such as"):
        READ.validate_python(given)
