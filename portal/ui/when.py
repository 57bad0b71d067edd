"""Days, times and lengths in the words of a school's calendar."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day(told: date, today: date) -> str:
    """Nov 18; with its year when that is not this one."""
    text = f"{told:%b} {told.day}"
    return text if told.year == today.year else f"{text}, {told.year}"


def local_day(at: datetime, tz: str) -> date:
    """The day that it is at this instant."""
    return at.astimezone(ZoneInfo(tz)).date()


def day_of(at: datetime, now: datetime, tz: str) -> str:
    """The local day of an instant."""
    return day(local_day(at, tz), local_day(now, tz))


def time_of(at: datetime, tz: str) -> str:
    """9:40 AM."""
    local = at.astimezone(ZoneInfo(tz))
    return f"{local.hour % 12 or 12}:{local:%M %p}"


def moment(at: datetime, now: datetime, tz: str) -> str:
    """The time alone for today, otherwise the day before it."""
    if local_day(at, tz) == local_day(now, tz):
        return time_of(at, tz)
    return f"{day_of(at, now, tz)}, {time_of(at, tz)}"


def span(start: datetime, end: datetime, now: datetime, tz: str) -> str:
    """From Nov 25, 11:19 PM until Nov 26, 11:19 PM: each end with its day, whichever is today."""
    told = (f"{day_of(at, now, tz)}, {time_of(at, tz)}" for at in (start, end))
    return f"From {' until '.join(told)}"


def month(at: datetime, tz: str) -> str:
    """November 2026."""
    return f"{at.astimezone(ZoneInfo(tz)):%B %Y}"


def length(minutes: int) -> str:
    """35 min, or 1 h 05 min."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def days(count: int) -> str:
    """Today, 1 day, 12 days."""
    return "today" if count == 0 else f"{count} day" if count == 1 else f"{count} days"


def counted(count: int, one: str, many: str = "") -> str:
    """1 visit, 2 visits; `many` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
