"""The history of a record, what was removed, and what a page needs to correct one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, FromClause, Select, cast, null, or_, select
from sqlalchemy.orm import Session

from portal.access import contents, corrections, trail, visible
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.contents import Item
from portal.access.corrections import APPROVED, REMOVED
from portal.policy.corrections import (
    ADMINISTRATORS,
    may_approve,
    may_edit,
    may_remove,
    needs_reason,
)
from portal.policy.decision import FULL
from portal.store.people import Student, User
from portal.store.records import Record, Visit, VisitNote
from portal.store.support import Correction, DataAnswer
from portal.vocabulary import Purpose

REMOVED_SINCE = timedelta(days=366)
MOST_REMOVED = 100


@dataclass(frozen=True)
class HistoryLine:
    """One change: when, by whom, which part, what it was and is (codes or text), and why."""

    at: datetime
    by: str
    field: str
    old: str
    new: str
    reason: str
    of_part: bool


@dataclass(frozen=True)
class Correctable:
    """A record as the page shows it, and what this person may do with it.

    visit_id: of a visit, or of the note of one; None where the page cannot edit it.
    """

    item: Item
    student: str
    version: int
    author: str
    written_at: datetime | None
    approved_at: datetime | None
    approved_by: str
    visit_id: uuid.UUID | None
    may_edit: bool
    may_remove: bool
    may_approve: bool
    needs_reason_to_remove: bool
    history: tuple[HistoryLine, ...]


@dataclass(frozen=True)
class RemovedLine:
    """A removed record: whose, what, when and by whom it was removed, and why."""

    record_id: uuid.UUID
    student: str
    category: str
    happened_at: datetime
    removed_at: datetime
    by: str
    reason: str


def correctable(session: Session, me: Actor, record_id: uuid.UUID, at: datetime) -> Correctable:
    """The record with its history, for somebody to whom all of it is open; noted in the trail."""
    found = corrections.open_one(session, me, record_id, at)
    record, written = found.record, found.written
    [item] = contents.read(session, [(facts_of.of_record(record), sorted(FULL))])
    parts = [
        row for row in parts_of(session, record_id) if corrections.is_open(session, me, row, at)
    ]
    contested = corrections.is_contested(session, [record_id, *(row.id for row in parts)])
    names = _names(session, [record.author_id, record.approved_by])
    corrections.note(session, me, found, "record.history_read", (), at)
    mine = str(me.id)
    return Correctable(
        item=item,
        student=f"{found.student.given_name} {found.student.family_name}",
        version=record.version,
        author=names.get(record.author_id, ""),
        written_at=record.written_at,
        approved_at=record.approved_at,
        approved_by=names.get(record.approved_by, ""),
        visit_id=_visit_of(session, record_id),
        may_edit=bool(may_edit(mine, me.role, written, asked=contested)),
        may_remove=bool(may_remove(mine, me.role, written)),
        may_approve=record.approved_at is None and bool(may_approve(mine, me.role, written)),
        needs_reason_to_remove=needs_reason(mine, written, at),
        history=_history(session, record_id, [row.id for row in parts]),
    )


def parts_of(session: Session, record_id: uuid.UUID) -> Sequence[Record]:
    """The rows that belong to a visit and go with it: its note, and answers given with it."""
    notes = select(VisitNote.record_id).where(VisitNote.visit_id == record_id)
    answers = select(DataAnswer.record_id).where(DataAnswer.visit_id == record_id)
    return session.scalars(
        select(Record)
        .where(or_(Record.id.in_(notes), Record.id.in_(answers)))
        .order_by(Record.category, Record.id)
    ).all()


def is_edited_here(session: Session, record_id: uuid.UUID) -> bool:
    """Is it a visit or a note of one? Other records are changed where they come from."""
    return _visit_of(session, record_id) is not None


def changed_since(session: Session, record_id: uuid.UUID, since: datetime) -> bool:
    """Was the visit, its note, or what belongs to it corrected or removed since then?"""
    visit_id = _visit_of(session, record_id) or record_id
    concerned = [record_id, visit_id, *(row.id for row in parts_of(session, visit_id))]
    changed = select(Correction.id).where(
        Correction.record_id.in_(concerned),
        Correction.at >= since,
        Correction.field.not_in(["amendment", "statement", APPROVED]),
    )
    return session.scalar(changed.limit(1)) is not None


def _visit_of(session: Session, record_id: uuid.UUID) -> uuid.UUID | None:
    if session.get(Visit, record_id) is not None:
        return record_id
    return session.scalar(select(VisitNote.visit_id).where(VisitNote.record_id == record_id))


def _names(session: Session, ids: Sequence[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    rows = session.execute(select(User.id, User.name).where(User.id.in_([i for i in ids if i])))
    return dict(rows.all())


def _history(
    session: Session, record_id: uuid.UUID, parts: Sequence[uuid.UUID]
) -> tuple[HistoryLine, ...]:
    rows = session.execute(
        select(Correction, User.name)
        .join(User, User.id == Correction.by_id)
        .where(Correction.record_id.in_([record_id, *parts]))
        .order_by(Correction.at.desc(), Correction.record_id, Correction.field, Correction.id)
    )
    return tuple(
        HistoryLine(
            at=row.at,
            by=name,
            field=row.field,
            old=row.old,
            new=row.new,
            reason=row.reason,
            of_part=row.record_id != record_id,
        )
        for row, name in rows
    )


def removed(session: Session, me: Actor, at: datetime) -> list[RemovedLine]:
    """What was removed of my students in the last year and may be restored by me, newest first.

    Nothing for anybody but an administrator: who removed something has its Undo.
    """
    if me.role not in ADMINISTRATORS:
        return []
    as_before = as_if_not_removed()
    rows = session.execute(
        _removals(as_before, at).where(
            visible.records(me, Purpose.COORDINATE, at, of=as_before.c, in_full=True),
            as_before.c.custodian_id == me.organization_id,
        )
    ).all()
    about = tuple(student.id for _key, _kind, _when, student, _row, _by in rows)
    detail = {"count": len(rows)}
    trail.write(session, me, trail.Entry("record.removed_listed", True, at, about, detail=detail))
    return [
        RemovedLine(
            record_id=key,
            student=f"{student.given_name} {student.family_name}",
            category=kind,
            happened_at=happened,
            removed_at=row.at,
            by=by,
            reason=row.reason,
        )
        for key, kind, happened, student, row, by in rows
    ]


def as_if_not_removed() -> FromClause:
    """The shelf as it was before anything was sealed, for the same question as ever."""
    open_ended = cast(null(), DateTime(timezone=True))
    whole = [
        open_ended.label(column.name) if column.name in ("sealed_from", "sealed_until") else column
        for column in Record.__table__.columns
    ]
    return select(*whole, Record.sealed_from.label("removed_from")).subquery("as_before")


def _removals(shelf: FromClause, at: datetime) -> Select[Any]:
    """Whole records that were removed and are; what went along with a visit comes back with it."""
    with_visit = select(VisitNote.record_id).join(Record, Record.id == VisitNote.visit_id)
    gone = Record.sealed_from == shelf.c.removed_from
    return (
        select(shelf.c.id, shelf.c.category, shelf.c.event_at, Student, Correction, User.name)
        .join(Correction, Correction.record_id == shelf.c.id)
        .join(User, User.id == Correction.by_id)
        .join(Student, Student.id == shelf.c.student_id)
        .where(
            Correction.field == REMOVED,
            Correction.at == shelf.c.removed_from,
            Correction.at > at - REMOVED_SINCE,
            shelf.c.id.not_in(with_visit.where(gone)),
        )
        .order_by(Correction.at.desc(), shelf.c.id)
        .limit(MOST_REMOVED)
    )
