"""Bring the facts that the rules read: what is known about one user and one student."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import consents
from portal.access.listed import listed
from portal.policy.facts import (
    NOBODY,
    AgreementFacts,
    AudienceFacts,
    BlockFacts,
    EnrollmentFacts,
    Facts,
    GrantFacts,
    GuardianshipFacts,
    LegalFacts,
    LineFacts,
    OrderFacts,
    OrganizationFacts,
    RecordFacts,
    RelationFacts,
    StudentFacts,
    UserFacts,
)
from portal.policy.spans import Span
from portal.store.papers import (
    Agreement,
    AgreementLine,
    LegalBasis,
    LegalBasisCategory,
    LegalBasisUser,
)
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    Block,
    CourtOrder,
    Enrollment,
    Guardianship,
    HiddenStudent,
    Program,
    Relation,
    StaffLock,
    Student,
    User,
)
from portal.store.places import Organization
from portal.store.records import Audience, AudienceLevel, Record
from portal.vocabulary import Direction, GrantKind

Schedules = dict[tuple[uuid.UUID, Direction], dict[str, LineFacts]]


def load(session: Session, user_id: uuid.UUID, student_id: uuid.UUID) -> Facts | None:
    """All facts about this user and this student; None when either does not exist."""
    if session.get(User, user_id) is None or session.get(Student, student_id) is None:
        return None
    return load_known(session, user_id, student_id)


def load_known(session: Session, user_id: uuid.UUID, student_id: uuid.UUID) -> Facts:
    """All facts about a user and a student who are known to exist."""
    user = session.get_one(User, user_id)
    student = session.get_one(Student, student_id)
    ours = user.organization_id
    return Facts(
        user=_user(user),
        student=of_student(student, session.get_one(Organization, student.district_id)),
        organizations=_organizations(session, ours, student),
        relations=_relations(session, user_id, student_id),
        enrollments=_enrollments(session, student_id),
        programs=_programs(session, student_id),
        grants=_grants(session, user_id, student_id),
        guardianships=_guardianships(session, student_id),
        orders=_orders(session, student_id),
        agreements=agreements_of(session, ours),
        consents=consents.about(session, ours, student_id),
        legal=_legal(session, ours, student_id),
        blocks=_blocks(session, student_id),
        locks=_locks(session, user_id, student_id),
        hidden=_hidden(session, student_id),
        shelf=_shelf(session, student_id),
    )


def of_record(row: Record, audience: AudienceFacts | None = None) -> RecordFacts:
    """A shelf row as the rules see it; one that has an audience is nobody's without it."""
    return RecordFacts(
        id=str(row.id),
        student=str(row.student_id),
        custodian=str(row.custodian_id),
        category=row.category,
        event=row.event_at,
        author=None if row.author_id is None else str(row.author_id),
        draft=row.draft,
        sealed=optional_span(row.sealed_from, row.sealed_until),
        restricted=row.restricted,
        told_to=None if row.told_to_id is None else str(row.told_to_id),
        audience=None if row.audience_id is None else audience or NOBODY,
    )


def of_one(session: Session, row: Record) -> RecordFacts:
    """The same, with the audience that it has."""
    key = row.audience_id
    return of_record(row, None if key is None else _audiences(session, {key})[key])


def optional_span(start: datetime | None, end: datetime | None) -> Span | None:
    """A span, or None when it has no start."""
    return None if start is None else Span(start, end)


def _user(user: User) -> UserFacts:
    return UserFacts(
        id=str(user.id),
        organization=str(user.organization_id),
        level=user.level,
        active=Span(user.active_from, user.active_until),
        building=None if user.school_id is None else str(user.school_id),
    )


def of_student(student: Student, district: Organization) -> StudentFacts:
    """A student of this district as the rules see them."""
    return StudentFacts(
        id=str(student.id),
        born=student.born,
        tz=district.tz,
        postsecondary=optional_span(student.postsecondary_from, student.postsecondary_until),
    )


def _organizations(
    session: Session, ours: uuid.UUID, student: Student
) -> dict[str, OrganizationFacts]:
    holders = select(Record.custodian_id).where(Record.student_id == student.id)
    rows = session.scalars(
        select(Organization).where(
            or_(Organization.id.in_([ours, student.district_id]), Organization.id.in_(holders))
        )
    )
    return {
        str(row.id): OrganizationFacts(
            str(row.id),
            row.kind,
            Span(row.active_from, row.active_until),
            row.is_hipaa,
            row.is_part2,
        )
        for row in rows
    }


def _relations(
    session: Session, user_id: uuid.UUID, student_id: uuid.UUID
) -> tuple[RelationFacts, ...]:
    rows = session.scalars(
        select(Relation).where(Relation.user_id == user_id, Relation.student_id == student_id)
    )
    return tuple(RelationFacts(row.kind, Span(row.starts_at, row.ends_at)) for row in rows)


def _enrollments(session: Session, student_id: uuid.UUID) -> tuple[EnrollmentFacts, ...]:
    rows = session.scalars(select(Enrollment).where(Enrollment.student_id == student_id))
    return tuple(
        EnrollmentFacts(str(row.school_id), Span(row.starts_at, row.ends_at)) for row in rows
    )


def _programs(session: Session, student_id: uuid.UUID) -> tuple[Span, ...]:
    rows = session.scalars(select(Program).where(Program.student_id == student_id))
    return tuple(Span(row.starts_at, row.ends_at) for row in rows)


def _grants(session: Session, user_id: uuid.UUID, student_id: uuid.UUID) -> tuple[GrantFacts, ...]:
    rows = session.scalars(
        select(AccessGrant).where(
            AccessGrant.user_id == user_id, AccessGrant.student_id == student_id
        )
    ).all()
    opened = listed(session, AccessGrantCategory, "access_grant_id", "category", rows)
    return tuple(of_grant(row, opened[row.id]) for row in rows)


def of_grant(row: AccessGrant, categories: frozenset[str]) -> GrantFacts:
    """A grant as the rules see it."""
    return GrantFacts(
        categories=categories,
        approved=row.approved,
        span=Span(row.starts_at, row.ends_at),
        emergency=row.kind is GrantKind.EMERGENCY,
        reason=row.reason,
        id=str(row.id),
    )


def _guardianships(session: Session, student_id: uuid.UUID) -> tuple[GuardianshipFacts, ...]:
    rows = session.scalars(select(Guardianship).where(Guardianship.student_id == student_id))
    return tuple(of_guardianship(row) for row in rows)


def of_guardianship(row: Guardianship) -> GuardianshipFacts:
    """A right to sign as the rules see it."""
    rights = Span(row.rights_from, row.rights_until)
    return GuardianshipFacts(str(row.guardian_id), str(row.student_id), rights)


def _orders(session: Session, student_id: uuid.UUID) -> tuple[OrderFacts, ...]:
    rows = session.scalars(select(CourtOrder).where(CourtOrder.student_id == student_id))
    return tuple(of_order(row) for row in rows)


def of_order(row: CourtOrder) -> OrderFacts:
    """A court order as the rules see it."""
    span = Span(row.starts_at, row.ends_at)
    return OrderFacts(str(row.guardian_id), str(row.student_id), row.limits, span)


def agreements_of(session: Session, ours: uuid.UUID) -> tuple[AgreementFacts, ...]:
    """Every agreement that one organization is a party to, with its schedule."""
    rows = session.scalars(
        select(Agreement).where(or_(Agreement.a_id == ours, Agreement.b_id == ours))
    ).all()
    schedules: Schedules = defaultdict(dict)
    lines = select(AgreementLine).where(AgreementLine.agreement_id.in_([row.id for row in rows]))
    for line in session.scalars(lines):
        schedules[line.agreement_id, line.direction][line.category] = _line(line)
    return tuple(_agreement(row, schedules) for row in rows)


def _line(row: AgreementLine) -> LineFacts:
    # One space between two codes and nothing else, as `access.sql.lists_word` reads it too.
    purposes = frozenset(row.purposes.split(" ")) if row.purposes else frozenset[str]()
    return LineFacts(purposes, row.basis, row.detail, row.added, row.since)


def _agreement(row: Agreement, schedules: Schedules) -> AgreementFacts:
    return AgreementFacts(
        id=str(row.id),
        a=str(row.a_id),
        b=str(row.b_id),
        a_to_b=schedules[row.id, Direction.A_TO_B],
        b_to_a=schedules[row.id, Direction.B_TO_A],
        span=Span(row.starts_at, row.ends_at),
        a_signed=row.a_signed_at,
        b_signed=row.b_signed_at,
        terminated=row.terminated_at,
        waive_team=row.waive_team,
    )


def _legal(session: Session, ours: uuid.UUID, student_id: uuid.UUID) -> tuple[LegalFacts, ...]:
    rows = session.scalars(
        select(LegalBasis).where(
            LegalBasis.student_id == student_id, LegalBasis.recipient_id == ours
        )
    ).all()
    categories = listed(session, LegalBasisCategory, "legal_basis_id", "category", rows)
    named = listed(session, LegalBasisUser, "legal_basis_id", "user_id", rows)
    return tuple(
        LegalFacts(
            id=str(row.id),
            kind=row.kind,
            student=str(row.student_id),
            custodian=str(row.custodian_id),
            recipient=str(row.recipient_id),
            categories=categories[row.id],
            span=Span(row.starts_at, row.ends_at),
            named_users=named[row.id],
            reason=row.reason,
            ended_at=row.ended_at,
        )
        for row in rows
    )


def _blocks(session: Session, student_id: uuid.UUID) -> tuple[BlockFacts, ...]:
    rows = session.scalars(select(Block).where(Block.student_id == student_id))
    return tuple(
        BlockFacts(
            None if row.organization_id is None else str(row.organization_id),
            Span(row.starts_at, row.ends_at),
        )
        for row in rows
    )


def _locks(session: Session, user_id: uuid.UUID, student_id: uuid.UUID) -> tuple[Span, ...]:
    rows = session.scalars(
        select(StaffLock).where(StaffLock.user_id == user_id, StaffLock.student_id == student_id)
    )
    return tuple(Span(row.starts_at, row.ends_at) for row in rows)


def _hidden(session: Session, student_id: uuid.UUID) -> tuple[Span, ...]:
    rows = session.scalars(select(HiddenStudent).where(HiddenStudent.student_id == student_id))
    return tuple(Span(row.starts_at, row.ends_at) for row in rows)


def _shelf(session: Session, student_id: uuid.UUID) -> tuple[RecordFacts, ...]:
    rows = session.scalars(
        select(Record).where(Record.student_id == student_id).order_by(Record.event_at, Record.id)
    ).all()
    audiences = _audiences(session, {row.audience_id for row in rows if row.audience_id})
    return tuple(
        of_record(row, audiences.get(row.audience_id) if row.audience_id else None) for row in rows
    )


def _audiences(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, AudienceFacts]:
    """These audiences; one without a level in the table is for any."""
    if not ids:
        return {}
    levels: dict[uuid.UUID, set[str]] = defaultdict(set)
    for row in session.scalars(select(AudienceLevel).where(AudienceLevel.audience_id.in_(ids))):
        levels[row.audience_id].add(row.level)
    return {
        row.id: AudienceFacts(
            levels=frozenset(levels[row.id]) if row.id in levels else None,
            inside_only=row.inside_only,
            told_from=row.told_from,
        )
        for row in session.scalars(select(Audience).where(Audience.id.in_(ids)))
    }
