"""The lock between one person and one student, as a SELECT.

A conflict of interest: while its span is open, that person opens nothing of that student and
finds them in no list. The same rule as in `policy.gate.standing_problems`, told a second time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from portal.access.sql import within
from portal.store.people import StaffLock


def unlocked(me: Any, student_id: Any, at: datetime) -> ColumnElement[bool]:
    """Condition on a column of students: no lock stands between them and this viewer."""
    locked = select(StaffLock.student_id).where(
        StaffLock.user_id == me.id, within(StaffLock.starts_at, StaffLock.ends_at, at)
    )
    return student_id.not_in(locked.correlate(None))  # type: ignore[no-any-return]
