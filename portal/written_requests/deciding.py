"""The Superintendent decides in writing, and ends what was granted: rows that the gate reads.

The district's policy, General Access 10 and Proper Use 1: in his or her sole discretion, and
never delegated. What is granted opens at the instant of the decision or on its first day, and
closes by itself after its last.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import once, requested, trail
from portal.access.actor import Actor
from portal.access.requested import Named, Use
from portal.errors import NotReady, Problem
from portal.policy.corrections import reason_problems
from portal.policy.decision import Reason
from portal.policy.spans import local_midnight, midnight_after
from portal.policy.written_requests import may_decide
from portal.store.oversight import AccessRequest, UnnamedGrant
from portal.store.people import AccessGrant, AccessGrantCategory
from portal.vocabulary import (
    Category,
    GrantKind,
    InformationForm,
    RequestEventKind,
    RequestKind,
    RequestStatus,
)
from portal.written_requests import letters, queries, rules
from portal.written_requests.queries import by_number_words
from portal.written_requests.rules import DecisionDraft
from portal.written_requests.service import NO_REQUEST, NOT_NOW, happened

NOT_CONFIRMED = "The end is not confirmed."


@dataclass(frozen=True)
class Mail:
    """To whom a decision is told; the text names no student and no record."""

    request_id: uuid.UUID
    to: str
    number: str


@dataclass(frozen=True)
class Opened:
    """Whom a request is about, by name. missing: the numbers that no student has."""

    people: list[Named]
    missing: list[str]


def open_request(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> Opened:
    """Whom a request is about, for whoever decides it; the trail line is written.

    Raises NotFound for another district's, and Refused for one's own.
    """
    row = _theirs(session, me, request_id, at)
    found = requested.named(session, me, row, at)
    students = tuple(one.id for one in found)
    trail.write(session, me, trail.Entry("request.opened", True, at, students, row.number))
    have = {one.number for one in found}
    return Opened(found, [number for number in row.numbers if number not in have])


def uses(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> list[Use]:
    """What was opened under the grants of a request, newest first."""
    return requested.used(session, me, _theirs(session, me, request_id, at), at)


def decide(
    session: Session,
    me: Actor,
    request_id: uuid.UUID,
    draft: DecisionDraft,
    at: datetime,
    key: str,
) -> Mail | None:
    """Grant, grant in part or refuse; with the letter, and the rows that the gate reads.

    key: the form's; a second click changes nothing. The mail to send once this is saved; None
    for somebody outside, who is written to. Raises NotReady with everything that is missing.
    """
    row = _theirs(session, me, request_id, at)
    if row.status is not RequestStatus.SUBMITTED:
        if once.first_result(session, me, "request.decided", key, row.id, at) is None:
            raise NOT_NOW
        return None
    people = requested.named(session, me, row, at)
    asked = frozenset(queries.draft_of(session, row).categories)
    today = at.astimezone(ZoneInfo(me.tz)).date()
    problems = rules.decision_problems(
        draft,
        number=row.number,
        kind=row.kind,
        asked=asked,
        view=row.view,
        students=[one.id for one in people],
        locked=[one.id for one in people if one.locked],
        first=row.wanted_from,
        until=row.wanted_until,
        today=today,
    )
    if problems:
        raise NotReady(problems)
    once.first_result(session, me, "request.decided", key, row.id, at)
    _write(session, me, row, draft, asked, len(people), at)
    students = _grant(session, row, draft, at, me.tz)
    _letter(session, me, row, draft, people, at)
    happened(session, me, row, RequestEventKind.DECIDED, at, row.reason, row.letter_id)
    _note(session, me, row, "request.decided", students, draft.categories, at)
    if row.applicant_id is None:
        return None
    return Mail(row.id, queries.address_of(session, row.applicant_id), row.number)


def notified(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> None:
    """Write down that the mail to the applicant went."""
    tell(session, me, _theirs(session, me, request_id, at), at)


def end(
    session: Session,
    me: Actor,
    request_id: uuid.UUID,
    reason: str,
    confirmed: str,
    at: datetime,
) -> Mail | None:
    """End what was granted, now, with a reason and a letter. The mail to send once it is saved."""
    row = _theirs(session, me, request_id, at)
    today = at.astimezone(ZoneInfo(me.tz)).date()
    if rules.standing(row.status, row.decided_until, today) not in rules.DECIDED:
        raise NOT_NOW
    problems = reason_problems(reason, needed=True)
    if confirmed.strip().upper() != row.number:
        problems.append(Problem(NOT_CONFIRMED, f"Type {row.number} to confirm.", "Confirm"))
    if problems:
        raise NotReady(problems)
    return finish(session, me, row, reason, at)


def finish(
    session: Session, me: Actor, row: AccessRequest, reason: str, at: datetime
) -> Mail | None:
    """Close whatever is still open of a request, with its letter; whoever calls has asked who may.

    The mail to send once it is saved; None for somebody outside, who is written to.
    """
    students = queries.granted_students(session, row.id)
    _end_rows(session, row.id, at)
    row.status = RequestStatus.ENDED
    letter = letters.keep_ending(session, me, row, reason.strip(), at)
    happened(session, me, row, RequestEventKind.ENDED, at, reason, letter)
    _note(session, me, row, "request.ended", students, (), at)
    if row.applicant_id is None:
        return None
    return Mail(row.id, queries.address_of(session, row.applicant_id), row.number)


def tell(session: Session, me: Actor, row: AccessRequest, at: datetime) -> None:
    """Write down that the mail about it went."""
    happened(session, me, row, RequestEventKind.NOTIFIED, at)
    _note(session, me, row, "request.notified", (), (), at)


def _theirs(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> AccessRequest:
    """The request, when this person decides it; the refusal is kept in the trail."""
    row = session.get(AccessRequest, request_id, with_for_update=True)
    if row is None or row.status is RequestStatus.DRAFT:
        raise NO_REQUEST
    decision = may_decide(
        str(me.id),
        me.role,
        str(me.organization_id),
        str(row.organization_id),
        str(row.applicant_id or ""),
    )
    if not decision:
        codes = [str(code) for code in decision.codes]
        entry = trail.Entry("request.decided", False, at, subject=row.number, codes=codes)
        trail.write_refusal(session, me, entry)
        if Reason.NO_RELATION in decision.codes:
            raise NO_REQUEST
        decision.or_refuse()
    return row


def _write(
    session: Session,
    me: Actor,
    row: AccessRequest,
    draft: DecisionDraft,
    asked: frozenset[Category],
    found: int,
    at: datetime,
) -> None:
    """The decision itself. found: students there are; a number that is nobody's is not granted."""
    staff = row.kind is RequestKind.STAFF
    count = found + _nobodys(session, row) if staff else None
    row.status = rules.status_after(
        draft, form=row.form, asked=asked, count=count, until=row.wanted_until
    )
    row.decided_by, row.decided_at, row.reason = me.id, at, draft.reason.strip()
    if not draft.grant:
        return
    row.decided_form, row.decided_until = draft.form, draft.last
    row.foia = draft.foia.strip()
    if draft.form is not InformationForm.IDENTIFIED:
        row.view = draft.view or row.view
    named = draft.form is InformationForm.IDENTIFIED
    for kind in queries.kinds_of(session, row.id):
        kind.granted = named and Category(kind.category) in draft.categories


def _nobodys(session: Session, row: AccessRequest) -> int:
    found = [requested.by_number(session, row.organization_id, number) for number in row.numbers]
    return sum(student is None for student in found)


def _grant(
    session: Session, row: AccessRequest, draft: DecisionDraft, at: datetime, tz: str
) -> Sequence[uuid.UUID]:
    """The rows that open: of the students named, or of a view without names; whom they open."""
    if not draft.grant or draft.last is None or row.applicant_id is None:
        return ()
    starts, ends = _span(row.wanted_from, draft.last, at, tz)
    if draft.form is not InformationForm.IDENTIFIED:
        session.add(
            UnnamedGrant(
                user_id=row.applicant_id,
                view=draft.view or row.view,
                request_id=row.id,
                starts_at=starts,
                ends_at=ends,
            )
        )
        return ()
    students = sorted(draft.students)
    for student in students:
        grant = AccessGrant(
            id=uuid.uuid4(),
            user_id=row.applicant_id,
            student_id=student,
            approved=True,
            starts_at=starts,
            ends_at=ends,
            kind=GrantKind.WRITTEN,
            request_id=row.id,
            reason=row.need,
        )
        session.add(grant)
        session.flush()
        session.add_all(
            AccessGrantCategory(access_grant_id=grant.id, category=category)
            for category in sorted({Category.IDENTITY, *draft.categories})
        )
    session.flush()
    return students


def _span(first: date, last: date, at: datetime, tz: str) -> tuple[datetime, datetime]:
    return max(at, local_midnight(first, tz)), midnight_after(last, tz)


def _letter(
    session: Session,
    me: Actor,
    row: AccessRequest,
    draft: DecisionDraft,
    people: Sequence[Named],
    at: datetime,
) -> None:
    names = {one.id: _as_asked(one) for one in people}
    found = {one.number for one in people if one.number}
    others = [by_number_words(number) for number in row.numbers if number not in found]
    asked = sorted(queries.draft_of(session, row).categories, key=list(Category).index)
    named = bool(draft.grant) and draft.form is InformationForm.IDENTIFIED
    granted = [kind for kind in asked if named and kind in draft.categories]
    with_name = [Category.IDENTITY, *granted] if granted else []
    told = letters.Decided(
        tz=me.tz,
        asked=asked,
        granted=with_name,
        asked_students=[*names.values(), *others],
        granted_students=[
            f"The student with the number {one.number}" if one.number else one.name
            for one in people
            if named and one.id in draft.students
        ],
    )
    letters.keep_decision(session, me, row, told, at)


def _as_asked(one: Named) -> str:
    return by_number_words(one.number) if one.number else one.name


def _end_rows(session: Session, request_id: uuid.UUID, at: datetime) -> None:
    """A grant that has not begun never does: it ends as it begins."""
    for row in queries.open_grants(session, request_id, at):
        row.ends_at = max(at, row.starts_at)
    session.flush()


def _note(
    session: Session,
    me: Actor,
    row: AccessRequest,
    event: str,
    students: Sequence[uuid.UUID],
    kinds: Sequence[Category] | frozenset[Category],
    at: datetime,
) -> None:
    detail = {"status": row.status, "kind": row.kind, "form": row.decided_form or row.form}
    entry = trail.Entry(
        event, True, at, tuple(students), row.number, opened=sorted(kinds), detail=detail
    )
    trail.write(session, me, entry)
