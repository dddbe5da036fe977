"""From when until when something is asked for, in days or moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated

from fastapi import Query

from repliek.wire.fields import DayOrMoment


@dataclass(frozen=True, slots=True)
class Period:
    """What a request asks for: a day counts wholly, in the brand's zone.

    Attributes:
        since: the first day, or moment.
        until: the last day, or the first moment that counts no more.
    """

    since: Annotated[DayOrMoment | None, Query(description="First day, or moment, that counts.")] = None
    until: Annotated[
        DayOrMoment | None, Query(description="Last day that counts, or the first moment that does not.")
    ] = None

    def begins(self, zone: tzinfo) -> datetime | None:
        """Return the first moment that counts."""
        return self.since and _moment(self.since, zone)

    def ends(self, zone: tzinfo) -> datetime | None:
        """Return the first moment that counts no more."""
        if self.until is None or isinstance(self.until, datetime):
            return self.until
        return _moment(self.until + timedelta(days=1), zone)


def _moment(day: date, zone: tzinfo) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time(), zone)
