"""With whom organizations have agreements: in force, or any that is not over. About no student."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.policy.gate import agreement_time_problems
from portal.policy.people import Tie, serves
from portal.policy.spans import last_day
from portal.store.agreements import AgreementPaper, AgreementPartner
from portal.store.papers import Agreement
from portal.store.places import Organization
from portal.vocabulary import OrganizationKind


def in_force_with(session: Session, me: Actor, at: datetime) -> dict[str, date | None]:
    """The partners' names, each with the last day of the agreement; None: no end."""
    ours = str(me.organization_id)
    ends: dict[str, datetime | None] = {}
    for agreement in facts_of.agreements_of(session, me.organization_id):
        if not agreement_time_problems(agreement, at):
            partner = agreement.b if agreement.a == ours else agreement.a
            ends[partner] = _later(ends.get(partner, at), agreement.span.end)
    rows = session.execute(select(Organization.id, Organization.name).order_by(Organization.name))
    return {
        name: last_day(end, me.tz) if (end := ends[str(key)]) else None
        for key, name in rows
        if str(key) in ends
    }


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def districts_served(
    session: Session, at: datetime, *, agency: uuid.UUID | None = None
) -> dict[uuid.UUID, frozenset[str]]:
    """The districts that each agency serves, as `policy.people.serves` says; or this one alone."""
    ties: dict[uuid.UUID, list[Tie]] = defaultdict(list)
    for partner, tie in (*_drafted(session, agency), *_issued(session, agency)):
        ties[partner].append(tie)
    return {partner: serves(found, at) for partner, found in ties.items()}


def _drafted(session: Session, agency: uuid.UUID | None) -> Iterator[tuple[uuid.UUID, Tie]]:
    """Papers that are not issued: nothing of them has reached the gate."""
    asked = (
        select(AgreementPartner.organization_id, AgreementPaper.district_id)
        .join(AgreementPaper, AgreementPaper.id == AgreementPartner.paper_id)
        .where(AgreementPaper.issued_at.is_(None), AgreementPaper.discarded_at.is_(None))
    )
    if agency is not None:
        asked = asked.where(AgreementPartner.organization_id == agency)
    for partner, district in session.execute(asked):
        yield partner, Tie(str(district))


def _issued(session: Session, agency: uuid.UUID | None) -> Iterator[tuple[uuid.UUID, Tie]]:
    is_a_district = select(Organization.id).where(Organization.kind == OrganizationKind.DISTRICT)
    districts = set(session.scalars(is_a_district))
    asked = select(Agreement, AgreementPaper.discarded_at).outerjoin(
        AgreementPaper, AgreementPaper.id == Agreement.paper_id
    )
    if agency is not None:
        asked = asked.where(or_(Agreement.a_id == agency, Agreement.b_id == agency))
    for row, discarded_at in session.execute(asked):
        over = min((end for end in (row.ends_at, row.terminated_at) if end), default=None)
        for partner, district in ((row.a_id, row.b_id), (row.b_id, row.a_id)):
            if district in districts and partner not in districts:
                yield partner, Tie(str(district), over, discarded_at is not None)
