"""Whom one may put on a caseload, as a SELECT.

The same rule as `policy.tasks.may_do_for` for ASSIGN_CASELOAD, told a second
time; a test holds the two together. Which of them are named, only
`access.visible` can tell.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select, true

from portal.access import locks, visible
from portal.access.actor import Actor
from portal.access.sql import within
from portal.policy.tasks import Task
from portal.store.people import Enrollment, Student, User
from portal.store.places import Organization, School
from portal.vocabulary import Role

TAIL = 4


@dataclass(frozen=True)
class StudentLine:
    """A student whom I may assign.

    name: empty when my level names no student like this one. number_tail: the last four of
    the SASID, or of the local id of whoever has none yet.
    """

    id: uuid.UUID
    name: str
    grade: str
    school: str
    number_tail: str


def students(me: Actor, at: datetime) -> ColumnElement[bool]:
    """Condition on Student: those whom this person may put on a caseload of the district."""
    me.may(Task.ASSIGN_CASELOAD).or_refuse()
    standing = exists(
        select(User.id)
        .join(Organization, Organization.id == User.organization_id)
        .where(User.id == me.id, within(User.active_from, User.active_until, at))
        .where(within(Organization.active_from, Organization.active_until, at))
    )
    return and_(
        standing,
        Student.district_id == me.organization_id,
        locks.unlocked(me, Student.id, at),
        _in_my_building(me, at),
    )


def _in_my_building(me: Actor, at: datetime) -> ColumnElement[bool]:
    if me.role is not Role.PRINCIPAL:
        return true()
    return Student.id.in_(
        select(Enrollment.student_id).where(
            Enrollment.school_id == me.school_id,
            within(Enrollment.starts_at, Enrollment.ends_at, at),
        )
    )


def named(me: Actor, at: datetime, *others: Any) -> Select[Any]:
    """SELECT of those students, by name, with `others`: `line` reads the first five columns.

    A student is named only to whom their level names them.
    """
    school = (
        select(School.name)
        .join(Enrollment, Enrollment.school_id == School.id)
        .where(Enrollment.student_id == Student.id, Enrollment.starts_at <= at)
        .order_by(Enrollment.starts_at.desc(), Enrollment.id)
        .limit(1)
        .correlate(Student)
        .scalar_subquery()
    )
    named = visible.students(me, at)
    name = case((named, Student.family_name + ", " + Student.given_name), else_="")
    number = func.coalesce(Student.sasid, Student.local_id)
    # Somebody who reads no names must not read their alphabet out of the order either.
    by_name = case((named, Student.search_name)).nulls_first()
    return (
        select(Student.id, name, Student.grade, func.coalesce(school, ""), number, *others)
        .where(students(me, at), Student.missing_since.is_(None))
        .order_by(by_name, Student.grade, number, Student.id)
    )


def line(row: Sequence[Any]) -> StudentLine:
    """A student as `named` selects them."""
    key, name, grade, school, number = row
    return StudentLine(key, name, grade, school, number[-TAIL:])
