"""What a student is good at: add it, take it back, put it in better words."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import gate, once
from portal.access.actor import Actor
from portal.errors import NotReady
from portal.policy.tasks import Task
from portal.store.people import Student
from portal.store.support import Strength
from portal.supports import rules, shelf
from portal.supports.days import local_today
from portal.supports.rules import StrengthDraft
from portal.vocabulary import Category


def add(
    session: Session,
    me: Actor,
    student_id: uuid.UUID,
    draft: StrengthDraft,
    at: datetime,
    key: str,
) -> Strength:
    """A strength, in whose words it is told.

    key: the form's; a second click finds what the first one made.
    Raises NotFound or Refused when this person may not, NotReady with every problem.
    """
    student = gate.open_student(session, me, student_id, Task.KEEP_SUPPORTS, at)
    return _add(session, me, student, draft, at, key)


def _add(
    session: Session, me: Actor, student: Student, draft: StrengthDraft, at: datetime, key: str
) -> Strength:
    found = rules.strength_problems(draft)
    if found or draft.source is None:
        raise NotReady(found)
    record_id = uuid.uuid4()
    earlier = once.first_result(session, me, "strength.added", key, record_id, at)
    if earlier is not None:
        return session.get_one(Strength, earlier)
    day = local_today(me, at)
    record = shelf.new_record(me, student, Category.VISIT_NOTES, record_id, day, at)
    record.event_at = at
    session.add(record)
    session.flush()
    strength = Strength(record_id=record_id, source=draft.source, text=draft.text.strip())
    session.add(strength)
    shelf.noted(session, me, "strength.added", record, at)
    return strength


def replace(
    session: Session, me: Actor, record_id: uuid.UUID, draft: StrengthDraft, seen: int, at: datetime
) -> Strength:
    """Put it in other words; the old ones are kept with the change.

    seen: the version that was on the screen; NotReady when somebody changed it meanwhile.
    """
    record, strength = shelf.changeable(session, me, Strength, record_id, at)
    if (strength.source, strength.text) == (draft.source, draft.text.strip()):
        return strength
    shelf.require_version(record, seen)
    found = rules.strength_problems(draft)
    if found or draft.source is None:
        raise NotReady(found)
    if strength.source is not draft.source:
        shelf.note_change(session, me, record, "source", (strength.source, draft.source), at)
    shelf.note_change(session, me, record, "text", (strength.text, draft.text.strip()), at)
    strength.source, strength.text = draft.source, draft.text.strip()
    shelf.noted(session, me, "strength.replaced", record, at)
    return strength


def take_back(session: Session, me: Actor, record_id: uuid.UUID, at: datetime) -> None:
    """Undo within ten minutes of adding it."""
    record = shelf.take_back(session, me, Strength, record_id, at)
    shelf.noted(session, me, "strength.undone", record, at)
