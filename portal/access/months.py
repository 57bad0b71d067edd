"""Months that are over, in a district's zone: what counts are told by.

The month that runs is not among them: from one day's count to the next, one visit could be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.policy.spans import local_midnight


@dataclass(frozen=True)
class Month:
    """A month from its first midnight until before the next one's. name: 2026-11."""

    name: str
    start: datetime
    end: datetime


def in_words(name: str) -> str:
    """2026-10 as October 2026."""
    return f"{date.fromisoformat(f'{name}-01'):%B %Y}"


def months_before(at: datetime, tz: str, many: int) -> list[Month]:
    """The last whole months before `at`, the earliest first."""
    found: list[Month] = []
    after = at.astimezone(ZoneInfo(tz)).date().replace(day=1)
    while len(found) < many:
        first = _first_of_month_before(after)
        span = local_midnight(first, tz), local_midnight(after, tz)
        found.insert(0, Month(f"{first:%Y-%m}", *span))
        after = first
    return found


def _first_of_month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
