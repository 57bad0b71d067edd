"""What a review of the data goes through. Its lines have ids, days and codes, and no name.

Who a student is, is asked when somebody reads the lines (`named`), and only as far as their
level names students.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from portal.access import trail, visible
from portal.access.actor import Actor
from portal.access.lists import fold
from portal.access.sql import outside, within
from portal.policy.caseloads import CASELOAD
from portal.reviewing.standing import Found
from portal.store.accounts import UserSession
from portal.store.oversight import Review
from portal.store.people import Enrollment, Relation, Student, User
from portal.store.records import Record, Referral
from portal.store.support import AmendmentRequest, Correction, StudentService
from portal.vocabulary import ReferralStatus, ReviewKind, ReviewSubject

LONG = timedelta(days=90)
QUARTER = timedelta(days=92)
TAIL = 4
CLOSED = (
    ReferralStatus.DRAFT,
    ReferralStatus.WITHDRAWN,
    ReferralStatus.DECLINED,
    ReferralStatus.CLOSED,
    ReferralStatus.ENTERED_IN_ERROR,
)

OPEN_REFERRAL, LATE_SERVICE = "open_referral", "late_service"
CASELOAD_OF_LEFT, UNUSED_ACCOUNT = "caseload_of_left", "unused_account"
SAME_STUDENT, SAME_PERSON = "same_student", "same_person"
CORRECTED, AMENDED = "corrected", "amended"


def of_data(session: Session, organization_id: uuid.UUID, at: datetime) -> list[Found]:
    """Everything that somebody should look at, in one list."""
    return [
        *open_findings(session, organization_id, at),
        *_corrections(session, organization_id, at),
    ]


def open_findings(session: Session, organization_id: uuid.UUID, at: datetime) -> list[Found]:
    """What is stale or perhaps there twice: it is found until somebody mends it."""
    return [
        *_open_referrals(session, organization_id, at),
        *_late_services(session, organization_id, at),
        *_caseloads_of_left(session, organization_id, at),
        *_unused_accounts(session, organization_id, at),
        *_same_students(session, organization_id),
        *_same_people(session, organization_id, at),
    ]


def _stale(what: str, key: uuid.UUID, since: date | datetime | None, **more: Any) -> Found:
    facts = {"what": what, "since": since.isoformat() if since else None, **more}
    return Found(ReviewSubject.STALE, key, facts)


def _open_referrals(session: Session, organization_id: uuid.UUID, at: datetime) -> Iterator[Found]:
    """Sent more than 90 days ago, and not over."""
    rows = session.execute(
        select(Record.id, Record.student_id, Record.event_at, Referral.sent_by)
        .join(Referral, Referral.record_id == Record.id)
        .where(
            Record.custodian_id == organization_id,
            Record.event_at < at - LONG,
            Referral.status.not_in(CLOSED),
            outside(Record.sealed_from, Record.sealed_until, at),
        )
        .order_by(Record.event_at, Record.id)
    )
    for key, student, since, sender in rows:
        yield _stale(OPEN_REFERRAL, key, since, student=str(student), ask=str(sender))


def _late_services(session: Session, organization_id: uuid.UUID, at: datetime) -> Iterator[Found]:
    """Past the day on which they were to end."""
    rows = session.execute(
        select(Record.id, Record.student_id, StudentService.estimated_end, Record.author_id)
        .join(StudentService, StudentService.record_id == Record.id)
        .where(
            Record.custodian_id == organization_id,
            StudentService.ended_on.is_(None),
            StudentService.estimated_end < at.date(),
            outside(Record.sealed_from, Record.sealed_until, at),
        )
        .order_by(StudentService.estimated_end, Record.id)
    )
    for key, student, since, author in rows:
        asked = {"ask": str(author)} if author else {}
        yield _stale(LATE_SERVICE, key, since, student=str(student), **asked)


def _caseloads_of_left(
    session: Session, organization_id: uuid.UUID, at: datetime
) -> Iterator[Found]:
    """On somebody's caseload, and not enrolled any more."""
    enrolled = exists().where(
        Enrollment.student_id == Relation.student_id,
        or_(Enrollment.ends_at.is_(None), Enrollment.ends_at > at),
    )
    rows = session.execute(
        select(Relation.id, Relation.student_id, Relation.user_id, Relation.starts_at)
        .join(Student, Student.id == Relation.student_id)
        .where(
            Student.district_id == organization_id,
            Relation.kind.in_(CASELOAD),
            within(Relation.starts_at, Relation.ends_at, at),
            or_(~enrolled, Student.missing_since.is_not(None)),
        )
        .order_by(Relation.starts_at, Relation.id)
    )
    for key, student, user, since in rows:
        yield _stale(CASELOAD_OF_LEFT, key, since, student=str(student), user=str(user))


def _unused_accounts(session: Session, organization_id: uuid.UUID, at: datetime) -> Iterator[Found]:
    """Open for more than 90 days, and never used to sign in."""
    signed_in = exists().where(UserSession.user_id == User.id)
    rows = session.execute(
        select(User.id, User.active_from)
        .where(
            User.organization_id == organization_id,
            within(User.active_from, User.active_until, at),
            User.active_from < at - LONG,
            ~signed_in,
        )
        .order_by(User.active_from, User.id)
    )
    for key, since in rows:
        yield _stale(UNUSED_ACCOUNT, key, since, user=str(key))


def _same_students(session: Session, organization_id: uuid.UUID) -> Iterator[Found]:
    """Born on the same day, with the same name or the same end of the SASID."""
    twins = (
        select(Student.born)
        .where(Student.district_id == organization_id, Student.born.is_not(None))
        .group_by(Student.born)
        .having(func.count() > 1)
    )
    rows = session.execute(
        select(Student.id, Student.born, Student.search_name, Student.sasid)
        .where(Student.district_id == organization_id, Student.born.in_(twins))
        .order_by(Student.born, Student.id)
    )
    by_day = defaultdict(list)
    for row in rows:
        by_day[row.born].append(row)
    for born_then in by_day.values():
        for one, other in combinations(born_then, 2):
            tails = one.sasid and other.sasid and one.sasid[-TAIL:] == other.sasid[-TAIL:]
            if tails or one.search_name == other.search_name:
                yield _twice(SAME_STUDENT, one.id, other.id, "students")


def _same_people(session: Session, organization_id: uuid.UUID, at: datetime) -> Iterator[Found]:
    """Two active accounts of one name."""
    rows = session.execute(
        select(User.id, User.name)
        .where(
            User.organization_id == organization_id,
            within(User.active_from, User.active_until, at),
        )
        .order_by(User.id)
    )
    by_name = defaultdict(list)
    for key, name in rows:
        by_name[fold(name)].append(key)
    for keys in by_name.values():
        for one, other in combinations(keys, 2):
            yield _twice(SAME_PERSON, one, other, "people")


def _twice(what: str, one: uuid.UUID, other: uuid.UUID, of: str) -> Found:
    """The pair has an id of its own, the same for ever."""
    pair = sorted([str(one), str(other)])
    key = uuid.uuid5(uuid.NAMESPACE_OID, "|".join(pair))
    return Found(ReviewSubject.DUPLICATE, key, {"what": what, of: pair})


def _corrections(session: Session, organization_id: uuid.UUID, at: datetime) -> Iterator[Found]:
    """Records corrected, and requests to amend written down, since the review before."""
    since = _review_before(session, organization_id) or at - QUARTER
    rows = session.execute(
        select(Record.id, Record.student_id, func.count(), func.max(Correction.at))
        .join(Correction, Correction.record_id == Record.id)
        .where(Record.custodian_id == organization_id, Correction.at > since)
        .group_by(Record.id, Record.student_id)
        .order_by(func.max(Correction.at), Record.id)
    )
    for key, student, times, last in rows:
        facts = {"what": CORRECTED, "student": str(student), "times": times, "since": _iso(last)}
        yield Found(ReviewSubject.CORRECTION, key, facts)
    asked = session.execute(
        select(AmendmentRequest.id, AmendmentRequest.student_id, AmendmentRequest.written_at)
        .join(Student, Student.id == AmendmentRequest.student_id)
        .where(Student.district_id == organization_id, AmendmentRequest.written_at > since)
        .order_by(AmendmentRequest.written_at, AmendmentRequest.id)
    )
    for key, student, written in asked:
        facts = {"what": AMENDED, "student": str(student), "since": _iso(written)}
        yield Found(ReviewSubject.CORRECTION, key, facts)


def _review_before(session: Session, organization_id: uuid.UUID) -> datetime | None:
    """When the review before this one opened; this one has no lines yet."""
    opened = session.scalars(
        select(Review.opened_at)
        .where(Review.organization_id == organization_id, Review.kind == ReviewKind.DATA)
        .order_by(Review.opened_at.desc())
        .limit(2)
    ).all()
    return opened[1] if len(opened) > 1 else None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def named(
    session: Session, me: Actor, ids: Collection[uuid.UUID], at: datetime
) -> dict[uuid.UUID, tuple[str, str]]:
    """Of these students the name, empty where my level names nobody, and the last digits."""
    rows = session.execute(
        select(
            Student.id,
            Student.given_name,
            Student.family_name,
            func.coalesce(Student.sasid, Student.local_id),
            visible.students(me, at),
        ).where(Student.district_id == me.organization_id, Student.id.in_(ids))
    ).all()
    about = tuple(key for key, _given, _family, _number, seen in rows if seen)
    trail.write(session, me, trail.Entry("students.listed", True, at, about))
    return {
        key: (f"{given} {family}" if seen else "", number[-TAIL:])
        for key, given, family, number, seen in rows
    }


def students_of(facts: Sequence[dict[str, Any]]) -> set[uuid.UUID]:
    """Whom these lines are about."""
    found = {one["student"] for one in facts if "student" in one}
    return {uuid.UUID(key) for key in found.union(*(one.get("students", ()) for one in facts))}
