"""What the checks before sending ask, once a student is open to whoever refers."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.access import visible
from portal.access.actor import Actor
from portal.access.sql import within
from portal.store.consents import Consent
from portal.store.papers import Agreement
from portal.store.people import Guardian, Guardianship
from portal.store.records import Record, Referral
from portal.store.support import ServiceCapacity
from portal.vocabulary import Category, Purpose, ReferralStatus, ReferralTarget

FEW = 4


def capacity_row(
    session: Session, agency_id: uuid.UUID, service_id: uuid.UUID | None
) -> ServiceCapacity | None:
    """What the agency told last of this service, or of itself as a whole."""
    same = (
        ServiceCapacity.service_id.is_(None)
        if service_id is None
        else ServiceCapacity.service_id == service_id
    )
    found = select(ServiceCapacity).where(ServiceCapacity.organization_id == agency_id, same)
    return session.scalar(found.order_by(ServiceCapacity.told_at.desc()).limit(1))


def capacities(session: Session, agencies: Collection[uuid.UUID]) -> Sequence[ServiceCapacity]:
    """All that these agencies told, the latest of a service last."""
    found = select(ServiceCapacity).where(ServiceCapacity.organization_id.in_(agencies))
    return session.scalars(found.order_by(ServiceCapacity.told_at, ServiceCapacity.id)).all()


def paper_numbers(session: Session, papers: Collection[str]) -> list[str]:
    """The numbers printed on these consents and agreements, sorted."""
    keys = [uuid.UUID(paper) for paper in papers]
    found = [
        *session.scalars(select(Consent.number).where(Consent.id.in_(keys))),
        *session.scalars(select(Agreement.number).where(Agreement.id.in_(keys))),
    ]
    return sorted(found)


def declined_at(
    session: Session,
    me: Actor,
    student_id: uuid.UUID,
    agency_id: uuid.UUID,
    need: str,
    at: datetime,
) -> datetime | None:
    """When this agency declined this student for this need, while nobody reviewed that."""
    return session.scalar(
        select(func.max(Referral.answered_at))
        .join(Record, Record.id == Referral.record_id)
        .where(
            Record.student_id == student_id,
            Referral.agency_id == agency_id,
            Referral.need == need,
            Referral.status == ReferralStatus.DECLINED,
            Referral.decline_reviewed_at.is_(None),
            _opened(me, at),
        )
    )


def family_of(session: Session, student_id: uuid.UUID, at: datetime) -> list[Guardian]:
    """The adults who hold the student's educational rights now, by name."""
    rows = session.scalars(
        select(Guardian)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .where(
            Guardianship.student_id == student_id,
            within(Guardianship.rights_from, Guardianship.rights_until, at),
        )
        .order_by(Guardian.name, Guardian.id)
        .distinct()
    )
    return list(rows)


def usual_providers(
    session: Session, me: Actor, at: datetime
) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """The agencies and services that I referred to last, the last one first; about nobody."""
    last = func.max(Record.event_at)
    rows = session.execute(
        select(Referral.agency_id, Referral.service_id)
        .join(Record, Record.id == Referral.record_id)
        .where(
            Referral.sent_by == me.id,
            Referral.target == ReferralTarget.COMMUNITY,
            Referral.status != ReferralStatus.ENTERED_IN_ERROR,
            _opened(me, at),
        )
        .group_by(Referral.agency_id, Referral.service_id)
        .order_by(last.desc(), Referral.agency_id)
        .limit(FEW)
    )
    return [(agency, service) for agency, service in rows if agency is not None]


def _opened(me: Actor, at: datetime) -> ColumnElement[bool]:
    return visible.records(me, Purpose.COORDINATE, at, kinds=[Category.REFERRALS])
