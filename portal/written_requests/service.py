"""A member of staff asks in writing: a draft that is kept, sent, taken back, asked anew.

Each verb is one transaction with its line `request.…`. The trail names the students whom the
applicant reaches, and of the others nothing: a number that is typed opens and tells nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.access import once, requested, trail
from portal.access.actor import Actor
from portal.access.numbers import new_number
from portal.access.school_years import last_school_day
from portal.errors import NotFound, NotReady, Problem
from portal.policy.tasks import Task
from portal.policy.written_requests import GRANTABLE, may_change
from portal.store.oversight import (
    AccessRequest,
    AccessRequestCategory,
    AccessRequestEvent,
    AccessRequestStudent,
)
from portal.vocabulary import (
    Category,
    InformationForm,
    RequestEventKind,
    RequestKind,
    RequestStatus,
)
from portal.written_requests import queries, rules
from portal.written_requests.rules import AskDraft

NO_REQUEST = NotFound(
    "There is no such request that you may work on.", "Open it from the list of requests."
)
NOT_NOW = NotReady(
    [Problem("The request does not stand there any more.", "Open the page again to see it.")]
)
NOT_YOURS = Problem(
    "A student is chosen who is not yours.", "Choose from the list, or type a number.", "Students"
)
TOO_EARLY = NotReady(
    [
        Problem(
            "It is too early to ask anew.",
            f"Ask from {rules.RENEW_WITHIN.days} days before it ends.",
        )
    ]
)
PREFIX = "Q"
"""Of a request's number; R is a referral's."""


def save(
    session: Session,
    me: Actor,
    request_id: uuid.UUID | None,
    draft: AskDraft,
    at: datetime,
    key: str,
) -> uuid.UUID:
    """Keep a draft as it is, new or gone on with; the id of its request.

    key: the form's; a second click finds the first one's draft. Raises NotReady for a new one in
    which nothing is written, with all that a request must say.
    """
    me.may(Task.ASK_FOR_ACCESS).or_refuse()
    if request_id is None and draft.says_nothing:
        raise NotReady(rules.ask_problems(draft, at.astimezone(ZoneInfo(me.tz)).date()))
    _require_reached(session, me, draft, at)
    if request_id is None:
        request_id = uuid.uuid4()
        earlier = once.first_result(session, me, "request.drafted", key, request_id, at)
        if earlier is not None:
            return earlier
        session.add(_new(session, me, request_id, draft, at))
        session.flush()
    row = _mine(session, me, request_id, RequestStatus.DRAFT)
    _fill(session, row, draft, at, me.tz)
    _note(session, me, row, "request.drafted", at)
    return row.id


def submit(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> None:
    """Send a draft to the Superintendent. Raises NotReady with all that is missing."""
    me.may(Task.ASK_FOR_ACCESS).or_refuse()
    row = _mine(session, me, request_id, RequestStatus.DRAFT)
    draft = queries.draft_of(session, row)
    _require_reached(session, me, draft, at)
    if problems := rules.ask_problems(draft, at.astimezone(ZoneInfo(me.tz)).date()):
        raise NotReady(problems)
    row.status, row.submitted_at = RequestStatus.SUBMITTED, at
    kind = RequestEventKind.RENEWED if row.renews_id else RequestEventKind.SUBMITTED
    happened(session, me, row, kind, at)
    _note(session, me, row, "request.submitted", at)


def withdraw(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> None:
    """Take back a request of one's own that is not decided, or throw a draft away."""
    me.may(Task.ASK_FOR_ACCESS).or_refuse()
    row = _mine(session, me, request_id, RequestStatus.DRAFT, RequestStatus.SUBMITTED)
    row.status = RequestStatus.WITHDRAWN
    happened(session, me, row, RequestEventKind.WITHDRAWN, at)
    _note(session, me, row, "request.withdrawn", at)


def begin(session: Session, me: Actor, at: datetime) -> AskDraft:
    """An empty request: from today to the end of the school year."""
    me.may(Task.ASK_FOR_ACCESS).or_refuse()
    today = at.astimezone(ZoneInfo(me.tz)).date()
    ends = last_school_day(session, me.organization_id, today)
    return AskDraft(first=today, last=ends)


def renewal(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> AskDraft:
    """The same asked anew, for the time after; nothing is kept until it is saved.

    It names students by the list and by number as the old one did. Raises NotReady when it is
    more than 60 days from its end.
    """
    me.may(Task.ASK_FOR_ACCESS).or_refuse()
    row = _mine(session, me, request_id, *rules.DECIDED)
    today = at.astimezone(ZoneInfo(me.tz)).date()
    if row.decided_until is None or not rules.may_renew(row.status, row.decided_until, today):
        raise TOO_EARLY
    old = queries.draft_of(session, row)
    first = max(today, row.decided_until + timedelta(days=1))
    reached = requested.reached(session, me, old.student_ids, at)
    return AskDraft(
        information=old.information,
        need=old.need,
        form=old.form,
        student_ids=tuple(student for student in old.student_ids if student in reached),
        numbers=old.numbers,
        categories=old.categories & set(GRANTABLE),
        view=old.view,
        first=first,
        last=last_school_day(session, me.organization_id, first),
        renews=row.id,
    )


def happened(
    session: Session,
    me: Actor,
    row: AccessRequest,
    kind: RequestEventKind,
    at: datetime,
    note: str = "",
    document_id: uuid.UUID | None = None,
) -> None:
    """Add what happened to the request's own history, which is only ever added to."""
    session.add(
        AccessRequestEvent(
            request_id=row.id,
            kind=kind,
            at=at,
            by_id=me.id,
            by_name=me.name,
            note=note.strip(),
            document_id=document_id,
        )
    )


def _mine(
    session: Session, me: Actor, request_id: uuid.UUID, *wanted: RequestStatus
) -> AccessRequest:
    row = session.get(AccessRequest, request_id, with_for_update=True)
    if row is None or not may_change(str(me.id), str(row.applicant_id or "")):
        raise NO_REQUEST
    if row.status not in wanted:
        raise NOT_NOW
    return row


def _require_reached(session: Session, me: Actor, draft: AskDraft, at: datetime) -> None:
    reached = requested.reached(session, me, draft.student_ids, at)
    if not set(draft.student_ids) <= reached.keys():
        raise NotReady([NOT_YOURS])


def _new(
    session: Session, me: Actor, request_id: uuid.UUID, draft: AskDraft, at: datetime
) -> AccessRequest:
    if draft.renews is not None:
        _mine(session, me, draft.renews, *rules.DECIDED)
    today = at.astimezone(ZoneInfo(me.tz)).date()
    return AccessRequest(
        id=request_id,
        organization_id=me.organization_id,
        number=new_number(session, AccessRequest.number, PREFIX),
        kind=RequestKind.STAFF,
        status=RequestStatus.DRAFT,
        applicant_id=me.id,
        applicant_name=me.name,
        form=draft.form,
        wanted_from=today,
        wanted_until=today,
        written_by=me.id,
        written_at=at,
        renews_id=draft.renews,
    )


def _fill(session: Session, row: AccessRequest, draft: AskDraft, at: datetime, tz: str) -> None:
    named = draft.form is InformationForm.IDENTIFIED
    today = at.astimezone(ZoneInfo(tz)).date()
    row.information = draft.information.strip()[: rules.LONGEST]
    row.need = draft.need.strip()[: rules.LONGEST]
    row.form, row.view = draft.form, None if named else draft.view
    row.numbers = list(draft.numbers[: rules.MOST_STUDENTS]) if named else []
    row.wanted_from = draft.first or today
    row.wanted_until = draft.last or today
    for table in (AccessRequestStudent, AccessRequestCategory):
        session.execute(delete(table).where(table.request_id == row.id))
    if named:
        session.add_all(
            AccessRequestStudent(request_id=row.id, student_id=student)
            for student in dict.fromkeys(draft.student_ids)
        )
        add_categories(session, row, draft.categories)
    session.flush()


def add_categories(session: Session, row: AccessRequest, categories: frozenset[Category]) -> None:
    """The kinds of record that a request asks for."""
    session.add_all(
        AccessRequestCategory(request_id=row.id, category=category)
        for category in sorted(categories)
    )


def _note(session: Session, me: Actor, row: AccessRequest, event: str, at: datetime) -> None:
    draft = queries.draft_of(session, row)
    entry = trail.Entry(
        event,
        True,
        at,
        draft.student_ids,
        row.number,
        detail={
            "form": row.form,
            "kinds": sorted(draft.categories),
            "view": row.view or "",
            "numbers": len(row.numbers),
        },
    )
    trail.write(session, me, entry)
