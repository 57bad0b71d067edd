"""Half-open spans of time: `start <= t < end`; an end of None is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1950, 2199


@dataclass(frozen=True)
class Span:
    """From an aware instant (included) to another (excluded), or to no end."""

    start: datetime
    end: datetime | None = None

    def contains(self, t: datetime) -> bool:
        """Does `t` lie within?"""
        return self.start <= t and (self.end is None or t < self.end)


def local_midnight(day: date, tz: str) -> datetime:
    """The instant at which `day` begins in the IANA zone `tz`, in UTC.

    Where the clocks skip midnight, the instant of the skip.
    """
    return datetime.combine(day, time(), ZoneInfo(tz)).astimezone(UTC)


def midnight_after(day: date, tz: str) -> datetime:
    """The first instant after `day`: a paper "through 30 June" ends as 1 July begins."""
    return local_midnight(day + timedelta(days=1), tz)


def last_day(end: datetime, tz: str) -> date:
    """The last day of a span that ends at `end`, as a paper prints it."""
    return (end - timedelta(microseconds=1)).astimezone(ZoneInfo(tz)).date()


def is_likely_day(day: date) -> bool:
    """Is this a day that a paper about a student can name, and not a slip of the keyboard?"""
    return FIRST_YEAR <= day.year <= LAST_YEAR
