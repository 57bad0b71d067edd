"""The questions about requests: mine, those that wait, the register; each as plain lines."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.access import requested, trail
from portal.access.actor import Actor
from portal.policy.spans import last_day, local_midnight
from portal.policy.tasks import Task
from portal.policy.written_requests import may_keep
from portal.store.agreements import AgreementPaper
from portal.store.oversight import (
    AccessRequest,
    AccessRequestCategory,
    AccessRequestEvent,
    AccessRequestStudent,
    ResearchConsent,
    UnnamedGrant,
)
from portal.store.papers import Agreement
from portal.store.people import AccessGrant, Student, User
from portal.vocabulary import (
    AgreementKind,
    Category,
    InformationForm,
    RequestEventKind,
    RequestKind,
    RequestStatus,
    UnnamedView,
)
from portal.written_requests import rules
from portal.written_requests.rules import AskDraft

MOST = 500
FITTING = (
    AgreementKind.STUDIES,
    AgreementKind.DATA_USE,
    AgreementKind.DATA_SHARING,
    AgreementKind.AUDIT,
)
"""The kinds of agreement under which somebody outside may be given data for a study."""


@dataclass(frozen=True)
class Happening:
    """What happened to a request. document_id: the paper of it, where there is one."""

    kind: RequestEventKind
    at: datetime
    by: str
    note: str
    document_id: uuid.UUID | None


@dataclass(frozen=True)
class RequestLine:
    """A request as a page shows it.

    students: in the words that the reader may know. status: where it stands today. days: since it
    was sent, until it was decided. opens_now: students whom it opens to the reader now.
    """

    id: uuid.UUID
    number: str
    kind: RequestKind
    status: RequestStatus
    applicant: str
    organization: str
    address: str
    information: str
    need: str
    form: InformationForm
    view: UnnamedView | None
    students: tuple[str, ...]
    categories: tuple[Category, ...]
    granted: tuple[Category, ...]
    first: date
    last: date
    statement: dict[str, str]
    agreement_number: str
    board_vote: str
    foia: str
    written_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    decided_form: InformationForm | None
    decided_until: date | None
    reason: str
    letter_id: uuid.UUID | None
    letter_docx_id: uuid.UUID | None
    renews: str
    days: int
    renewable: bool
    history: tuple[Happening, ...]
    opens_now: tuple[tuple[uuid.UUID, str], ...] = ()


@dataclass(frozen=True)
class ConsentLine:
    """What is written down of one student's parents, or eligible student, for a study."""

    student_id: uuid.UUID
    student: str
    notified_on: date
    consented_on: date | None
    signer: str
    evidence: str


def draft_of(session: Session, row: AccessRequest) -> AskDraft:
    """A request of a member of staff as its form has it."""
    students = session.scalars(
        select(AccessRequestStudent.student_id)
        .where(AccessRequestStudent.request_id == row.id)
        .order_by(AccessRequestStudent.student_id)
    )
    return AskDraft(
        information=row.information,
        need=row.need,
        form=row.form,
        student_ids=tuple(students),
        numbers=tuple(row.numbers),
        categories=frozenset(_categories(session, [row.id])[row.id][0]),
        view=row.view,
        first=row.wanted_from,
        last=row.wanted_until,
        renews=row.renews_id,
    )


def mine(session: Session, me: Actor, at: datetime) -> list[RequestLine]:
    """What I asked for, the newest first."""
    me.may(Task.ASK_FOR_ACCESS).or_refuse()
    rows = session.scalars(
        select(AccessRequest)
        .where(AccessRequest.applicant_id == me.id)
        .order_by(AccessRequest.written_at.desc(), AccessRequest.id)
        .limit(MOST)
    ).all()
    opens = requested.opened_now(session, me, [row.id for row in rows], at)
    students = _students(session, rows)
    names = requested.reached(session, me, {s for ids in students.values() for s in ids}, at)
    told = {
        row.id: tuple(
            [names.get(student, requested.NO_NAME) for student in students[row.id]]
            + [by_number_words(number) for number in row.numbers]
        )
        for row in rows
    }
    return _lines(session, me, rows, told, opens, at)


def by_number_words(number: str) -> str:
    """A student out of reach, to whoever typed the number."""
    return f"The student with the number {number}, if there is one"


def draft_mine(session: Session, me: Actor, request_id: uuid.UUID) -> AskDraft | None:
    """My own draft, to go on with; None when it is not one."""
    row = session.get(AccessRequest, request_id)
    if row is None or row.applicant_id != me.id or row.status is not RequestStatus.DRAFT:
        return None
    return draft_of(session, row)


def waiting(session: Session, me: Actor, at: datetime) -> list[RequestLine]:
    """Requests that wait for the Superintendent, the oldest first; about whom, the page asks."""
    me.may(Task.DECIDE_REQUESTS).or_refuse()
    rows = session.scalars(
        select(AccessRequest)
        .where(
            AccessRequest.organization_id == me.organization_id,
            AccessRequest.status == RequestStatus.SUBMITTED,
        )
        .order_by(AccessRequest.submitted_at, AccessRequest.id)
        .limit(MOST)
    ).all()
    return _lines(session, me, rows, {}, {}, at)


def in_force(session: Session, me: Actor, at: datetime) -> list[RequestLine]:
    """What is granted and runs now or later, those that end first at the top."""
    me.may(Task.DECIDE_REQUESTS).or_refuse()
    rows = session.scalars(
        select(AccessRequest)
        .where(
            AccessRequest.organization_id == me.organization_id,
            AccessRequest.status.in_(rules.DECIDED),
            AccessRequest.decided_until >= _today(me, at),
        )
        .order_by(AccessRequest.decided_until, AccessRequest.id)
        .limit(MOST)
    ).all()
    return _lines(session, me, rows, {}, {}, at)


def how_many_wait(session: Session, me: Actor) -> int:
    """How many requests wait for me to decide them; none for whoever decides none."""
    if not me.may(Task.DECIDE_REQUESTS):
        return 0
    return (
        session.scalar(
            select(func.count())
            .select_from(AccessRequest)
            .where(
                AccessRequest.organization_id == me.organization_id,
                AccessRequest.status == RequestStatus.SUBMITTED,
            )
        )
        or 0
    )


def ending_soon(session: Session, me: Actor, at: datetime) -> list[tuple[str, date]]:
    """Of what was granted to me: the numbers of those that end within 30 days, and when."""
    today = _today(me, at)
    rows = session.execute(
        select(AccessRequest.number, AccessRequest.decided_until)
        .where(
            AccessRequest.applicant_id == me.id,
            AccessRequest.status.in_(rules.DECIDED),
            AccessRequest.decided_until >= today,
            AccessRequest.decided_until <= today + rules.REMIND_WITHIN,
        )
        .order_by(AccessRequest.decided_until, AccessRequest.number)
    )
    return [(number, last) for number, last in rows if last is not None]


@dataclass(frozen=True)
class DecidedLine:
    """A decision on a request of mine, with its letter."""

    number: str
    status: RequestStatus
    at: datetime
    letter_id: uuid.UUID | None


def decided_lately(session: Session, me: Actor, at: datetime) -> list[DecidedLine]:
    """What was decided of mine within 14 days and still stands, the newest first."""
    since = at - rules.TELL_FOR
    rows = session.scalars(
        select(AccessRequest)
        .where(
            AccessRequest.applicant_id == me.id,
            AccessRequest.status.in_((*rules.DECIDED, RequestStatus.REFUSED)),
            AccessRequest.decided_at > since,
        )
        .order_by(AccessRequest.decided_at.desc(), AccessRequest.number)
    )
    return [
        DecidedLine(row.number, row.status, row.decided_at, row.letter_id)
        for row in rows
        if row.decided_at is not None
    ]


def register(
    session: Session,
    me: Actor,
    at: datetime,
    kinds: Collection[RequestKind] = (),
    statuses: Collection[RequestStatus] = (),
    since: date | None = None,
    text: str = "",
) -> list[RequestLine]:
    """Every request of the district but drafts, the newest first, without a student's name.

    kinds, statuses: those alone; none is all. since: sent on or after this local day. text: in
    the number, the applicant, or what is asked.
    """
    may_keep(str(me.organization_id), me.role, str(me.organization_id)).or_refuse()
    asked = select(AccessRequest).where(
        AccessRequest.organization_id == me.organization_id,
        AccessRequest.status != RequestStatus.DRAFT,
        AccessRequest.submitted_at.is_not(None),
    )
    if kinds:
        asked = asked.where(AccessRequest.kind.in_(kinds))
    if since is not None:
        asked = asked.where(AccessRequest.submitted_at >= local_midnight(since, me.tz))
    if wanted := text.strip():
        told = AccessRequest.number + " " + AccessRequest.applicant_name
        told = told + " " + AccessRequest.applicant_organization + " " + AccessRequest.information
        asked = asked.where(func.lower(told).contains(wanted.lower(), autoescape=True))
    newest = asked.order_by(AccessRequest.submitted_at.desc(), AccessRequest.id).limit(MOST)
    rows = session.scalars(newest).all()
    lines = _lines(session, me, rows, {}, {}, at)
    found = [line for line in lines if not statuses or line.status in statuses]
    entry = trail.Entry("request.register_read", True, at, detail={"count": len(found)})
    trail.write(session, me, entry)
    return found


def agreement_problem(session: Session, me: Actor, number: str, at: datetime) -> str:
    """Why this agreement of ours carries no study now; empty when it does."""
    wanted = number.strip().upper()
    row = session.execute(
        select(Agreement, AgreementPaper.kind)
        .join(AgreementPaper, AgreementPaper.id == Agreement.paper_id)
        .where(
            AgreementPaper.district_id == me.organization_id,
            (Agreement.number == wanted) | (AgreementPaper.number == wanted),
        )
        .order_by(Agreement.number)
        .limit(1)
    ).one_or_none()
    if row is None:
        return f"There is no agreement {wanted} of this district."
    agreement, kind = row
    if kind not in FITTING:
        return f"Agreement {wanted} is of a kind that carries no study."
    signed = [agreement.a_signed_at, agreement.b_signed_at]
    begun = all(one is not None and one <= at for one in signed) and agreement.starts_at <= at
    ends = [end for end in (agreement.ends_at, agreement.terminated_at) if end is not None]
    if not begun or any(end <= at for end in ends):
        return f"Agreement {wanted} is not in force."
    return ""


def consents(session: Session, me: Actor, request_id: uuid.UUID) -> list[ConsentLine]:
    """Of a study: whose parents were told, and who consented, by name."""
    rows = session.execute(
        select(ResearchConsent, Student)
        .join(Student, Student.id == ResearchConsent.student_id)
        .join(AccessRequest, AccessRequest.id == ResearchConsent.request_id)
        .where(
            ResearchConsent.request_id == request_id,
            AccessRequest.organization_id == me.organization_id,
        )
        .order_by(Student.search_name, Student.id)
    )
    return [
        ConsentLine(
            student.id,
            f"{student.given_name} {student.family_name}",
            row.notified_on,
            row.consented_on,
            row.signer,
            row.evidence,
        )
        for row, student in rows
    ]


def kinds_of(session: Session, request_id: uuid.UUID) -> Sequence[AccessRequestCategory]:
    """The rows of the kinds that a request asks for, to write the decision into."""
    asked = select(AccessRequestCategory).where(AccessRequestCategory.request_id == request_id)
    return session.scalars(asked.order_by(AccessRequestCategory.category)).all()


def open_grants(
    session: Session, request_id: uuid.UUID, at: datetime
) -> list[AccessGrant | UnnamedGrant]:
    """What a request gave that is not over, to end it."""
    found: list[AccessGrant | UnnamedGrant] = []
    for table in (AccessGrant, UnnamedGrant):
        ends = or_(table.ends_at.is_(None), table.ends_at > at)
        rows = select(table).where(table.request_id == request_id, ends).order_by(table.id)
        found += session.scalars(rows)
    return found


def ended_by(session: Session, request_id: uuid.UUID) -> uuid.UUID | None:
    """Who ended what a request gave; None while nobody has."""
    return session.scalar(
        select(AccessRequestEvent.by_id)
        .where(
            AccessRequestEvent.request_id == request_id,
            AccessRequestEvent.kind == RequestEventKind.ENDED,
        )
        .order_by(AccessRequestEvent.at.desc(), AccessRequestEvent.id)
        .limit(1)
    )


def numbers_of(
    session: Session, me: Actor, grants: Collection[str]
) -> tuple[tuple[str, date | None], ...]:
    """My requests that led to these grants by number, each once, and the grants' last day."""
    rows = session.execute(
        select(AccessRequest.number, AccessGrant.ends_at)
        .join(AccessGrant, AccessGrant.request_id == AccessRequest.id)
        .where(
            AccessGrant.id.in_([uuid.UUID(grant) for grant in grants]),
            AccessRequest.applicant_id == me.id,
        )
        .order_by(AccessRequest.number, AccessGrant.ends_at)
    )
    found = {number: last_day(ends, me.tz) if ends else None for number, ends in rows}
    return tuple(found.items())


def granted_students(session: Session, request_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """Whom the grants of a request are about."""
    rows = session.scalars(
        select(AccessGrant.student_id)
        .where(AccessGrant.request_id == request_id)
        .order_by(AccessGrant.student_id)
    )
    return tuple(dict.fromkeys(rows))


def granted_kinds(session: Session, request_id: uuid.UUID) -> tuple[Category, ...]:
    """The kinds of record that a decision gave."""
    return tuple(_categories(session, [request_id])[request_id][1])


def address_of(session: Session, user_id: uuid.UUID) -> str:
    """Where an applicant is written to."""
    return session.get_one(User, user_id).email


Kinds = dict[uuid.UUID, tuple[list[Category], list[Category]]]


def _categories(session: Session, ids: Collection[uuid.UUID]) -> Kinds:
    """What each request asks for, and what of it was granted."""
    found: Kinds = defaultdict(lambda: ([], []))
    rows = session.scalars(
        select(AccessRequestCategory).where(AccessRequestCategory.request_id.in_(ids))
    )
    for row in sorted(rows, key=lambda row: list(Category).index(Category(row.category))):
        found[row.request_id][0].append(Category(row.category))
        if row.granted:
            found[row.request_id][1].append(Category(row.category))
    return found


def _students(session: Session, rows: Sequence[AccessRequest]) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    asked = session.scalars(
        select(AccessRequestStudent)
        .where(AccessRequestStudent.request_id.in_([row.id for row in rows]))
        .order_by(AccessRequestStudent.student_id)
    )
    for row in asked:
        found[row.request_id].append(row.student_id)
    return found


def _history(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Happening]]:
    found: dict[uuid.UUID, list[Happening]] = defaultdict(list)
    rows = session.scalars(
        select(AccessRequestEvent)
        .where(AccessRequestEvent.request_id.in_(ids))
        .order_by(AccessRequestEvent.at, AccessRequestEvent.id)
    )
    for row in rows:
        told = Happening(row.kind, row.at, row.by_name, row.note, row.document_id)
        found[row.request_id].append(told)
    return found


def _today(me: Actor, at: datetime) -> date:
    return at.astimezone(ZoneInfo(me.tz)).date()


def _lines(
    session: Session,
    me: Actor,
    rows: Sequence[AccessRequest],
    students: dict[uuid.UUID, tuple[str, ...]],
    opens: dict[uuid.UUID, list[tuple[uuid.UUID, str]]],
    at: datetime,
) -> list[RequestLine]:
    ids = [row.id for row in rows]
    kinds, history = _categories(session, ids), _history(session, ids)
    older = [row.renews_id for row in rows if row.renews_id]
    asked = select(AccessRequest.id, AccessRequest.number).where(AccessRequest.id.in_(older))
    numbers = {row.id: row.number for row in session.execute(asked)}
    today = _today(me, at)
    return [
        RequestLine(
            id=row.id,
            number=row.number,
            kind=row.kind,
            status=rules.standing(row.status, row.decided_until, today),
            applicant=row.applicant_name,
            organization=row.applicant_organization,
            address=row.applicant_address,
            information=row.information,
            need=row.need,
            form=row.form,
            view=row.view,
            students=students.get(row.id, ()),
            categories=tuple(kinds[row.id][0]),
            granted=tuple(kinds[row.id][1]),
            first=row.wanted_from,
            last=row.wanted_until,
            statement=row.statement,
            agreement_number=row.agreement_number,
            board_vote=row.board_vote,
            foia=row.foia,
            written_at=row.written_at,
            submitted_at=row.submitted_at,
            decided_at=row.decided_at,
            decided_form=row.decided_form,
            decided_until=row.decided_until,
            reason=row.reason,
            letter_id=row.letter_id,
            letter_docx_id=row.letter_docx_id,
            renews=numbers.get(row.renews_id, "") if row.renews_id else "",
            days=_days(row, at),
            renewable=rules.may_renew(row.status, row.decided_until, today),
            history=tuple(history[row.id]),
            opens_now=tuple(opens.get(row.id, ())),
        )
        for row in rows
    ]


def _days(row: AccessRequest, at: datetime) -> int:
    if row.submitted_at is None:
        return 0
    return ((row.decided_at or at) - row.submitted_at) // timedelta(days=1)
