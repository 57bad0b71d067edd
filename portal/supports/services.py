"""A service in place: start it, end it, move its estimated end, take it back."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access import gate, once
from portal.access.actor import Actor
from portal.access.school_years import last_school_day
from portal.access.words import words_of
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.store.places import Organization
from portal.store.support import StudentNeed, StudentService
from portal.supports import queries, rules, shelf
from portal.supports.days import local_today
from portal.supports.rules import ServiceDraft
from portal.vocabulary import Category, OrganizationKind, ServiceEnd

NO_SUCH_NEED = Problem(
    "This need is not on the student's page any more.", "Choose another, or none.", "Meets"
)
NO_SUCH_PARTNER = Problem(
    "This partner is not on the list.", "Choose the partner from the list.", "From whom"
)
NO_SUCH_REFERRAL = Problem(
    "This referral is not the student's.", "Choose a referral of this student.", "Referral"
)
ENDED_BEFORE = Problem("This service has ended already.", "Look at it as it is now.")


def usual_end(session: Session, me: Actor, started_on: date) -> date:
    """The estimated end that a form offers: the last school day of the year."""
    return last_school_day(session, me.organization_id, started_on)


def start(
    session: Session,
    me: Actor,
    student_id: uuid.UUID,
    draft: ServiceDraft,
    at: datetime,
    key: str,
) -> StudentService:
    """Put a service in place; a need that it meets is met from its start.

    key: the form's; a second click finds what the first one made.
    Raises NotFound or Refused when this person may not, NotReady with every problem.
    """
    student = gate.open_student(session, me, student_id, Task.KEEP_SUPPORTS, at)
    words = words_of(session, me.organization_id)
    found = rules.service_problems(draft, local_today(me, at), words)
    found += _beside(session, me, student_id, draft, at)
    if found or draft.service is None or draft.started_on is None:
        raise NotReady(found)
    record_id = uuid.uuid4()
    earlier = once.first_result(session, me, "service.started", key, record_id, at)
    if earlier is not None:
        return session.get_one(StudentService, earlier)
    record = shelf.new_record(me, student, Category.SERVICE_STATUS, record_id, draft.started_on, at)
    session.add(record)
    session.flush()
    service = StudentService(
        record_id=record_id,
        service=draft.service,
        agency_id=draft.agency_id,
        provider=draft.provider.strip(),
        tier=draft.tier,
        intensity=draft.intensity.strip(),
        data_owner=draft.data_owner.strip(),
        started_on=draft.started_on,
        estimated_end=draft.estimated_end,
        referral_id=draft.referral_id,
    )
    session.add(service)
    if draft.meets is not None:
        _meet(session, me, draft.meets, service, at)
    shelf.noted(session, me, "service.started", record, at)
    return service


def _beside(
    session: Session, me: Actor, student_id: uuid.UUID, draft: ServiceDraft, at: datetime
) -> list[Problem]:
    """What the draft names besides: the partner, the need and the referral must be what it says."""
    found = []
    agency = session.get(Organization, draft.agency_id) if draft.agency_id else None
    if draft.agency_id and (agency is None or agency.kind is OrganizationKind.DISTRICT):
        found.append(NO_SUCH_PARTNER)
    if draft.meets is not None:
        record, _need = shelf.changeable(session, me, StudentNeed, draft.meets, at)
        found += [] if record.student_id == student_id else [NO_SUCH_NEED]
    if draft.referral_id and not queries.has_referral(session, draft.referral_id, student_id):
        found.append(NO_SUCH_REFERRAL)
    return found


def _meet(
    session: Session, me: Actor, need_id: uuid.UUID, service: StudentService, at: datetime
) -> None:
    record, need = shelf.changeable(session, me, StudentNeed, need_id, at)
    shelf.note_change(session, me, record, "met_by", (need.met_by, service.record_id), at)
    need.met_on, need.met_by = max(service.started_on, need.since_on), service.record_id
    session.flush()


def end(
    session: Session,
    me: Actor,
    record_id: uuid.UUID,
    ended_on: date | None,
    reason: ServiceEnd | None,
    seen: int,
    at: datetime,
) -> StudentService:
    """End a service on its last day. seen: the version that was on the screen.

    Raises NotReady when somebody changed it meanwhile, or with every problem.
    """
    record, service = shelf.changeable(session, me, StudentService, record_id, at)
    if service.ended_on is not None and service.ended_on == ended_on:
        return service
    shelf.require_version(record, seen)
    found = rules.ending_problems(service.started_on, ended_on, reason, local_today(me, at))
    if service.ended_on is not None:
        found = [ENDED_BEFORE]
    if found:
        raise NotReady(found)
    shelf.note_change(session, me, record, "ended_on", (None, ended_on), at, str(reason))
    service.ended_on, service.end_reason = ended_on, reason
    shelf.noted(session, me, "service.ended", record, at, reason=str(reason))
    return service


def move_end(
    session: Session,
    me: Actor,
    record_id: uuid.UUID,
    estimated_end: date | None,
    seen: int,
    at: datetime,
) -> StudentService:
    """Change the estimated end; None: none is told. The old one is kept."""
    record, service = shelf.changeable(session, me, StudentService, record_id, at)
    if service.estimated_end == estimated_end:
        return service
    shelf.require_version(record, seen)
    found = rules.end_problems(service.started_on, estimated_end, local_today(me, at))
    if service.ended_on is not None:
        found = [ENDED_BEFORE]
    if found:
        raise NotReady(found)
    change = (service.estimated_end, estimated_end)
    shelf.note_change(session, me, record, "estimated_end", change, at)
    service.estimated_end = estimated_end
    shelf.noted(session, me, "service.end_moved", record, at)
    return service


def take_back(session: Session, me: Actor, record_id: uuid.UUID, at: datetime) -> None:
    """Undo within ten minutes; a need that it met is unmet again."""
    record = shelf.take_back(session, me, StudentService, record_id, at)
    for need in queries.needs_met_by(session, record_id):
        need.met_on = need.met_by = None
    shelf.noted(session, me, "service.undone", record, at)
