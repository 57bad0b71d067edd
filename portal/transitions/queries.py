"""What the pages of hand-overs, changes of school, locks and the year's end ask."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.access import assignable, trail, visible
from portal.access.actor import Actor
from portal.access.assignable import StudentLine
from portal.access.locks import unlocked
from portal.access.sql import outside, within
from portal.access.words import words_of
from portal.policy.caseloads import CASELOAD, KINDS_OF_LEVEL
from portal.store.people import (
    Enrollment,
    HiddenStudent,
    Relation,
    SchoolClass,
    StaffLock,
    Student,
    User,
)
from portal.store.places import Organization, School
from portal.store.records import Record, Referral
from portal.store.support import FollowUp, Handover, SchoolYear, StudentService
from portal.vocabulary import (
    Category,
    MoveReason,
    Purpose,
    ReferralStatus,
    RelationKind,
    Role,
    WordList,
)

LATELY = timedelta(days=14)
NOT_OPEN = (
    ReferralStatus.DRAFT,
    ReferralStatus.WITHDRAWN,
    ReferralStatus.CLOSED,
    ReferralStatus.ENTERED_IN_ERROR,
)


# Who works with whom


@dataclass(frozen=True)
class Colleague:
    """One of the staff of my organization."""

    id: uuid.UUID
    name: str
    title: str

    @property
    def label(self) -> str:
        """Name and title."""
        return f"{self.name} · {self.title}" if self.title else self.name


@dataclass(frozen=True)
class Carried:
    """A student on a caseload."""

    student_id: uuid.UUID
    name: str
    grade: str

    @property
    def label(self) -> str:
        """Name and grade."""
        return f"{self.name} · Grade {self.grade}" if self.grade else self.name


def colleagues(
    session: Session, me: Actor, at: datetime, *, carriers: bool = False
) -> list[Colleague]:
    """The active staff of my organization, by name; `carriers`: who can take students over."""
    wanted = select(User.id, User.name, User.title).where(
        User.organization_id == me.organization_id,
        within(User.active_from, User.active_until, at),
    )
    if carriers:
        wanted = wanted.where(User.level.in_(KINDS_OF_LEVEL), User.role != Role.SECRETARY)
    rows = session.execute(wanted.order_by(User.name, User.id))
    return [Colleague(*row) for row in rows]


def carried_by(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> list[Carried]:
    """The students on this person's caseload whom I may open, by name."""
    rows = session.execute(
        select(Student.id, Student.family_name, Student.given_name, Student.grade)
        .where(
            Student.id.in_(
                select(Relation.student_id).where(Relation.user_id == user_id, carried(at))
            ),
            visible.students(me, at),
        )
        .order_by(Student.search_name, Student.id)
    ).all()
    about = tuple(row[0] for row in rows)
    trail.write(session, me, trail.Entry("students.listed", True, at, about))
    return [Carried(key, f"{family}, {given}", grade) for key, family, given, grade in rows]


def carried(at: datetime) -> ColumnElement[bool]:
    """Condition on Relation: a caseload that has not ended."""
    not_over = or_(Relation.ends_at.is_(None), Relation.ends_at > at)
    return and_(Relation.kind.in_(CASELOAD), not_over)


def caseload_relations(
    session: Session,
    student_id: uuid.UUID,
    at: datetime,
    *,
    user_id: uuid.UUID | None = None,
) -> Sequence[Relation]:
    """The caseloads that the student is on, of one person or of anybody."""
    wanted = select(Relation).where(Relation.student_id == student_id, carried(at))
    if user_id is not None:
        wanted = wanted.where(Relation.user_id == user_id)
    return session.scalars(wanted.order_by(Relation.starts_at, Relation.id)).all()


def class_relations(
    session: Session, student_id: uuid.UUID, schools: Collection[uuid.UUID], at: datetime
) -> Sequence[Relation]:
    """Who teaches the student in a class of these schools."""
    return session.scalars(
        select(Relation)
        .join(SchoolClass, SchoolClass.id == Relation.class_id)
        .where(
            Relation.student_id == student_id,
            Relation.kind == RelationKind.CLASS,
            SchoolClass.school_id.in_(schools),
            or_(Relation.ends_at.is_(None), Relation.ends_at > at),
        )
        .order_by(Relation.id)
    ).all()


def is_locked(session: Session, user_id: uuid.UUID, student_id: uuid.UUID, at: datetime) -> bool:
    """Must this person not open this student, at this instant or later?"""
    found = session.scalar(
        select(StaffLock.id)
        .where(
            StaffLock.user_id == user_id,
            StaffLock.student_id == student_id,
            or_(StaffLock.ends_at.is_(None), StaffLock.ends_at > at),
        )
        .limit(1)
    )
    return found is not None


def follow_ups_from(
    session: Session, user_id: uuid.UUID, student_id: uuid.UUID, day: date | None
) -> Sequence[FollowUp]:
    """What this person still wants to come back to with the student, due on `day` or later."""
    wanted = select(FollowUp).where(
        FollowUp.staff_id == user_id,
        FollowUp.student_id == student_id,
        FollowUp.done_at.is_(None),
        FollowUp.dropped_at.is_(None),
    )
    if day is not None:
        wanted = wanted.where(FollowUp.due_on >= day)
    return session.scalars(wanted.order_by(FollowUp.due_on, FollowUp.id)).all()


@dataclass(frozen=True)
class HandoverLine:
    """A student of whom a colleague told me lately."""

    student_id: uuid.UUID
    student: str
    giver: str
    at: datetime | None


def handed_to_me(session: Session, me: Actor, at: datetime) -> list[HandoverLine]:
    """What colleagues told me of students lately, the last first; each stands on the page."""
    rows = session.execute(
        select(Student, User.name, Record.written_at)
        .select_from(Handover)
        .join(Record, Record.id == Handover.record_id)
        .join(Student, Student.id == Record.student_id)
        .join(User, User.id == Handover.from_id)
        .where(
            Handover.to_id == me.id,
            Record.written_at >= at - LATELY,
            Record.restricted.is_(False),
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.VISIT_NOTES]),
        )
        .order_by(Record.written_at.desc(), Record.id)
    ).all()
    about = tuple(row[0].id for row in rows)
    trail.write(session, me, trail.Entry("handover.listed", True, at, about))
    return [
        HandoverLine(student.id, f"{student.family_name}, {student.given_name}", giver, written)
        for student, giver, written in rows
    ]


# Changing school


def to_move(session: Session, me: Actor, at: datetime) -> list[StudentLine]:
    """The students of my building, or of the district; named where I may read the name."""
    lines = [assignable.line(row) for row in session.execute(assignable.named(me, at))]
    named = sum(bool(line.name) for line in lines)
    detail = {"count": len(lines), "named": named}
    trail.write(session, me, trail.Entry("students.listed", True, at, detail=detail))
    return lines


def schools(session: Session, me: Actor) -> list[tuple[uuid.UUID, str]]:
    """The schools of my district, by name."""
    rows = session.execute(
        select(School.id, School.name)
        .where(School.district_id == me.organization_id)
        .order_by(School.name, School.id)
    )
    return [(key, name) for key, name in rows]


def open_enrollments(session: Session, student_id: uuid.UUID, at: datetime) -> Sequence[Enrollment]:
    """Where the student is enrolled now or from a later day."""
    return session.scalars(
        select(Enrollment)
        .where(
            Enrollment.student_id == student_id,
            or_(Enrollment.ends_at.is_(None), Enrollment.ends_at > at),
        )
        .order_by(Enrollment.starts_at, Enrollment.id)
    ).all()


@dataclass(frozen=True)
class MoveLine:
    """A change of school that bears on me. student: the name, or initials once out of my reach."""

    student_id: uuid.UUID | None
    student: str
    school: str
    from_at: datetime
    reason: MoveReason | None
    mine_no_more: bool


def moved_lately(session: Session, me: Actor, at: datetime) -> list[MoveLine]:
    """Changes of school written down lately, of students I see or did, the last first."""
    seen = visible.students(me, at)
    rows = session.execute(
        select(Enrollment, Student, School.name, seen)
        .join(Student, Student.id == Enrollment.student_id)
        .join(School, School.id == Enrollment.school_id)
        .where(
            Enrollment.moved_at >= at - LATELY,
            Student.district_id == me.organization_id,
            or_(seen, Student.id.in_(_lost(me, at))),
            unlocked(me, Student.id, at),
        )
        .order_by(Enrollment.moved_at.desc(), Enrollment.id)
    ).all()
    about = tuple(student.id for _row, student, _school, _seen in rows)
    trail.write(session, me, trail.Entry("students.listed", True, at, about))
    return [
        MoveLine(
            student.id if open_ else None,
            f"{student.family_name}, {student.given_name}" if open_ else initials(student),
            school,
            row.starts_at,
            row.moved_reason,
            not open_,
        )
        for row, student, school, open_ in rows
    ]


def initials(student: Student) -> str:
    """L. S."""
    return " ".join(f"{name[0]}." for name in (student.given_name, student.family_name) if name)


def _lost(me: Actor, at: datetime) -> Select[uuid.UUID] | CompoundSelect[uuid.UUID]:
    """Students who left my caseload, my class or, as its principal, my building lately."""
    since = at - LATELY
    related = select(Relation.student_id).where(
        Relation.user_id == me.id, Relation.ends_at > since, Relation.ends_at <= at
    )
    if me.role is not Role.PRINCIPAL:
        return related
    return related.union(
        select(Enrollment.student_id).where(
            Enrollment.school_id == me.school_id,
            Enrollment.ends_at > since,
            Enrollment.ends_at <= at,
        )
    )


# Locks


@dataclass(frozen=True)
class LockLine:
    """A lock that stands: of whom, and which student."""

    id: uuid.UUID
    user: str
    student: StudentLine
    since: datetime
    until: datetime | None
    reason: str


@dataclass(frozen=True)
class HiddenLine:
    """A student who is left out of lists."""

    id: uuid.UUID
    student: StudentLine
    since: datetime
    until: datetime | None
    reason: str


def locks(session: Session, me: Actor, at: datetime) -> list[LockLine]:
    """The locks that stand, of students of my building or district; never one's own."""
    wanted = assignable.named(
        me, at, StaffLock.id, User.name, StaffLock.starts_at, StaffLock.ends_at, StaffLock.reason
    )
    rows = session.execute(
        wanted.join(StaffLock, StaffLock.student_id == Student.id)
        .join(User, User.id == StaffLock.user_id)
        .where(_not_over(StaffLock, at), unlocked(me, Student.id, at))
    ).all()
    return [
        LockLine(key, user, assignable.line(student), since, until, reason)
        for *student, key, user, since, until, reason in rows
    ]


def hidden(session: Session, me: Actor, at: datetime) -> list[HiddenLine]:
    """The students of my building or district who are left out of lists now."""
    wanted = assignable.named(
        me,
        at,
        HiddenStudent.id,
        HiddenStudent.starts_at,
        HiddenStudent.ends_at,
        HiddenStudent.reason,
    )
    rows = session.execute(
        wanted.join(HiddenStudent, HiddenStudent.student_id == Student.id).where(
            _not_over(HiddenStudent, at), unlocked(me, Student.id, at)
        )
    ).all()
    return [
        HiddenLine(key, assignable.line(student), since, until, reason)
        for *student, key, since, until, reason in rows
    ]


def standing_lock(
    session: Session, user_id: uuid.UUID, student_id: uuid.UUID, at: datetime
) -> StaffLock | None:
    """The lock between the two that has not ended."""
    return session.scalars(
        select(StaffLock)
        .where(StaffLock.user_id == user_id, StaffLock.student_id == student_id)
        .where(_not_over(StaffLock, at))
        .order_by(StaffLock.starts_at, StaffLock.id)
        .limit(1)
    ).first()


def standing_hiding(session: Session, student_id: uuid.UUID, at: datetime) -> HiddenStudent | None:
    """The span in which the student is left out of lists, while it has not ended."""
    return session.scalars(
        select(HiddenStudent)
        .where(HiddenStudent.student_id == student_id, _not_over(HiddenStudent, at))
        .order_by(HiddenStudent.starts_at, HiddenStudent.id)
        .limit(1)
    ).first()


def _not_over(row: type[StaffLock] | type[HiddenStudent], at: datetime) -> ColumnElement[bool]:
    return or_(row.ends_at.is_(None), row.ends_at > at)


# The school year


def years(session: Session, me: Actor) -> Sequence[SchoolYear]:
    """The school years of my district, the latest first."""
    return session.scalars(
        select(SchoolYear)
        .where(SchoolYear.district_id == me.organization_id)
        .order_by(SchoolYear.last_day.desc(), SchoolYear.id)
    ).all()


def services_to_end(
    session: Session, district_id: uuid.UUID, year: SchoolYear, at: datetime
) -> Sequence[tuple[StudentService, Record]]:
    """Services in place that were to end in this year, by its last day at the latest."""
    rows = session.execute(
        select(StudentService, Record)
        .join(Record, Record.id == StudentService.record_id)
        .where(
            Record.district_id == district_id,
            Record.custodian_id == district_id,
            outside(Record.sealed_from, Record.sealed_until, at),
            StudentService.ended_on.is_(None),
            StudentService.started_on <= year.last_day,
            StudentService.estimated_end >= year.first_day,
            StudentService.estimated_end <= year.last_day,
        )
        .order_by(Record.id)
    ).all()
    return [(service, record) for service, record in rows]


@dataclass(frozen=True)
class EndingCount:
    """How many services of one kind would end; the label is the district's."""

    service: str
    many: int


def services_counted(
    session: Session, me: Actor, year: SchoolYear, at: datetime
) -> list[EndingCount]:
    """How many services of each kind would end with this year; nobody's name."""
    words = words_of(session, me.organization_id)
    counts: dict[str, int] = {}
    for service, _record in services_to_end(session, me.organization_id, year, at):
        label = words.label(WordList.VISIT_SERVICE, service.service)
        counts[label] = counts.get(label, 0) + 1
    return [EndingCount(label, many) for label, many in sorted(counts.items())]


@dataclass(frozen=True)
class OpenReferral:
    """A referral without an end, to be looked through before the summer."""

    referral_id: uuid.UUID
    number: str
    student: str
    provider: str
    need: str
    status: ReferralStatus
    sent_at: datetime


def open_referrals(session: Session, me: Actor, at: datetime) -> list[OpenReferral]:
    """Open referrals of my district that I may see, the oldest first."""
    rows = session.execute(
        select(Referral, Record, Student, func.coalesce(Organization.name, ""))
        .join(Record, Record.id == Referral.record_id)
        .join(Student, Student.id == Record.student_id)
        .outerjoin(Organization, Organization.id == Referral.agency_id)
        .where(
            Record.custodian_id == me.organization_id,
            Referral.status.not_in(NOT_OPEN),
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.REFERRALS]),
        )
        .order_by(Record.event_at, Record.id)
    ).all()
    about = tuple(student.id for _referral, _record, student, _agency in rows)
    opened = [Category.REFERRALS, Category.IDENTITY]
    entry = trail.Entry("referral.listed", True, at, about, Purpose.COORDINATE, opened=opened)
    trail.write(session, me, entry)
    words = words_of(session, me.organization_id)
    return [
        OpenReferral(
            referral.record_id,
            referral.number,
            f"{student.family_name}, {student.given_name}",
            agency or referral.school_provider,
            words.label(WordList.NEED, referral.need),
            referral.status,
            record.event_at,
        )
        for referral, record, student, agency in rows
    ]


def how_many_more(session: Session, me: Actor, seen: int, at: datetime) -> int:
    """How many open referrals of my district there are that I do not see."""
    every = session.scalar(
        select(func.count())
        .select_from(Referral)
        .join(Record, Record.id == Referral.record_id)
        .where(
            Record.custodian_id == me.organization_id,
            Referral.status.not_in(NOT_OPEN),
            outside(Record.sealed_from, Record.sealed_until, at),
        )
    )
    return max(0, (every or 0) - seen)


def open_referral(
    session: Session, me: Actor, referral_id: uuid.UUID, at: datetime
) -> tuple[Referral, Record] | None:
    """One of those referrals, with its item on the shelf."""
    found = session.execute(
        select(Referral, Record)
        .join(Record, Record.id == Referral.record_id)
        .where(
            Referral.record_id == referral_id,
            Record.custodian_id == me.organization_id,
            Referral.status.not_in(NOT_OPEN),
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.REFERRALS]),
        )
    ).one_or_none()
    return None if found is None else (found[0], found[1])


# Services past their day


@dataclass(frozen=True)
class LateService:
    """A service in place whose estimated end is over."""

    student_id: uuid.UUID
    student: str
    service: str
    provider: str
    estimated_end: date


def services_past_end(
    session: Session, me: Actor, today: date, at: datetime, most: int
) -> list[LateService]:
    """Services in place that I may open and that were to end before today, the earliest first."""
    rows = session.execute(
        select(StudentService, Student, func.coalesce(Organization.name, ""))
        .join(Record, Record.id == StudentService.record_id)
        .join(Student, Student.id == Record.student_id)
        .outerjoin(Organization, Organization.id == StudentService.agency_id)
        .where(
            Record.custodian_id == me.organization_id,
            StudentService.ended_on.is_(None),
            StudentService.estimated_end < today,
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.SERVICE_STATUS]),
        )
        .order_by(StudentService.estimated_end, Record.id)
        .limit(most)
    ).all()
    if rows:
        about = tuple(dict.fromkeys(student.id for _service, student, _agency in rows))
        opened = [Category.SERVICE_STATUS, Category.IDENTITY]
        entry = trail.Entry("service.listed", True, at, about, Purpose.COORDINATE, opened=opened)
        trail.write(session, me, entry)
    words = words_of(session, me.organization_id)
    return [
        LateService(
            student.id,
            f"{student.family_name}, {student.given_name}",
            words.label(WordList.VISIT_SERVICE, service.service),
            agency or service.provider,
            service.estimated_end,
        )
        for service, student, agency in rows
        if service.estimated_end
    ]
