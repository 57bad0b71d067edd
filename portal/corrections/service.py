"""Remove a record and restore it, and approve it as the second person."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import corrections
from portal.access.actor import Actor
from portal.access.corrections import APPROVED, REMOVED, RESTORED, Change
from portal.corrections import queries
from portal.errors import NotReady, Problem
from portal.policy.corrections import may_approve, may_remove, may_restore, needs_reason
from portal.policy.undo import may_undo
from portal.store.records import Record

ALREADY_APPROVED = NotReady(
    [Problem("It is approved already.", "Open the page again to see by whom.")]
)
NOT_REMOVED = NotReady([Problem("It was not removed.", "Open the page again.")])


def remove(
    session: Session, me: Actor, record_id: uuid.UUID, version: int, reason: str, at: datetime
) -> tuple[uuid.UUID, ...]:
    """Take a record away with what belongs to it, and tell which rows those were.

    Nothing is deleted: from now on it opens to nobody, and it can be restored. Raises NotFound,
    Refused, NotReady without a reason, ChangedMeanwhile when somebody saved since `version`.
    """
    found = corrections.open_one(session, me, record_id, at)
    corrections.require(session, me, found, may_remove(str(me.id), me.role, found.written), at)
    needed = needs_reason(str(me.id), found.written, at)
    told = corrections.require_reason(reason, needed=needed)
    corrections.claim(session, found.record, version)
    rows = [found.record, *queries.parts_of(session, record_id)]
    taken = [row for row in rows if row.sealed_from is None]
    for row in taken:
        row.sealed_from, row.sealed_until = at, None
        corrections.write_down(session, me, row, [Change(REMOVED, "", "")], told, at)
    corrections.note(session, me, found, "record.removed", (), at)
    return tuple(row.id for row in taken)


def restore(session: Session, me: Actor, record_id: uuid.UUID, reason: str, at: datetime) -> None:
    """Bring a removed record back, with what was removed together with it.

    For ten minutes whoever removed it may, without a reason; then an administrator, with one.
    What was sealed for another reason than a removal stays sealed.
    """
    found = corrections.open_one(session, me, record_id, at, removed=True)
    decision = may_restore(str(me.id), me.role, found.written, at)
    corrections.require(session, me, found, decision, at)
    removed_by, removed_at = found.written.removed_by, found.written.removed_at
    slip = may_undo(str(me.id), removed_by, removed_at, at)
    told = corrections.require_reason(reason, needed=not slip)
    if removed_at is None or found.record.sealed_from != removed_at:
        raise NOT_REMOVED
    for row in [found.record, *queries.parts_of(session, record_id)]:
        if row.sealed_from == removed_at:
            _unseal(session, me, row, told, at)
    corrections.note(session, me, found, "record.restored", (), at)


def _unseal(session: Session, me: Actor, row: Record, reason: str, at: datetime) -> None:
    row.sealed_from = None
    row.version += 1
    corrections.write_down(session, me, row, [Change(RESTORED, "", "")], reason, at)


def approve(session: Session, me: Actor, record_id: uuid.UUID, version: int, at: datetime) -> None:
    """Approve what a record says now, as the second person: the principal or administrator.

    It never moves when the thing happened or was written down; a later change ends it.
    """
    found = corrections.open_one(session, me, record_id, at)
    corrections.require(session, me, found, may_approve(str(me.id), me.role, found.written), at)
    if found.record.approved_at is not None:
        raise ALREADY_APPROVED
    corrections.claim(session, found.record, version)
    found.record.approved_at, found.record.approved_by = at, me.id
    change = Change(APPROVED, "", at.isoformat())
    corrections.write_down(session, me, found.record, [change], "", at)
    corrections.note(session, me, found, "record.approved", (), at)
