"""When a district's school year ends and began: as the district set it, or as it usually is.

A Connecticut school year runs from July 1 to June 30 (CGS 10-259) unless the district has
written down its own first and last school day. About nobody, so nothing is noted.
"""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.store.support import SchoolYear

FIRST_MONTH = 7


def last_school_day(session: Session, district_id: uuid.UUID, day: date) -> date:
    """The last school day of the year that `day` is in; never before `day`."""
    ends = session.scalar(
        select(func.min(SchoolYear.last_day)).where(
            SchoolYear.district_id == district_id, SchoolYear.last_day >= day
        )
    )
    usual = date(_starts_in(day) + 1, 6, 30)
    return usual if ends is None else min(ends, usual)


def previous_year_began(session: Session, district_id: uuid.UUID, day: date) -> date:
    """The first day of the school year before the one that `day` is in."""
    usual = date(_starts_in(day) - 1, FIRST_MONTH, 1)
    began = session.scalar(
        select(func.min(SchoolYear.first_day)).where(
            SchoolYear.district_id == district_id,
            SchoolYear.first_day >= usual,
            SchoolYear.first_day < date(usual.year + 1, FIRST_MONTH, 1),
        )
    )
    return began or usual


def _starts_in(day: date) -> int:
    """The calendar year in which the school year of this day began."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1
