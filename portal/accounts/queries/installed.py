"""What commands ask: service accounts, names, districts and agencies; is it a demonstration?"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.store.accounts import (
    ServiceAccount,
    ServiceAccountScope,
)
from portal.store.ledger import Installation
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import OrganizationKind, Scope


def service_account(session: Session, token_sha256: str) -> ServiceAccount | None:
    """The service account of this token, ended or not."""
    return session.scalar(select(ServiceAccount).where(ServiceAccount.token_sha256 == token_sha256))


def service_accounts(
    session: Session, organization_id: uuid.UUID, at: datetime
) -> list[ServiceAccount]:
    """The accounts of this district that neither were ended nor have run out, by name."""
    return list(
        session.scalars(
            select(ServiceAccount)
            .where(
                ServiceAccount.organization_id == organization_id,
                ServiceAccount.ended_at.is_(None),
                ServiceAccount.expires_at > at,
            )
            .order_by(ServiceAccount.name, ServiceAccount.id)
        )
    )


def scopes(
    session: Session, accounts: Sequence[ServiceAccount]
) -> dict[uuid.UUID, tuple[Scope, ...]]:
    """What each of these accounts may do, in the order of the closed list."""
    found: dict[uuid.UUID, set[Scope]] = {account.id: set() for account in accounts}
    rows = select(ServiceAccountScope).where(ServiceAccountScope.account_id.in_(found))
    for row in session.scalars(rows):
        found[row.account_id].add(row.scope)
    return {key: tuple(s for s in Scope if s in theirs) for key, theirs in found.items()}


def names(session: Session, users: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of these people."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(users)))
    return {row.id: row.name for row in rows}


def anybody_can_sign_in(session: Session) -> bool:
    """Has anybody a password, or any program a token?"""
    for known in (
        select(User.id).where(User.password_hash.is_not(None)),
        select(ServiceAccount.id),
    ):
        if session.scalar(known.limit(1)) is not None:
            return True
    return False


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


def agencies_named(session: Session, name: str) -> Sequence[Organization]:
    """The agencies of this name, whatever its capitals."""
    return session.scalars(
        select(Organization)
        .where(
            Organization.kind != OrganizationKind.DISTRICT,
            func.lower(Organization.name) == name.strip().lower(),
        )
        .order_by(Organization.id)
    ).all()
