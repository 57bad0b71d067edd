"""Log a visit, and take it back while the form is still warm."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import gate, once, trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.errors import NotReady
from portal.policy.decision import Reason
from portal.policy.tasks import Task
from portal.policy.undo import may_undo
from portal.store.people import Student
from portal.store.records import Record, Visit, VisitNote, VisitServiceLine
from portal.visits import queries, rules
from portal.visits.rules import VisitDraft
from portal.vocabulary import Category


def log(session: Session, me: Actor, draft: VisitDraft, at: datetime, key: str) -> Visit:
    """Record a support visit; its note is a record of its own, so that it is shared apart.

    key: the form's; a second click with the same key finds the first one's visit.
    Raises NotFound or Refused when this person may not, NotReady with every problem.
    """
    student = _student(session, me, draft, at)
    found = rules.problems(draft, at, _known(session, me, student))
    if found or student is None:
        raise NotReady(found)
    visit_id = uuid.uuid4()
    earlier = once.first_result(session, me, "visit.logged", key, visit_id, at)
    if earlier is not None:
        return session.get_one(Visit, earlier)
    visit = _write(session, me, draft, student, visit_id, at)
    _write_note(session, me, draft, student, visit_id, at)
    entry = trail.Entry("visit.logged", True, at, (student.id,), subject=str(visit_id))
    trail.write(session, me, entry)
    return visit


def undo(session: Session, me: Actor, visit_id: uuid.UUID, at: datetime) -> None:
    """Take back a visit of one's own within ten minutes: it and its note are sealed from now.

    Nothing is deleted: a sealed record opens to nobody, and the trail still
    tells that it was written and taken back. A second click changes nothing.
    Raises NotFound for anybody's visit but one's own, Refused when it is too late.
    """
    record = session.get(Record, visit_id)
    if record is None or session.get(Visit, visit_id) is None:
        codes = [Reason.RECORD_UNKNOWN]
        trail.write_refusal(session, me, trail.Entry("visit.undone", False, at, codes=codes))
        raise NOT_FOUND
    gate.open_student(session, me, record.student_id, Task.LOG_VISIT, at)
    _require_undo(session, me, record, at)
    if record.sealed_from is not None:
        return
    record.sealed_from = at
    note = queries.note_of(session, visit_id)
    if note is not None:
        session.get_one(Record, note.record_id).sealed_from = at
    session.flush()
    about = (record.student_id,)
    trail.write(session, me, trail.Entry("visit.undone", True, at, about, subject=str(visit_id)))


def _student(session: Session, me: Actor, draft: VisitDraft, at: datetime) -> Student | None:
    if draft.student_id is None:
        me.may(Task.LOG_VISIT).or_refuse()
        return None
    return gate.open_student(session, me, draft.student_id, Task.LOG_VISIT, at)


def _known(session: Session, me: Actor, student: Student | None) -> rules.Known | None:
    if student is None:
        return None
    return rules.Known(student.born, queries.first_entered(session, student.id), me.tz)


def _write(
    session: Session,
    me: Actor,
    draft: VisitDraft,
    student: Student,
    visit_id: uuid.UUID,
    at: datetime,
) -> Visit:
    session.add(_record(me, draft, student, Category.VISITS, visit_id, at))
    session.flush()
    visit = Visit(record_id=visit_id, staff_id=me.id, purpose=draft.purpose, minutes=draft.length)
    session.add(visit)
    session.add_all(
        VisitServiceLine(visit_id=visit_id, service=service) for service in draft.provided
    )
    session.flush()
    return visit


def _write_note(
    session: Session,
    me: Actor,
    draft: VisitDraft,
    student: Student,
    visit_id: uuid.UUID,
    at: datetime,
) -> None:
    if not draft.note.strip():
        return
    note_id = uuid.uuid4()
    session.add(_record(me, draft, student, Category.VISIT_NOTES, note_id, at))
    session.flush()
    session.add(VisitNote(record_id=note_id, visit_id=visit_id, text=draft.note))
    session.flush()


def _record(
    me: Actor,
    draft: VisitDraft,
    student: Student,
    category: Category,
    record_id: uuid.UUID,
    at: datetime,
) -> Record:
    return Record(
        id=record_id,
        district_id=student.district_id,
        student_id=student.id,
        custodian_id=student.district_id,
        category=category,
        event_at=draft.happened_at(at),
        author_id=me.id,
        written_at=at,
    )


def _require_undo(session: Session, me: Actor, record: Record, at: datetime) -> None:
    author = None if record.author_id is None else str(record.author_id)
    decision = may_undo(str(me.id), author, record.written_at, at)
    if decision:
        return
    about = (record.student_id,)
    codes = [str(code) for code in decision.codes]
    trail.write_refusal(session, me, trail.Entry("visit.undone", False, at, about, codes=codes))
    if Reason.NOT_THE_AUTHOR in decision.codes:
        raise NOT_FOUND
    decision.or_refuse()
