"""Days as one reader counts them: from their own today, in their own zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.policy.spans import last_day
from portal.ui import when


@dataclass(frozen=True)
class Days:
    """The instant of a page and the IANA zone of its reader."""

    now: datetime
    tz: str

    @property
    def today(self) -> date:
        """The reader's local day."""
        return self.now.astimezone(ZoneInfo(self.tz)).date()

    def of(self, at: datetime) -> str:
        """The local day of an instant."""
        return when.day_of(at, self.now, self.tz)

    def last(self, end: datetime) -> str:
        """The last day of a span that ends at `end`."""
        return when.day(last_day(end, self.tz), self.today)

    def left(self, end: datetime) -> int:
        """How many days of such a span are left after today."""
        return (last_day(end, self.tz) - self.today).days
