"""What relied on a consent: the referrals that it let an agency see, and what the agency received.

When a consent is taken back, a referral whose name it opened goes on hold on both sides at the
same instant; nothing already received is undone, so it is listed.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import trail
from portal.access.actor import Actor
from portal.policy.decision import Decision
from portal.policy.facts import (
    ConsentFacts,
    Facts,
    OrganizationFacts,
    RecordFacts,
    RelationFacts,
    UserFacts,
)
from portal.policy.gate import may_open
from portal.policy.spans import Span
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.people import Student
from portal.store.places import Organization
from portal.store.records import Record, Referral, ReferralEvent
from portal.vocabulary import (
    Category,
    Level,
    Purpose,
    ReferralEventKind,
    ReferralStatus,
    RelationKind,
)

A_MOMENT = timedelta(microseconds=1)

CONSENT_WITHDRAWN = "consent_withdrawn"
WAITING = frozenset(
    {
        ReferralStatus.SENT,
        ReferralStatus.RECEIVED,
        ReferralStatus.ACCEPTED,
        ReferralStatus.WAITLISTED,
        ReferralStatus.IN_SERVICE,
    }
)
"""A referral that goes on; one that is over stays as it is."""


def as_the_team(
    session: Session, facts: Facts, agency: Organization, consents: Sequence[ConsentFacts]
) -> Facts:
    """The same student as seen by a member of this agency's case team, under these consents alone.

    The member does not exist; no grant, no legal basis and no one else's paper helps them.
    """
    always = Span(agency.active_from, agency.active_until)
    known = OrganizationFacts(str(agency.id), agency.kind, always, agency.is_hipaa, agency.is_part2)
    return replace(
        facts,
        user=UserFacts("", known.id, Level.STAFF, always),
        organizations={**facts.organizations, known.id: known},
        relations=(RelationFacts(RelationKind.TEAM, always),),
        grants=(),
        locks=(),
        legal=(),
        agreements=facts_of.agreements_of(session, agency.id),
        consents=tuple(consents),
    )


def hold_referrals(
    session: Session,
    me: Actor | None,
    by: str,
    facts: Facts,
    agency: Organization,
    consents: Sequence[ConsentFacts],
    at: datetime,
) -> list[Referral]:
    """Put the open referrals to this agency on hold that a consent opened until this instant.

    consents: all of this student's to the agency, as they stand now.
    """
    seen = as_the_team(session, facts, agency, consents)
    held = []
    for referral, record in _referrals(session, facts, agency):
        item = facts_of.of_one(session, record)
        if not _opened(seen, item, at - A_MOMENT) or _opened(seen, item, at):
            continue
        session.add(
            ReferralEvent(
                referral_id=record.id,
                kind=ReferralEventKind.HELD,
                at=at,
                by_id=me.id if me else None,
                from_status=referral.status,
                to_status=ReferralStatus.ON_HOLD,
                reason=CONSENT_WITHDRAWN,
            )
        )
        referral.status, referral.hold_reason = ReferralStatus.ON_HOLD, CONSENT_WITHDRAWN
        held.append(referral)
        entry = trail.Entry(
            "referral.put_on_hold",
            True,
            at,
            (record.student_id,),
            subject=referral.number,
            detail={"reason": CONSENT_WITHDRAWN},
            by=by,
        )
        trail.write(session, me, entry)
    return held


def is_open_to(
    session: Session, facts: Facts, agency: Organization, record: Record, at: datetime
) -> bool:
    """Does a consent let this agency's case team see this referral now?"""
    about = consent_facts.about(session, agency.id, record.student_id)
    return _opened(as_the_team(session, facts, agency, about), facts_of.of_one(session, record), at)


def opening(
    session: Session,
    facts: Facts,
    agency: Organization,
    category: Category,
    purpose: Purpose,
    at: datetime,
) -> Decision:
    """Would a consent let this agency's case team see a record of this kind, written now?

    Asked of an imagined record of the student's district, before it is sent.
    """
    about = consent_facts.about(session, agency.id, uuid.UUID(facts.student.id))
    district = str(session.get_one(Student, uuid.UUID(facts.student.id)).district_id)
    item = RecordFacts("", facts.student.id, district, category, at)
    return may_open(as_the_team(session, facts, agency, about), item, purpose, at)


def _opened(seen: Facts, item: RecordFacts, at: datetime) -> bool:
    return any(may_open(seen, item, purpose, at) for purpose in Purpose)


def _referrals(
    session: Session, facts: Facts, agency: Organization
) -> Sequence[tuple[Referral, Record]]:
    rows = session.execute(
        select(Referral, Record)
        .join(Record, Record.id == Referral.record_id)
        .where(
            Referral.agency_id == agency.id,
            Referral.status.in_(WAITING),
            Record.student_id == uuid.UUID(facts.student.id),
        )
        .order_by(Referral.number)
    )
    return [(referral, record) for referral, record in rows]


@dataclass(frozen=True)
class Received:
    """A kind of record that an organization has opened, and when it first and last did."""

    category: Category
    first: datetime
    last: datetime
    times: int


def received(session: Session, student_id: uuid.UUID, organization_id: uuid.UUID) -> list[Received]:
    """What an organization already has of a student, from the trail; nothing of it is undone.

    The caller has authorized itself for this student, or is that organization.
    """
    rows = session.execute(
        select(TrailLine.at, TrailLine.opened)
        .join(TrailStudent, TrailStudent.line_id == TrailLine.id)
        .where(
            TrailStudent.student_id == student_id,
            TrailLine.organization_id == organization_id,
            TrailLine.allowed,
        )
        .order_by(TrailLine.at)
    )
    opened: dict[str, list[datetime]] = defaultdict(list)
    for at, categories in rows:
        for category in categories:
            opened[category].append(at)
    return [
        Received(category, opened[category][0], opened[category][-1], len(opened[category]))
        for category in Category
        if category in opened
    ]
