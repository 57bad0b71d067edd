"""What a form of an agreement may choose from."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.sql import within
from portal.agreements.content import Content, Signer, from_json
from portal.agreements.queries.papers import parent_kind
from portal.agreements.queries.shown import local_day
from portal.agreements.rules import Known, Partner
from portal.policy.tasks import Task, may_do
from portal.store.agreements import AgreementPaper
from portal.store.people import User
from portal.store.places import AgencyService, Organization, School
from portal.vocabulary import AgreementKind, OrganizationKind, Role


@dataclass(frozen=True)
class Agency:
    """An agency that an agreement can be made with."""

    id: uuid.UUID
    name: str
    email: str
    phone: str
    kind: OrganizationKind
    is_hipaa: bool
    is_part2: bool
    services: tuple[str, ...]
    signers: tuple[Signer, ...]


def possible_partners(session: Session, at: datetime) -> list[Agency]:
    """Every active agency, by name, with what it offers and who may sign for it here."""
    found = session.scalars(
        select(Organization)
        .where(
            Organization.kind != OrganizationKind.DISTRICT,
            within(Organization.active_from, Organization.active_until, at),
        )
        .order_by(Organization.name, Organization.id)
    ).all()
    ids = [row.id for row in found]
    offered, signing = _services(session, ids), signers(session, ids, at)
    return [
        Agency(
            row.id,
            row.name,
            row.email,
            row.phone,
            row.kind,
            row.is_hipaa,
            row.is_part2,
            tuple(name for agency, name in offered if agency == row.id),
            tuple(signer for agency, signer in signing if agency == row.id),
        )
        for row in found
    ]


def _services(session: Session, ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
    rows = session.scalars(
        select(AgencyService)
        .where(AgencyService.organization_id.in_(ids), AgencyService.status == "active")
        .order_by(AgencyService.name, AgencyService.id)
    )
    return [(row.organization_id, row.name) for row in rows]


def signers(
    session: Session, ids: Collection[uuid.UUID], at: datetime
) -> list[tuple[uuid.UUID, Signer]]:
    """Who of these organizations may sign agreements in the portal, by name."""
    signing = [role for role in Role if may_do(role, Task.SIGN_AGREEMENT)]
    rows = session.scalars(
        select(User)
        .where(
            User.organization_id.in_(ids),
            User.role.in_(signing),
            within(User.active_from, User.active_until, at),
        )
        .order_by(User.name, User.id)
    )
    return [(row.organization_id, Signer(row.name, row.title, email=row.email)) for row in rows]


def school_names(session: Session, district_id: uuid.UUID) -> list[str]:
    """The schools of a district, by name."""
    rows = session.scalars(
        select(School.name).where(School.district_id == district_id).order_by(School.name)
    )
    return list(rows)


def known(
    session: Session,
    me: Actor,
    content: Content,
    at: datetime,
    parent: AgreementKind | None = None,
) -> Known:
    """What bears on a draft besides itself."""
    ids = [terms.agency_id for terms in content.partners if terms.agency_id]
    return Known(_partners_by_id(session, ids, at), local_day(at, me.tz), parent)


def known_of(session: Session, me: Actor, paper: AgreementPaper, at: datetime) -> Known:
    """What bears on a paper's draft besides itself."""
    return known(session, me, from_json(paper.content), at, parent_kind(session, paper))


def _partners_by_id(
    session: Session, ids: Iterable[uuid.UUID], at: datetime
) -> dict[uuid.UUID, Partner]:
    rows = session.scalars(
        select(Organization).where(
            Organization.id.in_(list(ids)), Organization.kind != OrganizationKind.DISTRICT
        )
    )
    return {row.id: Partner(row.name, row.kind, _is_active(row, at)) for row in rows}


def _is_active(row: Organization, at: datetime) -> bool:
    return row.active_from <= at and (row.active_until is None or at < row.active_until)
