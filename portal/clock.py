"""The only place that asks what time it is. Everything else is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today(tz: str) -> date:
    """Today's date in the district's time zone (an IANA name)."""
    return now().astimezone(ZoneInfo(tz)).date()
