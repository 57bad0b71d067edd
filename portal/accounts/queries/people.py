"""The page People: whose accounts somebody looks after, and where they may add some."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.partners import districts_served
from portal.accounts.queries.sessions import active
from portal.policy.decision import Decision, Reason
from portal.policy.people import Managed, Manager, may_empower, may_manage
from portal.store.accounts import (
    Acknowledgment,
    Invitation,
    SecondFactor,
    SignInSubject,
    UserSession,
)
from portal.store.people import User
from portal.store.places import Organization, School
from portal.vocabulary import Level, OrganizationKind, Role


@dataclass(frozen=True)
class PersonLine:
    """One line of the list of people.

    has_factor: an authenticator is set up. acknowledged_at: when confidentiality was last accepted.
    seen_at: when they were last in; None when never. since: when the account began. bound: their
    district's own sign-in knows them. invited_until: how long a welcome link still works.
    manage: may I end this account, sign it out? empower: and make its link, change what it may do?
    """

    id: uuid.UUID
    name: str
    username: str
    role: Role
    organization: str
    active: bool
    has_password: bool
    has_factor: bool
    acknowledged_at: datetime | None
    kind: OrganizationKind
    level: Level
    school_id: uuid.UUID | None
    since: datetime
    seen_at: datetime | None
    bound: bool
    invited_until: datetime | None
    manage: Decision
    empower: Decision


def people(session: Session, me: Actor, at: datetime, search: str = "") -> list[PersonLine]:
    """The people of my organization and of the partners I look after, by organization and name."""
    places = _looked_after(session, me, at)
    rows = session.execute(
        select(
            User.id,
            User.name,
            User.username,
            User.role,
            Organization.name,
            and_(active(User, at), active(Organization, at)),
            User.password_hash.is_not(None),
            exists().where(SecondFactor.user_id == User.id, SecondFactor.confirmed_at.is_not(None)),
            _newest(Acknowledgment.given_at, Acknowledgment.user_id == User.id),
            Organization.kind,
            User.level,
            User.school_id,
            User.active_from,
            _newest(UserSession.seen_at, UserSession.user_id == User.id),
            exists().where(SignInSubject.user_id == User.id),
            _newest(
                Invitation.expires_at,
                Invitation.user_id == User.id,
                Invitation.used_at.is_(None),
                Invitation.expires_at > at,
            ),
            Organization.id,
        )
        .join(Organization, Organization.id == User.organization_id)
        .where(Organization.id.in_(places), User.name.icontains(search, autoescape=True))
        .order_by(Organization.id != me.organization_id, Organization.name, User.name, User.id)
    )
    found = []
    for *values, place in rows:
        key, role, kind = values[0], values[3], values[9]
        them = Managed(str(place), kind, role, places[place], str(key))
        by = manager(me)
        values += (may_manage(by, them), may_empower(by, them))
        found.append(PersonLine(*values))
    return found


def manager(me: Actor) -> Manager:
    """Me, as whoever looks after accounts."""
    return Manager(str(me.id), str(me.organization_id), me.role)


def managed(session: Session, organization: Organization, role: Role, at: datetime) -> Managed:
    """Somebody of this organization in this role, as the rules about accounts read them."""
    served = districts_served(session, at, agency=organization.id)
    districts = served.get(organization.id, frozenset())
    return Managed(str(organization.id), organization.kind, role, districts)


def _looked_after(session: Session, me: Actor, at: datetime) -> dict[uuid.UUID, frozenset[str]]:
    """Where I look after accounts, each with the districts that it serves; my own place too."""
    mine: dict[uuid.UUID, frozenset[str]] = {me.organization_id: frozenset()}
    return mine | {
        agency: them.districts
        for agency, them in _agencies(session, at)
        if (may_manage(manager(me), them))
    }


def _agencies(session: Session, at: datetime) -> list[tuple[uuid.UUID, Managed]]:
    """Every agency that serves a district, as the rules read anybody of it."""
    kind, role = OrganizationKind.PROVIDER, Role.AGENCY_STAFF
    served = districts_served(session, at).items()
    return [(key, Managed(str(key), kind, role, districts)) for key, districts in served]


def _newest(instant: Any, *of: ColumnElement[bool]) -> Any:
    return select(func.max(instant)).where(*of).correlate(User).scalar_subquery()


@dataclass(frozen=True)
class Place:
    """An organization whose people I look after."""

    id: uuid.UUID
    name: str
    kind: OrganizationKind


def organizations(session: Session, me: Actor, at: datetime) -> list[Place]:
    """Where I may add people: my own organization first, then the active partners by name."""
    places = _looked_after(session, me, at)
    rows = session.execute(
        select(Organization.id, Organization.name, Organization.kind)
        .where(
            Organization.id.in_(places),
            or_(Organization.id == me.organization_id, active(Organization, at)),
        )
        .order_by(Organization.id != me.organization_id, Organization.name, Organization.id)
    )
    return [Place(*row) for row in rows]


def of_several(session: Session, me: Actor, at: datetime) -> list[tuple[str, str]]:
    """Active partners of mine that serve another district too, by name, and who to ask of each.

    Their administrators' names with a comma between; empty when there is none yet.
    """
    shared = [
        agency
        for agency, them in _agencies(session, at)
        if Reason.AGENCY_SERVES_SEVERAL in may_manage(manager(me), them).codes
    ]
    rows = session.execute(
        select(Organization.id, Organization.name, User.name)
        .outerjoin(
            User,
            and_(
                User.organization_id == Organization.id,
                User.role == Role.AGENCY_ADMIN,
                active(User, at),
            ),
        )
        .where(Organization.id.in_(shared), active(Organization, at))
        .order_by(Organization.name, Organization.id, User.name, User.id)
    )
    asked: dict[uuid.UUID, tuple[str, list[str]]] = {}
    for key, name, person in rows:
        asked.setdefault(key, (name, []))[1].extend([person] if person else [])
    return [(name, ", ".join(people)) for name, people in asked.values()]


def schools(session: Session, me: Actor) -> list[tuple[uuid.UUID, str]]:
    """The schools of my district, by name."""
    rows = session.execute(
        select(School.id, School.name)
        .where(School.district_id == me.organization_id)
        .order_by(School.name, School.id)
    )
    return [(key, name) for key, name in rows]
