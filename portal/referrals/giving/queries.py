"""What my agency has logged back of a referral; what was corrected is told beside it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import trail, visible
from portal.access.actor import Actor
from portal.access.sql import outside
from portal.referrals.giving.rules import CAME
from portal.store.people import User
from portal.store.records import Record
from portal.store.support import ServiceGiven
from portal.vocabulary import Attendance, Category, GivenStatus, Purpose

MOST = 100


@dataclass(frozen=True)
class GivenLine:
    """A contact as its agency's list shows it. corrected: the reason, when it corrects an older."""

    given_id: uuid.UUID
    referral_id: uuid.UUID
    given_on: date
    attendance: Attendance
    status: GivenStatus
    strategies: str
    by: str
    corrected: str


def of_referrals(
    session: Session, me: Actor, referrals: Collection[uuid.UUID], at: datetime
) -> dict[uuid.UUID, list[GivenLine]]:
    """What we logged of these referrals and I may see, the last contact first."""
    if not referrals:
        return {}
    rows = session.execute(
        select(ServiceGiven, Record.student_id, User.name)
        .join(Record, Record.id == ServiceGiven.record_id)
        .outerjoin(User, User.id == Record.author_id)
        .where(
            ServiceGiven.referral_id.in_(referrals),
            Record.custodian_id == me.organization_id,
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.SERVICE_STATUS]),
        )
        .order_by(ServiceGiven.given_on.desc(), Record.written_at.desc(), Record.id)
        .limit(MOST)
    ).all()
    found: dict[uuid.UUID, list[GivenLine]] = {key: [] for key in referrals}
    for row, _student, author in rows:
        found[row.referral_id].append(_line(row, author or ""))
    if rows:
        students = tuple({student for _row, student, _author in rows})
        opened = [Category.SERVICE_STATUS]
        entry = trail.Entry("service.listed", True, at, students, opened=opened)
        trail.write(session, me, entry)
    return found


def _line(row: ServiceGiven, author: str) -> GivenLine:
    return GivenLine(
        given_id=row.record_id,
        referral_id=row.referral_id,
        given_on=row.given_on,
        attendance=row.attendance,
        status=row.status,
        strategies=row.strategies,
        by=author,
        corrected=row.reason if row.corrects else "",
    )


def one_of_ours(
    session: Session, me: Actor, given_id: uuid.UUID, at: datetime
) -> tuple[ServiceGiven, Record] | None:
    """A contact that my agency logged and I may open, as it stands now, held for a change."""
    row = session.execute(
        select(ServiceGiven, Record)
        .join(Record, Record.id == ServiceGiven.record_id)
        .where(
            ServiceGiven.record_id == given_id,
            Record.custodian_id == me.organization_id,
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.SERVICE_STATUS]),
        )
        .with_for_update(of=Record)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def days_came(session: Session, referral_id: uuid.UUID, at: datetime) -> list[date]:
    """The days on which the student came, of what stands; for the service that has authorized."""
    rows = session.scalars(
        select(ServiceGiven.given_on)
        .join(Record, Record.id == ServiceGiven.record_id)
        .where(
            ServiceGiven.referral_id == referral_id,
            ServiceGiven.attendance.in_(sorted(CAME)),
            outside(Record.sealed_from, Record.sealed_until, at),
        )
        .order_by(ServiceGiven.given_on)
    )
    return list(rows)
