"""What the demonstration asks of the database that it fills."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.store.people import Enrollment, Guardian, Guardianship, Student, User
from portal.store.places import AgencyService, Organization, School
from portal.vocabulary import OrganizationKind


@dataclass(frozen=True)
class Pupil:
    """A student of the demonstration, as the steps that give them a life need them."""

    id: uuid.UUID
    source_id: str
    name: str
    born: date
    majority_at: datetime
    grade: str
    school_id: uuid.UUID
    school: str


def is_empty(session: Session) -> bool:
    """Is there no organization at all?"""
    return not session.scalar(select(exists(select(Organization.id))))


def district(session: Session) -> Organization:
    """The one district."""
    kind = Organization.kind == OrganizationKind.DISTRICT
    return session.scalars(select(Organization).where(kind)).one()


def agencies(session: Session) -> dict[str, Organization]:
    """The agencies by name."""
    kind = Organization.kind == OrganizationKind.PROVIDER
    rows = session.scalars(select(Organization).where(kind).order_by(Organization.name))
    return {row.name: row for row in rows}


def schools(session: Session) -> dict[str, School]:
    """The schools by name."""
    return {row.name: row for row in session.scalars(select(School).order_by(School.name))}


def users(session: Session) -> dict[str, User]:
    """Everybody who may sign in, by sign-in name."""
    return {row.username: row for row in session.scalars(select(User).order_by(User.username))}


def services(session: Session) -> dict[uuid.UUID, list[AgencyService]]:
    """What each agency offers now."""
    rows = session.scalars(
        select(AgencyService)
        .where(AgencyService.status == "active")
        .order_by(AgencyService.organization_id, AgencyService.name)
    )
    found: dict[uuid.UUID, list[AgencyService]] = {}
    for row in rows:
        found.setdefault(row.organization_id, []).append(row)
    return found


def pupils(session: Session) -> list[Pupil]:
    """Everybody enrolled, by the order in which they came in."""
    rows = session.execute(
        select(Student, School)
        .join(Enrollment, Enrollment.student_id == Student.id)
        .join(School, School.id == Enrollment.school_id)
        .where(Enrollment.ends_at.is_(None))
        .order_by(Student.source_id)
    )
    return [
        Pupil(
            id=student.id,
            source_id=student.source_id or "",
            name=f"{student.given_name} {student.family_name}",
            born=student.born,
            majority_at=student.majority_at,
            grade=student.grade,
            school_id=school.id,
            school=school.name,
        )
        for student, school in rows
        if student.born is not None and student.majority_at is not None
    ]


def holders(session: Session) -> dict[uuid.UUID, list[Guardian]]:
    """The adults who hold each student's rights, by student."""
    rows = session.execute(
        select(Guardianship.student_id, Guardian)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(Guardianship.rights_until.is_(None))
        .order_by(Guardianship.student_id, Guardian.source_id)
    )
    found: dict[uuid.UUID, list[Guardian]] = {}
    for student, guardian in rows:
        found.setdefault(student, []).append(guardian)
    return found
