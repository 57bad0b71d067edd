"""A district's own sign-in: its providers, and whom they know."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.queries.sessions import active
from portal.store.accounts import (
    SignInProvider,
    SignInSubject,
)
from portal.store.people import User
from portal.store.places import Organization


def provider(
    session: Session, provider_id: uuid.UUID, at: datetime, *, also_untried: bool = False
) -> SignInProvider | None:
    """A district's single sign-on, while it is live. also_untried: or still being set up."""
    live = and_(active(Organization, at), _is_live(at))
    wanted = or_(live, SignInProvider.active_until.is_(None)) if also_untried else live
    return session.scalar(
        select(SignInProvider)
        .join(Organization, Organization.id == SignInProvider.organization_id)
        .where(SignInProvider.id == provider_id, wanted)
    )


def _is_live(at: datetime) -> ColumnElement[bool]:
    begun = SignInProvider.active_from <= at
    over = SignInProvider.active_until
    return and_(begun, or_(over.is_(None), over > at))


def provider_of(session: Session, organization_id: uuid.UUID) -> SignInProvider | None:
    """The single sign-on that this district has or is setting up."""
    return session.scalar(
        select(SignInProvider)
        .where(
            SignInProvider.organization_id == organization_id,
            SignInProvider.active_until.is_(None),
        )
        .order_by(SignInProvider.id)
        .limit(1)
    )


def live_providers(session: Session, at: datetime) -> list[tuple[uuid.UUID, str]]:
    """Every single sign-on that people may use now, by its name."""
    rows = session.execute(
        select(SignInProvider.id, SignInProvider.name)
        .join(Organization, Organization.id == SignInProvider.organization_id)
        .where(active(Organization, at), _is_live(at))
        .order_by(SignInProvider.name, SignInProvider.id)
    )
    return [(key, name) for key, name in rows]


def required_provider(
    session: Session, organization_id: uuid.UUID, at: datetime
) -> SignInProvider | None:
    """The single sign-on that people of this organization must use instead of a password."""
    return session.scalar(
        select(SignInProvider)
        .where(
            SignInProvider.organization_id == organization_id,
            SignInProvider.required,
            _is_live(at),
        )
        .order_by(SignInProvider.id)
        .limit(1)
    )


def subject(session: Session, provider_id: uuid.UUID, sub: str) -> SignInSubject | None:
    """Whose `sub` this is at the provider."""
    return session.scalar(
        select(SignInSubject).where(
            SignInSubject.provider_id == provider_id, SignInSubject.subject == sub
        )
    )


def subject_of(
    session: Session, provider_id: uuid.UUID, user_id: uuid.UUID
) -> SignInSubject | None:
    """Who this person is at the provider."""
    return session.scalar(
        select(SignInSubject).where(
            SignInSubject.provider_id == provider_id, SignInSubject.user_id == user_id
        )
    )


def subjects_of(session: Session, user_id: uuid.UUID) -> list[SignInSubject]:
    """Who this person is, at every provider."""
    return list(session.scalars(select(SignInSubject).where(SignInSubject.user_id == user_id)))


def subjects_at(session: Session, provider_id: uuid.UUID) -> list[SignInSubject]:
    """Everybody whom this provider is known to name."""
    return list(
        session.scalars(select(SignInSubject).where(SignInSubject.provider_id == provider_id))
    )


def user_with_address(
    session: Session, organization_id: uuid.UUID, email: str, at: datetime
) -> User | None:
    """The one active person of this organization with the address; None when it is not one."""
    found = session.scalars(
        select(User).where(
            User.organization_id == organization_id,
            or_(func.lower(User.username) == email, func.lower(User.email) == email),
            active(User, at),
        )
    ).all()
    return found[0] if len(found) == 1 else None
