"""What an agency's administrator sees of case teams: consents by number, staff by name."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from portal.access import papers
from portal.access.actor import Actor
from portal.access.sql import within
from portal.policy.tasks import Task
from portal.store.consents import Consent, ConsentCategory
from portal.store.people import Relation, User
from portal.store.places import Organization
from portal.vocabulary import RelationKind


@dataclass(frozen=True)
class StaffLine:
    """Somebody of the own organization."""

    id: uuid.UUID
    name: str
    title: str


@dataclass(frozen=True)
class ConsentLine:
    """A consent in force that names the own organization, without the student's name.

    categories: how many kinds of record it opens; team: who of us works with the student.
    """

    id: uuid.UUID
    number: str
    discloser: str
    starts_at: datetime
    ends_at: datetime | None
    categories: int
    team: tuple[StaffLine, ...]


def consents_in_force(session: Session, me: Actor, at: datetime) -> list[ConsentLine]:
    """Consents that name the own organization and hold at `at`, by number."""
    me.may(Task.ASSIGN_CASE_TEAM).or_refuse()
    ticked = (
        select(func.count())
        .where(ConsentCategory.consent_id == Consent.id)
        .correlate(Consent)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Consent, Organization.name, ticked)
        .join(Organization, Organization.id == Consent.discloser_id)
        .where(
            Consent.recipient_id == me.organization_id,
            Consent.signed_at <= at,
            within(Consent.starts_at, Consent.ends_at, at),
            papers.alive(literal(""), at),
        )
        .order_by(Consent.number)
    ).all()
    teams = _teams(session, me, [consent.student_id for consent, _name, _count in rows], at)
    return [
        ConsentLine(
            id=consent.id,
            number=consent.number,
            discloser=discloser,
            starts_at=consent.starts_at,
            ends_at=consent.ends_at,
            categories=count,
            team=tuple(teams[consent.student_id]),
        )
        for consent, discloser, count in rows
    ]


def _teams(
    session: Session, me: Actor, students: Collection[uuid.UUID], at: datetime
) -> dict[uuid.UUID, list[StaffLine]]:
    rows = session.execute(
        select(Relation.student_id, User)
        .join(User, User.id == Relation.user_id)
        .where(
            User.organization_id == me.organization_id,
            Relation.student_id.in_(students),
            Relation.kind == RelationKind.TEAM,
            within(Relation.starts_at, Relation.ends_at, at),
        )
        .distinct()
        .order_by(User.name, User.id)
    )
    teams = defaultdict(list)
    for student_id, user in rows:
        teams[student_id].append(_staff_line(user))
    return teams


def staff(session: Session, me: Actor, at: datetime) -> list[StaffLine]:
    """The own organization's active people, by name."""
    me.may(Task.ASSIGN_CASE_TEAM).or_refuse()
    rows = session.scalars(
        select(User)
        .where(
            User.organization_id == me.organization_id,
            within(User.active_from, User.active_until, at),
        )
        .order_by(User.name, User.id)
    )
    return [_staff_line(user) for user in rows]


def on_team(
    session: Session, student_id: uuid.UUID, user_id: uuid.UUID, at: datetime
) -> Sequence[Relation]:
    """The open memberships of this person in this student's case team."""
    return session.scalars(
        select(Relation)
        .where(
            Relation.student_id == student_id,
            Relation.user_id == user_id,
            Relation.kind == RelationKind.TEAM,
            within(Relation.starts_at, Relation.ends_at, at),
        )
        .order_by(Relation.starts_at, Relation.id)
    ).all()


def _staff_line(user: User) -> StaffLine:
    return StaffLine(user.id, user.name, user.title)
