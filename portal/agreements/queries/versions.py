"""Versions of a paper, and what was said about it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.agreements.queries.papers import partner_ids
from portal.agreements.queries.shown import answers_to, last_sent
from portal.store.agreements import AgreementEvent, AgreementVersion
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import AgreementEventKind


def next_version(session: Session, paper_id: uuid.UUID) -> int:
    """The number of the next version."""
    last = select(func.max(AgreementVersion.number)).where(AgreementVersion.paper_id == paper_id)
    return (session.scalar(last) or 0) + 1


def next_event(session: Session, paper_id: uuid.UUID) -> int:
    """The number of the next event."""
    last = select(func.max(AgreementEvent.number)).where(AgreementEvent.paper_id == paper_id)
    return (session.scalar(last) or 0) + 1


def versions(session: Session, paper_id: uuid.UUID) -> list[AgreementVersion]:
    """Every version, the first first. Whoever may see the paper may see what was sent."""
    rows = session.scalars(
        select(AgreementVersion)
        .where(AgreementVersion.paper_id == paper_id)
        .order_by(AgreementVersion.number)
    )
    return list(rows)


def latest_sent(session: Session, paper_id: uuid.UUID) -> AgreementVersion | None:
    """The version that was sent for review last."""
    return last_sent(session, [paper_id]).get(paper_id)


def awaited(session: Session, paper_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The partners who have not answered that version."""
    answered = answers_to(session, last_sent(session, [paper_id])).get(paper_id, frozenset())
    return frozenset(partner_ids(session, paper_id)) - answered


@dataclass(frozen=True)
class Said:
    """Something that happened to an agreement."""

    kind: AgreementEventKind
    at: datetime
    who: str
    organization: str
    version: int | None
    clause: str
    text: str


def history(session: Session, paper_id: uuid.UUID) -> list[Said]:
    """All that happened, the newest first; for whoever may see the paper."""
    rows = session.execute(
        select(AgreementEvent, User.name, Organization.name, AgreementVersion.number)
        .outerjoin(User, User.id == AgreementEvent.user_id)
        .outerjoin(Organization, Organization.id == AgreementEvent.organization_id)
        .outerjoin(AgreementVersion, AgreementVersion.id == AgreementEvent.version_id)
        .where(AgreementEvent.paper_id == paper_id)
        .order_by(AgreementEvent.number.desc())
    )
    return [
        Said(event.kind, event.at, who or "", place or "", number, event.clause, event.text)
        for event, who, place, number in rows
    ]
