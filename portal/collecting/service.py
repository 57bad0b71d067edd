"""Answer a district's own questions about a student, and answer anew.

    collecting.answer(session, me, student_id, AskedWhere.VISIT, answers, at, key, visit_id)

An answer is a record of the kind that its question says, limited to the question's audience. It
is never changed: a new one seals the old one, and the correction tells both.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, once, trail
from portal.access.actor import Actor
from portal.collecting import queries, rules
from portal.collecting.rules import Known, Point
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.store.people import Student
from portal.store.records import Record
from portal.store.support import Correction, DataAnswer
from portal.vocabulary import AskedWhere

CORRECTED = "answer"
"""What a correction of an answer calls its field."""


@dataclass(frozen=True)
class Given:
    """What was filled in, by data point; None or "" where nothing was.

    shown: by data point, the record of the answer that was on the screen; for the student's
    page, so that nobody overwrites what they did not see.
    """

    answers: Mapping[uuid.UUID, str | None]
    shown: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict)


def answer(
    session: Session,
    me: Actor,
    student_id: uuid.UUID | None,
    where: AskedWhere,
    given: Given,
    at: datetime,
    key: str,
    visit_id: uuid.UUID | None = None,
    event_at: datetime | None = None,
) -> Sequence[uuid.UUID]:
    """Keep the answers; the ids of the records that were written.

    student_id: None while none is chosen, to learn what else is missing. visit_id: the visit
    with which they were given. event_at: when what they tell happened; without it, at.
    key: the form's; a second click with the same key writes nothing. On the student's page an
    answer as it stood writes nothing either.
    Raises NotFound or Refused when this person may not, NotReady with every problem.
    """
    student = _student(session, me, student_id, at)
    points = queries.asked(session, me, where)
    answers = rules.clean(given.answers)
    standing = _standing(session, student, where, points)
    found = [
        *rules.answer_problems(points, answers, _known(me, student, at), standing),
        *_changed_meanwhile(points, answers, given, standing, where),
    ]
    if found or student is None:
        raise NotReady(found or [Problem("No student is chosen.", "Choose one.", "Student")])
    new = _new(answers, standing)
    first = uuid.uuid4()
    if not new or once.first_result(session, me, "answer.given", key, first, at) is not None:
        return []
    asked = {point.id: point for point in points}
    written = []
    for point_id, value in new.items():
        record = _record(me, student, asked[point_id], event_at or at, at)
        session.add(record)
        session.flush()
        session.add(_row(record, asked[point_id], visit_id, value))
        if point_id in standing:
            _take_place(session, me, standing[point_id], record, value, at)
        written.append(record.id)
    session.flush()
    _told(session, me, student, [asked[key] for key in new], visit_id, at)
    return written


def _student(
    session: Session, me: Actor, student_id: uuid.UUID | None, at: datetime
) -> Student | None:
    if student_id is None:
        me.may(Task.LOG_VISIT).or_refuse()
        return None
    gate.open_student(session, me, student_id, Task.LOG_VISIT, at)
    return queries.held_student(session, student_id)


def _known(me: Actor, student: Student | None, at: datetime) -> Known:
    today = at.astimezone(ZoneInfo(me.tz)).date()
    return Known(today, student.born if student else None)


Standing = dict[uuid.UUID, tuple[DataAnswer, Record]]


def _standing(
    session: Session, student: Student | None, where: AskedWhere, points: Sequence[Point]
) -> Standing:
    """What is answered already: nothing with a visit, for each visit is asked anew."""
    if student is None or where is AskedWhere.VISIT:
        return {}
    return queries.current(session, student.id, [point.id for point in points])


def _changed_meanwhile(
    points: Sequence[Point],
    answers: Mapping[uuid.UUID, str],
    given: Given,
    standing: Standing,
    where: AskedWhere,
) -> Sequence[Problem]:
    """Answers that somebody else gave while this person was at it, and that are not these."""
    if where is AskedWhere.VISIT:
        return []
    return [
        Problem(
            f"Somebody else answered “{point.label}” while you were at it.",
            "Look at what it says now, and save again if yours is the right one.",
            point.label,
        )
        for point in points
        if point.id in answers
        and point.id in standing
        and standing[point.id][1].id != given.shown.get(point.id)
        and standing[point.id][0].value != answers[point.id]
    ]


def _new(answers: Mapping[uuid.UUID, str], standing: Standing) -> dict[uuid.UUID, str]:
    return {
        key: value
        for key, value in answers.items()
        if key not in standing or standing[key][0].value != value
    }


def _record(me: Actor, student: Student, point: Point, event_at: datetime, at: datetime) -> Record:
    return Record(
        id=uuid.uuid4(),
        district_id=student.district_id,
        student_id=student.id,
        custodian_id=student.district_id,
        category=str(point.draft.category),
        event_at=event_at,
        author_id=me.id,
        written_at=at,
        audience_id=point.audience_id,
    )


def _row(record: Record, point: Point, visit_id: uuid.UUID | None, value: str) -> DataAnswer:
    return DataAnswer(
        record_id=record.id,
        data_point_id=point.id,
        version_id=point.version_id,
        visit_id=visit_id,
        value=value,
    )


def _take_place(
    session: Session,
    me: Actor,
    before: tuple[DataAnswer, Record],
    record: Record,
    value: str,
    at: datetime,
) -> None:
    """The old answer opens to nobody from now on; the correction tells what it was."""
    answered, old = before
    old.sealed_from = at
    session.add(
        Correction(
            record_id=record.id,
            field=CORRECTED,
            old=answered.value,
            new=value,
            reason="Answered anew",
            at=at,
            by_id=me.id,
        )
    )


def _told(
    session: Session,
    me: Actor,
    student: Student,
    points: Sequence[Point],
    visit_id: uuid.UUID | None,
    at: datetime,
) -> None:
    told = {"points": [point.code for point in points]}
    subject = str(visit_id) if visit_id else ""
    entry = trail.Entry("answer.given", True, at, (student.id,), subject=subject, detail=told)
    trail.write(session, me, entry)
