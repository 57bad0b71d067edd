"""A health or safety emergency inside the district (34 CFR 99.36): who declares, who looks after.

What a declared emergency opens is the gate's to say (O7). Pure rules.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.policy.decision import Decision, Reason, refuse
from portal.policy.gate import EMERGENCY_AT_MOST, NOT_IN_EMERGENCY
from portal.policy.levels import LEVELS
from portal.policy.tasks import Task, may_do
from portal.vocabulary import Category, Level, Role

HOURS_AT_MOST = int(EMERGENCY_AT_MOST.total_seconds()) // 3600
LEAST_REASON = 30
"""Characters in which a threat can be told: what threatens whom, and how one knows."""

OPENABLE = tuple(kind for kind in Category if kind not in NOT_IN_EMERGENCY)
"""The kinds that an emergency may open, in the order of the vocabulary."""

SATURDAY = 5


def may_declare(role: Role, level: Level) -> Decision:
    """May this person open a student whom their level does not reach, in an emergency?

    School officials who work with support records; whoever never opens a named record does not
    begin to in an emergency.
    """
    decision = may_do(role, Task.OPEN_EMERGENCY)
    if not decision or LEVELS[level].support:
        return decision
    return refuse([Reason.SUPPORT_STAFF_ONLY])


def judged_by(opened_at: datetime, tz: str, holidays: Collection[date] = ()) -> datetime:
    """Until when a second person looks at it: the same time on the next working day."""
    local = opened_at.astimezone(ZoneInfo(tz))
    day = local.date() + timedelta(days=1)
    while not is_working(day, holidays):
        day += timedelta(days=1)
    return datetime.combine(day, local.time(), ZoneInfo(tz))


def is_working(day: date, holidays: Collection[date]) -> bool:
    """Monday to Friday, and no holiday of the district."""
    return day.weekday() < SATURDAY and day not in holidays
