"""What the page of caseloads asks. A student is named only to whom their level names them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from portal.access import assignable, trail
from portal.access.actor import Actor
from portal.access.assignable import StudentLine
from portal.access.sql import within
from portal.policy.caseloads import CASELOAD, KINDS_OF_LEVEL
from portal.policy.tasks import Task
from portal.store.people import Relation, Student, User
from portal.vocabulary import Level, RelationKind


@dataclass(frozen=True)
class CarrierLine:
    """One of the staff who has a caseload, with how many of the students I may assign."""

    id: uuid.UUID
    name: str
    title: str
    level: Level
    students: int


@dataclass(frozen=True)
class CaseloadLine:
    """A student on somebody's caseload."""

    relation_id: uuid.UUID
    student: StudentLine
    kind: RelationKind
    starts_at: datetime


def carriers(session: Session, me: Actor, at: datetime) -> list[CarrierLine]:
    """The district's active counselors and clinicians, by name."""
    me.may(Task.ASSIGN_CASELOAD).or_refuse()
    carried = (
        select(func.count(func.distinct(Relation.student_id)))
        .join(Student, Student.id == Relation.student_id)
        .where(Relation.user_id == User.id, _carried(at), assignable.students(me, at))
        .correlate(User)
        .scalar_subquery()
    )
    rows = session.execute(
        select(User.id, User.name, User.title, User.level, carried)
        .where(
            User.organization_id == me.organization_id,
            User.level.in_(KINDS_OF_LEVEL),
            within(User.active_from, User.active_until, at),
        )
        .order_by(User.name, User.id)
    )
    return [CarrierLine(*row) for row in rows]


def caseload(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> list[CaseloadLine]:
    """The students on this person's caseload whom I may assign, now or from a later day."""
    rows = session.execute(
        assignable.named(me, at, Relation.id, Relation.kind, Relation.starts_at)
        .join(Relation, Relation.student_id == Student.id)
        .where(Relation.user_id == user_id, _carried(at))
    ).all()
    lines = [
        CaseloadLine(relation, assignable.line(student), kind, starts_at)
        for *student, relation, kind, starts_at in rows
    ]
    _listed(session, me, [line.student for line in lines], at)
    return lines


def to_assign(
    session: Session, me: Actor, at: datetime, *, nobody_has: bool = False
) -> list[StudentLine]:
    """Students whom I may put on a caseload; with `nobody_has`, those on none."""
    students = assignable.named(me, at)
    if nobody_has:
        students = students.where(
            not_(exists(select(Relation.id).where(Relation.student_id == Student.id, _carried(at))))
        )
    lines = [assignable.line(row) for row in session.execute(students)]
    _listed(session, me, lines, at)
    return lines


def open_between(
    session: Session, user_id: uuid.UUID, student_id: uuid.UUID, kind: RelationKind, at: datetime
) -> Relation | None:
    """The relation of this kind between the two that has not ended."""
    return session.scalars(
        select(Relation)
        .where(
            Relation.user_id == user_id,
            Relation.student_id == student_id,
            Relation.kind == kind,
            _carried(at),
        )
        .order_by(Relation.starts_at, Relation.id)
        .limit(1)
    ).first()


def _carried(at: datetime) -> ColumnElement[bool]:
    not_over = or_(Relation.ends_at.is_(None), Relation.ends_at > at)
    return and_(Relation.kind.in_(CASELOAD), not_over)


def _listed(session: Session, me: Actor, lines: list[StudentLine], at: datetime) -> None:
    named = sum(bool(line.name) for line in lines)
    detail = {"count": len(lines), "named": named}
    trail.write(session, me, trail.Entry("students.listed", True, at, detail=detail))
