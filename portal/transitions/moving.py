"""A student changes school within the district."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, trail
from portal.access.actor import Actor
from portal.errors import NotReady
from portal.policy.spans import local_midnight
from portal.policy.tasks import Task
from portal.store.people import Enrollment, Student
from portal.store.records import HistoryEntry, Record
from portal.transitions import queries, rules
from portal.transitions.rules import MoveDraft
from portal.vocabulary import Category


def move(session: Session, me: Actor, draft: MoveDraft, at: datetime) -> Enrollment:
    """From the day chosen on the student is at the new school, and no more at the old one.

    By the principal for a student of the building, by a district administrator for any. With
    `stays`, at both. Classes of the old school end with it; so do caseloads, unless they are
    kept until somebody hands them over. A roster that still says otherwise does not undo it
    (`directory.roster.enrollments`). Both sides' staff find it on their page Today.
    Raises NotReady with every problem, NotFound for a student out of reach.
    """
    me.may(Task.MOVE_STUDENT).or_refuse()
    student = None
    if draft.student_id is not None:
        student = gate.open_student(session, me, draft.student_id, Task.MOVE_STUDENT, at)
    names = dict(queries.schools(session, me))
    held = queries.open_enrollments(session, student.id, at) if student else ()
    today = at.astimezone(ZoneInfo(me.tz)).date()
    found = rules.move_problems(draft, today, names, {row.school_id for row in held})
    if found or student is None or draft.on is None or draft.school_id is None:
        raise NotReady(found)
    start = local_midnight(draft.on, me.tz)
    if not draft.stays:
        for row in held:
            row.ends_at = max(start, row.starts_at)
            _shelve(session, student, row.ends_at, f"Left {names[row.school_id]}", at)
        _leave(session, student, [row.school_id for row in held], draft, max(start, at))
    entered = Enrollment(
        student_id=student.id,
        school_id=draft.school_id,
        grade=student.grade,
        starts_at=start,
        moved_at=at,
        moved_by=me.id,
        moved_reason=draft.reason,
    )
    session.add(entered)
    session.flush()
    grade = f", grade {student.grade}" if student.grade else ""
    _shelve(session, student, start, f"Entered {names[draft.school_id]}{grade}", at)
    detail = {"school": str(draft.school_id), "reason": str(draft.reason), "stays": draft.stays}
    trail.write(session, me, trail.Entry("student.moved", True, at, (student.id,), detail=detail))
    return entered


def _leave(
    session: Session, student: Student, schools: list[uuid.UUID], draft: MoveDraft, end: datetime
) -> None:
    """Who worked with the student because of the old school does so no more."""
    ending = [*queries.class_relations(session, student.id, schools, end)]
    if not draft.keep_caseload:
        ending += queries.caseload_relations(session, student.id, end)
    for relation in ending:
        relation.ends_at = max(end, relation.starts_at)
    session.flush()


def _shelve(
    session: Session, student: Student, event_at: datetime, headline: str, at: datetime
) -> None:
    """An item of school history, as the roster writes them."""
    record = Record(
        district_id=student.district_id,
        student_id=student.id,
        custodian_id=student.district_id,
        category=Category.ENROLLMENT,
        event_at=event_at,
        written_at=at,
    )
    session.add(record)
    session.flush()
    session.add(HistoryEntry(record_id=record.id, headline=headline))
    session.flush()
