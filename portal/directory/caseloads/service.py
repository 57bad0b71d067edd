"""Put a student on somebody's caseload, and take them off."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, trail
from portal.access.actor import Actor
from portal.access.gate import NOT_FOUND
from portal.directory.caseloads import queries, rules
from portal.directory.caseloads.rules import CaseloadDraft
from portal.errors import NotReady
from portal.policy.caseloads import CASELOAD, KINDS_OF_LEVEL, may_carry
from portal.policy.decision import Reason
from portal.policy.facts import UserFacts
from portal.policy.spans import Span, local_midnight
from portal.policy.tasks import Task
from portal.store.people import Relation, User
from portal.vocabulary import RelationKind


def assign(session: Session, me: Actor, draft: CaseloadDraft, at: datetime) -> Relation:
    """From now, or from the day chosen, this person serves this student.

    By the principal for students of the building, by a district administrator
    for any of the district. Already on the caseload, nothing changes.
    Raises NotFound for a student out of reach, Refused when the person is not
    the district's counselor or clinician, NotReady with every problem.
    """
    me.may(Task.ASSIGN_CASELOAD).or_refuse()
    person = session.get(User, draft.user_id) if draft.user_id else None
    today = at.astimezone(ZoneInfo(me.tz)).date()
    found = rules.problems(draft, person.level if person else None, today)
    if found or draft.student_id is None or person is None:
        raise NotReady(found)
    student = gate.open_student(session, me, draft.student_id, Task.ASSIGN_CASELOAD, at)
    may_carry(_facts_of(person), str(me.organization_id), at).or_refuse()
    kind = draft.kind or KINDS_OF_LEVEL[person.level][0]
    already = queries.open_between(session, person.id, student.id, kind, at)
    if already is not None:
        return already
    relation = Relation(
        user_id=person.id, student_id=student.id, kind=kind, starts_at=_start(me, draft, at)
    )
    session.add(relation)
    session.flush()
    _told(session, me, "caseload.assigned", relation, at)
    return relation


def end(session: Session, me: Actor, relation_id: uuid.UUID, at: datetime) -> Relation:
    """Take the student off the caseload from this instant; a second click changes nothing."""
    me.may(Task.ASSIGN_CASELOAD).or_refuse()
    relation = session.get(Relation, relation_id)
    if relation is None or relation.kind not in CASELOAD:
        codes = [Reason.RECORD_UNKNOWN]
        trail.write_refusal(session, me, trail.Entry("caseload.ended", False, at, codes=codes))
        raise NOT_FOUND
    gate.open_student(session, me, relation.student_id, Task.ASSIGN_CASELOAD, at)
    if relation.ends_at is None or relation.ends_at > at:
        relation.ends_at = max(at, relation.starts_at)
        session.flush()
        _told(session, me, "caseload.ended", relation, at)
    return relation


def _facts_of(person: User) -> UserFacts:
    active = Span(person.active_from, person.active_until)
    return UserFacts(str(person.id), str(person.organization_id), person.level, active)


def _start(me: Actor, draft: CaseloadDraft, at: datetime) -> datetime:
    """Now; or the midnight of a later day."""
    return at if draft.starts_on is None else max(at, local_midnight(draft.starts_on, me.tz))


def _told(session: Session, me: Actor, event: str, relation: Relation, at: datetime) -> None:
    kind: RelationKind = relation.kind
    detail = {"user": str(relation.user_id), "kind": str(kind)}
    trail.write(session, me, trail.Entry(event, True, at, (relation.student_id,), detail=detail))
