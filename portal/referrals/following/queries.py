"""What the page Referrals asks: its tabs, one referral with its whole history, and the count.

Every question goes through `_own`: of my own organization, open to me at the gate, and of no
student whom my lists leave out.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, not_, or_, select
from sqlalchemy.orm import Session

from portal.access import visible
from portal.access.actor import Actor
from portal.access.words import words_of
from portal.referrals import rules
from portal.referrals.queries import MOST, ReferralLine, listed, told
from portal.referrals.rules import OVER, OVERDUE_CAN_BE, REOPEN_WITHIN, SENDINGS
from portal.referrals.settings import settings_of
from portal.store.people import User
from portal.store.records import (
    ContactAttempt,
    Record,
    Referral,
    ReferralEvent,
    ReferralLink,
)
from portal.vocabulary import (
    Access,
    Category,
    CloseReason,
    ConfirmedBy,
    ContactWay,
    Purpose,
    ReferralEventKind,
    ReferralStatus,
    ReferralTarget,
    Urgency,
    WordList,
)

Condition = ColumnElement[bool]

A_YEAR = timedelta(days=365)


class Tab(StrEnum):
    """The lists of the page, in their order."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    ANSWERED = "answered"
    ON_HOLD = "on_hold"
    DRAFTS = "drafts"
    CLOSED = "closed"


@dataclass(frozen=True)
class EventLine:
    """One step: by whom, when, to which status, why."""

    kind: ReferralEventKind
    at: datetime
    by: str
    by_link: bool
    to: ReferralStatus | None
    reason: str
    note: str


@dataclass(frozen=True)
class AttemptLine:
    """An attempt to reach the family."""

    on: date
    way: ContactWay
    reached: bool
    by: str


@dataclass(frozen=True)
class LinkLine:
    """A mailed link by which the agency can answer: to whom, and how it stands."""

    sent_to: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Detail:
    """One referral with all that is kept of it."""

    line: ReferralLine
    target: ReferralTarget
    need: str
    confirmed_by: ConfirmedBy | None
    close_reason: CloseReason | None
    snapshot: dict[str, Any]
    named: bool
    do_not_contact: bool
    contact_ways: tuple[ContactWay, ...]
    contact_note: str
    outcome_at: datetime | None
    events: tuple[EventLine, ...]
    attempts: tuple[AttemptLine, ...]
    links: tuple[LinkLine, ...]
    can_reopen: bool
    can_remind: bool

    @property
    def unreached(self) -> int:
        """How often the family was tried and not reached."""
        return sum(not attempt.reached for attempt in self.attempts)


@dataclass(frozen=True)
class Honest:
    """Of the referrals of the last year that I may see: how many led where, and how fast.

    unknown is nobody's no. days: the median from sending to the first day of service.
    """

    sent: int
    accessed: int
    not_accessed: int
    unknown: int
    days: float | None


def _own(me: Actor, at: datetime) -> tuple[Condition, ...]:
    opened = visible.records(me, Purpose.COORDINATE, at, kinds=[Category.REFERRALS])
    listed_to_me = visible.not_hidden(me, at, Record.student_id)
    return Record.custodian_id == me.organization_id, opened, listed_to_me


# The tabs


def counts(session: Session, me: Actor, at: datetime) -> dict[Tab, int]:
    """How many are in each tab."""
    tabs = _tabs(session, me, at)
    columns = [func.sum(case((condition, 1), else_=0)) for condition in tabs.values()]
    found = select(*columns).select_from(Referral).join(Record, Record.id == Referral.record_id)
    row = session.execute(found.where(*_own(me, at))).one()
    return {tab: int(count or 0) for tab, count in zip(tabs, row, strict=True)}


def lines(
    session: Session, me: Actor, tab: Tab, at: datetime, most: int = MOST, skip: int = 0
) -> list[ReferralLine]:
    """The referrals of a tab, the oldest first; of what is over, the last ended first."""
    order = _last_event().desc() if tab is Tab.CLOSED else Record.event_at
    wanted = told().where(*_own(me, at), _tabs(session, me, at)[tab])
    return listed(session, me, at, wanted.order_by(order, Record.id).offset(skip).limit(most))


def overdue(session: Session, me: Actor, at: datetime, most: int = MOST) -> list[ReferralLine]:
    """My students' referrals that nobody answered in time, the oldest first."""
    return lines(session, me, Tab.OVERDUE, at, most)


def _tabs(session: Session, me: Actor, at: datetime) -> dict[Tab, Condition]:
    """Each tab as a condition; no referral is in two of them."""
    late = _late(session, me, at)
    status, awaited = Referral.status, Referral.status.in_(sorted(OVERDUE_CAN_BE))
    on_hold = status == ReferralStatus.ON_HOLD
    answered = (
        ReferralStatus.ACCEPTED,
        ReferralStatus.WAITLISTED,
        ReferralStatus.DECLINED,
        ReferralStatus.IN_SERVICE,
    )
    ended = func.coalesce(_last_event(), Record.event_at)
    return {
        Tab.OVERDUE: and_(awaited, late),
        Tab.WAITING: and_(awaited, not_(late)),
        Tab.ANSWERED: status.in_(answered),
        Tab.ON_HOLD: on_hold,
        Tab.DRAFTS: and_(status == ReferralStatus.DRAFT, Record.author_id == me.id),
        Tab.CLOSED: and_(status.in_(sorted(OVER)), ended > at - REOPEN_WITHIN),
    }


def _late(session: Session, me: Actor, at: datetime) -> Condition:
    """It waits longer than the district allows, urgent ones sooner, since it was sent last."""
    set_ = settings_of(session, me.organization_id)
    usual = rules.overdue_before(at, me.tz, set_.overdue_days)
    soon = rules.overdue_before(at, me.tz, set_.urgent_days, weekdays=True)
    since = func.coalesce(_last_event(*SENDINGS), Record.event_at)
    return or_(since < usual, and_(Referral.urgency == Urgency.URGENT, since < soon))


def _last_event(*kinds: ReferralEventKind) -> ScalarSelect[datetime]:
    """When something happened to it last, or something of these kinds."""
    found = select(func.max(ReferralEvent.at)).where(
        ReferralEvent.referral_id == Referral.record_id
    )
    found = found.where(ReferralEvent.kind.in_(kinds)) if kinds else found
    return found.correlate(Referral).scalar_subquery()


# One referral


def detail(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Detail | None:
    """One referral with its history, when it is mine to follow; the list has written its line."""
    found = listed(session, me, at, told().where(Record.id == referral_id, *_own(me, at)))
    if not found:
        return None
    referral = session.get_one(Referral, referral_id)
    ended = ended_at(session, referral_id) or found[0].sent_at
    words = words_of(session, me.organization_id)
    return Detail(
        line=found[0],
        target=referral.target,
        need=referral.need,
        confirmed_by=referral.confirmed_by,
        close_reason=referral.close_reason,
        snapshot=referral.snapshot,
        named=referral.named,
        do_not_contact=referral.do_not_contact,
        contact_ways=tuple(ContactWay(way) for way in referral.contact_ways.split()),
        contact_note=referral.contact_note,
        outcome_at=referral.outcome_at,
        events=tuple(_events(session, referral_id, words.label)),
        attempts=tuple(_attempts(session, referral_id)),
        links=tuple(_links(session, referral_id)),
        can_reopen=not rules.reopen_problems(referral.status, ended, at),
        can_remind=referral.agency_id is not None and referral.status in OVERDUE_CAN_BE,
    )


def _events(session: Session, referral_id: uuid.UUID, label: Any) -> Sequence[EventLine]:
    rows = session.execute(
        select(ReferralEvent, User.name)
        .outerjoin(User, User.id == ReferralEvent.by_id)
        .where(ReferralEvent.referral_id == referral_id)
        .order_by(ReferralEvent.at, ReferralEvent.id)
    )
    return [
        EventLine(
            row.kind,
            row.at,
            name or "",
            row.by_link,
            row.to_status,
            label(WordList.NOT_ACCESSED, row.reason) if row.reason else "",
            row.note,
        )
        for row, name in rows
    ]


def _attempts(session: Session, referral_id: uuid.UUID) -> Sequence[AttemptLine]:
    rows = session.execute(
        select(ContactAttempt, User.name)
        .join(User, User.id == ContactAttempt.by_id)
        .where(ContactAttempt.referral_id == referral_id)
        .order_by(ContactAttempt.on, ContactAttempt.written_at, ContactAttempt.id)
    )
    return [AttemptLine(row.on, row.way, row.reached, name) for row, name in rows]


def _links(session: Session, referral_id: uuid.UUID) -> Sequence[LinkLine]:
    rows = session.scalars(
        select(ReferralLink)
        .where(ReferralLink.referral_id == referral_id)
        .order_by(ReferralLink.made_at, ReferralLink.id)
    )
    return [
        LinkLine(row.sent_to, row.made_at, row.expires_at, row.used_at, row.revoked_at)
        for row in rows
    ]


def unreached(session: Session, referral_id: uuid.UUID) -> int:
    """How often the family was tried and not reached; for whoever has opened the referral."""
    found = session.scalar(
        select(func.count())
        .select_from(ContactAttempt)
        .where(ContactAttempt.referral_id == referral_id, not_(ContactAttempt.reached))
    )
    return found or 0


def ended_at(session: Session, referral_id: uuid.UUID) -> datetime | None:
    """When it came to its end last; None when that was not written down."""
    return session.scalar(
        select(func.max(ReferralEvent.at)).where(
            ReferralEvent.referral_id == referral_id, ReferralEvent.to_status.in_(sorted(OVER))
        )
    )


def reminded_at(session: Session, referral_id: uuid.UUID) -> datetime | None:
    """When the agency was reminded last; what did not go out, told at the same instant, is none."""
    rows = session.execute(
        select(ReferralEvent.at, ReferralEvent.reason).where(
            ReferralEvent.referral_id == referral_id,
            ReferralEvent.kind == ReferralEventKind.REMINDED,
        )
    ).all()
    failed = {at for at, reason in rows if reason}
    return max((at for at, _reason in rows if at not in failed), default=None)


def administrators(session: Session, agency_id: uuid.UUID, role: str, at: datetime) -> list[str]:
    """The e-mail addresses of an agency's administrators, in the order of their names."""
    rows = session.scalars(
        select(User.email)
        .where(
            User.organization_id == agency_id,
            User.role == role,
            User.email != "",
            User.active_from <= at,
            or_(User.active_until.is_(None), User.active_until > at),
        )
        .order_by(User.name, User.id)
    )
    return list(rows)


# The honest count


def honest(session: Session, me: Actor, at: datetime) -> Honest:
    """What came of the referrals of the last year that I may see; names nobody."""
    counted = not_(Referral.status.in_([ReferralStatus.DRAFT, ReferralStatus.ENTERED_IN_ERROR]))
    rows = session.execute(
        select(Referral.access, Referral.accessed_on, Record.event_at)
        .join(Record, Record.id == Referral.record_id)
        .where(*_own(me, at), counted, Record.event_at > at - A_YEAR)
    ).all()
    zone = ZoneInfo(me.tz)
    waits = [(day - sent.astimezone(zone).date()).days for _, day, sent in rows if day is not None]
    how = [access for access, _day, _sent in rows]
    return Honest(
        sent=len(rows),
        accessed=how.count(Access.ACCESSED),
        not_accessed=how.count(Access.NOT_ACCESSED),
        unknown=how.count(Access.UNKNOWN),
        days=median(waits) if waits else None,
    )
