"""A partner logs back a contact of a referral, and corrects it with a reason."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import given as door
from portal.access import once, trail
from portal.access.actor import Actor
from portal.errors import NotFound, NotReady, Problem
from portal.policy.decision import Decision
from portal.policy.spans import local_midnight
from portal.policy.tasks import Task
from portal.referrals import answering, events
from portal.referrals.giving import queries, rules
from portal.referrals.giving.rules import CAME, GIVES_SERVICE, GivenDraft
from portal.referrals.rules import Answer, AnswerDraft
from portal.store.places import Organization
from portal.store.records import Record, Referral
from portal.store.support import ServiceGiven
from portal.vocabulary import (
    REFERRAL_STATUS_LABELS,
    Access,
    Category,
    ConfirmedBy,
    ReferralEventKind,
    ReferralStatus,
)

NO_SUCH_CONTACT = NotFound(
    "There is no such contact that you may correct.",
    "Open the list again; somebody may have corrected it meanwhile.",
)


def log(
    session: Session, me: Actor, referral_id: uuid.UUID, draft: GivenDraft, at: datetime, key: str
) -> ServiceGiven:
    """Log a contact; the first to which the student came is the first appointment kept.

    By the student's case team or the agency's administrator. key: the form's. Raises NotFound
    for a referral that is not ours, Refused, and NotReady with all that is wrong.
    """
    referral, record = answering.sent_to_us(session, me, referral_id, at)
    tz = session.get_one(Organization, record.district_id).tz
    found = rules.problems(draft, record.event_at, at, tz, corrects=None)
    found += _status_problems(referral.status)
    if found:
        raise NotReady(found)
    given_id = uuid.uuid4()
    earlier = once.first_result(session, me, "service.given", key, given_id, at)
    if earlier is not None:
        return session.get_one(ServiceGiven, earlier)
    row = _write(session, me, referral, record, draft, given_id, at, tz)
    if draft.attendance in CAME and referral.status is not ReferralStatus.IN_SERVICE:
        kept = AnswerDraft(Answer.APPOINTMENT_KEPT, kept_on=draft.given_on)
        answering.put(session, referral, record, kept, at, me)
    _told(session, me, "service.given", referral, record, at)
    return row


def correct(
    session: Session, me: Actor, given_id: uuid.UUID, draft: GivenDraft, at: datetime, key: str
) -> ServiceGiven:
    """A new item takes the old one's place, with the reason; the old one is sealed, and kept."""
    me.may(Task.ANSWER_REFERRAL).or_refuse()
    new_id = uuid.uuid4()
    earlier = once.first_result(session, me, "service.corrected", key, new_id, at)
    if earlier is not None:
        return session.get_one(ServiceGiven, earlier)
    held = queries.one_of_ours(session, me, given_id, at)
    if held is None:
        raise NO_SUCH_CONTACT
    old, old_record = held
    referral, record = answering.sent_to_us(session, me, old.referral_id, at)
    tz = session.get_one(Organization, record.district_id).tz
    found = rules.problems(draft, record.event_at, at, tz, corrects=given_id)
    if found:
        raise NotReady(found)
    old_record.sealed_from = at
    old_record.version += 1
    row = _write(session, me, referral, record, draft, new_id, at, tz, corrects=old)
    _access_follows(session, me, referral, old, draft.reason, at)
    _told(session, me, "service.corrected", referral, record, at)
    return row


def will_be_seen(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Decision:
    """Would the school see a contact logged now? Told on the form before it is saved."""
    referral, record = answering.sent_to_us(session, me, referral_id, at)
    return door.seen_by_school(session, referral, record, at, at)


def _status_problems(status: ReferralStatus) -> list[Problem]:
    if status in GIVES_SERVICE:
        return []
    label = REFERRAL_STATUS_LABELS[status].lower()
    return [Problem(f"This referral is {label}.", "Accept it first, or call the school.", "Status")]


def _write(
    session: Session,
    me: Actor,
    referral: Referral,
    record: Record,
    draft: GivenDraft,
    given_id: uuid.UUID,
    at: datetime,
    tz: str,
    corrects: ServiceGiven | None = None,
) -> ServiceGiven:
    if draft.given_on is None or draft.attendance is None or draft.status is None:
        raise ValueError("a contact that its rules have not looked at")
    session.add(
        Record(
            id=given_id,
            district_id=record.district_id,
            student_id=record.student_id,
            custodian_id=me.organization_id,
            category=Category.SERVICE_STATUS,
            event_at=local_midnight(draft.given_on, tz),
            author_id=me.id,
            written_at=at,
        )
    )
    session.flush()
    row = ServiceGiven(
        record_id=given_id,
        referral_id=referral.record_id,
        given_on=draft.given_on,
        attendance=draft.attendance,
        status=draft.status,
        strategies=draft.strategies.strip(),
        corrects=corrects.record_id if corrects else None,
        reason=draft.reason.strip() if corrects else "",
    )
    session.add(row)
    session.flush()
    return row


def _access_follows(
    session: Session, me: Actor, referral: Referral, old: ServiceGiven, reason: str, at: datetime
) -> None:
    """Access that rests on what is corrected goes with it: to the first day left, or unknown.

    Unknown and not "no": that this appointment was not kept does not tell that none was. What
    somebody else confirmed stays.
    """
    rests_on_it = old.attendance in CAME and referral.accessed_on == old.given_on
    if not rests_on_it or referral.confirmed_by is not ConfirmedBy.PROVIDER:
        return
    first = next(iter(queries.days_came(session, referral.record_id, at)), None)
    if first == referral.accessed_on:
        return
    referral.access = Access.ACCESSED if first else Access.UNKNOWN
    referral.accessed_on = first
    referral.confirmed_by = ConfirmedBy.PROVIDER if first else None
    referral.outcome_at, referral.outcome_by = at, me.id
    note = f"A contact was corrected: {reason.strip()}"
    events.happened(session, referral, ReferralEventKind.OUTCOME, at, me, note=note)


def _told(
    session: Session, me: Actor, event: str, referral: Referral, record: Record, at: datetime
) -> None:
    detail = {"status": referral.status}
    entry = trail.Entry(
        event, True, at, (record.student_id,), subject=referral.number, detail=detail
    )
    trail.write(session, me, entry)
