"""The school year: its days, and its end, when services end and open referrals are reviewed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.store.records import ReferralEvent
from portal.store.support import SchoolYear
from portal.transitions import queries, rules
from portal.transitions.rules import Reviewed, YearDraft
from portal.vocabulary import CloseReason, ReferralEventKind, ReferralStatus, ServiceEnd

NOTE = "Reviewed at the end of the school year."


@dataclass(frozen=True)
class Closed:
    """What closing a year did."""

    services: int
    referrals: int


def keep_year(session: Session, me: Actor, draft: YearDraft, at: datetime) -> SchoolYear:
    """Write down a school year's first and last day; the same year again corrects them.

    Raises NotReady with every problem, also when that year is closed already.
    """
    me.may(Task.CLOSE_YEAR).or_refuse()
    found = rules.year_problems(draft)
    if found or draft.first_day is None or draft.last_day is None:
        raise NotReady(found)
    year = next((row for row in queries.years(session, me) if row.name == draft.name), None)
    if year is None:
        year = SchoolYear(district_id=me.organization_id, name=draft.name)
        session.add(year)
    elif year.closed_at is not None:
        raise NotReady([Problem("This year is closed.", "Its days stay as they are.", "Days")])
    year.first_day, year.last_day = draft.first_day, draft.last_day
    session.flush()
    days = [draft.first_day.isoformat(), draft.last_day.isoformat()]
    entry = trail.Entry("year.kept", True, at, subject=year.name, detail={"days": days})
    trail.write(session, me, entry)
    return year


def close(
    session: Session, me: Actor, year_id: uuid.UUID, reviewed: Reviewed, at: datetime
) -> Closed:
    """End the services of this year on its last day, and the referrals that were reviewed so.

    All of it in one transaction: it is done, or nothing is. A year is closed once; whoever
    clicks second is told so. Raises NotReady before the last day, NotFound for another's year.
    """
    me.may(Task.CLOSE_YEAR).or_refuse()
    year = session.get(SchoolYear, year_id, with_for_update=True)
    if year is None or year.district_id != me.organization_id:
        raise NOT_FOUND
    today = at.astimezone(ZoneInfo(me.tz)).date()
    found = rules.closing_problems(year.last_day, today, closed=year.closed_at is not None)
    if found:
        raise NotReady(found)
    students = []
    for service, record in queries.services_to_end(session, me.organization_id, year, at):
        service.ended_on, service.end_reason = year.last_day, ServiceEnd.YEAR_ENDED
        record.version += 1
        students.append(record.student_id)
    referrals = sum(
        _close_referral(session, me, referral_id, how, at)
        for referral_id, how in sorted(reviewed.items())
        if how is not None
    )
    year.closed_at, year.closed_by = at, me.id
    session.flush()
    done = Closed(len(students), referrals)
    detail = {"services": done.services, "referrals": done.referrals}
    about = tuple(dict.fromkeys(students))
    entry = trail.Entry("year.closed", True, at, about, subject=year.name, detail=detail)
    trail.write(session, me, entry)
    return done


def _close_referral(
    session: Session, me: Actor, referral_id: uuid.UUID, how: CloseReason, at: datetime
) -> bool:
    """Whether it led to service stays as it was told; unknown stays unknown."""
    found = queries.open_referral(session, me, referral_id, at)
    if found is None:
        return False  # answered or closed by somebody else meanwhile
    referral, record = found
    was, referral.status = referral.status, ReferralStatus.CLOSED
    referral.close_reason, referral.hold_reason = how, ""
    session.add(
        ReferralEvent(
            referral_id=referral.record_id,
            kind=ReferralEventKind.CLOSED,
            at=at,
            by_id=me.id,
            from_status=was,
            to_status=ReferralStatus.CLOSED,
            reason=str(how),
            note=NOTE,
        )
    )
    record.version += 1
    session.flush()
    entry = trail.Entry(
        "referral.closed",
        True,
        at,
        (record.student_id,),
        subject=referral.number,
        detail={"status": referral.status, "access": referral.access},
    )
    trail.write(session, me, entry)
    return True
