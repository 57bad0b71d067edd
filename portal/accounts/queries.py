"""What signing in and looking after accounts ask of the database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.sql import within
from portal.store.accounts import Invitation, SignInAttempt, UserSession
from portal.store.ledger import Installation
from portal.store.people import User
from portal.store.places import Organization, School
from portal.vocabulary import OrganizationKind, Role


@dataclass(frozen=True)
class LiveSession:
    """A sign-in that holds at this instant."""

    id: uuid.UUID
    user_id: uuid.UUID
    role: Role
    seen_at: datetime


def live_session(
    session: Session, token_sha256: str, at: datetime, seen_since: datetime
) -> LiveSession | None:
    """The session with this token, unless it ended, ran out, or its user or organization did."""
    row = session.execute(
        select(UserSession.id, UserSession.user_id, User.role, UserSession.seen_at)
        .join(User, User.id == UserSession.user_id)
        .join(Organization, Organization.id == User.organization_id)
        .where(
            UserSession.token_sha256 == token_sha256,
            UserSession.ended_at.is_(None),
            UserSession.expires_at > at,
            UserSession.seen_at > seen_since,
            _active(User, at),
            _active(Organization, at),
        )
    ).one_or_none()
    return None if row is None else LiveSession(*row)


def _active(table: type[User] | type[Organization], at: datetime) -> ColumnElement[bool]:
    return within(table.active_from, table.active_until, at)


def open_sessions(session: Session, user_id: uuid.UUID) -> list[UserSession]:
    """Every session of this person that has not been ended, oldest first."""
    return list(
        session.scalars(
            select(UserSession)
            .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
            .order_by(UserSession.started_at, UserSession.id)
        )
    )


def session_with_token(session: Session, token_sha256: str) -> UserSession | None:
    """The session row of this token, ended or not."""
    return session.scalar(select(UserSession).where(UserSession.token_sha256 == token_sha256))


def user_named(session: Session, username: str) -> User | None:
    """The one user with this name, whatever its capitals; None when it is not exactly one."""
    found = session.scalars(select(User).where(func.lower(User.username) == username)).all()
    return found[0] if len(found) == 1 else None


def failures_of_name(session: Session, name_key: str, since: datetime) -> int:
    """Wrong tries for this name since then, and since its last right one."""
    last_right = (
        select(func.max(SignInAttempt.at))
        .where(SignInAttempt.name_key == name_key, SignInAttempt.succeeded)
        .scalar_subquery()
    )
    return _count(
        session,
        and_(
            SignInAttempt.name_key == name_key,
            or_(last_right.is_(None), SignInAttempt.at > last_right),
        ),
        since,
    )


def failures_of_address(session: Session, address: str, since: datetime) -> int:
    """Wrong tries from this address since then, for whichever names."""
    return _count(session, SignInAttempt.address == address, since)


def _count(session: Session, of: ColumnElement[bool], since: datetime) -> int:
    wrong = select(func.count()).where(
        of, SignInAttempt.succeeded.is_(False), SignInAttempt.at > since
    )
    return session.scalar(wrong) or 0


def open_invitations(session: Session, user_id: uuid.UUID) -> list[Invitation]:
    """This person's invitations not yet used or withdrawn."""
    return list(
        session.scalars(
            select(Invitation)
            .where(Invitation.user_id == user_id, Invitation.used_at.is_(None))
            .order_by(Invitation.made_at, Invitation.id)
        )
    )


def invitation(session: Session, token_sha256: str, at: datetime) -> tuple[Invitation, User] | None:
    """The invitation with this token and whom it is for, unless it is used or has run out."""
    row = session.execute(
        select(Invitation, User)
        .join(User, User.id == Invitation.user_id)
        .join(Organization, Organization.id == User.organization_id)
        .where(
            Invitation.token_sha256 == token_sha256,
            Invitation.used_at.is_(None),
            Invitation.expires_at > at,
            _active(User, at),
            _active(Organization, at),
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


@dataclass(frozen=True)
class PersonLine:
    """One line of the list of people."""

    id: uuid.UUID
    name: str
    username: str
    role: Role
    organization: str
    active: bool
    has_password: bool


def people(session: Session, me: Actor, at: datetime, search: str = "") -> list[PersonLine]:
    """The people of my organization and of its partners, by organization and name."""
    ours = or_(
        Organization.id == me.organization_id, Organization.kind != OrganizationKind.DISTRICT
    )
    rows = session.execute(
        select(
            User.id,
            User.name,
            User.username,
            User.role,
            Organization.name,
            and_(_active(User, at), _active(Organization, at)),
            User.password_hash.is_not(None),
        )
        .join(Organization, Organization.id == User.organization_id)
        .where(ours, User.name.icontains(search, autoescape=True))
        .order_by(Organization.id != me.organization_id, Organization.name, User.name, User.id)
    )
    return [PersonLine(*row) for row in rows]


@dataclass(frozen=True)
class Place:
    """An organization whose people I look after."""

    id: uuid.UUID
    name: str
    kind: OrganizationKind


def organizations(session: Session, me: Actor, at: datetime) -> list[Place]:
    """Where I may add people: my own organization first, then the active partners by name."""
    partner = and_(Organization.kind != OrganizationKind.DISTRICT, _active(Organization, at))
    rows = session.execute(
        select(Organization.id, Organization.name, Organization.kind)
        .where(or_(Organization.id == me.organization_id, partner))
        .order_by(Organization.id != me.organization_id, Organization.name, Organization.id)
    )
    return [Place(*row) for row in rows]


def schools(session: Session, me: Actor) -> list[tuple[uuid.UUID, str]]:
    """The schools of my district, by name."""
    rows = session.execute(
        select(School.id, School.name)
        .where(School.district_id == me.organization_id)
        .order_by(School.name, School.id)
    )
    return [(key, name) for key, name in rows]


def installation(session: Session, name: str) -> str:
    """A fact about this installation; empty when it is not noted."""
    row = session.get(Installation, name)
    return row.value if row else ""


def is_demo(session: Session) -> bool:
    """Is every person in this installation made up?"""
    return installation(session, "demo") == "true"


def district(session: Session, code: str) -> Organization | None:
    """The district with this reporting code."""
    return session.scalar(
        select(Organization).where(
            Organization.code == code, Organization.kind == OrganizationKind.DISTRICT
        )
    )
