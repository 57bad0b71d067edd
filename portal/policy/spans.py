"""Half-open spans of time: `start <= t < end`; an end of None is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


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
