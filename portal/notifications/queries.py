"""Who wants which mail, what is due for somebody in numbers, and what stands in a calendar."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from portal.access import papers, visible
from portal.access.actor import Actor
from portal.access.sql import within
from portal.policy.papers import may_list_consents
from portal.policy.spans import last_day
from portal.policy.tasks import Task
from portal.store.consents import Consent
from portal.store.people import Student, User
from portal.store.places import Organization
from portal.store.records import Record, Referral
from portal.store.support import FollowUp, Handover, NotificationSetting, StudentService
from portal.vocabulary import (
    Category,
    OrganizationKind,
    Purpose,
    ReferralStatus,
    Urgency,
)

TWO_WEEKS = timedelta(days=14)
BACK = timedelta(days=30)
AHEAD = timedelta(days=365)
MOST = 500


# Who wants mail


def setting_of(session: Session, user_id: uuid.UUID) -> NotificationSetting | None:
    """What this person chose; None while they chose nothing."""
    return session.get(NotificationSetting, user_id)


def readers(session: Session, at: datetime, *, urgent: bool = False) -> list[uuid.UUID]:
    """Who may get a mail: active, with an address, and not switched off; in a steady order."""
    wants = NotificationSetting.urgent if urgent else NotificationSetting.digest
    rows = session.scalars(
        select(User.id)
        .join(Organization, Organization.id == User.organization_id)
        .outerjoin(NotificationSetting, NotificationSetting.user_id == User.id)
        .where(
            User.email != "",
            within(User.active_from, User.active_until, at),
            within(Organization.active_from, Organization.active_until, at),
            or_(wants.is_(None), wants),
        )
        .order_by(User.id)
    )
    return list(rows)


def address_of(session: Session, user_id: uuid.UUID) -> str:
    """Where a mail to this person goes."""
    return session.get_one(User, user_id).email


def of_feed(session: Session, digest: str) -> uuid.UUID | None:
    """Whose calendar has this hash; looked up by it, so that no time tells how much was right."""
    return session.scalar(
        select(NotificationSetting.user_id).where(NotificationSetting.feed_hash == digest)
    )


# What is due, in numbers


@dataclass(frozen=True)
class Counts:
    """How much is due for one person; no names, so that they can stand in a mail."""

    follow_ups: int = 0
    handed_to_me: int = 0
    consents_ending: int = 0
    services_over: int = 0


def counts(session: Session, me: Actor, at: datetime) -> Counts:
    """What of this person's own work is due today."""
    today = at.astimezone(ZoneInfo(me.tz)).date()
    logs = bool(me.may(Task.LOG_VISIT))
    return Counts(
        follow_ups=_follow_ups(session, me, today, at) if logs else 0,
        handed_to_me=_handed(session, me, at) if logs else 0,
        consents_ending=_ending(session, me, at),
        services_over=_over(session, me, today, at) if logs else 0,
    )


def _follow_ups(session: Session, me: Actor, today: date, at: datetime) -> int:
    found = (
        select(func.count())
        .select_from(FollowUp)
        .join(Student, Student.id == FollowUp.student_id)
        .where(
            FollowUp.staff_id == me.id,
            FollowUp.due_on <= today,
            FollowUp.done_at.is_(None),
            FollowUp.dropped_at.is_(None),
            visible.students(me, at),
        )
    )
    return session.scalar(found) or 0


def _handed(session: Session, me: Actor, at: datetime) -> int:
    """Students of whom a colleague told me since yesterday."""
    found = (
        select(func.count(Record.student_id.distinct()))
        .join(Handover, Handover.record_id == Record.id)
        .where(
            Handover.to_id == me.id,
            Record.written_at > at - timedelta(days=1),
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.VISIT_NOTES]),
        )
    )
    return session.scalar(found) or 0


def _ending(session: Session, me: Actor, at: datetime) -> int:
    """Consents of my students that end within two weeks."""
    if not may_list_consents(me.role, me.level):
        return 0
    found = (
        select(func.count())
        .select_from(Consent)
        .join(Student, Student.id == Consent.student_id)
        .where(
            Consent.discloser_id == me.organization_id,
            visible.students(me, at),
            Consent.ends_at > at,
            Consent.ends_at <= at + TWO_WEEKS,
            papers.alive(literal(""), at),
        )
    )
    return session.scalar(found) or 0


def _over(session: Session, me: Actor, today: date, at: datetime) -> int:
    """Services of my own students that were to end and have not."""
    found = (
        select(func.count())
        .select_from(StudentService)
        .join(Record, Record.id == StudentService.record_id)
        .where(
            Record.author_id == me.id,
            StudentService.ended_on.is_(None),
            StudentService.estimated_end < today,
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.SERVICE_STATUS]),
        )
    )
    return session.scalar(found) or 0


def urgent_unanswered(
    session: Session, me: Actor, sent_before: datetime, at: datetime
) -> Sequence[uuid.UUID]:
    """Urgent referrals of mine that nobody answered, sent before this instant."""
    return session.scalars(
        select(Referral.record_id)
        .join(Record, Record.id == Referral.record_id)
        .where(
            Referral.sent_by == me.id,
            Referral.urgency == Urgency.URGENT,
            Referral.status.in_((ReferralStatus.SENT, ReferralStatus.RECEIVED)),
            Record.event_at < sent_before,
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.REFERRALS]),
        )
        .order_by(Referral.record_id)
    ).all()


# What stands in the calendar


@dataclass(frozen=True)
class Date:
    """A whole day in somebody's calendar. who: a student's initials. key: of the row behind it."""

    key: uuid.UUID
    kind: str
    on: date
    who: str


FOLLOW_UP, FIRST_APPOINTMENT, CONSENT_ENDS = "follow-up", "first-appointment", "consent-ends"


def dates(session: Session, me: Actor, at: datetime) -> tuple[list[Date], tuple[uuid.UUID, ...]]:
    """What stands in my calendar, and the students whose initials do, each by the gate of now."""
    if me.organization_kind is not OrganizationKind.DISTRICT:
        return [], ()
    rows = [
        *_follow_up_dates(session, me, at),
        *_appointment_dates(session, me, at),
        *_consent_dates(session, me, at),
    ]
    found = [
        Date(key, kind, on, initials(student.given_name, student.family_name))
        for key, kind, on, student in rows
    ]
    about = tuple(dict.fromkeys(student.id for _key, _kind, _on, student in rows))
    return sorted(found, key=lambda date: (date.on, date.kind, date.key)), about


Row = tuple[uuid.UUID, str, date, Student]


def _follow_up_dates(session: Session, me: Actor, at: datetime) -> list[Row]:
    if not me.may(Task.LOG_VISIT):
        return []
    rows = session.execute(
        select(FollowUp.id, FollowUp.due_on, Student)
        .join(Student, Student.id == FollowUp.student_id)
        .where(
            FollowUp.staff_id == me.id,
            FollowUp.done_at.is_(None),
            FollowUp.dropped_at.is_(None),
            visible.students(me, at),
        )
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(MOST)
    )
    return [(key, FOLLOW_UP, on, student) for key, on, student in rows]


def _appointment_dates(session: Session, me: Actor, at: datetime) -> list[Row]:
    """First appointments that my referrals led to, of the last month and ahead."""
    if not me.may(Task.FOLLOW_REFERRALS):
        return []
    rows = session.execute(
        select(Referral.record_id, Referral.accessed_on, Student)
        .join(Record, Record.id == Referral.record_id)
        .join(Student, Student.id == Record.student_id)
        .where(
            Referral.sent_by == me.id,
            Referral.accessed_on >= (at - BACK).date(),
            visible.records(me, Purpose.COORDINATE, at, kinds=[Category.REFERRALS]),
        )
        .order_by(Referral.accessed_on, Referral.record_id)
        .limit(MOST)
    )
    return [(key, FIRST_APPOINTMENT, on, student) for key, on, student in rows if on]


def _consent_dates(session: Session, me: Actor, at: datetime) -> list[Row]:
    if not may_list_consents(me.role, me.level):
        return []
    rows = session.execute(
        select(Consent.id, Consent.ends_at, Student)
        .join(Student, Student.id == Consent.student_id)
        .where(
            Consent.discloser_id == me.organization_id,
            visible.students(me, at),
            Consent.ends_at > at,
            Consent.ends_at <= at + AHEAD,
            papers.alive(literal(""), at),
        )
        .order_by(Consent.ends_at, Consent.id)
        .limit(MOST)
    )
    return [
        (key, CONSENT_ENDS, last_day(ends, me.tz), student) for key, ends, student in rows if ends
    ]


def initials(given: str, family: str) -> str:
    """L. S."""
    return " ".join(f"{name[0]}." for name in (given, family) if name)
