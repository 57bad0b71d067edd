"""How a building or a district uses its support, counted; never by student or member of staff.

The counts leave this file only as `policy.groups` tells them, and of months that are over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, distinct, func, select
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.access.months import months_before
from portal.access.sql import outside, there_is, within
from portal.policy.groups import Group, GroupTable, group_table
from portal.policy.tasks import Task
from portal.store.people import Enrollment
from portal.store.records import Record, Visit
from portal.vocabulary import Category, Role

MONTHS = 3


def visits_by_purpose(
    session: Session, me: Actor, purposes: Sequence[str], at: datetime
) -> GroupTable:
    """Visits by purpose and month: of a principal's building, of anybody else's whole district.

    purposes: the codes to tell, in this order. Months are named 2026-11, the earliest first.
    """
    me.may(Task.SEE_GROUPS).or_refuse()
    months = months_before(at, me.tz, MONTHS)
    later = ((Record.event_at >= month.start, month.name) for month in reversed(months[1:]))
    name = case(*later, else_=months[0].name)
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
