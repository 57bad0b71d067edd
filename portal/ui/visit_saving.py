"""Save what the form of a visit says: visits, answers and referral, all of it or nothing."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.collecting import service as collecting
from portal.collecting.service import Given
from portal.errors import Collecting
from portal.referrals import service as referring
from portal.store.records import Visit
from portal.ui.visit_form import Filled
from portal.visits import service as visits
from portal.vocabulary import AskedWhere, Attendance


def save(session: Session, me: Actor, filled: Filled, at: datetime, key: str) -> list[Visit]:
    """The visits that were saved, one for each student.

    Raises NotReady with the problems of all of them at once.
    """
    steps = Collecting()
    logged = steps.attempt(lambda: _log(session, me, filled, at, key)) or []
    of_student = dict(zip(_students(filled), logged, strict=False))
    event_at = filled.visit.happened_at(at)
    for student, told in filled.answers.items():
        if not any(told.values()) and not _came(filled, student):
            continue
        visit = of_student.get(student)
        answer = partial(
            collecting.answer,
            session,
            me,
            student,
            AskedWhere.VISIT,
            Given(told),
            at,
            f"{key}|{student}",
            visit.record_id if visit else None,
            event_at,
        )
        steps.attempt(answer)
    if filled.referral is not None:
        asked = replace(filled.referral, visit_id=logged[0].record_id if logged else None)
        steps.attempt(lambda: referring.refer(session, me, asked, at, key))
    steps.or_not_ready()
    return logged


def _log(session: Session, me: Actor, filled: Filled, at: datetime, key: str) -> list[Visit]:
    if filled.group:
        return visits.log_group(session, me, filled.visit, filled.seats, at, key)
    return [visits.log(session, me, filled.visit, at, key)]


def _students(filled: Filled) -> list[uuid.UUID | None]:
    if filled.group:
        return [seat.student_id for seat in filled.seats]
    return [filled.visit.student_id]


def _came(filled: Filled, student: uuid.UUID) -> bool:
    """Who did not come need not be asked."""
    if not filled.group:
        return filled.visit.came
    return any(
        seat.student_id == student and seat.attendance is not Attendance.NO_SHOW
        for seat in filled.seats
    )
