"""Who must not open a student (a conflict of interest), and who is left out of lists.

What a lock and a hiding mean is told in `portal.policy`; here they are set and lifted, with
the reason, by the principal for the building and by an administrator for the district.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.errors import NotReady
from portal.policy.decision import Reason
from portal.policy.spans import midnight_after
from portal.policy.tasks import Task
from portal.store.people import HiddenStudent, StaffLock, User
from portal.transitions import queries, rules
from portal.transitions.rules import HideDraft, LockDraft


def lock(session: Session, me: Actor, draft: LockDraft, at: datetime) -> StaffLock:
    """From now on this colleague opens nothing of this student, and finds them in no list.

    Anybody may be locked, oneself too. A lock that stands already stays as it is.
    Raises NotReady with every problem, NotFound for a student or a colleague out of reach.
    """
    me.may(Task.KEEP_LOCKS).or_refuse()
    found = rules.lock_problems(draft, at.astimezone(ZoneInfo(me.tz)).date())
    if found or draft.student_id is None or draft.user_id is None:
        raise NotReady(found)
    student = gate.open_student(session, me, draft.student_id, Task.KEEP_LOCKS, at)
    person = session.get(User, draft.user_id)
    if person is None or person.organization_id != me.organization_id:
        raise NOT_FOUND
    standing = queries.standing_lock(session, person.id, student.id, at)
    if standing is not None:
        return standing
    row = StaffLock(
        user_id=person.id,
        student_id=student.id,
        starts_at=at,
        ends_at=midnight_after(draft.until, me.tz) if draft.until else None,
        reason=draft.reason.strip(),
        set_by=me.id,
    )
    session.add(row)
    session.flush()
    _told(session, me, "lock.set", row, at)
    return row


def lift(session: Session, me: Actor, lock_id: uuid.UUID, at: datetime) -> StaffLock:
    """The lock ends now; a second click changes nothing. Nobody lifts their own."""
    me.may(Task.KEEP_LOCKS).or_refuse()
    row = session.get(StaffLock, lock_id)
    if row is None or row.user_id == me.id:
        _refused(session, me, "lock.lifted", at)
        raise NOT_FOUND
    gate.open_student(session, me, row.student_id, Task.KEEP_LOCKS, at)
    if row.ends_at is None or row.ends_at > at:
        row.ends_at = at
        session.flush()
        _told(session, me, "lock.lifted", row, at)
    return row


def hide(session: Session, me: Actor, draft: HideDraft, at: datetime) -> HiddenStudent:
    """From now on lists and searches leave the student out; not for whoever works with them.

    Raises NotReady with every problem, NotFound for a student out of reach.
    """
    me.may(Task.KEEP_LOCKS).or_refuse()
    found = rules.hide_problems(draft, at.astimezone(ZoneInfo(me.tz)).date())
    if found or draft.student_id is None:
        raise NotReady(found)
    student = gate.open_student(session, me, draft.student_id, Task.KEEP_LOCKS, at)
    standing = queries.standing_hiding(session, student.id, at)
    if standing is not None:
        return standing
    row = HiddenStudent(
        student_id=student.id,
        starts_at=at,
        ends_at=midnight_after(draft.until, me.tz) if draft.until else None,
        reason=draft.reason.strip(),
        set_by=me.id,
    )
    session.add(row)
    session.flush()
    _told(session, me, "hiding.set", row, at)
    return row


def show(session: Session, me: Actor, hiding_id: uuid.UUID, at: datetime) -> HiddenStudent:
    """Lists show the student again from now on; a second click changes nothing."""
    me.may(Task.KEEP_LOCKS).or_refuse()
    row = session.get(HiddenStudent, hiding_id)
    if row is None:
        _refused(session, me, "hiding.lifted", at)
        raise NOT_FOUND
    gate.open_student(session, me, row.student_id, Task.KEEP_LOCKS, at)
    if row.ends_at is None or row.ends_at > at:
        row.ends_at = at
        session.flush()
        _told(session, me, "hiding.lifted", row, at)
    return row


def _told(
    session: Session, me: Actor, event: str, row: StaffLock | HiddenStudent, at: datetime
) -> None:
    detail = {"user": str(row.user_id)} if isinstance(row, StaffLock) else {}
    trail.write(session, me, trail.Entry(event, True, at, (row.student_id,), detail=detail))


def _refused(session: Session, me: Actor, event: str, at: datetime) -> None:
    codes = [Reason.RECORD_UNKNOWN]
    trail.write_refusal(session, me, trail.Entry(event, False, at, codes=codes))
