"""What a page asks about visits, narrowed to what the person may open."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from portal.access import trail, visible
from portal.access.actor import Actor
from portal.policy.spans import local_midnight
from portal.store.people import Enrollment, Student
from portal.store.records import Record, Referral, Visit, VisitNote
from portal.vocabulary import Category, Purpose, VisitPurpose

RECENT = 8


@dataclass(frozen=True)
class VisitLine:
    """A visit of mine, as a list shows it."""

    visit_id: uuid.UUID
    student: str
    purpose: VisitPurpose
    minutes: int
    began: datetime
    referred: bool


@dataclass(frozen=True)
class Week:
    """My visits since Monday: how many, how many minutes, and minutes by purpose, most first."""

    visits: int
    minutes: int
    by_purpose: tuple[tuple[VisitPurpose, int], ...]


def logged_today(session: Session, me: Actor, at: datetime) -> list[VisitLine]:
    """My visits written down today, the last one first, whenever they took place."""
    midnight = local_midnight(at.astimezone(ZoneInfo(me.tz)).date(), me.tz)
    referred = exists(select(Referral.record_id).where(Referral.visit_id == Visit.record_id))
    rows = session.execute(
        select(Visit, Record.event_at, Student, referred)
        .join(Record, Record.id == Visit.record_id)
        .join(Student, Student.id == Record.student_id)
        .where(*_mine(me, at), Record.written_at >= midnight)
        .order_by(Record.written_at.desc(), Record.id)
    ).all()
    students = tuple(student.id for _visit, _began, student, _referred in rows)
    opened = [Category.VISITS, Category.IDENTITY]
    entry = trail.Entry("visit.listed", True, at, students, Purpose.COORDINATE, opened=opened)
    trail.write(session, me, entry)
    return [
        VisitLine(
            visit_id=visit.record_id,
            student=f"{student.family_name}, {student.given_name}",
            purpose=visit.purpose,
            minutes=visit.minutes,
            began=began,
            referred=sent,
        )
        for visit, began, student, sent in rows
    ]


def my_week(session: Session, me: Actor, at: datetime) -> Week:
    """My own visits since Monday; nobody else's, and no student."""
    today = at.astimezone(ZoneInfo(me.tz)).date()
    monday = local_midnight(today - timedelta(days=today.weekday()), me.tz)
    minutes = func.sum(Visit.minutes)
    rows = session.execute(
        select(Visit.purpose, func.count(), minutes)
        .join(Record, Record.id == Visit.record_id)
        .where(*_mine(me, at), Record.event_at >= monday, Record.event_at <= at)
        .group_by(Visit.purpose)
        .order_by(minutes.desc(), Visit.purpose)
    ).all()
    return Week(
        visits=sum(count for _purpose, count, _sum in rows),
        minutes=sum(total for _purpose, _count, total in rows),
        by_purpose=tuple((purpose, total) for purpose, _count, total in rows),
    )


def recent_students(session: Session, me: Actor, at: datetime) -> list[uuid.UUID]:
    """The students I saw last, the last one first."""
    last = func.max(Record.event_at)
    rows = session.scalars(
        select(Record.student_id)
        .join(Visit, Visit.record_id == Record.id)
        .where(*_mine(me, at))
        .group_by(Record.student_id)
        .order_by(last.desc(), Record.student_id)
        .limit(RECENT)
    )
    return list(rows)


def first_entered(session: Session, student_id: uuid.UUID) -> datetime | None:
    """When the student first entered a school of the district; None when no roster says."""
    return session.scalar(
        select(func.min(Enrollment.starts_at)).where(Enrollment.student_id == student_id)
    )


def note_of(session: Session, visit_id: uuid.UUID) -> VisitNote | None:
    """The note of a visit, for the verbs of this room; pages read notes through the gate."""
    return session.scalar(select(VisitNote).where(VisitNote.visit_id == visit_id))


def _mine(me: Actor, at: datetime) -> tuple[ColumnElement[bool], ...]:
    opened = visible.records(me, Purpose.COORDINATE, at, kinds=[Category.VISITS])
    return (Visit.staff_id == me.id, opened)
