"""Coming back to a student on a day: planned with a visit, then done, moved or dropped.

A follow-up is its owner's own reminder. It is no part of the student's record, and nobody
else reads it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, trail
from portal.access.actor import Actor
from portal.errors import NotFound, NotReady
from portal.policy.tasks import Task
from portal.store.records import Record, Visit
from portal.store.support import FollowUp
from portal.visits import rules
from portal.visits.rules import FollowUpDraft, VisitDraft

NOT_YOURS = NotFound(
    "There is no follow-up of yours here.", "Open Today again: it lists what is still to do."
)


def plan_with_visit(
    session: Session, me: Actor, visit: Visit, draft: VisitDraft, at: datetime
) -> None:
    """Write down the follow-up that a visit asks for, in the visit's own transaction."""
    if draft.follow_up.due_on is None:
        return
    student_id = session.get_one(Record, visit.record_id).student_id
    session.add(
        FollowUp(
            staff_id=me.id,
            student_id=student_id,
            visit_id=visit.record_id,
            due_on=draft.follow_up.due_on,
            about=draft.follow_up.about.strip(),
            written_at=at,
        )
    )
    trail.write(session, me, trail.Entry("follow_up.planned", True, at, (student_id,)))


def done(session: Session, me: Actor, follow_up_id: uuid.UUID, at: datetime) -> None:
    """It is done; a second click changes nothing."""
    row = _mine(session, me, follow_up_id, at)
    if row.done_at is None:
        row.done_at = at
        _note(session, me, row, "follow_up.done", at)


def drop(session: Session, me: Actor, follow_up_id: uuid.UUID, at: datetime) -> None:
    """It is not needed any more."""
    row = _mine(session, me, follow_up_id, at)
    if row.dropped_at is None:
        row.dropped_at = at
        _note(session, me, row, "follow_up.dropped", at)


def take_up_again(session: Session, me: Actor, follow_up_id: uuid.UUID, at: datetime) -> None:
    """Undo of the two above: it is still to do."""
    row = _mine(session, me, follow_up_id, at)
    if row.done_at is not None or row.dropped_at is not None:
        row.done_at = row.dropped_at = None
        _note(session, me, row, "follow_up.taken_up_again", at)


def move(session: Session, me: Actor, follow_up_id: uuid.UUID, to: date, at: datetime) -> None:
    """Put it off, or bring it forward, to another day. Raises NotReady for a day that is past."""
    row = _mine(session, me, follow_up_id, at)
    today = at.astimezone(ZoneInfo(me.tz)).date()
    found = rules.follow_up_problems(FollowUpDraft(to, row.about), today)
    if found:
        raise NotReady(found)
    if row.due_on != to:
        row.due_on = to
        _note(session, me, row, "follow_up.moved", at)


def _mine(session: Session, me: Actor, follow_up_id: uuid.UUID, at: datetime) -> FollowUp:
    """My own follow-up, while its student is within my reach."""
    row = session.get(FollowUp, follow_up_id)
    if row is None or row.staff_id != me.id:
        me.may(Task.LOG_VISIT).or_refuse()
        raise NOT_YOURS
    gate.open_student(session, me, row.student_id, Task.LOG_VISIT, at)
    return row


def _note(session: Session, me: Actor, row: FollowUp, event: str, at: datetime) -> None:
    trail.write(session, me, trail.Entry(event, True, at, (row.student_id,), subject=str(row.id)))
