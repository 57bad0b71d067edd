"""The school's side after sending: outcome, hold, decline, attempts, end, and open again.

Every verb opens the referral by `own` (the gate, and the task), moves it as the table allows,
writes the step beside it and its line in the trail, all in the caller's transaction.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import once, reliance
from portal.access.actor import Actor
from portal.errors import NotReady, Problem
from portal.referrals import events, queries, rules
from portal.referrals.answering import told
from portal.referrals.following import queries as followed
from portal.referrals.rules import AttemptDraft, OutcomeDraft, Side
from portal.referrals.sending import checks
from portal.referrals.service import draft_of, own
from portal.store.places import Organization
from portal.store.records import ContactAttempt, Record, Referral
from portal.vocabulary import Access, CloseReason, ReferralEventKind, ReferralStatus

Kind = ReferralEventKind
Status = ReferralStatus


def record_outcome(
    session: Session, me: Actor, referral_id: uuid.UUID, draft: OutcomeDraft, at: datetime
) -> Referral:
    """Write down whether the referral resulted in access to service; unknown stays unknown.

    Accessed puts the referral in service; not accessed closes it with its reason. What was told
    before stays beside it.
    """
    referral, record = own(session, me, referral_id, at)
    found = rules.outcome_problems(draft, record.event_at, at, me.tz)
    found += rules.over_problems(referral.status)
    found += rules.unreached_problems(draft.reason, followed.unreached(session, referral_id))
    to = _status_after(referral.status, draft.access)
    found = found or rules.move_problems(referral.status, to, Side.SCHOOL)
    if found or draft.access is None:
        raise NotReady(found)
    _set_outcome(session, me, referral, draft, to, at)
    told(session, me, "referral.outcome_recorded", referral, record, at)
    return referral


def accept_decline(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Referral:
    """The school has reviewed a decline and leaves it at that: closed, not accessed, its reason."""
    referral, record = _declined(session, me, referral_id, at)
    found = rules.unreached_problems(
        referral.not_accessed_reason, followed.unreached(session, referral_id)
    )
    if found:
        raise NotReady(found)
    draft = OutcomeDraft(Access.NOT_ACCESSED, reason=referral.not_accessed_reason)
    _set_outcome(session, me, referral, draft, Status.CLOSED, at, Kind.DECLINE_REVIEWED)
    told(session, me, "referral.decline_reviewed", referral, record, at)
    return referral


def send_back(
    session: Session, me: Actor, referral_id: uuid.UUID, note: str, at: datetime
) -> Referral:
    """The school does not leave it at a decline: it goes to the agency again, with a note."""
    referral, record = _declined(session, me, referral_id, at)
    _or_not_ready(rules.note_problems(note))
    _still_can_receive(session, referral, record, at)
    events.move(
        session, referral, Kind.DECLINE_SENT_BACK, Status.SENT, Side.SCHOOL, at, me, note=note
    )
    referral.decline_reviewed_at, referral.not_accessed_reason = at, None
    told(session, me, "referral.decline_sent_back", referral, record, at)
    return referral


def hold(session: Session, me: Actor, referral_id: uuid.UUID, note: str, at: datetime) -> Referral:
    """Let it wait, with a note why; nothing is overdue meanwhile."""
    referral, record = own(session, me, referral_id, at)
    _or_not_ready(rules.note_problems(note))
    events.move(session, referral, Kind.HELD, Status.ON_HOLD, Side.SCHOOL, at, me, note=note)
    told(session, me, "referral.put_on_hold", referral, record, at)
    return referral


def resume(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Referral:
    """Take up again what was on hold: it is sent again, or in service where that had begun.

    Where its consent was taken back, only once a consent lets the agency see it again; until
    then it can be withdrawn or closed.
    """
    referral, record = own(session, me, referral_id, at)
    if referral.status is not Status.ON_HOLD:
        raise NotReady([Problem("This referral is not on hold.", "Look at its status.", "Status")])
    if queries.is_withdrawn(referral):
        _or_not_ready(_no_consent(session, me, referral, record, at))
    else:
        _still_can_receive(session, referral, record, at)
    began = referral.access is Access.ACCESSED
    to = Status.IN_SERVICE if began else Status.SENT
    events.move(session, referral, Kind.SENT_AGAIN, to, Side.SCHOOL, at, me)
    told(session, me, "referral.sent_again", referral, record, at)
    return referral


def withdraw(
    session: Session, me: Actor, referral_id: uuid.UUID, at: datetime, note: str = ""
) -> Referral:
    """Take back a referral that is not wanted any more; it stays on the record as withdrawn."""
    referral, record = own(session, me, referral_id, at)
    _or_not_ready(rules.note_problems(note, needed=False))
    events.move(session, referral, Kind.WITHDRAWN, Status.WITHDRAWN, Side.SCHOOL, at, me, note=note)
    told(session, me, "referral.withdrawn", referral, record, at)
    return referral


def close(
    session: Session,
    me: Actor,
    referral_id: uuid.UUID,
    reason: CloseReason | None,
    note: str,
    at: datetime,
) -> Referral:
    """Bring it to its end. Whether the service was reached stays as told: unknown is not a no."""
    referral, record = own(session, me, referral_id, at)
    found = rules.close_problems(reason, referral.access)
    found += rules.over_problems(referral.status)
    _or_not_ready(found + rules.note_problems(note, needed=False))
    events.move(
        session,
        referral,
        Kind.CLOSED,
        Status.CLOSED,
        Side.SCHOOL,
        at,
        me,
        reason=reason or "",
        note=note,
    )
    referral.close_reason = reason
    told(session, me, "referral.closed", referral, record, at)
    return referral


def enter_in_error(
    session: Session, me: Actor, referral_id: uuid.UUID, note: str, at: datetime
) -> Referral:
    """It should never have been written; it counts nowhere and says why. A draft needs no note."""
    referral, record = own(session, me, referral_id, at)
    needed = referral.status is not Status.DRAFT
    _or_not_ready(rules.note_problems(note, needed=needed))
    events.move(
        session,
        referral,
        Kind.ENTERED_IN_ERROR,
        Status.ENTERED_IN_ERROR,
        Side.SCHOOL,
        at,
        me,
        note=note,
    )
    told(session, me, "referral.entered_in_error", referral, record, at)
    return referral


def reopen(
    session: Session, me: Actor, referral_id: uuid.UUID, note: str, at: datetime
) -> Referral:
    """Open again what was closed or withdrawn, with a note, within a time.

    In service where the service had been reached; otherwise it is sent again, and whether it is
    reached is unknown once more. What was told before stays beside it.
    """
    referral, record = own(session, me, referral_id, at)
    ended = followed.ended_at(session, referral_id) or record.event_at
    found = rules.reopen_problems(referral.status, ended, at)
    _or_not_ready(found + rules.note_problems(note))
    began = referral.access is Access.ACCESSED
    if not began:
        _still_can_receive(session, referral, record, at)
        referral.access, referral.not_accessed_reason = Access.UNKNOWN, None
    to = Status.IN_SERVICE if began and referral.status is Status.CLOSED else Status.SENT
    events.move(session, referral, Kind.REOPENED, to, Side.SCHOOL, at, me, note=note)
    referral.close_reason = None
    told(session, me, "referral.reopened", referral, record, at)
    return referral


def add_attempt(
    session: Session, me: Actor, referral_id: uuid.UUID, draft: AttemptDraft, at: datetime, key: str
) -> ContactAttempt:
    """Write down that one tried to reach the family. key: the form's."""
    referral, record = own(session, me, referral_id, at)
    found = rules.attempt_problems(draft, at, me.tz) + rules.over_problems(referral.status)
    if found or draft.on is None or draft.way is None or draft.reached is None:
        raise NotReady(found)
    attempt_id = uuid.uuid4()
    earlier = once.first_result(session, me, "referral.attempt", key, attempt_id, at)
    if earlier is not None:
        return session.get_one(ContactAttempt, earlier)
    attempt = ContactAttempt(
        id=attempt_id,
        referral_id=referral_id,
        on=draft.on,
        way=draft.way,
        reached=draft.reached,
        by_id=me.id,
        organization_id=me.organization_id,
        written_at=at,
    )
    session.add(attempt)
    told(session, me, "referral.attempt_added", referral, record, at)
    return attempt


# Within


def _declined(
    session: Session, me: Actor, referral_id: uuid.UUID, at: datetime
) -> tuple[Referral, Record]:
    referral, record = own(session, me, referral_id, at)
    if referral.status is not Status.DECLINED:
        raise NotReady([Problem("This referral is not declined.", "Look at its status.", "Status")])
    return referral, record


def _set_outcome(
    session: Session,
    me: Actor,
    referral: Referral,
    draft: OutcomeDraft,
    to: ReferralStatus,
    at: datetime,
    kind: ReferralEventKind = Kind.OUTCOME,
) -> None:
    """Three columns for three answers; only not accessed has a reason, only accessed a day."""
    access = draft.access or Access.UNKNOWN
    accessed = access is Access.ACCESSED
    reason = draft.reason if access is Access.NOT_ACCESSED else None
    if referral.status is Status.DECLINED:
        referral.decline_reviewed_at = referral.decline_reviewed_at or at
    told_as = reason or access
    events.move(session, referral, kind, to, Side.SCHOOL, at, me, reason=told_as)
    referral.access = access
    referral.accessed_on = draft.accessed_on if accessed else None
    referral.confirmed_by = draft.confirmed_by if accessed else None
    referral.not_accessed_reason = reason
    referral.close_reason = CloseReason.CANCELED if to is Status.CLOSED else None
    referral.outcome_at, referral.outcome_by = at, me.id


def _status_after(now: ReferralStatus, access: Access | None) -> ReferralStatus:
    if access is Access.ACCESSED:
        return Status.IN_SERVICE
    return Status.CLOSED if access is Access.NOT_ACCESSED else now


def _no_consent(
    session: Session, me: Actor, referral: Referral, record: Record, at: datetime
) -> list[Problem]:
    facts = facts_of.load_known(session, me.id, record.student_id)
    agency = session.get_one(Organization, referral.agency_id)
    if reliance.is_open_to(session, facts, agency, record, at):
        return []
    return [
        Problem(
            f"No consent lets {agency.name} see this referral.",
            "Ask the family for one on the page Consents, or withdraw the referral.",
            "Consent",
        )
    ]


def _still_can_receive(session: Session, referral: Referral, record: Record, at: datetime) -> None:
    """The same questions about the recipient as when it was sent first."""
    draft = draft_of(referral, record)
    agency = checks.agency_of(session, draft)
    if agency is not None:
        to = checks.recipient(session, draft, record.student_id, agency, at)
        _or_not_ready([*rules.can_receive(to)])


def _or_not_ready(found: list[Problem]) -> None:
    if found:
        raise NotReady(found)
