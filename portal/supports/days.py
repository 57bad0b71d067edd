"""The day that it is for somebody."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.access.actor import Actor


def local_today(me: Actor, at: datetime) -> date:
    """The day of this instant where this person works."""
    return at.astimezone(ZoneInfo(me.tz)).date()
