"""Instants and spans as FHIR writes them: with an offset, and with an end that is included.

Ours are half-open. An end of ours at midnight is written as the last second before it, and a
written end is read as the first instant after what it names: a second, a day, a month, a year.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.policy.spans import Span, local_midnight

SECOND, TICK = timedelta(seconds=1), timedelta(microseconds=1)
FRACTION = re.compile(r"\.(\d+)")


def written(at: datetime, tz: str) -> str:
    """An instant on the clock of this zone."""
    return at.astimezone(ZoneInfo(tz)).isoformat()


def period(span: Span, tz: str) -> dict[str, str]:
    """A Period: from the first instant to the last one that is still within."""
    told = {"start": written(span.start, tz)}
    if span.end is not None:
        told["end"] = written_end(span.end, tz)
    return told


def written_end(end: datetime, tz: str) -> str:
    """The last instant before `end`: to the second, or with a fraction where `end` has one."""
    if end.microsecond:
        return (end - TICK).astimezone(ZoneInfo(tz)).isoformat(timespec="microseconds")
    return written(end - SECOND, tz)


def first(text: str, tz: str) -> datetime:
    """The first instant that a FHIR dateTime names. Raises ValueError for what is no day."""
    if "T" in text:
        return _instant(text)
    return local_midnight(_first_day(text), tz)


def after(text: str, tz: str) -> datetime:
    """The first instant after all that a FHIR dateTime names. Raises ValueError likewise."""
    if "T" in text:
        return _instant(text) + (TICK if FRACTION.search(text) else SECOND)
    return local_midnight(_day_after(text), tz)


def _instant(text: str) -> datetime:
    """Digits beyond a microsecond are cut off: no consent hangs on them."""
    cut = FRACTION.sub(lambda found: f".{found[1][:6]:0<6}", text)
    return datetime.fromisoformat(cut).astimezone(UTC)


def _first_day(text: str) -> date:
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    return date(year, month, day)


def _day_after(text: str) -> date:
    first_day = _first_day(text)
    match text.count("-"):
        case 0:
            return date(first_day.year + 1, 1, 1)
        case 1:
            return (first_day + timedelta(days=31)).replace(day=1)
        case _:
            return first_day + timedelta(days=1)


def span(told: dict[str, Any], tz: str) -> tuple[datetime | None, datetime | None]:
    """A Period's first instant, and the first one after it; None where it says nothing."""
    start, end = told.get("start"), told.get("end")
    return (first(start, tz) if start else None, after(end, tz) if end else None)
