"""What the portal knows of a district before a roster comes in."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.people import (
    Enrollment,
    Guardian,
    Guardianship,
    Relation,
    SchoolClass,
    Student,
    User,
)
from portal.store.places import Organization, School
from portal.store.records import HistoryEntry, Record
from portal.vocabulary import Category, OrganizationKind, RelationKind, Role

Key = uuid.UUID


@dataclass(frozen=True)
class KnownSchool:
    """A school of the district."""

    id: Key
    name: str
    facility_code: str | None
    source_id: str | None


@dataclass(frozen=True)
class KnownStudent:
    """A student of the district, on the roster or not."""

    id: Key
    source_id: str | None
    sasid: str | None
    local_id: str
    family_name: str
    given_name: str
    middle_name: str
    born: date | None
    grade: str
    missing_since: datetime | None


@dataclass(frozen=True)
class KnownUser:
    """A member of the district's staff."""

    id: Key
    source_id: str | None
    username: str
    name: str
    email: str
    role: Role
    school_id: Key | None
    active_until: datetime | None


@dataclass(frozen=True)
class KnownGuardian:
    """An adult of the district's families."""

    id: Key
    source_id: str | None
    name: str
    email: str
    phone: str


@dataclass(frozen=True)
class KnownEnrollment:
    """A student's time in a school. moved_at: somebody wrote the change down before the roster."""

    id: Key
    student_id: Key
    school_id: Key
    grade: str
    starts_at: datetime
    ends_at: datetime | None
    moved_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        """Has it not ended by `at`?"""
        return self.ends_at is None or self.ends_at > at


@dataclass(frozen=True)
class KnownClass:
    """A class of one of the district's schools."""

    id: Key
    school_id: Key
    source_id: str | None
    title: str


@dataclass(frozen=True)
class KnownRelation:
    """How one of the staff stands to a student."""

    id: Key
    user_id: Key
    student_id: Key
    kind: RelationKind
    class_id: Key | None
    starts_at: datetime
    ends_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        """Has it not ended by `at`?"""
        return self.ends_at is None or self.ends_at > at


@dataclass(frozen=True)
class KnownContact:
    """The contact details on a student's shelf."""

    record_id: Key
    headline: str
    narrative: str


@dataclass(frozen=True)
class Known:
    """All of it. `district` is None when nobody of this district has come in yet."""

    district: Organization | None = None
    schools: list[KnownSchool] = field(default_factory=list)
    foreign_facilities: frozenset[str] = frozenset()
    students: list[KnownStudent] = field(default_factory=list)
    users: list[KnownUser] = field(default_factory=list)
    foreign_usernames: frozenset[str] = frozenset()
    guardians: list[KnownGuardian] = field(default_factory=list)
    guardianships: frozenset[tuple[Key, Key]] = frozenset()
    enrollments: dict[Key, list[KnownEnrollment]] = field(default_factory=dict)
    classes: list[KnownClass] = field(default_factory=list)
    relations: list[KnownRelation] = field(default_factory=list)
    contacts: dict[Key, KnownContact] = field(default_factory=dict)


def known(session: Session, code: str) -> Known:
    """What the portal knows of the district with this code."""
    district = session.scalars(
        select(Organization).where(
            Organization.code == code, Organization.kind == OrganizationKind.DISTRICT
        )
    ).one_or_none()
    if district is None:
        return Known(
            foreign_facilities=_facilities(session, None),
            foreign_usernames=_usernames(session, None),
        )
    return Known(
        district=district,
        schools=_schools(session, district.id),
        foreign_facilities=_facilities(session, district.id),
        students=_students(session, district.id),
        users=_users(session, district.id),
        foreign_usernames=_usernames(session, district.id),
        guardians=_guardians(session, district.id),
        guardianships=_guardianships(session, district.id),
        enrollments=_enrollments(session, district.id),
        classes=_classes(session, district.id),
        relations=_relations(session, district.id),
        contacts=_contacts(session, district.id),
    )


def _schools(session: Session, district: Key) -> list[KnownSchool]:
    rows = select(School.id, School.name, School.facility_code, School.source_id)
    found = session.execute(rows.where(School.district_id == district).order_by(School.id))
    return [KnownSchool(*row) for row in found]


def _facilities(session: Session, district: Key | None) -> frozenset[str]:
    codes = select(School.facility_code).where(School.facility_code.is_not(None))
    if district is not None:
        codes = codes.where(School.district_id != district)
    return frozenset(code for code in session.scalars(codes) if code)


def _students(session: Session, district: Key) -> list[KnownStudent]:
    rows = select(
        Student.id,
        Student.source_id,
        Student.sasid,
        Student.local_id,
        Student.family_name,
        Student.given_name,
        Student.middle_name,
        Student.born,
        Student.grade,
        Student.missing_since,
    )
    found = session.execute(rows.where(Student.district_id == district).order_by(Student.id))
    return [KnownStudent(**row._asdict()) for row in found]


def _users(session: Session, district: Key) -> list[KnownUser]:
    rows = select(
        User.id,
        User.source_id,
        User.username,
        User.name,
        User.email,
        User.role,
        User.school_id,
        User.active_until,
    )
    found = session.execute(rows.where(User.organization_id == district).order_by(User.id))
    return [KnownUser(*row) for row in found]


def _usernames(session: Session, district: Key | None) -> frozenset[str]:
    names = select(User.username)
    if district is not None:
        names = names.where(User.organization_id != district)
    return frozenset(session.scalars(names))


def _guardians(session: Session, district: Key) -> list[KnownGuardian]:
    rows = select(
        Guardian.id, Guardian.source_id, Guardian.name, Guardian.email, Guardian.phone
    ).where(Guardian.district_id == district)
    return [KnownGuardian(*row) for row in session.execute(rows.order_by(Guardian.id))]


def _guardianships(session: Session, district: Key) -> frozenset[tuple[Key, Key]]:
    rows = (
        select(Guardianship.guardian_id, Guardianship.student_id)
        .join(Student, Student.id == Guardianship.student_id)
        .where(Student.district_id == district)
    )
    return frozenset((guardian, student) for guardian, student in session.execute(rows))


def _enrollments(session: Session, district: Key) -> dict[Key, list[KnownEnrollment]]:
    rows = (
        select(
            Enrollment.id,
            Enrollment.student_id,
            Enrollment.school_id,
            Enrollment.grade,
            Enrollment.starts_at,
            Enrollment.ends_at,
            Enrollment.moved_at,
        )
        .join(Student, Student.id == Enrollment.student_id)
        .where(Student.district_id == district)
        .order_by(Enrollment.starts_at, Enrollment.id)
    )
    found: dict[Key, list[KnownEnrollment]] = defaultdict(list)
    for row in session.execute(rows):
        found[row.student_id].append(KnownEnrollment(*row))
    return dict(found)


def _classes(session: Session, district: Key) -> list[KnownClass]:
    rows = (
        select(SchoolClass.id, SchoolClass.school_id, SchoolClass.source_id, SchoolClass.title)
        .join(School, School.id == SchoolClass.school_id)
        .where(School.district_id == district)
        .order_by(SchoolClass.id)
    )
    return [KnownClass(*row) for row in session.execute(rows)]


def _relations(session: Session, district: Key) -> list[KnownRelation]:
    rows = (
        select(
            Relation.id,
            Relation.user_id,
            Relation.student_id,
            Relation.kind,
            Relation.class_id,
            Relation.starts_at,
            Relation.ends_at,
        )
        .join(User, User.id == Relation.user_id)
        .where(User.organization_id == district)
        .order_by(Relation.starts_at, Relation.id)
    )
    return [KnownRelation(*row) for row in session.execute(rows)]


def _contacts(session: Session, district: Key) -> dict[Key, KnownContact]:
    rows = (
        select(Record.student_id, HistoryEntry)
        .join(HistoryEntry, HistoryEntry.record_id == Record.id)
        .where(Record.custodian_id == district, Record.category == Category.CONTACT)
        .where(Record.author_id.is_(None))
        .order_by(Record.id)
    )
    return {
        student: KnownContact(entry.record_id, entry.headline, entry.narrative)
        for student, entry in session.execute(rows)
    }
