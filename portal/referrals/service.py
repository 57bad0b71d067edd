"""Send a referral, follow it to its outcome, take it back; and the agency's answer."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import gate, once, reliance, trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.access.numbers import new_number
from portal.errors import NotReady, Problem
from portal.policy.decision import Decision, Reason
from portal.policy.referrals import may_answer
from portal.policy.spans import Span
from portal.policy.tasks import Task
from portal.referrals import queries, rules
from portal.referrals.rules import (
    LEADS_TO,
    OPEN,
    Answer,
    AnswerDraft,
    OutcomeDraft,
    Recipient,
    ReferralDraft,
    Side,
)
from portal.store.people import Student
from portal.store.places import AgencyService, Organization
from portal.store.records import Record, Referral
from portal.vocabulary import (
    Access,
    Category,
    ConfirmedBy,
    OrganizationKind,
    ReferralStatus,
    ReferralTarget,
)


def refer(session: Session, me: Actor, draft: ReferralDraft, at: datetime, key: str) -> Referral:
    """Send a referral to a provider within the school or to a community agency.

    The agency gets the slip (`policy.referrals`) and nothing else: sending a
    referral shares no record of the student. Whether the recipient can receive
    one is looked up now, not when the form was opened. key: the form's.
    """
    student = _student(session, me, draft, at)
    found = rules.problems(draft, _recipient(session, draft, at))
    if found or student is None:
        raise NotReady(found)
    referral_id = uuid.uuid4()
    earlier = once.first_result(session, me, "referral.sent", key, referral_id, at)
    if earlier is not None:
        return session.get_one(Referral, earlier)
    referral = _write(session, me, draft, student, referral_id, at)
    entry = trail.Entry("referral.sent", True, at, (student.id,), subject=referral.number)
    trail.write(session, me, entry)
    return referral


def record_outcome(
    session: Session, me: Actor, referral_id: uuid.UUID, draft: OutcomeDraft, at: datetime
) -> Referral:
    """Write down whether the referral resulted in access to service; unknown stays unknown.

    Accessed puts the referral in service; not accessed closes it with its reason.
    """
    referral, record = _own(session, me, referral_id, at)
    found = rules.outcome_problems(draft, record.event_at, at, me.tz)
    to = _status_after(referral.status, draft.access)
    found += rules.move_problems(referral.status, to, Side.SCHOOL)
    if found or draft.access is None:
        raise NotReady(found)
    accessed = draft.access is Access.ACCESSED
    _stands(referral, to)
    referral.access = draft.access
    referral.accessed_on = draft.accessed_on if accessed else None
    referral.confirmed_by = draft.confirmed_by if accessed else None
    referral.not_accessed_reason = draft.reason if draft.access is Access.NOT_ACCESSED else None
    _told(session, me, "referral.outcome_recorded", referral, record, at)
    return referral


def withdraw(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Referral:
    """Take back a referral that is not wanted any more; it stays on the record as withdrawn."""
    referral, record = _own(session, me, referral_id, at)
    _move(referral, ReferralStatus.WITHDRAWN, Side.SCHOOL)
    _told(session, me, "referral.withdrawn", referral, record, at)
    return referral


def resume(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Referral:
    """Send a referral again that was on hold because its consent was taken back.

    Only once a consent lets the agency see it again; until then it can be withdrawn or closed.
    """
    referral, record = _own(session, me, referral_id, at)
    if not queries.is_withdrawn(referral) or referral.agency_id is None:
        raise NotReady(
            [Problem("This referral does not wait for a consent.", "Look at its status.", "Status")]
        )
    facts = facts_of.load_known(session, me.id, record.student_id)
    agency = session.get_one(Organization, referral.agency_id)
    if not reliance.is_open_to(session, facts, agency, record, at):
        raise NotReady(
            [
                Problem(
                    f"No consent lets {agency.name} see this referral.",
                    "Ask the family for one on the page Consents, or withdraw the referral.",
                    "Consent",
                )
            ]
        )
    _move(referral, ReferralStatus.SENT, Side.SCHOOL)
    _told(session, me, "referral.sent_again", referral, record, at)
    return referral


def undo_with_visit(session: Session, me: Actor, visit_id: uuid.UUID, at: datetime) -> None:
    """Mark what was referred with a visit as entered in error, when the visit is taken back.

    The visit's own undo, in the same transaction, decides whether it is its author's to undo.
    """
    for sent in queries.of_visit(session, visit_id):
        if sent.status not in OPEN:
            continue
        referral, record = _own(session, me, sent.record_id, at)
        _move(referral, ReferralStatus.ENTERED_IN_ERROR, Side.SCHOOL)
        _told(session, me, "referral.entered_in_error", referral, record, at)


def answer(
    session: Session, me: Actor, referral_id: uuid.UUID, draft: AnswerDraft, at: datetime
) -> Referral:
    """An agency accepts, puts on a waiting list, declines, or tells of the first appointment kept.

    By the student's case team or the agency's administrator. Raises NotFound
    for a referral sent to somebody else, as for one that does not exist.
    """
    referral, record, tz = _sent_to_us(session, me, referral_id, at)
    found = rules.answer_problems(draft, record.event_at, at, tz)
    if found or draft.answer is None:
        raise NotReady(found)
    _move(referral, LEADS_TO[draft.answer], Side.AGENCY)
    referral.answered_by, referral.answered_at = me.id, at
    referral.not_accessed_reason = draft.reason if draft.answer is Answer.DECLINE else None
    if draft.answer is Answer.APPOINTMENT_KEPT:
        referral.access = Access.ACCESSED
        referral.accessed_on = draft.kept_on
        referral.confirmed_by = ConfirmedBy.PROVIDER
    _told(session, me, "referral.answered", referral, record, at)
    return referral


# Sending


def _student(session: Session, me: Actor, draft: ReferralDraft, at: datetime) -> Student | None:
    if draft.student_id is None:
        me.may(Task.FOLLOW_REFERRALS).or_refuse()
        return None
    return gate.open_student(session, me, draft.student_id, Task.FOLLOW_REFERRALS, at)


def _recipient(session: Session, draft: ReferralDraft, at: datetime) -> Recipient | None:
    """The agency as it stands now; None while none is chosen that could be a recipient."""
    if draft.target is not ReferralTarget.COMMUNITY or draft.agency_id is None:
        return None
    agency = session.get(Organization, draft.agency_id)
    if agency is None or agency.kind is OrganizationKind.DISTRICT:
        return None
    blocked = draft.student_id is not None and queries.is_blocked(
        session, draft.student_id, agency.id, at
    )
    return Recipient(
        agency_active=Span(agency.active_from, agency.active_until).contains(at),
        service_active=_is_offered(session, draft, agency),
        blocked=blocked,
    )


def _is_offered(session: Session, draft: ReferralDraft, agency: Organization) -> bool:
    if draft.service_id is None:
        return True
    service = session.get(AgencyService, draft.service_id)
    return (
        service is not None
        and service.organization_id == agency.id
        and service.status == queries.ACTIVE_SERVICE
    )


def _write(
    session: Session,
    me: Actor,
    draft: ReferralDraft,
    student: Student,
    referral_id: uuid.UUID,
    at: datetime,
) -> Referral:
    session.add(
        Record(
            id=referral_id,
            district_id=student.district_id,
            student_id=student.id,
            custodian_id=student.district_id,
            category=Category.REFERRALS,
            event_at=at,
            author_id=me.id,
            written_at=at,
        )
    )
    session.flush()
    community = draft.target is ReferralTarget.COMMUNITY
    referral = Referral(
        record_id=referral_id,
        number=new_number(session, Referral.number, "R"),
        visit_id=draft.visit_id,
        target=draft.target,
        agency_id=draft.agency_id if community else None,
        service_id=draft.service_id if community else None,
        school_provider="" if community else draft.school_provider.strip(),
        need=draft.need,
        status=ReferralStatus.SENT,
        sent_by=me.id,
        access=Access.UNKNOWN,
    )
    session.add(referral)
    session.flush()
    return referral


# Following


def _own(
    session: Session, me: Actor, referral_id: uuid.UUID, at: datetime
) -> tuple[Referral, Record]:
    """A referral of one's own organization that the gate opens; otherwise NotFound."""
    found = queries.one_i_may_open(session, me, referral_id, at)
    if found is None:
        _not_found(session, me, "referral.opened", (), [Reason.RECORD_UNKNOWN], at)
    gate.open_student(session, me, found[1].student_id, Task.FOLLOW_REFERRALS, at)
    return found


def _status_after(now: ReferralStatus, access: Access | None) -> ReferralStatus:
    if access is Access.ACCESSED:
        return ReferralStatus.IN_SERVICE
    return ReferralStatus.CLOSED if access is Access.NOT_ACCESSED else now


def _move(referral: Referral, to: ReferralStatus, side: Side) -> None:
    found: list[Problem] = rules.move_problems(referral.status, to, side)
    if found:
        raise NotReady(found)
    _stands(referral, to)


def _stands(referral: Referral, to: ReferralStatus) -> None:
    """The reason for a hold goes with the hold."""
    referral.status = to
    if to is not ReferralStatus.ON_HOLD:
        referral.hold_reason = ""


def _told(
    session: Session, me: Actor, event: str, referral: Referral, record: Record, at: datetime
) -> None:
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


# The agency's side


def _sent_to_us(
    session: Session, me: Actor, referral_id: uuid.UUID, at: datetime
) -> tuple[Referral, Record, str]:
    me.may(Task.ANSWER_REFERRAL).or_refuse()
    referral = session.get(Referral, referral_id)
    if referral is None:
        _not_found(session, me, "referral.answered", (), [Reason.RECORD_UNKNOWN], at)
    record = session.get_one(Record, referral_id)
    decision = _may_answer(session, me, referral, record, at)
    if not decision:
        about = (record.student_id,)
        if Reason.NOT_THE_RECIPIENT in decision.codes or Reason.SEALED in decision.codes:
            _not_found(session, me, "referral.answered", about, decision.codes, at)
        _refusal(session, me, "referral.answered", about, decision.codes, at)
        decision.or_refuse()
    return referral, record, session.get_one(Organization, record.district_id).tz


def _may_answer(
    session: Session, me: Actor, referral: Referral, record: Record, at: datetime
) -> Decision:
    facts = facts_of.load_known(session, me.id, record.student_id)
    agency = None if referral.agency_id is None else str(referral.agency_id)
    withdrawn = queries.is_withdrawn(referral)
    return may_answer(facts, facts_of.of_record(record), agency, at, withdrawn=withdrawn)


def _not_found(
    session: Session,
    me: Actor,
    event: str,
    about: tuple[uuid.UUID, ...],
    codes: list[Reason] | tuple[Reason, ...],
    at: datetime,
) -> NoReturn:
    _refusal(session, me, event, about, codes, at)
    raise NOT_FOUND


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
