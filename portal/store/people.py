"""Students, guardians, users, and the dated facts that tie them together."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import (
    CourtRight,
    GrantKind,
    Level,
    MoveReason,
    ProgramKind,
    RelationKind,
    Relationship,
    Role,
)


class User(Base):
    """Somebody who may sign in. Nobody is deleted; `active_until` ends them.

    level: what they may see; role: what they may do; school_id: a principal's building.
    password_hash is null until the person has set a password.
    """

    __tablename__ = "portal_user"
    __table_args__ = (UniqueConstraint("organization_id", "source_id"),)

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization")
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    role: Mapped[Role] = mapped_column(Code(Role))
    level: Mapped[Level] = mapped_column(Code(Level))
    school_id: Mapped[uuid.UUID | None] = reference("school")
    active_from: Mapped[datetime]
    active_until: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    source_id: Mapped[str | None]


class Student(Base):
    """A student of a district.

    sasid: state-assigned id, ten digits as text, leading zeros kept; there is no SSN field.
    majority_at: local midnight of the 18th birthday, written by `policy.rights` with `born`.
    postsecondary_from/until: attends a postsecondary institution (34 CFR 99.5(a)); what shows
    it, and the name of whoever wrote it down.
    missing_since: left the roster; nobody is deleted.
    search_name: folded "family given" that the search box compares by prefix.
    """

    __tablename__ = "student"
    __table_args__ = (
        UniqueConstraint("district_id", "source_id"),
        UniqueConstraint("district_id", "sasid"),
        CheckConstraint("sasid is null or length(sasid) = 10", name="sasid_has_ten_digits"),
        Index(None, "district_id", "search_name"),
        Index(None, "district_id", "search_given"),
    )

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization")
    sasid: Mapped[str | None] = mapped_column(String(10))
    local_id: Mapped[str] = mapped_column(default="")
    family_name: Mapped[str]
    given_name: Mapped[str]
    middle_name: Mapped[str] = mapped_column(default="")
    search_name: Mapped[str] = mapped_column(default="")
    search_given: Mapped[str] = mapped_column(default="")
    born: Mapped[date | None]
    majority_at: Mapped[datetime | None]
    postsecondary_from: Mapped[datetime | None]
    postsecondary_until: Mapped[datetime | None]
    postsecondary_evidence: Mapped[str] = mapped_column(default="")
    postsecondary_by: Mapped[str] = mapped_column(default="")
    grade: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    missing_since: Mapped[datetime | None]
    source_id: Mapped[str | None]


class Enrollment(Base):
    """A student's time in a school.

    moved_at, moved_by, moved_reason: began by a change of school that somebody wrote down here.
    moved_at goes once a roster says the same; until then a roster does not undo the change.
    """

    __tablename__ = "enrollment"

    id: Mapped[Key]
    student_id: Mapped[uuid.UUID] = reference("student")
    school_id: Mapped[uuid.UUID] = reference("school")
    grade: Mapped[str] = mapped_column(String(20), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    moved_by: Mapped[uuid.UUID | None] = reference("portal_user")
    moved_reason: Mapped[MoveReason | None] = mapped_column(Code(MoveReason))


class Program(Base):
    """A student's time with special-education or Section 504 status."""

    __tablename__ = "program"

    id: Mapped[Key]
    student_id: Mapped[uuid.UUID] = reference("student")
    kind: Mapped[ProgramKind] = mapped_column(Code(ProgramKind))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class SchoolClass(Base):
    """A class section of a school, from the roster."""

    __tablename__ = "school_class"
    __table_args__ = (UniqueConstraint("school_id", "source_id"),)

    id: Mapped[Key]
    school_id: Mapped[uuid.UUID] = reference("school")
    title: Mapped[str]
    source_id: Mapped[str | None]


class Relation(Base):
    """How a user stands to a student while the span is open: class, caseload or case team."""

    __tablename__ = "relation"
    __table_args__ = (Index(None, "user_id", "kind", "student_id"),)

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = reference("portal_user", index=False)
    student_id: Mapped[uuid.UUID] = reference("student")
    kind: Mapped[RelationKind] = mapped_column(Code(RelationKind))
    class_id: Mapped[uuid.UUID | None] = reference("school_class")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class Guardian(Base):
    """An adult who answers for one or more students."""

    __tablename__ = "guardian"
    __table_args__ = (UniqueConstraint("district_id", "source_id"),)

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization")
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    source_id: Mapped[str | None]


class Guardianship(Base):
    """The span in which a guardian holds a student's educational rights (34 CFR 99.4).

    A court order that ends or limits the right ends this span; a right given
    back is a new row. Unknown custody is not "no custody". evidence: what shows the right, where
    it is more than being a parent; ended_how: why it ended. *_by: who wrote it down, by name.
    """

    __tablename__ = "guardianship"

    id: Mapped[Key]
    guardian_id: Mapped[uuid.UUID] = reference("guardian")
    student_id: Mapped[uuid.UUID] = reference("student")
    relationship: Mapped[Relationship] = mapped_column(Code(Relationship))
    rights_from: Mapped[datetime]
    rights_until: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(default="")
    written_by: Mapped[str] = mapped_column(default="")
    ended_how: Mapped[str] = mapped_column(default="")
    ended_by: Mapped[str] = mapped_column(default="")


class CourtOrder(Base):
    """A court order, statute or binding document that limits a guardian's right."""

    __tablename__ = "court_order"

    id: Mapped[Key]
    student_id: Mapped[uuid.UUID] = reference("student")
    guardian_id: Mapped[uuid.UUID] = reference("guardian")
    limits: Mapped[CourtRight] = mapped_column(Code(CourtRight))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    document_reference: Mapped[str]
    checked_by: Mapped[uuid.UUID] = reference("portal_user")


class Block(Base):
    """Nobody of this organization (null: of any) may receive this student's records."""

    __tablename__ = "block"

    id: Mapped[Key]
    student_id: Mapped[uuid.UUID] = reference("student")
    organization_id: Mapped[uuid.UUID | None] = reference("organization")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")


class StaffLock(Base):
    """A conflict of interest: nothing of this student is opened to this user."""

    __tablename__ = "staff_lock"
    __table_args__ = (Index(None, "user_id", "student_id"),)

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = reference("portal_user", index=False)
    student_id: Mapped[uuid.UUID] = reference("student")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    set_by: Mapped[uuid.UUID] = reference("portal_user")


class HiddenStudent(Base):
    """While the span is open, lists and searches leave this student out.

    Not for whoever has a class, caseload or service relation to the student, and not when the
    exact SASID is typed: hidden from browsing, not refused.
    """

    __tablename__ = "hidden_student"

    id: Mapped[Key]
    student_id: Mapped[uuid.UUID] = reference("student")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    set_by: Mapped[uuid.UUID] = reference("portal_user")


class UserStanding(Base):
    """What a user was from when to when: role, level, building. An auditor asks of a past day."""

    __tablename__ = "user_standing"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = reference("portal_user")
    role: Mapped[Role] = mapped_column(Code(Role))
    level: Mapped[Level] = mapped_column(Code(Level))
    school_id: Mapped[uuid.UUID | None] = reference("school", index=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class AccessGrant(Base):
    """A grant beyond one's level (the policy's level 10): one user, one student, categories.

    kind: by a decided request (request_id), or opened by oneself in an emergency, with its reason;
    then somebody else looks at it afterwards (reviewed_*, proper).
    """

    __tablename__ = "access_grant"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = reference("portal_user")
    student_id: Mapped[uuid.UUID] = reference("student")
    approved: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    kind: Mapped[GrantKind] = mapped_column(Code(GrantKind), default=GrantKind.WRITTEN)
    request_id: Mapped[uuid.UUID | None] = reference("access_request")
    reason: Mapped[str] = mapped_column(default="")
    told_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[uuid.UUID | None] = reference("portal_user")
    proper: Mapped[bool | None]
    review_note: Mapped[str] = mapped_column(default="")


class AccessGrantCategory(Base):
    """A category that a written grant opens."""

    __tablename__ = "access_grant_category"

    access_grant_id: Mapped[uuid.UUID] = reference("access_grant", primary_key=True, index=False)
    category: Mapped[str] = mapped_column(primary_key=True)
