"""Whom a written request is about: told to the applicant as far as they reach, to whoever decides.

A number that somebody types names a student only to the Superintendent. To whoever typed it, it
stays a number, whether there is such a student or not: the request reveals nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import trail, visible
from portal.access.actor import Actor
from portal.access.sql import within
from portal.errors import Refused
from portal.policy.tasks import Task
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.oversight import AccessRequest, AccessRequestStudent
from portal.store.people import AccessGrant, StaffLock, Student
from portal.store.records import Record

NO_NAME = "A student who is not yours any more"


@dataclass(frozen=True)
class Named:
    """A student of a request, to whoever decides. locked: a conflict of interest is on file.

    number: as it was typed, empty for a student whom the applicant reaches.
    """

    id: uuid.UUID
    name: str
    grade: str
    number: str
    locked: bool


@dataclass(frozen=True)
class Use:
    """A record that was opened under a grant: when, whose, which kinds."""

    at: datetime
    student: str
    kinds: tuple[str, ...]


def reached(
    session: Session, me: Actor, ids: Collection[uuid.UUID], at: datetime
) -> dict[uuid.UUID, str]:
    """Of these students, those whose name is mine to know now."""
    mine = or_(visible.students_by_number(me, at), visible.students_by_grant(me, at))
    rows = session.scalars(
        select(Student).where(Student.id.in_(ids), mine).order_by(Student.search_name, Student.id)
    )
    return {row.id: f"{row.given_name} {row.family_name}" for row in rows}


def named(session: Session, me: Actor, request: AccessRequest, at: datetime) -> list[Named]:
    """Everybody whom a request is about, for whoever decides it; the line is the caller's.

    A number finds a student of the district by the SASID, or by a local number that only one has.
    """
    me.may(Task.DECIDE_REQUESTS).or_refuse()
    if request.organization_id != me.organization_id:
        raise Refused("This request is another district's.", "Open one of your own.")
    asked = select(AccessRequestStudent.student_id).where(
        AccessRequestStudent.request_id == request.id
    )
    rows = session.scalars(
        select(Student)
        .where(Student.id.in_(asked), Student.district_id == request.organization_id)
        .order_by(Student.search_name, Student.id)
    )
    found = {row.id: (row, "") for row in rows}
    for number in request.numbers:
        student = by_number(session, request.organization_id, number)
        if student is not None:
            found.setdefault(student.id, (student, number))
    locked = _locked(session, request.applicant_id, at)
    return [
        Named(row.id, f"{row.given_name} {row.family_name}", row.grade, number, row.id in locked)
        for row, number in found.values()
    ]


def by_number(session: Session, district_id: uuid.UUID, number: str) -> Student | None:
    """The one student of the district who has this number; None for none and for several."""
    rows = session.scalars(
        select(Student).where(
            Student.district_id == district_id,
            or_(Student.sasid == number, Student.local_id == number),
        )
    ).all()
    by_sasid = [row for row in rows if row.sasid == number]
    found = by_sasid or rows
    return found[0] if len(found) == 1 else None


def _locked(session: Session, applicant: uuid.UUID | None, at: datetime) -> set[uuid.UUID]:
    locks = select(StaffLock.student_id).where(
        StaffLock.user_id == applicant, within(StaffLock.starts_at, StaffLock.ends_at, at)
    )
    return set(session.scalars(locks))


def used(session: Session, me: Actor, request: AccessRequest, at: datetime) -> list[Use]:
    """What was opened under the grants of a request, newest first; for whoever decides."""
    me.may(Task.DECIDE_REQUESTS).or_refuse()
    grants = session.scalars(select(AccessGrant.id).where(AccessGrant.request_id == request.id))
    ids = {str(grant) for grant in grants}
    if not ids or request.organization_id != me.organization_id:
        return []
    rows = session.execute(
        select(TrailLine, Student)
        .join(TrailStudent, TrailStudent.line_id == TrailLine.id)
        .join(Student, Student.id == TrailStudent.student_id)
        .where(
            TrailLine.user_id == request.applicant_id,
            TrailLine.event == "record.opened",
            TrailLine.allowed,
            TrailLine.at >= request.decided_at,
        )
        .order_by(TrailLine.at.desc(), TrailLine.id.desc())
    )
    found = [
        Use(line.at, f"{student.given_name} {student.family_name}", tuple(line.opened))
        for line, student in rows
        if ids.intersection(line.detail.get("grants", ()))
    ]
    entry = trail.Entry("request.use_read", True, at, subject=request.number)
    trail.write(session, me, entry)
    return found


def opened_now(
    session: Session, me: Actor, requests: Sequence[uuid.UUID], at: datetime
) -> dict[uuid.UUID, list[tuple[uuid.UUID, str]]]:
    """Of my requests, the students whom each opens to me now, by name."""
    rows = session.execute(
        select(AccessGrant.request_id, Student)
        .join(Student, Student.id == AccessGrant.student_id)
        .where(
            AccessGrant.request_id.in_(requests),
            AccessGrant.user_id == me.id,
            within(AccessGrant.starts_at, AccessGrant.ends_at, at),
            visible.students_by_grant(me, at),
        )
        .order_by(Student.search_name, Student.id)
    )
    found: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = {}
    for request, student in rows:
        name = f"{student.given_name} {student.family_name}"
        found.setdefault(cast(uuid.UUID, request), []).append((student.id, name))
    return found


def held_here(session: Session, me: Actor, record_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Of these records, those that my organization holds and no partner let it see."""
    held = select(Record.id).where(
        Record.id.in_(record_ids), Record.custodian_id == me.organization_id
    )
    return set(session.scalars(held))
