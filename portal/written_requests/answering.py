"""The answer to what was granted from outside: to the Board as a whole, to a study, to the public.

Delegation 2: analyses go "only to the Board of Education as a whole". Without names an answer
holds counts, and none of a group that a single person could be read out of (`policy.groups`).
Which tables of counts it holds is for the Superintendent to choose, so that it answers what was
asked. With names it holds the students of a study whose parents, or who themselves, have
consented: everybody else is not in it (External Requests 2, 34 CFR 99.30).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, once, requested, trail
from portal.access.actor import Actor
from portal.errors import NotFound, NotReady, Problem
from portal.pdf import papers as pdf
from portal.policy.written_requests import may_decide
from portal.store.oversight import AccessRequest
from portal.store.places import Organization
from portal.vocabulary import (
    CATEGORY_LABELS,
    Category,
    DocumentKind,
    Field,
    InformationForm,
    Purpose,
    RequestEventKind,
    RequestKind,
)
from portal.written_requests import counted, letters, queries, rules
from portal.written_requests.counted import Counted
from portal.written_requests.queries import ConsentLine
from portal.written_requests.service import NO_REQUEST, NOT_NOW, happened

NOBODY_CONSENTED = NotReady(
    [
        Problem(
            "Nobody's consent is written down, so nobody is in the answer.",
            "Write down whose parents were told and have consented, then answer.",
        )
    ]
)
AGREE_FIRST = (
    "Have the agreement renewed or signed first, then answer; or end the request on this page."
)
SMALL = (
    "A count of few students, or of the work of few members of staff, is not told, nor is a "
    "total by which it could be worked out. What is below a hidden count is not listed. Months "
    "count once they are over."
)
WHOLE_BOARD = (
    "This is the answer to the Board of Education as a whole, as its policy asks "
    "(Delegation to the Superintendent, item 2).",
    "It is not to be the sole or primary portion of any personnel evaluation.",
)


@dataclass(frozen=True)
class _Told:
    """What an answer holds, and whom and what it tells of by name.

    explained: what the counts are of. which: the tables, their months and filters, for the trail.
    """

    tables: Sequence[pdf.ReplyTable]
    explained: Sequence[str] = ()
    which: Sequence[str] = ()
    students: tuple[uuid.UUID, ...] = ()
    kinds: tuple[Category, ...] = ()


def answer(
    session: Session,
    me: Actor,
    request_id: uuid.UUID,
    at: datetime,
    key: str,
    tables: Sequence[Counted] = (),
) -> uuid.UUID:
    """Make the answer to a granted request from outside, and keep it; open it at /doc/{id}.

    For the Superintendent alone. key: the form's; a second click finds the first one's answer.
    tables: the counts to answer with, as they were shown; with names there are none. Raises
    NotReady when no table that can be told is chosen, a study's agreement is not in force any
    more, or one with names has nobody's consent.
    """
    row = _granted(session, me, request_id, at)
    _require_agreement(session, me, row, at)
    named = row.decided_form is InformationForm.IDENTIFIED
    consented = _consented(session, me, row, at) if named else []
    if named and not consented:
        raise NOBODY_CONSENTED
    if not named and (problems := counted.problems(tables)):
        raise NotReady(problems)
    claimed = uuid.uuid4()
    earlier = once.first_result(session, me, "request.answered", key, claimed, at)
    if earlier is not None:
        return earlier
    told = _of_a_study(session, me, row, consented, at) if named else _counts(tables)
    board = row.kind is RequestKind.BOARD
    kind = DocumentKind.BOARD_ANSWER if board else DocumentKind.ACCESS_LETTER
    paper = _paper(session, me, row, told, at)
    kept = letters.keep_paper(session, me, row, paper, kind, at, claimed)
    note = "; ".join(table.caption for table in told.tables)
    happened(session, me, row, RequestEventKind.ANSWERED, at, note, kept)
    entry = trail.Entry(
        "request.answered", True, at, told.students, row.number, opened=told.kinds,
        detail={"kind": row.kind, "document": str(kept), "tables": list(told.which)},
    )  # fmt: skip
    trail.write(session, me, entry)
    return kept


def _granted(session: Session, me: Actor, request_id: uuid.UUID, at: datetime) -> AccessRequest:
    row = session.get(AccessRequest, request_id)
    ours = "" if row is None else str(row.organization_id)
    if row is None or not may_decide(str(me.id), me.role, str(me.organization_id), ours, ""):
        raise NO_REQUEST
    today = at.astimezone(ZoneInfo(me.tz)).date()
    over = rules.standing(row.status, row.decided_until, today) not in rules.DECIDED
    if row.kind is RequestKind.STAFF or over or today < row.wanted_from:
        raise NOT_NOW
    return row


def _require_agreement(session: Session, me: Actor, row: AccessRequest, at: datetime) -> None:
    """External Requests 2: a study has a formal agreement, not only on the day it was asked for.

    One that was brought as a signed file has no days that the portal knows.
    """
    if row.kind is not RequestKind.RESEARCH or not row.agreement_number:
        return
    if what := queries.agreement_problem(session, me, row.agreement_number, at):
        raise NotReady([Problem(what, AGREE_FIRST, "Agreement")])


def _counts(tables: Sequence[Counted]) -> _Told:
    return _Told(
        tables=[counted.printed(table) for table in tables],
        explained=counted.explained(tables),
        which=[table.which for table in tables],
    )


def _consented(session: Session, me: Actor, row: AccessRequest, at: datetime) -> list[ConsentLine]:
    today = at.astimezone(ZoneInfo(me.tz)).date()
    return [
        line
        for line in queries.consents(session, me, row.id)
        if line.consented_on is not None and line.consented_on <= today
    ]


def _of_a_study(
    session: Session,
    me: Actor,
    row: AccessRequest,
    consented: Sequence[ConsentLine],
    at: datetime,
) -> _Told:
    kinds = queries.granted_kinds(session, row.id)
    rows: list[tuple[str, ...]] = []
    for line in consented:
        rows += _of_a_student(session, me, line, kinds, at)
    columns = ("Student", "Kind of record", "Day", "What")
    return _Told(
        tables=(pdf.ReplyTable("Records of those who consented", columns, tuple(rows)),),
        students=tuple(line.student_id for line in consented),
        kinds=kinds,
    )


def _of_a_student(
    session: Session,
    me: Actor,
    line: ConsentLine,
    kinds: Sequence[Category],
    at: datetime,
) -> list[tuple[str, ...]]:
    """What a partner let the district see is not the district's to pass on (34 CFR 99.33,
    42 CFR 2.32): a researcher asks the partner.
    """
    try:
        opened = gate.open_record(session, me, line.student_id, Purpose.COORDINATE, at)
    except NotFound:
        return []
    zone = ZoneInfo(me.tz)
    ours = requested.held_here(session, me, [item.record_id for item in opened.items])
    return [
        (
            line.student,
            CATEGORY_LABELS[item.category],
            f"{item.when.astimezone(zone):%m/%d/%Y}",
            item.parts.get(Field.WHAT, ""),
        )
        for item in opened.items
        if item.category in kinds and item.record_id in ours
    ]


def _paper(session: Session, me: Actor, row: AccessRequest, told: _Told, at: datetime) -> pdf.Reply:
    district = session.get_one(Organization, row.organization_id)
    board = row.kind is RequestKind.BOARD
    today = letters.day(at.astimezone(ZoneInfo(me.tz)).date())
    asked = [f"Asked for: {row.information}", f"Needed for: {row.need}"]
    asked += [f"Instructed by the entire Board: {row.board_vote}."] if board else []
    if row.kind is RequestKind.OUTSIDE:
        asked += [letters.FOIA, f"Required, and so released: {row.foia}"]
    use = letters.use_of(row.kind, row.decided_form or row.form)
    how = WHOLE_BOARD if board else use
    read = () if told.students else (*told.explained, SMALL)
    to = "The Board of Education" if board else f"{row.applicant_name}\n{row.applicant_address}"
    return pdf.Reply(
        title="Answer to a request for information",
        number=row.number,
        district=district.name,
        foot=f"{district.name}, request {row.number}, answered by {me.name} on {today}",
        address=district.address,
        phone=district.phone,
        to=to,
        date=today,
        greeting="To the Board of Education:" if board else f"Dear {row.applicant_name},",
        sections=(
            pdf.ReplySection("What was asked for", tuple(asked)),
            pdf.ReplySection("How this is to be used", how),
            *([pdf.ReplySection("What the tables tell", read)] if read else []),
        ),
        tables=told.tables,
        closing="Sincerely,",
        signed_by=me.name,
        signed_title=letters.title_of(me),
    )
