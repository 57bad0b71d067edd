"""The rows of each kind of export, as text, narrowed in SQL to whom the person may see.

No row says who of the staff did the work: a list that did could be counted by colleague, and the
policy keeps what the portal produces out of personnel evaluation (`policy.proper_use`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, not_, or_, select
from sqlalchemy.orm import Session

from portal.access import visible
from portal.access.actor import Actor
from portal.access.exports import MOST_ROWS, Table
from portal.access.words import Words, words_of
from portal.policy.spans import Span
from portal.store.people import Enrollment, Student, User
from portal.store.places import Organization, School
from portal.store.records import Record, Referral, Visit
from portal.vocabulary import (
    ACCESS_LABELS,
    ATTENDANCE_LABELS,
    LEVEL_LABELS,
    REFERRAL_STATUS_LABELS,
    ROLE_LABELS,
    Category,
    OrganizationKind,
    Purpose,
    ReferralStatus,
    WordList,
)

WHO = ("Student", "Grade", "School")
NO_REFERRAL = (ReferralStatus.DRAFT, ReferralStatus.ENTERED_IN_ERROR)

Condition = ColumnElement[bool]


def visits(session: Session, me: Actor, span: Span, at: datetime) -> Table:
    """Visits of the students in my reach that took place in these days, the first one first."""
    words = words_of(session, me.organization_id)
    rows = session.execute(
        _of_students(Visit, Category.VISITS, me, span, at).add_columns(Visit)
    ).all()
    return Table(
        columns=("Day", "Began", *WHO, "Purpose", "Minutes", "How", "Attendance"),
        rows=[
            [*_when(began, me), *_who(student, school), *_visit(visit, words)]
            for began, student, school, visit in rows
        ],
        students=_students(rows),
    )


def _visit(visit: Visit, words: Words) -> list[str]:
    return [
        words.label(WordList.VISIT_PURPOSE, visit.purpose),
        str(visit.minutes),
        words.label(WordList.VISIT_MODE, visit.mode),
        ATTENDANCE_LABELS[visit.attendance],
    ]


def referrals(session: Session, me: Actor, span: Span, at: datetime) -> Table:
    """Referrals of the students in my reach that were sent in these days, the first one first."""
    words = words_of(session, me.organization_id)
    wanted = _of_students(Referral, Category.REFERRALS, me, span, at)
    rows = session.execute(
        wanted.add_columns(Referral, Organization.name)
        .outerjoin(Organization, Organization.id == Referral.agency_id)
        .where(not_(Referral.status.in_(NO_REFERRAL)))
    ).all()
    return Table(
        columns=("Day", *WHO, "Number", "To", "Need", "How it stands", "Service", "First day"),
        rows=[
            [_when(sent, me)[0], *_who(student, school), *_referral(referral, agency, words)]
            for sent, student, school, referral, agency in rows
        ],
        students=_students(rows),
    )


def _referral(referral: Referral, agency: str | None, words: Words) -> list[str]:
    return [
        referral.number,
        agency or referral.school_provider,
        words.label(WordList.NEED, referral.need),
        REFERRAL_STATUS_LABELS[referral.status],
        ACCESS_LABELS[referral.access],
        referral.accessed_on.isoformat() if referral.accessed_on else "",
    ]


def _of_students(
    kind: type[Visit | Referral], category: Category, me: Actor, span: Span, at: datetime
) -> Select[Any]:
    """Each with its day, its student and their school; only what my lists show me, too."""
    return (
        select(Record.event_at, Student, _school(at))
        .select_from(kind)
        .join(Record, Record.id == kind.record_id)
        .join(Student, Student.id == Record.student_id)
        .where(
            Record.custodian_id == me.organization_id,
            not_(Record.draft),
            visible.records(me, Purpose.COORDINATE, at, kinds=[category]),
            visible.students(me, at),
            *_within(Record.event_at, span),
        )
        .order_by(Record.event_at, Record.id)
        .limit(MOST_ROWS + 1)
    )


def _within(column: Any, span: Span) -> Iterable[Condition]:
    yield column >= span.start
    if span.end is not None:
        yield column < span.end


def _school(at: datetime) -> Any:
    return (
        select(School.name)
        .join(Enrollment, Enrollment.school_id == School.id)
        .where(Enrollment.student_id == Student.id, Enrollment.starts_at <= at)
        .order_by(Enrollment.starts_at.desc(), Enrollment.id)
        .limit(1)
        .scalar_subquery()
    )


def _when(moment: datetime, me: Actor) -> list[str]:
    local = moment.astimezone(ZoneInfo(me.tz))
    return [local.date().isoformat(), f"{local:%H:%M}"]


def _who(student: Student, school: str | None) -> list[str]:
    return [f"{student.family_name}, {student.given_name}", student.grade, school or ""]


def _students(rows: Iterable[Any]) -> frozenset[uuid.UUID]:
    return frozenset(row[1].id for row in rows)


def people(session: Session, me: Actor, _span: Span, at: datetime) -> Table:
    """Whoever has, or had, an account in my district or with a partner: what they may see and do.

    A list of accounts on this day; it says nothing of anybody's work.
    """
    ours = or_(
        Organization.id == me.organization_id, Organization.kind != OrganizationKind.DISTRICT
    )
    rows = session.execute(
        select(User, Organization.name, School.name)
        .join(Organization, Organization.id == User.organization_id)
        .outerjoin(School, School.id == User.school_id)
        .where(ours, User.active_from <= at)
        .order_by(Organization.id != me.organization_id, Organization.name, User.name, User.id)
        .limit(MOST_ROWS + 1)
    ).all()
    return Table(
        columns=("Name", "Title", "Organization", "Role", "Level", "Building", "From", "Until"),
        rows=[_person(user, organization, school, me) for user, organization, school in rows],
    )


def _person(user: User, organization: str, school: str | None, me: Actor) -> list[str]:
    ended = user.active_until
    return [
        user.name,
        user.title,
        organization,
        ROLE_LABELS[user.role],
        LEVEL_LABELS[user.level],
        school or "",
        _when(user.active_from, me)[0],
        _when(ended, me)[0] if ended else "",
    ]
