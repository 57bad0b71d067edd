"""The agency's side of a referral: it is received, answered, and heard of again.

answering.answer(session, me, referral_id, draft, at)      somebody with an account
answering.put(session, referral, record, draft, at, None)  a mailed link, which has authorized
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.errors import NotReady
from portal.policy.decision import Decision, Reason
from portal.policy.referrals import may_answer
from portal.policy.tasks import Task
from portal.referrals import events, queries, rules
from portal.referrals.rules import LEADS_TO, Answer, AnswerDraft, Side
from portal.store.places import Organization
from portal.store.records import Record, Referral
from portal.vocabulary import (
    Access,
    ConfirmedBy,
    ReferralEventKind,
    ReferralStatus,
)


def answer(
    session: Session, me: Actor, referral_id: uuid.UUID, draft: AnswerDraft, at: datetime
) -> Referral:
    """An agency accepts, puts on a waiting list, declines, or tells of the first appointment kept.

    By the student's case team or the agency's administrator. Raises NotFound
    for a referral sent to somebody else, as for one that does not exist.
    """
    referral, record = sent_to_us(session, me, referral_id, at)
    put(session, referral, record, draft, at, me)
    told(session, me, "referral.answered", referral, record, at)
    return referral


def put(
    session: Session,
    referral: Referral,
    record: Record,
    draft: AnswerDraft,
    at: datetime,
    by: Actor | None,
) -> None:
    """Write an answer down. by: None when it came by a mailed link.

    The caller has authorized and writes the trail. Raises NotReady when something is missing or
    this cannot be said any more.
    """
    tz = session.get_one(Organization, record.district_id).tz
    found = rules.answer_problems(draft, record.event_at, at, tz)
    if found or draft.answer is None:
        raise NotReady(found)
    reason = draft.reason if draft.answer is Answer.DECLINE else None
    to = LEADS_TO[draft.answer]
    kind = ReferralEventKind.ANSWERED
    events.move(session, referral, kind, to, Side.AGENCY, at, by, reason=reason or "")
    who = None if by is None else by.id
    referral.answered_by, referral.answered_at = who, at
    referral.received_at = referral.received_at or at
    referral.not_accessed_reason = reason
    referral.waitlist_weeks = draft.weeks if draft.answer is Answer.WAITLIST else None
    referral.decline_reviewed_at = None
    if draft.answer is Answer.APPOINTMENT_KEPT:
        referral.access = Access.ACCESSED
        referral.accessed_on = draft.kept_on
        referral.confirmed_by = ConfirmedBy.PROVIDER
        referral.outcome_at, referral.outcome_by = at, who
    session.flush()


def receive(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Referral:
    """The agency has seen it: from sent to received. A second time changes nothing."""
    referral, record = sent_to_us(session, me, referral_id, at)
    if put_received(session, referral, at, me):
        told(session, me, "referral.received", referral, record, at)
    return referral


def put_received(session: Session, referral: Referral, at: datetime, by: Actor | None) -> bool:
    """Write down that it was received, if it only had been sent. by: None for a mailed link."""
    if referral.status is not ReferralStatus.SENT:
        return False
    kind, to = ReferralEventKind.RECEIVED, ReferralStatus.RECEIVED
    events.move(session, referral, kind, to, Side.AGENCY, at, by)
    referral.received_at = at
    session.flush()
    return True


def told(
    session: Session, me: Actor, event: str, referral: Referral, record: Record, at: datetime
) -> None:
    """The trail line of a step."""
    session.flush()
    entry = trail.Entry(
        event,
        True,
        at,
        (record.student_id,),
        subject=referral.number,
        detail={"status": referral.status, "access": referral.access},
    )
    trail.write(session, me, entry)


def not_found(
    session: Session,
    me: Actor,
    event: str,
    about: tuple[uuid.UUID, ...],
    codes: list[Reason] | tuple[Reason, ...],
    at: datetime,
) -> NoReturn:
    """Refuse as if there were no such referral; the trail knows why."""
    _refusal(session, me, event, about, codes, at)
    raise NOT_FOUND


def sent_to_us(
    session: Session, me: Actor, referral_id: uuid.UUID, at: datetime
) -> tuple[Referral, Record]:
    """A referral that is this person's to answer, with its record.

    Raises NotFound for one sent to somebody else, as for one that does not exist, and Refused
    for who is not on the case team.
    """
    me.may(Task.ANSWER_REFERRAL).or_refuse()
    referral = session.get(Referral, referral_id)
    if referral is None:
        not_found(session, me, "referral.answered", (), [Reason.RECORD_UNKNOWN], at)
    record = session.get_one(Record, referral_id)
    decision = _may_answer(session, me, referral, record, at)
    if not decision:
        about = (record.student_id,)
        if Reason.NOT_THE_RECIPIENT in decision.codes or Reason.SEALED in decision.codes:
            not_found(session, me, "referral.answered", about, decision.codes, at)
        _refusal(session, me, "referral.answered", about, decision.codes, at)
        decision.or_refuse()
    return referral, record


def _may_answer(
    session: Session, me: Actor, referral: Referral, record: Record, at: datetime
) -> Decision:
    facts = facts_of.load_known(session, me.id, record.student_id)
    agency = None if referral.agency_id is None else str(referral.agency_id)
    withdrawn = queries.is_withdrawn(referral)
    return may_answer(facts, facts_of.of_record(record), agency, at, withdrawn=withdrawn)


def _refusal(
    session: Session,
    me: Actor,
    event: str,
    about: tuple[uuid.UUID, ...],
    codes: list[Reason] | tuple[Reason, ...],
    at: datetime,
) -> None:
    texts = sorted(str(code) for code in codes)
    trail.write_refusal(session, me, trail.Entry(event, False, at, about, codes=texts))
