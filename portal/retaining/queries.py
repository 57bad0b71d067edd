"""What is held, what holds stand, what a district changed in the schedule, and what is due."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.access import visible
from portal.access.actor import Actor
from portal.access.listed import listed
from portal.store.oversight import LegalHold, RetentionRule
from portal.store.people import Student, User
from portal.store.records import Audience, AudienceLevel
from portal.store.support import DataPoint, DataPointVersion
from portal.vocabulary import Category

TAIL = 4


# What a district asks by itself


@dataclass(frozen=True)
class OwnQuestion:
    """A question of the district's own. levels: it is limited to these; empty: any."""

    label: str
    help: str
    category: Category
    levels: frozenset[str]
    inside_only: bool


def own_questions(session: Session, district_id: uuid.UUID) -> list[OwnQuestion]:
    """The questions that are asked now, in their order."""
    rows = session.execute(
        select(DataPoint, DataPointVersion, Audience)
        .join(
            DataPointVersion,
            and_(
                DataPointVersion.data_point_id == DataPoint.id,
                DataPointVersion.number == DataPoint.current,
            ),
        )
        .join(Audience, Audience.id == DataPoint.audience_id)
        .where(DataPoint.district_id == district_id, DataPoint.retired_at.is_(None))
        .order_by(DataPoint.position, DataPoint.id)
    ).all()
    levels = listed(
        session, AudienceLevel, "audience_id", "level", [audience for _p, _v, audience in rows]
    )
    return [
        OwnQuestion(
            label=version.labels.get("en") or next(iter(version.labels.values()), point.code),
            help=version.help,
            category=Category(point.category),
            levels=levels[audience.id],
            inside_only=audience.inside_only,
        )
        for point, version, audience in rows
    ]


# The schedule


def own_rules(session: Session, organization_id: uuid.UUID) -> Sequence[RetentionRule]:
    """What this organization changed in the schedule, by what."""
    return session.scalars(
        select(RetentionRule)
        .where(RetentionRule.organization_id == organization_id)
        .order_by(RetentionRule.what)
    ).all()


# Holds


@dataclass(frozen=True)
class HoldLine:
    """A hold. student: the name, or a few digits where my level names nobody; empty: everything."""

    id: uuid.UUID
    matter: str
    reason: str
    student: str
    about_one: bool
    placed_by: str
    placed_at: datetime
    mine: bool
    lifted_by: str
    lifted_at: datetime | None
    lift_reason: str
    student_id: uuid.UUID | None


def holds(session: Session, me: Actor, at: datetime) -> list[HoldLine]:
    """The holds of my organization: those that stand first, the newest first."""
    placed, lifted = User.__table__.alias("placed"), User.__table__.alias("lifted")
    named = visible.students(me, at)
    rows = session.execute(
        select(LegalHold, Student, named, placed.c.name, lifted.c.name)
        .join(placed, placed.c.id == LegalHold.placed_by)
        .outerjoin(lifted, lifted.c.id == LegalHold.lifted_by)
        .outerjoin(Student, Student.id == LegalHold.student_id)
        .where(LegalHold.organization_id == me.organization_id)
        .order_by(LegalHold.lifted_at.is_not(None), LegalHold.placed_at.desc(), LegalHold.id)
    ).all()
    return [
        HoldLine(
            id=hold.id,
            matter=hold.matter,
            reason=hold.reason,
            student=_called(student, bool(seen)) if student else "",
            about_one=student is not None,
            placed_by=by,
            placed_at=hold.placed_at,
            mine=hold.placed_by == me.id,
            lifted_by=lifter or "",
            lifted_at=hold.lifted_at,
            lift_reason=hold.lift_reason,
            student_id=hold.student_id,
        )
        for hold, student, seen, by, lifter in rows
    ]


def _called(student: Student, named: bool) -> str:
    if named:
        return f"{student.given_name} {student.family_name}"
    return f"A student, number …{(student.sasid or student.local_id)[-TAIL:]}"


def students_numbered(session: Session, me: Actor, typed: str) -> Sequence[Student]:
    """Of my district, the student of exactly this SASID or number at school."""
    return session.scalars(
        select(Student)
        .where(
            Student.district_id == me.organization_id,
            (Student.sasid == typed) | (Student.local_id == typed),
        )
        .order_by(Student.id)
        .limit(2)
    ).all()


def all_holds(session: Session) -> Sequence[LegalHold]:
    """Every hold that was ever placed, oldest first: for the journal."""
    return session.scalars(select(LegalHold).order_by(LegalHold.placed_at, LegalHold.id)).all()
