"""Who is asking: loaded afresh from the database for every request."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.policy.decision import Decision
from portal.policy.spans import Span
from portal.policy.tasks import Task, may_do
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import Level, OrganizationKind, Role


@dataclass(frozen=True)
class Actor:
    """A signed-in person, with the organization they act for.

    session_id: the sign-in that they act in, which each of their trail lines names; None at the
    command line and where no browser is.
    """

    id: uuid.UUID
    name: str
    title: str
    role: Role
    level: Level
    school_id: uuid.UUID | None
    organization_id: uuid.UUID
    organization_name: str
    organization_kind: OrganizationKind
    tz: str
    session_id: uuid.UUID | None = None

    def may(self, task: Task) -> Decision:
        """Does this person's role have the task?"""
        return may_do(self.role, task)


def load(
    session: Session, user_id: uuid.UUID, at: datetime, session_id: uuid.UUID | None = None
) -> Actor | None:
    """The actor, or None when the account or its organization is not active at `at`."""
    row = session.execute(
        select(User, Organization)
        .join(Organization, Organization.id == User.organization_id)
        .where(User.id == user_id)
    ).one_or_none()
    if row is None:
        return None
    user, organization = row
    active = (
        Span(user.active_from, user.active_until),
        Span(organization.active_from, organization.active_until),
    )
    if not all(span.contains(at) for span in active):
        return None
    return Actor(
        id=user.id,
        name=user.name,
        title=user.title,
        role=user.role,
        level=user.level,
        school_id=user.school_id,
        organization_id=organization.id,
        organization_name=organization.name,
        organization_kind=organization.kind,
        tz=organization.tz,
        session_id=session_id,
    )
