"""Data that was taken out: who may open its file again, and what of mine still opens."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import visible
from portal.access.actor import Actor
from portal.policy import exports as rules
from portal.policy.decision import Decision, Reason, refuse
from portal.policy.exports import Taken
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.oversight import DataExport
from portal.store.papers import Document
from portal.store.people import Student
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
    gone = in_it.where(TrailStudent.student_id.not_in(reached)).limit(1)
    return session.scalar(gone) is None


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
