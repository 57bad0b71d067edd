"""Log a visit, or one for each student of a group, and take it back while the form is warm."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, once, trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.access.words import Words, words_of
from portal.errors import NotReady, Problem
from portal.policy.decision import Reason
from portal.policy.tasks import Task
from portal.policy.undo import may_undo
from portal.store.people import Student
from portal.store.records import Record, Visit, VisitNote, VisitServiceLine
from portal.visits import drafts, follow_ups, queries, rules, timer
from portal.visits.rules import Seat, VisitDraft
from portal.vocabulary import Category, VisitFormat, VisitMode

PART = uuid.UUID("6f2f5a6e-5f0e-4f4e-9d0a-3f2b3f9f4a11")
"""Namespace of the ids of a group: the same form always makes the same group."""


@dataclass(frozen=True)
class _Entry:
    """One visit that is being written. group: None for one to one."""

    me: Actor
    draft: VisitDraft
    student: Student
    at: datetime
    visit_id: uuid.UUID
    group: uuid.UUID | None = None


def log(session: Session, me: Actor, draft: VisitDraft, at: datetime, key: str) -> Visit:
    """Record a support visit; its note is a record of its own, so that it is shared apart.

    key: the form's; a second click with the same key finds the first one's visit.
    Raises NotFound or Refused when this person may not, NotReady with every problem.
    """
    student = _student(session, me, draft, at)
    words = words_of(session, me.organization_id)
    today = at.astimezone(ZoneInfo(me.tz)).date()
    found = rules.problems(draft, at, _known(session, me, student), words)
    found += rules.follow_up_problems(draft.follow_up, today)
    if found or student is None:
        raise NotReady(found)
    return _once(session, _Entry(me, draft, student, at, uuid.uuid4()), words, key)


def log_group(
    session: Session, me: Actor, draft: VisitDraft, seats: Sequence[Seat], at: datetime, key: str
) -> list[Visit]:
    """One visit for each student of a group session, all saved or none.

    draft: what they share; its student and note count for nobody. Each visit is a record of
    its own student and names no other: they have only the group's id in common.
    Raises as `log` does; a problem of one student alone says whose it is.
    """
    me.may(Task.LOG_VISIT).or_refuse()
    each = rules.of_each(draft, seats)
    students = [_student(session, me, one, at) for one in each]
    words = words_of(session, me.organization_id)
    found: dict[Problem, None] = dict.fromkeys(rules.group_problems(seats))
    today = at.astimezone(ZoneInfo(me.tz)).date()
    found |= dict.fromkeys(rules.follow_up_problems(draft.follow_up, today))
    shared = rules.problems(replace(draft, note="", restricted=False), at, None, words)
    alike = [problem for problem in shared if problem.field != "Student"]
    found |= dict.fromkeys(alike)
    for one, student in zip(each, students, strict=True):
        if student is not None:
            told = rules.problems(one, at, _known(session, me, student), words)
            found |= {p if p in alike else _whose(p, student): None for p in told}
    if found:
        raise NotReady(list(found))
    group = uuid.uuid5(PART, f"{me.id}|{key}")
    return [
        _once(session, _Entry(me, one, student, at, uuid.uuid4(), group), words, key)
        for one, student in zip(each, students, strict=True)
        if student is not None
    ]


def undo(session: Session, me: Actor, visit_id: uuid.UUID, at: datetime) -> None:
    """Take back a visit of one's own within ten minutes: all that was saved with it is sealed.

    That is its note, the answers to the district's questions and its follow-up; of a group,
    each student's visit. Nothing is deleted: a sealed record opens to nobody, and the trail
    still tells that it was written and taken back. A second click changes nothing.
    Raises NotFound for anybody's visit but one's own, Refused when it is too late.
    """
    record = session.get(Record, visit_id)
    visit = session.get(Visit, visit_id)
    if record is None or visit is None:
        codes = [Reason.RECORD_UNKNOWN]
        trail.write_refusal(session, me, trail.Entry("visit.undone", False, at, codes=codes))
        raise NOT_FOUND
    together = [visit_id]
    if visit.group_id is not None and visit.staff_id == me.id:
        together = queries.group_visits(session, visit.group_id)
    for one in together:
        _undo_one(session, me, session.get_one(Record, one), at)


def _undo_one(session: Session, me: Actor, record: Record, at: datetime) -> None:
    gate.open_student(session, me, record.student_id, Task.LOG_VISIT, at)
    _require_undo(session, me, record, at)
    if record.sealed_from is not None:
        return
    record.sealed_from = at
    for part in queries.parts_of(session, record.id):
        session.get_one(Record, part).sealed_from = at
    for planned in queries.planned_with(session, record.id):
        planned.dropped_at = planned.dropped_at or at
    session.flush()
    about = (record.student_id,)
    trail.write(session, me, trail.Entry("visit.undone", True, at, about, subject=str(record.id)))


def _student(session: Session, me: Actor, draft: VisitDraft, at: datetime) -> Student | None:
    if draft.student_id is None:
        me.may(Task.LOG_VISIT).or_refuse()
        return None
    return gate.open_student(session, me, draft.student_id, Task.LOG_VISIT, at)


def _known(session: Session, me: Actor, student: Student | None) -> rules.Known | None:
    if student is None:
        return None
    entered, left = queries.time_in_school(session, student.id)
    return rules.Known(student.born, entered, me.tz, left)


def _whose(problem: Problem, student: Student) -> Problem:
    """The problem with the name of the student whose it is."""
    return replace(problem, where=f"{student.given_name} {student.family_name}:")


def _once(session: Session, entry: _Entry, words: Words, key: str) -> Visit:
    """Write the visit with all that belongs to it, unless this form has done so already."""
    me, at = entry.me, entry.at
    own = f"{key}|{entry.student.id}" if entry.group else key
    earlier = once.first_result(session, me, "visit.logged", own, entry.visit_id, at)
    if earlier is not None:
        return session.get_one(Visit, earlier)
    visit = _write(session, entry, words)
    _write_note(session, entry)
    follow_ups.plan_with_visit(session, me, visit, entry.draft, at)
    drafts.forget(session, me, key)
    timer.forget(session, me)
    told = trail.Entry("visit.logged", True, at, (entry.student.id,), subject=str(entry.visit_id))
    trail.write(session, me, told)
    return visit


def _write(session: Session, entry: _Entry, words: Words) -> Visit:
    draft = entry.draft
    session.add(_record(entry, Category.VISITS, entry.visit_id))
    session.flush()
    visit = Visit(
        record_id=entry.visit_id,
        staff_id=entry.me.id,
        purpose=draft.purpose,
        minutes=draft.length,
        mode=VisitMode(draft.mode),
        format=VisitFormat.GROUP if entry.group else VisitFormat.ONE_TO_ONE,
        group_id=entry.group,
        attendance=draft.attendance,
        missed_reason=draft.missed_reason,
        disposition=draft.disposition,
        tier=draft.tier,
        place=draft.place,
        credential=entry.me.title,
    )
    session.add(visit)
    session.add_all(
        VisitServiceLine(visit_id=entry.visit_id, service=service)
        for service in draft.provided(words)
    )
    session.flush()
    return visit


def _write_note(session: Session, entry: _Entry) -> None:
    draft = entry.draft
    if not draft.note.strip():
        return
    note_id = uuid.uuid4()
    record = _record(entry, Category.VISIT_NOTES, note_id)
    record.restricted = draft.restricted
    session.add(record)
    session.flush()
    session.add(VisitNote(record_id=note_id, visit_id=entry.visit_id, text=draft.note))
    session.flush()


def _record(entry: _Entry, category: Category, record_id: uuid.UUID) -> Record:
    student = entry.student
    return Record(
        id=record_id,
        district_id=student.district_id,
        student_id=student.id,
        custodian_id=student.district_id,
        category=category,
        event_at=entry.draft.happened_at(entry.at),
        author_id=entry.me.id,
        written_at=entry.at,
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
