"""Hand a caseload over: who works with a student next, and what they are told."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, once, trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.errors import NotReady, Problem
from portal.policy.caseloads import KINDS_OF_LEVEL, may_hand_over, may_take_over
from portal.policy.facts import UserFacts
from portal.policy.spans import Span, local_midnight
from portal.policy.tasks import Task
from portal.store.people import Relation, Student, User
from portal.store.records import Record
from portal.store.support import Handover
from portal.transitions import queries, rules
from portal.transitions.rules import HandoverDraft
from portal.vocabulary import Category

RESTRICTED = "restricted"
"""The key of the restricted box, which is an item of its own."""


def hand_over(session: Session, me: Actor, draft: HandoverDraft, at: datetime, key: str) -> None:
    """From the day chosen on, the next one serves these students; what was written stays.

    What is told of a student is an item of the record, written by me; the restricted box one of
    its own. Follow-ups that are still to come go along. key: the form's; a second click changes
    nothing. Raises NotReady with every problem, NotFound for a student out of reach or not on
    that caseload, Refused when this is not mine to hand over.
    """
    me.may(Task.HAND_OVER).or_refuse()
    today = at.astimezone(ZoneInfo(me.tz)).date()
    found = rules.handover_problems(draft, today)
    if found or draft.from_id is None or draft.to_id is None:
        raise NotReady(found)
    may_hand_over(me.role, str(me.id), str(draft.from_id)).or_refuse()
    if once.first_result(session, me, "caseload.handed_over", key, uuid.uuid4(), at) is not None:
        return
    taker = _taker(session, me, draft.to_id, at)
    start = at if draft.on is None else max(at, local_midnight(draft.on, me.tz))
    for student_id in dict.fromkeys(draft.students):
        student = gate.open_student(session, me, student_id, Task.HAND_OVER, at)
        _pass_on(session, draft, student, taker, start, at)
        _tell(session, me, draft, student, at)
    detail = {"from": str(draft.from_id), "to": str(taker.id), "day": f"{start:%Y-%m-%d}"}
    entry = trail.Entry("caseload.handed_over", True, at, draft.students, detail=detail)
    trail.write(session, me, entry)


def _taker(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> User:
    person = session.get(User, user_id)
    if person is None:
        raise NOT_FOUND
    active = Span(person.active_from, person.active_until)
    facts = UserFacts(str(person.id), str(person.organization_id), person.level, active)
    may_take_over(facts, person.role, str(me.organization_id), at).or_refuse()
    return person


def _pass_on(
    session: Session,
    draft: HandoverDraft,
    student: Student,
    taker: User,
    start: datetime,
    at: datetime,
) -> None:
    """The old relation ends where the new one begins; open follow-ups go along."""
    held = queries.caseload_relations(session, student.id, at, user_id=draft.from_id)
    if not held or draft.from_id is None:
        raise NOT_FOUND
    if queries.is_locked(session, taker.id, student.id, at):
        raise NotReady(
            [
                Problem(
                    f"{taker.name} cannot take over one of these students.",
                    "Choose another colleague, or ask the principal.",
                    "To",
                )
            ]
        )
    for relation in held:
        relation.ends_at = max(start, relation.starts_at)
    if not queries.caseload_relations(session, student.id, start, user_id=taker.id):
        kind = KINDS_OF_LEVEL[taker.level][0]
        session.add(Relation(user_id=taker.id, student_id=student.id, kind=kind, starts_at=start))
    for follow_up in queries.follow_ups_from(session, draft.from_id, student.id, draft.on):
        follow_up.staff_id = taker.id
    session.flush()


def _tell(
    session: Session, me: Actor, draft: HandoverDraft, student: Student, at: datetime
) -> None:
    told = draft.told.get(student.id)
    if told is None:
        return
    pair_id = uuid.uuid4()
    if told.said:
        _item(session, me, draft, student, pair_id, told.said, at)
    if text := told.restricted.strip():
        _item(session, me, draft, student, pair_id, {RESTRICTED: text}, at)


def _item(
    session: Session,
    me: Actor,
    draft: HandoverDraft,
    student: Student,
    pair_id: uuid.UUID,
    answers: dict[str, str],
    at: datetime,
) -> None:
    record = Record(
        district_id=student.district_id,
        student_id=student.id,
        custodian_id=student.district_id,
        category=Category.VISIT_NOTES,
        event_at=at,
        author_id=me.id,
        written_at=at,
        restricted=RESTRICTED in answers,
        told_to_id=draft.to_id if RESTRICTED in answers else None,
    )
    session.add(record)
    session.flush()
    session.add(
        Handover(
            record_id=record.id,
            pair_id=pair_id,
            from_id=draft.from_id,
            to_id=draft.to_id,
            answers=answers,
        )
    )
    session.flush()
