"""Requests to amend records: those of my students, and what waits for a decision."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import trail, visible
from portal.access.actor import Actor
from portal.corrections.amendments import rules
from portal.corrections.amendments.rules import OPEN, Standing, Steps
from portal.corrections.queries import as_if_not_removed
from portal.policy.corrections import DECIDING, due_on
from portal.policy.family import may_see_of
from portal.store.people import Guardian, Guardianship, Student
from portal.store.support import AmendmentRequest
from portal.vocabulary import AmendmentDecision, Purpose, SignerKind

MOST = 200


@dataclass(frozen=True)
class RequestLine:
    """A request with its record's kind and day. days: since it was asked; late: over our clock.

    asked_by: the name of the guardian or the student; language: theirs.
    """

    request_id: uuid.UUID
    record_id: uuid.UUID
    student: str
    category: str
    happened_at: datetime
    asked_by: str
    asked_on: date
    due: date
    days: int
    late: bool
    standing: Standing
    wants: str
    reason: str
    hearing_asked_on: date | None
    hearing_held_on: date | None
    hearing_by: str
    hearing_reason: str
    statement: str
    statement_on: date | None
    letter_id: uuid.UUID | None
    hearing_letter_id: uuid.UUID | None


@dataclass(frozen=True)
class Asker:
    """Somebody of the family who may ask to amend a record now; guardian_id None: the student."""

    guardian_id: uuid.UUID | None
    name: str


def standing_of(request: AmendmentRequest) -> Standing:
    """Where it stands."""
    steps = Steps(request.decision, request.hearing_asked_on, request.hearing_decision)
    return rules.standing(steps)


def listed(session: Session, me: Actor, at: datetime) -> list[RequestLine]:
    """Requests about records that are open to me in full: those that wait first, oldest first."""
    lines = _lines(session, me, at, only_open=False)
    return sorted(lines, key=lambda line: (line.standing not in OPEN, line.asked_on))


def waiting(session: Session, me: Actor, at: datetime) -> list[RequestLine]:
    """Requests that wait for whoever decides them, oldest first; nothing for anybody else."""
    if me.role not in DECIDING:
        return []
    return _lines(session, me, at, only_open=True)


def how_many_wait(session: Session, me: Actor, at: datetime) -> int:
    """How many of them; nothing about anybody."""
    if me.role not in DECIDING:
        return 0
    asked = _asked(me, at, only_open=True).with_only_columns(AmendmentRequest.id)
    return session.scalar(select(func.count()).select_from(asked.subquery())) or 0


def askers(session: Session, me: Actor, record_id: uuid.UUID, at: datetime) -> list[Asker]:
    """Of the family, those who may ask now (34 CFR 99.3, 99.5, 99.20), for a record in reach."""
    shelf = as_if_not_removed()
    student = session.scalar(
        select(Student)
        .join(shelf, shelf.c.student_id == Student.id)
        .where(
            shelf.c.id == record_id,
            visible.records(me, Purpose.COORDINATE, at, of=shelf.c, in_full=True),
        )
    )
    if student is None:
        return []
    facts = facts_of.load_known(session, me.id, student.id)
    rows = session.scalars(
        select(Guardian)
        .where(
            Guardian.id.in_(
                select(Guardianship.guardian_id).where(Guardianship.student_id == student.id)
            )
        )
        .order_by(Guardian.name, Guardian.id)
    )
    found = [
        Asker(row.id, row.name)
        for row in rows
        if may_see_of(facts, SignerKind.GUARDIAN, str(row.id), at)
    ]
    if may_see_of(facts, SignerKind.STUDENT, str(student.id), at):
        found.append(Asker(None, f"{student.given_name} {student.family_name}"))
    return found


def _asked(me: Actor, at: datetime, *, only_open: bool) -> Select[Any]:
    shelf = as_if_not_removed()
    asked = (
        select(AmendmentRequest, shelf.c.category, shelf.c.event_at, Student, Guardian.name)
        .join(shelf, shelf.c.id == AmendmentRequest.record_id)
        .join(Student, Student.id == AmendmentRequest.student_id)
        .outerjoin(Guardian, Guardian.id == AmendmentRequest.asked_by)
        .where(
            visible.records(me, Purpose.COORDINATE, at, of=shelf.c, in_full=True),
            shelf.c.custodian_id == me.organization_id,
        )
        .order_by(AmendmentRequest.asked_on, AmendmentRequest.id)
        .limit(MOST)
    )
    if only_open:
        heard = AmendmentRequest.hearing_decision.is_(None)
        wants_hearing = AmendmentRequest.hearing_asked_on.is_not(None) & heard
        refused = AmendmentRequest.decision == AmendmentDecision.REFUSED
        asked = asked.where(or_(AmendmentRequest.decision.is_(None), refused & wants_hearing))
    return asked


def _lines(session: Session, me: Actor, at: datetime, *, only_open: bool) -> list[RequestLine]:
    today = at.astimezone(ZoneInfo(me.tz)).date()
    rows = session.execute(_asked(me, at, only_open=only_open)).all()
    about = tuple(student.id for _request, _kind, _when, student, _name in rows)
    detail = {"count": len(rows)}
    trail.write(session, me, trail.Entry("amendment.listed", True, at, about, detail=detail))
    return [_line(*row, today=today) for row in rows]


def _line(
    request: AmendmentRequest,
    category: str,
    happened_at: datetime,
    student: Student,
    guardian: str | None,
    *,
    today: date,
) -> RequestLine:
    name, due = f"{student.given_name} {student.family_name}", due_on(request.asked_on)
    standing = standing_of(request)
    return RequestLine(
        request_id=request.id,
        record_id=request.record_id,
        student=name,
        category=category,
        happened_at=happened_at,
        asked_by=guardian or name,
        asked_on=request.asked_on,
        due=due,
        days=(today - request.asked_on).days,
        late=standing is Standing.ASKED and today > due,
        standing=standing,
        wants=request.wants,
        reason=request.reason,
        hearing_asked_on=request.hearing_asked_on,
        hearing_held_on=request.hearing_held_on,
        hearing_by=request.hearing_by,
        hearing_reason=request.hearing_reason,
        statement=request.statement,
        statement_on=request.statement_on,
        letter_id=request.letter_id,
        hearing_letter_id=request.hearing_letter_id,
    )
