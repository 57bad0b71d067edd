"""What the services of this room share: the item on the shelf, its change, its taking back."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.errors import NotReady, Problem
from portal.policy.decision import Reason
from portal.policy.tasks import Task
from portal.policy.undo import may_undo
from portal.store.people import Student
from portal.store.records import Record
from portal.store.support import Correction, Strength, StudentNeed, StudentService
from portal.supports import queries
from portal.vocabulary import Category

Row = TypeVar("Row", StudentService, StudentNeed, Strength)

CHANGED_MEANWHILE = Problem(
    "Somebody else changed this since you opened it.",
    "Look at it as it is now, then change it again if it still needs to be.",
)


def new_record(
    me: Actor, student: Student, category: Category, record_id: uuid.UUID, on: date, at: datetime
) -> Record:
    """The item of something that holds from this day on: from now for today, from noon else."""
    noon = datetime.combine(on, time(12), ZoneInfo(me.tz))
    return Record(
        id=record_id,
        district_id=student.district_id,
        student_id=student.id,
        custodian_id=student.district_id,
        category=category,
        event_at=min(noon, at),
        author_id=me.id,
        written_at=at,
    )


def changeable(
    session: Session, me: Actor, kind: type[Row], record_id: uuid.UUID, at: datetime
) -> tuple[Record, Row]:
    """The item and its row, for somebody who keeps the supports of this student.

    Raises NotFound alike for what is not theirs, was taken back or never was.
    """
    record, row = session.get(Record, record_id), session.get(kind, record_id)
    if record is None or row is None:
        _refuse(session, me, None, at, [Reason.RECORD_UNKNOWN])
        raise NOT_FOUND
    gate.open_student(session, me, record.student_id, Task.KEEP_SUPPORTS, at)
    if not queries.is_open(session, me, record, at):
        _refuse(session, me, record.student_id, at, [Reason.SEALED])
        raise NOT_FOUND
    return record, row


def _refuse(
    session: Session, me: Actor, student: uuid.UUID | None, at: datetime, codes: list[Reason]
) -> None:
    about = (student,) if student else ()
    told = [str(code) for code in codes]
    trail.write_refusal(session, me, trail.Entry("support.changed", False, at, about, codes=told))


def require_version(record: Record, seen: int) -> None:
    """Raises NotReady when somebody changed it since it was read at this version."""
    if record.version != seen:
        raise NotReady([CHANGED_MEANWHILE])


def note_change(
    session: Session,
    me: Actor,
    record: Record,
    field: str,
    change: tuple[Any, Any],
    at: datetime,
    reason: str = "",
) -> None:
    """Keep what it was and what it is, and count the change."""
    old, new = (_told(value) for value in change)
    session.add(
        Correction(
            record_id=record.id, field=field, old=old, new=new, reason=reason, at=at, by_id=me.id
        )
    )
    record.version += 1
    session.flush()


def _told(value: Any) -> str:
    return "" if value is None else str(value)


def take_back(
    session: Session, me: Actor, kind: type[Row], record_id: uuid.UUID, at: datetime
) -> Record:
    """Seal what one wrote within the last ten minutes; nothing is deleted.

    Raises NotFound for what somebody else wrote, Refused when it is too late.
    """
    record, _row = changeable(session, me, kind, record_id, at)
    author = None if record.author_id is None else str(record.author_id)
    decision = may_undo(str(me.id), author, record.written_at, at)
    if not decision:
        _refuse(session, me, record.student_id, at, list(decision.codes))
        if Reason.NOT_THE_AUTHOR in decision.codes:
            raise NOT_FOUND
        decision.or_refuse()
    record.sealed_from = at
    session.flush()
    return record


def noted(
    session: Session, me: Actor, event: str, record: Record, at: datetime, **detail: Any
) -> None:
    """The trail line of what was done to an item."""
    entry = trail.Entry(
        event, True, at, (record.student_id,), subject=str(record.id), detail=detail
    )
    trail.write(session, me, entry)
