"""Data that was taken out: how much of it today, who opens its file again, what still opens."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import visible
from portal.access.actor import Actor
from portal.policy import exports as rules
from portal.policy.decision import Decision, Reason, refuse
from portal.policy.exports import Taken
from portal.policy.spans import local_midnight
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.oversight import DataExport
from portal.store.papers import Document
from portal.store.people import Student, User
from portal.vocabulary import ExportKind, ExportShape

EVENT = "data.exported"


def may_open(session: Session, me: Actor, document: Document, at: datetime) -> Decision:
    """May this person open the file of an export? Asked of its row, and of whom they reach now."""
    row = session.scalar(select(DataExport).where(DataExport.document_id == document.id))
    if row is None:
        return refuse([Reason.RECORD_UNKNOWN])
    taken = Taken(row.kind, str(row.user_id), row.made_at, _reaches_all(session, me, document, at))
    return rules.may_open_export(str(me.id), me.role, me.level, taken, at)


def _reaches_all(session: Session, me: Actor, document: Document, at: datetime) -> bool:
    """Nobody in the file has gone out of this person's reach since it was made."""
    in_it = (
        select(TrailStudent.student_id)
        .join(TrailLine, TrailLine.id == TrailStudent.line_id)
        .where(
            TrailLine.event == EVENT,
            TrailLine.subject == str(document.id),
            TrailLine.at == document.made_at,
        )
    )
    reached = select(Student.id).where(visible.students_by_number(me, at))
    gone = in_it.where(TrailStudent.student_id.not_in(reached))
    return not session.scalar(select(gone.exists()))


@dataclass(frozen=True)
class Mine:
    """An export of mine that still opens."""

    document_id: uuid.UUID
    number: str
    kind: ExportKind
    shape: ExportShape
    rows: int
    students: int
    made_at: datetime


def mine(session: Session, me: Actor, at: datetime) -> list[Mine]:
    """What I took out in the last day, the newest first."""
    rows = session.scalars(
        select(DataExport)
        .where(DataExport.user_id == me.id, DataExport.made_at > at - rules.OPEN_FOR)
        .order_by(DataExport.made_at.desc(), DataExport.number)
    )
    return [
        Mine(
            document_id=row.document_id,
            number=row.number,
            kind=row.kind,
            shape=ExportShape(row.asked["shape"]),
            rows=row.rows,
            students=row.students,
            made_at=row.made_at,
        )
        for row in rows
        if row.document_id is not None
    ]


# A day's sum


@dataclass(frozen=True)
class OfTheDay:
    """What one person took out on one local day: rows, and everybody who was in them."""

    rows: int
    students: frozenset[uuid.UUID]

    def with_more(self, rows: int, students: frozenset[uuid.UUID]) -> OfTheDay:
        """The same with another file."""
        return OfTheDay(self.rows + rows, self.students | students)


def of_the_day(session: Session, me: Actor, at: datetime) -> OfTheDay:
    """What I took out since midnight on my organization's clock; each student counts once.

    Two files that are asked for at the same instant wait for each other, so that each knows of
    the other.
    """
    session.execute(select(User.id).where(User.id == me.id).with_for_update(key_share=True))
    today = at.astimezone(ZoneInfo(me.tz)).date()
    start, end = local_midnight(today, me.tz), local_midnight(today + timedelta(days=1), me.tz)
    rows = select(func.sum(DataExport.rows)).where(
        DataExport.user_id == me.id,
        DataExport.kind.not_in(rules.OF_ONESELF),
        DataExport.made_at >= start,
        DataExport.made_at < end,
    )
    students = (
        select(TrailStudent.student_id)
        .join(TrailLine, TrailLine.id == TrailStudent.line_id)
        .where(
            TrailLine.user_id == me.id,
            TrailLine.at >= start,
            TrailLine.at < end,
            TrailLine.event.in_(sorted(rules.LEAVING)),
            TrailLine.allowed,
        )
        .distinct()
    )
    return OfTheDay(session.scalar(rows) or 0, frozenset(session.scalars(students)))
