"""What a page asks about referrals: the school's own, which the gate opens, and agencies' slips."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.access import grounds, trail, visible
from portal.access.actor import Actor
from portal.access.reliance import CONSENT_WITHDRAWN, Received, received
from portal.access.slips import answerable, slips
from portal.access.sql import within
from portal.access.words import Words, words_of, words_of_each
from portal.referrals.rules import AWAITING_ANSWER, OPEN
from portal.store.people import Block, Student, User
from portal.store.places import AgencyService, Organization, School
from portal.store.records import Record, Referral
from portal.store.support import ServiceCapacity
from portal.vocabulary import (
    Access,
    Capacity,
    Category,
    ContactWay,
    OrganizationKind,
    Purpose,
    ReferralStatus,
    Urgency,
    WordList,
)

MOST = 200
ACTIVE_SERVICE = "active"


@dataclass(frozen=True)
class Provider:
    """A community provider, and one service of it where it lists any.

    capacity, weeks, told_at: whether it has room, as it told itself on that day.
    """

    agency_id: uuid.UUID
    service_id: uuid.UUID | None
    label: str
    capacity: Capacity | None = None
    weeks: int | None = None
    told_at: datetime | None = None


@dataclass(frozen=True)
class ReferralLine:
    """A referral as the school's lists show it.

    withdrawn: on hold, because the consent behind it was taken back; then `received` is what
    the agency already has of this student.
    """

    referral_id: uuid.UUID
    student_id: uuid.UUID
    number: str
    student: str
    provider: str
    need: str
    status: ReferralStatus
    sent_at: datetime
    days: int
    access: Access
    accessed_on: date | None
    answered_at: datetime | None
    reason: str
    withdrawn: bool = False
    received: tuple[Received, ...] = ()
    urgency: Urgency = Urgency.ROUTINE
    waitlist_weeks: int | None = None


@dataclass(frozen=True)
class Slip:
    """What the agency sees of a referral. student: the name, only where the gate opens it.

    mine_to_answer: the viewer is on the case team, or the agency's administrator.
    withdrawn and received: as on the school's side. do_not_contact, contact_ways: whether and how
    the family may be reached; none said means any way. contact_note: what else to mind about
    that, only where the name is open, for it may tell whose it is.
    """

    referral_id: uuid.UUID
    number: str
    student: str | None
    need: str
    service: str
    status: ReferralStatus
    access: Access
    sent_at: datetime
    days: int
    contact: str
    contact_email: str
    school: str
    mine_to_answer: bool
    withdrawn: bool = False
    received: tuple[Received, ...] = ()
    urgency: Urgency = Urgency.ROUTINE
    waitlist_weeks: int | None = None
    do_not_contact: bool = False
    contact_ways: tuple[ContactWay, ...] = ()
    contact_note: str = ""


def providers(session: Session, me: Actor, at: datetime) -> list[Provider]:
    """Community providers that can receive a referral now, by name, each service a line."""
    agency = Organization
    whole, one = aliased(ServiceCapacity), aliased(ServiceCapacity)
    rows = session.execute(
        select(agency.id, agency.name, AgencyService.id, AgencyService.name, whole, one)
        .outerjoin(
            AgencyService,
            and_(
                AgencyService.organization_id == agency.id, AgencyService.status == ACTIVE_SERVICE
            ),
        )
        .outerjoin(whole, and_(whole.organization_id == agency.id, whole.service_id.is_(None)))
        .outerjoin(one, one.service_id == AgencyService.id)
        .where(
            agency.kind != OrganizationKind.DISTRICT,
            agency.id != me.organization_id,
            within(agency.active_from, agency.active_until, at),
        )
        .order_by(agency.name, AgencyService.name, agency.id, AgencyService.id)
    )
    return [_provider(row) for row in rows]


def _provider(row: Any) -> Provider:
    """With what it told of the service, or else of itself as a whole."""
    agency_id, name, service_id, service, of_agency, of_service = row
    label, said = _label(name, service), of_service or of_agency
    if said is None:
        return Provider(agency_id, service_id, label)
    return Provider(agency_id, service_id, label, said.capacity, said.weeks, said.told_at)


def is_blocked(session: Session, student_id: uuid.UUID, agency_id: uuid.UUID, at: datetime) -> bool:
    """Is sharing this student's records with this agency stopped at this instant?"""
    found = session.scalar(
        select(Block.id)
        .where(
            Block.student_id == student_id,
            or_(Block.organization_id.is_(None), Block.organization_id == agency_id),
            within(Block.starts_at, Block.ends_at, at),
        )
        .limit(1)
    )
    return found is not None


def one_i_may_open(
    session: Session, me: Actor, referral_id: uuid.UUID, at: datetime
) -> tuple[Referral, Record] | None:
    """A referral with its record, when the gate opens it to this person."""
    found = session.execute(
        select(Referral, Record)
        .join(Record, Record.id == Referral.record_id)
        .where(Referral.record_id == referral_id, _opened(me, at))
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def of_visit(session: Session, visit_id: uuid.UUID) -> list[Referral]:
    """The referrals sent with a visit, in the order of their numbers."""
    rows = session.scalars(
        select(Referral).where(Referral.visit_id == visit_id).order_by(Referral.number)
    )
    return list(rows)


def how_many_open(session: Session, me: Actor, at: datetime) -> int:
    """How many referrals of my own organization I may see are still without an outcome."""
    found = (
        select(func.count())
        .select_from(Referral)
        .join(Record, Record.id == Referral.record_id)
        .where(*_own(me, at), *_without_outcome())
    )
    return session.scalar(found) or 0


def my_open(
    session: Session, me: Actor, at: datetime, most: int = MOST, skip: int = 0
) -> list[ReferralLine]:
    """Those referrals, the oldest first; `most` of them after the first `skip`."""
    wanted = told().where(*_own(me, at), *_without_outcome())
    wanted = wanted.order_by(Record.event_at, Record.id).offset(skip).limit(most)
    return listed(session, me, at, wanted)


def of_student(
    session: Session, me: Actor, student_id: uuid.UUID, at: datetime
) -> list[ReferralLine]:
    """The open referrals of one student that I may see, oldest first."""
    wanted = told().where(Record.student_id == student_id, *_own(me, at), *_without_outcome())
    return listed(session, me, at, wanted.order_by(Record.event_at, Record.id))


def answers(
    session: Session, me: Actor, since: datetime, at: datetime, most: int = MOST
) -> list[ReferralLine]:
    """Referrals that I may see and that an agency answered since then, the last one first."""
    answered = (Referral.answered_at >= since, Referral.answered_at <= at)
    wanted = told().where(*_own(me, at), *answered)
    wanted = wanted.order_by(Referral.answered_at.desc(), Record.id).limit(most)
    return listed(session, me, at, wanted)


def slip_counts(session: Session, me: Actor, at: datetime) -> dict[ReferralStatus, int]:
    """How many unfinished referrals my agency has in each status; nothing about anybody."""
    rows = session.execute(
        select(Referral.status, func.count())
        .join(Record, Record.id == Referral.record_id)
        .where(slips(me, at), Referral.status.in_(sorted(OPEN)))
        .group_by(Referral.status)
    )
    return {row[0]: row[1] for row in rows}


def to_my_agency(
    session: Session,
    me: Actor,
    at: datetime,
    most: int = MOST,
    skip: int = 0,
    statuses: Collection[ReferralStatus] = OPEN,
    only: Collection[ColumnElement[bool]] = (),
) -> list[Slip]:
    """The slips of the referrals sent to my agency that stand like this.

    Those that await an answer come first, the oldest before the others.

    only: conditions on Referral and its Record that narrow it further.

    The student's name is read only for those whose record the gate opens to me;
    the trail names each of them, and the papers that opened the name.
    """
    rows = session.execute(
        select(
            Referral,
            Record,
            AgencyService.name,
            User,
            School.name,
            Organization,
            Student,
            answerable(me, at),
        )
        .join(Record, Record.id == Referral.record_id)
        .join(User, User.id == Referral.sent_by)
        .join(Organization, Organization.id == Record.district_id)
        .outerjoin(School, School.id == User.school_id)
        .outerjoin(AgencyService, AgencyService.id == Referral.service_id)
        .outerjoin(Student, and_(Student.id == Record.student_id, _opened(me, at)))
        .where(slips(me, at), Referral.status.in_(sorted(statuses)), *only)
        .order_by(case((Referral.status.in_(sorted(AWAITING_ANSWER)), 0), else_=1))
        .order_by(Record.event_at, Record.id)
        .offset(skip)
        .limit(most)
    ).all()
    entry = _names_told(session, me, rows, at)
    trail.write(session, me, entry)
    words = words_of_each(session, (row[1].district_id for row in rows))
    return [_slip(session, me, row, words[row[1].district_id], at) for row in rows]


def _slip(session: Session, me: Actor, row: Any, words: Words, at: datetime) -> Slip:
    referral, record, service, sender, school, district, student, mine = row
    return Slip(
        referral_id=referral.record_id,
        number=referral.number,
        student=_name(student),
        need=words.label(WordList.NEED, referral.need),
        service=service or "",
        status=referral.status,
        access=referral.access,
        sent_at=record.event_at,
        days=days_between(record.event_at, at, district.tz),
        contact=sender.name,
        contact_email=sender.email,
        school=school or district.name,
        mine_to_answer=mine,
        withdrawn=is_withdrawn(referral),
        received=_received(session, referral, record, me.organization_id),
        urgency=referral.urgency,
        waitlist_weeks=referral.waitlist_weeks,
        do_not_contact=referral.do_not_contact,
        contact_ways=tuple(ContactWay(way) for way in referral.contact_ways.split()),
        contact_note=referral.contact_note if student is not None else "",
    )


def days_between(start: datetime, at: datetime, tz: str) -> int:
    """Whole calendar days in the zone: sent yesterday evening is one day ago."""
    zone = ZoneInfo(tz)
    return (at.astimezone(zone).date() - start.astimezone(zone).date()).days


def _label(agency: str, service: str | None) -> str:
    return agency if service is None else f"{agency} · {service}"


def _name(student: Student | None) -> str | None:
    return None if student is None else f"{student.family_name}, {student.given_name}"


def _names_told(session: Session, me: Actor, rows: Sequence[Any], at: datetime) -> trail.Entry:
    """The line of a list of slips: whom it names, and on which papers; other slips name nobody."""
    named = [(row[1].id, row[6].id) for row in rows if row[6] is not None]
    return trail.Entry(
        "referral.listed_by_agency",
        True,
        at,
        tuple(student for _record, student in named),
        purpose=Purpose.COORDINATE,
        opened=[Category.REFERRALS, Category.IDENTITY] if named else [],
        basis=grounds.of_records(
            session, me, Purpose.COORDINATE, [record for record, _student in named], at
        ),
    )


def _opened(me: Actor, at: datetime) -> ColumnElement[bool]:
    return visible.records(me, Purpose.COORDINATE, at, kinds=[Category.REFERRALS])


def told() -> Select[Referral, Record, Student, str]:
    """The rows of a school's lines."""
    return (
        select(Referral, Record, Student, Organization.name)
        .join(Record, Record.id == Referral.record_id)
        .join(Student, Student.id == Record.student_id)
        .outerjoin(Organization, Organization.id == Referral.agency_id)
    )


def _own(me: Actor, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of my own organization, open to me, and of nobody whom my lists leave out."""
    listed_to_me = visible.not_hidden(me, at, Record.student_id)
    return Record.custodian_id == me.organization_id, _opened(me, at), listed_to_me


def _without_outcome() -> tuple[ColumnElement[bool], ...]:
    """Nobody knows yet what came of it; or something did, and the consent was taken back since."""
    withdrawn = and_(
        Referral.status == ReferralStatus.ON_HOLD, Referral.hold_reason == CONSENT_WITHDRAWN
    )
    return (
        Referral.status.in_(sorted(OPEN)),
        or_(Referral.access == Access.UNKNOWN, withdrawn),
    )


def listed(
    session: Session,
    me: Actor,
    at: datetime,
    wanted: Select[Referral, Record, Student, str],
) -> list[ReferralLine]:
    rows = session.execute(wanted).all()
    students = tuple(student.id for _referral, _record, student, _agency in rows)
    opened = [Category.REFERRALS, Category.IDENTITY]
    entry = trail.Entry("referral.listed", True, at, students, Purpose.COORDINATE, opened=opened)
    trail.write(session, me, entry)
    words = words_of(session, me.organization_id)
    return [
        ReferralLine(
            referral_id=referral.record_id,
            student_id=student.id,
            number=referral.number,
            student=f"{student.family_name}, {student.given_name}",
            provider=agency or referral.school_provider,
            need=words.label(WordList.NEED, referral.need),
            status=referral.status,
            sent_at=record.event_at,
            days=days_between(record.event_at, at, me.tz),
            access=referral.access,
            accessed_on=referral.accessed_on,
            answered_at=referral.answered_at,
            reason=_reason(referral, words),
            withdrawn=is_withdrawn(referral),
            received=_received(session, referral, record, referral.agency_id),
            urgency=referral.urgency,
            waitlist_weeks=referral.waitlist_weeks,
        )
        for referral, record, student, agency in rows
    ]


def _reason(referral: Referral, words: Words) -> str:
    """Why it led to no service, as the district calls it; empty where nobody said."""
    return words.label(WordList.NOT_ACCESSED, referral.not_accessed_reason or "")


def is_withdrawn(referral: Referral) -> bool:
    """Is it on hold because the consent behind it was taken back?"""
    held = referral.status is ReferralStatus.ON_HOLD
    return held and referral.hold_reason == CONSENT_WITHDRAWN


def _received(
    session: Session, referral: Referral, record: Record, agency_id: uuid.UUID | None
) -> tuple[Received, ...]:
    """Asked only where a consent was taken back: that is rare, and then it must be told."""
    if agency_id is None or not is_withdrawn(referral):
        return ()
    return tuple(received(session, record.student_id, agency_id))
