"""Who and what a review goes through, and how far one has come."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, or_, select
from sqlalchemy.orm import Session

from portal.access.sql import there_is, within
from portal.policy.caseloads import CASELOAD
from portal.store.accounts import ServiceAccount, ServiceAccountScope, UserSession
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.oversight import Review, ReviewLine, UnnamedGrant
from portal.store.papers import Agreement
from portal.store.people import AccessGrant, AccessGrantCategory, Relation, User
from portal.store.places import Organization, School
from portal.vocabulary import (
    Level,
    OrganizationKind,
    ReviewKind,
    ReviewSubject,
    Role,
)

Instant = ScalarSelect[Any]


# What a review opens with


@dataclass(frozen=True)
class PersonRow:
    """Somebody who can sign in. last_used: when a record was last opened by them.

    partner: the name of the partner agency they are of; empty for our own staff.
    """

    id: uuid.UUID
    role: Role
    level: Level
    building: str
    partner: str
    last_sign_in: datetime | None
    last_used: datetime | None
    caseload: int
    grants: int


@dataclass(frozen=True)
class GrantRow:
    """A grant beyond a level. kind: written, emergency or unnamed; opens: codes."""

    id: uuid.UUID
    user_id: uuid.UUID
    kind: str
    opens: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None
    last_used: datetime | None


@dataclass(frozen=True)
class ServiceRow:
    """An account of the command line."""

    id: uuid.UUID
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime
    last_used: datetime | None


UNNAMED = "unnamed"


def active_people(session: Session, organization_id: uuid.UUID, at: datetime) -> list[PersonRow]:
    """Everybody of this organization and of its partners who may sign in now, by name.

    Its partners are those with whom an agreement is in force.
    """
    signed_in = select(func.max(UserSession.started_at)).where(UserSession.user_id == User.id)
    carried = select(func.count(Relation.student_id.distinct())).where(
        Relation.user_id == User.id,
        Relation.kind.in_(CASELOAD),
        within(Relation.starts_at, Relation.ends_at, at),
    )
    granted = select(func.count(AccessGrant.id)).where(
        AccessGrant.user_id == User.id, _open(AccessGrant, at)
    )
    rows = session.execute(
        select(
            User.id,
            User.role,
            User.level,
            func.coalesce(School.name, ""),
            case((Organization.id == organization_id, ""), else_=Organization.name),
            signed_in.scalar_subquery(),
            _last_opened(User.id),
            carried.scalar_subquery(),
            granted.scalar_subquery(),
        )
        .join(Organization, Organization.id == User.organization_id)
        .outerjoin(School, School.id == User.school_id)
        .where(
            or_(User.organization_id == organization_id, _is_partner(organization_id, at)),
            within(User.active_from, User.active_until, at),
        )
        .order_by(User.name, User.id)
    )
    return [PersonRow(*row) for row in rows]


def _is_partner(organization_id: uuid.UUID, at: datetime) -> ColumnElement[bool]:
    """Condition on User: of an agency with an agreement in force with this organization."""
    alive = (
        within(Agreement.starts_at, Agreement.ends_at, at),
        or_(Agreement.terminated_at.is_(None), Agreement.terminated_at > at),
    )
    of_b = select(Agreement.b_id).where(Agreement.a_id == organization_id, *alive)
    of_a = select(Agreement.a_id).where(Agreement.b_id == organization_id, *alive)
    return and_(
        Organization.kind != OrganizationKind.DISTRICT, User.organization_id.in_(of_b.union(of_a))
    )


def _last_opened(user_id: Any, student_id: Any = None) -> Instant:
    """When this person last opened or listed a student by name, or this very student."""
    about = TrailStudent.line_id == TrailLine.id
    if student_id is not None:
        about = and_(about, TrailStudent.student_id == student_id)
    return (
        select(TrailLine.at)
        .where(
            TrailLine.user_id == user_id, TrailLine.allowed, there_is(TrailStudent, where=[about])
        )
        .order_by(TrailLine.at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _open(grant: Any, at: datetime) -> ColumnElement[bool]:
    """Not over; a grant that begins later counts too."""
    return or_(grant.ends_at.is_(None), grant.ends_at > at)


def open_grants(session: Session, organization_id: uuid.UUID, at: datetime) -> list[GrantRow]:
    """Every grant beyond a level of this organization's people, the oldest first."""
    rows = session.execute(
        select(AccessGrant, _last_opened(AccessGrant.user_id, AccessGrant.student_id))
        .join(User, User.id == AccessGrant.user_id)
        .where(
            User.organization_id == organization_id, AccessGrant.approved, _open(AccessGrant, at)
        )
        .order_by(AccessGrant.starts_at, AccessGrant.id)
    ).all()
    opens = _grouped(
        session,
        select(AccessGrantCategory.access_grant_id, AccessGrantCategory.category).where(
            AccessGrantCategory.access_grant_id.in_([grant.id for grant, _used in rows])
        ),
    )
    unnamed = session.scalars(
        select(UnnamedGrant)
        .join(User, User.id == UnnamedGrant.user_id)
        .where(User.organization_id == organization_id, _open(UnnamedGrant, at))
        .order_by(UnnamedGrant.starts_at, UnnamedGrant.id)
    )
    return [
        *(
            GrantRow(
                grant.id,
                grant.user_id,
                str(grant.kind),
                opens[grant.id],
                grant.starts_at,
                grant.ends_at,
                used,
            )
            for grant, used in rows
        ),
        *(
            GrantRow(
                row.id, row.user_id, UNNAMED, (str(row.view),), row.starts_at, row.ends_at, None
            )
            for row in unnamed
        ),
    ]


def open_service_accounts(
    session: Session, organization_id: uuid.UUID, at: datetime
) -> list[ServiceRow]:
    """Every account of the command line that still works, by name."""
    rows = session.scalars(
        select(ServiceAccount)
        .where(
            ServiceAccount.organization_id == organization_id,
            ServiceAccount.expires_at > at,
            or_(ServiceAccount.ended_at.is_(None), ServiceAccount.ended_at > at),
        )
        .order_by(ServiceAccount.name, ServiceAccount.id)
    ).all()
    scopes = _grouped(
        session,
        select(ServiceAccountScope.account_id, ServiceAccountScope.scope).where(
            ServiceAccountScope.account_id.in_([row.id for row in rows])
        ),
    )
    return [
        ServiceRow(row.id, row.name, scopes[row.id], row.expires_at, row.last_used_at)
        for row in rows
    ]


def _grouped(session: Session, pairs: Any) -> dict[uuid.UUID, tuple[str, ...]]:
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for key, value in session.execute(pairs):
        found[key].append(str(value))
    return defaultdict(tuple, {key: tuple(sorted(values)) for key, values in found.items()})


def districts(session: Session, at: datetime) -> Sequence[Organization]:
    """The active districts, by name."""
    return session.scalars(
        select(Organization)
        .where(
            Organization.kind == OrganizationKind.DISTRICT,
            within(Organization.active_from, Organization.active_until, at),
        )
        .order_by(Organization.name, Organization.id)
    ).all()


# One review


def review_of(
    session: Session, organization_id: uuid.UUID, kind: ReviewKind, period: str
) -> Review | None:
    """The review of this period; None while it has not been opened."""
    return session.scalar(
        select(Review).where(
            Review.organization_id == organization_id,
            Review.kind == kind,
            Review.period == period,
        )
    )


def unsigned(session: Session, organization_id: uuid.UUID, kind: ReviewKind) -> Sequence[Review]:
    """Reviews that nobody has signed off, the oldest first."""
    return session.scalars(
        select(Review)
        .where(
            Review.organization_id == organization_id,
            Review.kind == kind,
            Review.signed_at.is_(None),
        )
        .order_by(Review.opened_at, Review.id)
    ).all()


def signed(session: Session, organization_id: uuid.UUID, kind: ReviewKind) -> Sequence[Review]:
    """Reviews that were signed off, the newest first."""
    return session.scalars(
        select(Review)
        .where(
            Review.organization_id == organization_id,
            Review.kind == kind,
            Review.signed_at.is_not(None),
        )
        .order_by(Review.signed_at.desc(), Review.id)
    ).all()


def lines_of(session: Session, review_id: uuid.UUID) -> Sequence[ReviewLine]:
    """Every line of a review, by what it is about."""
    return session.scalars(
        select(ReviewLine)
        .where(ReviewLine.review_id == review_id)
        .order_by(ReviewLine.subject, ReviewLine.id)
    ).all()


@dataclass(frozen=True)
class Who:
    """A person as a review shows them. over: their account has ended by now."""

    id: uuid.UUID
    name: str
    title: str
    role: Role
    over: bool


def people(session: Session, ids: Collection[uuid.UUID], at: datetime) -> dict[uuid.UUID, Who]:
    """These people as they are now."""
    rows = session.execute(
        select(
            User.id,
            User.name,
            User.title,
            User.role,
            and_(User.active_until.is_not(None), User.active_until <= at),
        ).where(User.id.in_(ids))
    )
    return {row[0]: Who(*row) for row in rows}


def ended(session: Session, lines: Sequence[ReviewLine], at: datetime) -> set[uuid.UUID]:
    """Of grants and service accounts on these lines, those that have ended by now."""
    ids = [line.subject_id for line in lines if line.subject is not ReviewSubject.PERSON]
    found: set[uuid.UUID] = set()
    for table, end in (
        (AccessGrant, AccessGrant.ends_at),
        (UnnamedGrant, UnnamedGrant.ends_at),
        (ServiceAccount, ServiceAccount.ended_at),
        (ServiceAccount, ServiceAccount.expires_at),
    ):
        found |= set(session.scalars(select(table.id).where(table.id.in_(ids), end <= at)))
    return found


def overdue(session: Session, at: datetime) -> Sequence[tuple[Review, Organization]]:
    """Reviews that are past their day and of which no superintendent was told."""
    rows = session.execute(
        select(Review, Organization)
        .join(Organization, Organization.id == Review.organization_id)
        .where(
            Review.signed_at.is_(None), Review.escalated_at.is_(None), Review.due_on <= at.date()
        )
        .order_by(Review.due_on, Review.id)
    ).all()
    return [(review, organization) for review, organization in rows]


def superintendents(
    session: Session, organization_id: uuid.UUID, at: datetime
) -> Sequence[tuple[uuid.UUID, str]]:
    """The superintendents who have an address: id and address."""
    rows = session.execute(
        select(User.id, User.email)
        .where(
            User.organization_id == organization_id,
            User.role == Role.SUPERINTENDENT,
            User.email != "",
            within(User.active_from, User.active_until, at),
        )
        .order_by(User.id)
    ).all()
    return [(key, address) for key, address in rows]
