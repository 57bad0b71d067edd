"""Whom one may put on a caseload, as a SELECT.

The same rule as `policy.tasks.may_do_for` for ASSIGN_CASELOAD, told a second
time; a test holds the two together. Which of them are named, only
`access.visible` can tell.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select, true

from portal.access.actor import Actor
from portal.access.sql import within
from portal.policy.tasks import Task
from portal.store.people import Enrollment, Student, User
from portal.store.places import Organization
from portal.vocabulary import Role


def students(me: Actor, at: datetime) -> ColumnElement[bool]:
    """Condition on Student: those whom this person may put on a caseload of the district."""
    me.may(Task.ASSIGN_CASELOAD).or_refuse()
    standing = exists(
        select(User.id)
        .join(Organization, Organization.id == User.organization_id)
        .where(User.id == me.id, within(User.active_from, User.active_until, at))
        .where(within(Organization.active_from, Organization.active_until, at))
    )
    return and_(standing, Student.district_id == me.organization_id, _in_my_building(me, at))


def _in_my_building(me: Actor, at: datetime) -> ColumnElement[bool]:
    if me.role is not Role.PRINCIPAL:
        return true()
    return Student.id.in_(
        select(Enrollment.student_id).where(
            Enrollment.school_id == me.school_id,
            within(Enrollment.starts_at, Enrollment.ends_at, at),
        )
    )
