"""How a building or a district uses its support, counted; never by student or member of staff.

The counts leave this file only as `policy.groups` tells them. The month that runs is not among
them: from one day's count to the next, one visit could be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, distinct, func, select
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.access.sql import outside, there_is, within
from portal.policy.groups import Group, GroupTable, group_table
from portal.policy.spans import local_midnight
from portal.policy.tasks import Task
from portal.store.people import Enrollment
from portal.store.records import Record, Visit
from portal.vocabulary import Category, Role

MONTHS = 3


@dataclass(frozen=True)
class _Month:
    """A month that is over, in the district's zone. name: 2026-11."""

    name: str
    start: datetime
    end: datetime


def visits_by_purpose(
    session: Session, me: Actor, purposes: Sequence[str], at: datetime
) -> GroupTable:
    """Visits by purpose and month: of a principal's building, of anybody else's whole district.

    purposes: the codes to tell, in this order. Months are named 2026-11, the earliest first.
    """
    me.may(Task.SEE_GROUPS).or_refuse()
    months = _months(at, me.tz)
    name = case(*((Record.event_at >= month.start, month.name) for month in reversed(months)))
    rows = session.execute(
        select(
            Visit.purpose,
            name,
            func.count(),
            func.count(distinct(Record.student_id)),
            func.count(distinct(Visit.staff_id)),
        )
        .join(Record, Record.id == Visit.record_id)
        .where(
            Record.custodian_id == me.organization_id,
            Record.category == Category.VISITS,
            Record.event_at >= months[0].start,
            Record.event_at < months[-1].end,
            outside(Record.sealed_from, Record.sealed_until, at),
            *_building(me),
        )
        .group_by(Visit.purpose, name)
    )
    groups = {(purpose, month): Group(*counts) for purpose, month, *counts in rows}
    trail.write(session, me, trail.Entry("groups.counted", True, at, subject="visits"))
    return group_table(groups, purposes, [month.name for month in months])


def _building(me: Actor) -> list[ColumnElement[bool]]:
    """For a principal: the student was then enrolled in the building."""
    if me.role is not Role.PRINCIPAL:
        return []
    then = within(Enrollment.starts_at, Enrollment.ends_at, Record.event_at)
    here = Enrollment.school_id == me.school_id
    return [
        there_is(Enrollment, where=[and_(Enrollment.student_id == Record.student_id, here, then)])
    ]


def _months(at: datetime, tz: str) -> list[_Month]:
    """The last whole months before `at`, the earliest first."""
    found: list[_Month] = []
    after = at.astimezone(ZoneInfo(tz)).date().replace(day=1)
    while len(found) < MONTHS:
        first = _first_of_month_before(after)
        span = local_midnight(first, tz), local_midnight(after, tz)
        found.insert(0, _Month(f"{first:%Y-%m}", *span))
        after = first
    return found


def _first_of_month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
