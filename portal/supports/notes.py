"""Restrict a note: that it is there stays shown, its text is for its author and a few."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import gate, trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.policy.decision import Decision, Reason, refuse
from portal.policy.restricting import may_restrict
from portal.policy.tasks import Task
from portal.store.records import Record
from portal.supports import queries, shelf

EVENT = "note.restricted"


def restrict(session: Session, me: Actor, record_id: uuid.UUID, at: datetime) -> None:
    """Restrict the note of a visit, one way. A second click changes nothing.

    Raises NotFound for what is no note or not open to this person, Refused for a note that
    somebody else wrote, unless an administrator asks.
    """
    record = session.get(Record, record_id)
    if record is None or not queries.is_note(session, record_id):
        _refused(session, me, record, refuse([Reason.RECORD_UNKNOWN]), at)
        raise NOT_FOUND
    gate.open_student(session, me, record.student_id, Task.SEE_STUDENT, at)
    if not queries.is_open(session, me, record, at):
        _refused(session, me, record, refuse([Reason.SEALED]), at)
        raise NOT_FOUND
    author = None if record.author_id is None else str(record.author_id)
    decision = may_restrict(str(me.id), me.role, author)
    if not decision:
        _refused(session, me, record, decision, at)
        decision.or_refuse()
    if not record.restricted:
        record.restricted = True
        record.version += 1
        session.flush()
        shelf.noted(session, me, EVENT, record, at)


def _refused(
    session: Session, me: Actor, record: Record | None, decision: Decision, at: datetime
) -> None:
    about = (record.student_id,) if record else ()
    codes = [str(code) for code in decision.codes]
    trail.write_refusal(session, me, trail.Entry(EVENT, False, at, about, codes=codes))
