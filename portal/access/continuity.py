"""Continuity of care: the referrals that still run to an agency whose agreement ends.

A district that ends an agreement sees to it that no student is left without care. It is told
which referrals are open, by their numbers, and whom of its own staff to ask about each; whose
they are it is not told: who that may know finds them under "Referrals".

Right:  continuity.open_referrals(session, me, [agency.id], "M-7K3QF2", at)
Wrong:  referrals.queries.my_open(…)     narrowed to my own students, and it names them
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.access.reliance import WAITING
from portal.access.sql import outside
from portal.policy.papers import may_see_to_continuity
from portal.store.people import User
from portal.store.places import AgencyService, Organization
from portal.store.records import Record, Referral
from portal.vocabulary import Category, ReferralStatus

RUNNING = WAITING | {ReferralStatus.ON_HOLD}
"""Neither declined nor closed."""

EVENT = "referrals.listed_for_continuity"


@dataclass(frozen=True)
class Running:
    """An open referral, without its student. service: empty where it names none."""

    number: str
    agency: str
    service: str
    status: ReferralStatus
    since: datetime
    sent_by: str
    title: str


def how_many(
    session: Session, me: Actor, agency_ids: Collection[uuid.UUID], at: datetime
) -> tuple[int, int]:
    """How many of my district's referrals to these agencies are open, and how many in service."""
    if not may_see_to_continuity(me.role):
        return 0, 0
    rows = session.execute(
        select(Referral.status, func.count())
        .join(Record, Record.id == Referral.record_id)
        .where(*_running(me, agency_ids, at))
        .group_by(Referral.status)
    )
    counts: dict[ReferralStatus, int] = {row[0]: row[1] for row in rows}
    return sum(counts.values()), counts.get(ReferralStatus.IN_SERVICE, 0)


def open_referrals(
    session: Session,
    me: Actor,
    agency_ids: Collection[uuid.UUID],
    about: str,
    at: datetime,
) -> Sequence[Running]:
    """Those referrals, the oldest first. about: the number of the agreement that ends.

    Raises Refused. The trail names the students, whom the list does not.
    """
    decision = may_see_to_continuity(me.role)
    if not decision:
        codes = [str(code) for code in decision.codes]
        trail.write_refusal(session, me, trail.Entry(EVENT, False, at, subject=about, codes=codes))
        decision.or_refuse()
    rows = session.execute(
        select(Referral, Record, Organization.name, AgencyService.name, User.name, User.title)
        .join(Record, Record.id == Referral.record_id)
        .join(Organization, Organization.id == Referral.agency_id)
        .join(User, User.id == Referral.sent_by)
        .outerjoin(AgencyService, AgencyService.id == Referral.service_id)
        .where(*_running(me, agency_ids, at))
        .order_by(Record.event_at, Referral.number)
    ).all()
    students = tuple(sorted({record.student_id for _r, record, *_rest in rows}))
    told = {"count": len(rows)}
    entry = trail.Entry(
        EVENT, True, at, students, subject=about, opened=[Category.REFERRALS], detail=told
    )
    trail.write(session, me, entry)
    return [
        Running(
            number=referral.number,
            agency=agency,
            service=service or "",
            status=referral.status,
            since=record.event_at,
            sent_by=sender,
            title=title,
        )
        for referral, record, agency, service, sender, title in rows
    ]


def _running(
    me: Actor, agency_ids: Collection[uuid.UUID], at: datetime
) -> list[ColumnElement[bool]]:
    return [
        Referral.agency_id.in_(agency_ids),
        Referral.status.in_(sorted(RUNNING)),
        Record.district_id == me.organization_id,
        Record.custodian_id == me.organization_id,
        Record.category == Category.REFERRALS,
        Record.draft.is_(False),
        outside(Record.sealed_from, Record.sealed_until, at),
    ]
