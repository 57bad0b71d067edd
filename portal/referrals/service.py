"""Send a referral, or keep it for later; take back what was just sent."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import gate, once, trail
from portal.access.actor import Actor
from portal.access.numbers import new_number
from portal.access.words import words_of
from portal.errors import NotReady, Problem
from portal.policy.decision import Reason
from portal.policy.tasks import Task
from portal.policy.undo import may_undo
from portal.referrals import events, queries, rules
from portal.referrals.answering import not_found, told
from portal.referrals.rules import OPEN, ReferralDraft, Side
from portal.referrals.sending import checks, snapshot
from portal.store.people import Student
from portal.store.records import Record, Referral
from portal.vocabulary import (
    Access,
    Category,
    ContactWay,
    ReferralEventKind,
    ReferralStatus,
    ReferralTarget,
)


def refer(session: Session, me: Actor, draft: ReferralDraft, at: datetime, key: str) -> Referral:
    """Send a referral to a provider within the school or to a community agency.

    The agency gets the slip (`policy.referrals`); the student's name only where a consent opens
    it. Whether the recipient can receive one is looked up now, not when the form was opened.
    key: the form's.
    """
    student = _student(session, me, draft, at)
    found = _problems(session, me, draft, student, at)
    if found or student is None:
        raise NotReady(found)
    referral_id = uuid.uuid4()
    earlier = once.first_result(session, me, "referral.sent", key, referral_id, at)
    if earlier is not None:
        return session.get_one(Referral, earlier)
    referral = _write(session, me, draft, student, referral_id, at)
    _send(session, me, referral, draft, student, at)
    return referral


def save_draft(
    session: Session, me: Actor, draft: ReferralDraft, at: datetime, key: str
) -> Referral:
    """Keep a referral to send it later: while the family is asked for a consent, say.

    Nobody but its author sees it. key: the form's.
    """
    student = _student(session, me, draft, at)
    found = rules.draft_problems(draft, words_of(session, me.organization_id))
    if found or student is None:
        raise NotReady(found)
    referral_id = uuid.uuid4()
    earlier = once.first_result(session, me, "referral.drafted", key, referral_id, at)
    if earlier is not None:
        return session.get_one(Referral, earlier)
    referral = _write(session, me, draft, student, referral_id, at)
    referral.status = ReferralStatus.DRAFT
    record = session.get_one(Record, referral_id)
    record.draft = True
    events.happened(session, referral, ReferralEventKind.DRAFTED, at, me)
    told(session, me, "referral.drafted", referral, record, at)
    return referral


def send_draft(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Referral:
    """Send what was kept, after the same checks as any other."""
    referral, record = own(session, me, referral_id, at)
    student = session.get_one(Student, record.student_id)
    draft = draft_of(referral, record)
    found = rules.move_problems(referral.status, ReferralStatus.SENT, Side.SCHOOL)
    if referral.status is not ReferralStatus.DRAFT:
        found = [Problem("This referral was sent already.", "Look at its status.", "Status")]
    found = found or _problems(session, me, draft, student, at)
    if found:
        raise NotReady(found)
    record.draft, record.event_at, record.written_at = False, at, at
    _send(session, me, referral, draft, student, at, was=ReferralStatus.DRAFT)
    return referral


def undo(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Referral:
    """Its author takes back, within ten minutes, what was just sent or kept."""
    referral, record = own(session, me, referral_id, at)
    author = None if record.author_id is None else str(record.author_id)
    may_undo(str(me.id), author, record.written_at, at).or_refuse()
    _take_back(session, me, referral, record, at)
    return referral


def undo_with_visit(session: Session, me: Actor, visit_id: uuid.UUID, at: datetime) -> None:
    """Mark what was referred with a visit as entered in error, when the visit is taken back.

    The visit's own undo, in the same transaction, decides whether it is its author's to undo.
    """
    for sent in queries.of_visit(session, visit_id):
        if sent.status in OPEN:
            _take_back(session, me, *own(session, me, sent.record_id, at), at)


def own(
    session: Session, me: Actor, referral_id: uuid.UUID, at: datetime
) -> tuple[Referral, Record]:
    """A referral of one's own organization that the gate opens; otherwise NotFound."""
    found = queries.one_i_may_open(session, me, referral_id, at)
    if found is None:
        not_found(session, me, "referral.opened", (), [Reason.RECORD_UNKNOWN], at)
    gate.open_student(session, me, found[1].student_id, Task.FOLLOW_REFERRALS, at)
    return found


def draft_of(referral: Referral, record: Record) -> ReferralDraft:
    """What was filled in, as it stands on the shelf."""
    return ReferralDraft(
        student_id=record.student_id,
        target=referral.target,
        need=referral.need,
        agency_id=referral.agency_id,
        service_id=referral.service_id,
        school_provider=referral.school_provider,
        visit_id=referral.visit_id,
        urgency=referral.urgency,
        do_not_contact=referral.do_not_contact,
        contact_ways=tuple(ContactWay(way) for way in referral.contact_ways.split()),
        contact_note=referral.contact_note,
    )


def _take_back(
    session: Session, me: Actor, referral: Referral, record: Record, at: datetime
) -> None:
    kind, to = ReferralEventKind.ENTERED_IN_ERROR, ReferralStatus.ENTERED_IN_ERROR
    events.move(session, referral, kind, to, Side.SCHOOL, at, me)
    told(session, me, "referral.entered_in_error", referral, record, at)


def _student(session: Session, me: Actor, draft: ReferralDraft, at: datetime) -> Student | None:
    if draft.student_id is None:
        me.may(Task.FOLLOW_REFERRALS).or_refuse()
        return None
    return gate.open_student(session, me, draft.student_id, Task.FOLLOW_REFERRALS, at)


def _problems(
    session: Session, me: Actor, draft: ReferralDraft, student: Student | None, at: datetime
) -> list[Problem]:
    """All that keeps it from being sent, of the form and of the recipient as it stands now."""
    agency = checks.agency_of(session, draft)
    to = None
    if agency is not None:
        to = checks.recipient(session, draft, draft.student_id, agency, at)
    return rules.problems(draft, to, words_of(session, me.organization_id))


def _send(
    session: Session,
    me: Actor,
    referral: Referral,
    draft: ReferralDraft,
    student: Student,
    at: datetime,
    was: ReferralStatus | None = None,
) -> None:
    """Look once more what may go along, and keep what was sent."""
    agency = checks.agency_of(session, draft)
    seen = None
    if agency is not None:
        seen = checks.outlook(session, me, draft, student, agency, at)
    referral.status = ReferralStatus.SENT
    referral.named = bool(seen and seen.named)
    referral.snapshot = snapshot.of(session, me, referral, student, seen, at)
    session.flush()
    events.happened(session, referral, ReferralEventKind.SENT, at, me, was=was)
    detail = {"named": referral.named, "papers": [*seen.papers] if seen else []}
    about = (student.id,)
    entry = trail.Entry("referral.sent", True, at, about, subject=referral.number, detail=detail)
    trail.write(session, me, entry)


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
        urgency=draft.urgency,
        status=ReferralStatus.SENT,
        sent_by=me.id,
        access=Access.UNKNOWN,
        do_not_contact=draft.do_not_contact,
        contact_ways=" ".join(draft.contact_ways),
        contact_note=draft.contact_note.strip(),
        snapshot={},
    )
    session.add(referral)
    session.flush()
    return referral
