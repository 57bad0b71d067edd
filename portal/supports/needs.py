"""A need of a student: write it down, say that it is met, take it back."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access import gate, once
from portal.access.actor import Actor
from portal.access.words import words_of
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.store.support import StudentNeed, StudentService
from portal.supports import queries, rules, shelf
from portal.supports.days import local_today
from portal.supports.rules import NeedDraft
from portal.vocabulary import Category

NO_SUCH_REFERRAL = Problem(
    "This referral is not the student's.", "Choose a referral of this student.", "Referral"
)
NO_SUCH_SERVICE = Problem(
    "This service is not on the student's page any more.", "Choose another, or none.", "Met by"
)


def write_down(
    session: Session, me: Actor, student_id: uuid.UUID, draft: NeedDraft, at: datetime, key: str
) -> StudentNeed:
    """A need, since when, and from whom what meets it is awaited.

    key: the form's; a second click finds what the first one made.
    Raises NotFound or Refused when this person may not, NotReady with every problem.
    """
    student = gate.open_student(session, me, student_id, Task.KEEP_SUPPORTS, at)
    found = rules.need_problems(draft, local_today(me, at), words_of(session, me.organization_id))
    if draft.referral_id and not queries.has_referral(session, draft.referral_id, student_id):
        found.append(NO_SUCH_REFERRAL)
    if found or draft.need is None or draft.since_on is None:
        raise NotReady(found)
    record_id = uuid.uuid4()
    earlier = once.first_result(session, me, "need.written", key, record_id, at)
    if earlier is not None:
        return session.get_one(StudentNeed, earlier)
    record = shelf.new_record(me, student, Category.SERVICE_STATUS, record_id, draft.since_on, at)
    session.add(record)
    session.flush()
    need = StudentNeed(
        record_id=record_id,
        need=draft.need,
        tier=draft.tier,
        since_on=draft.since_on,
        awaited_from=draft.awaited_from.strip(),
        referral_id=draft.referral_id,
    )
    session.add(need)
    shelf.noted(session, me, "need.written", record, at)
    return need


def meet(
    session: Session,
    me: Actor,
    record_id: uuid.UUID,
    met_on: date | None,
    met_by: uuid.UUID | None,
    seen: int,
    at: datetime,
) -> StudentNeed:
    """Say that a need is met, and by which service in place; None: otherwise, or it went away.

    seen: the version that was on the screen; NotReady when somebody changed it meanwhile.
    """
    record, need = shelf.changeable(session, me, StudentNeed, record_id, at)
    if need.met_on is not None and (need.met_on, need.met_by) == (met_on, met_by):
        return need
    shelf.require_version(record, seen)
    found = rules.meeting_problems(need.since_on, met_on, local_today(me, at))
    if met_by is not None:
        service, _row = shelf.changeable(session, me, StudentService, met_by, at)
        found += [] if service.student_id == record.student_id else [NO_SUCH_SERVICE]
    if found:
        raise NotReady(found)
    shelf.note_change(session, me, record, "met_on", (need.met_on, met_on), at)
    need.met_on, need.met_by = met_on, met_by
    shelf.noted(session, me, "need.met", record, at)
    return need


def take_back(session: Session, me: Actor, record_id: uuid.UUID, at: datetime) -> None:
    """Undo within ten minutes of writing it down."""
    record = shelf.take_back(session, me, StudentNeed, record_id, at)
    shelf.noted(session, me, "need.undone", record, at)
