"""Numbers of the personnel office: staff by building, and the work of each building together.

Never by person: the policy forbids it to be the primary portion of an evaluation.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.sql import within
from portal.access.unnamed_counts import (
    EVERYWHERE,
    Asked,
    Leaves,
    enrolled_at,
    of_each,
    school_names,
    visits_held,
)
from portal.policy.hiding import Shown
from portal.store.people import Enrollment, Relation, SchoolClass, User
from portal.vocabulary import RelationKind, Role

CARRIED = (RelationKind.SERVICE, RelationKind.EVALUATION, RelationKind.COUNSELOR)
NO_ONE_BUILDING = "No one building"


def staff(session: Session, asked: Asked) -> list[tuple[str, Role, str, int]]:
    """Building, role, title and how many; of staff who were there when the month ended.

    A building is a principal's own, that of one's classes, or of one's caseload.
    """
    schools = school_names(session, asked.district)
    found: Counter[tuple[str, Role, str]] = Counter()
    at = asked.month.end
    people = session.execute(
        select(User.id, User.role, User.title, User.school_id).where(
            User.organization_id == asked.district, within(User.active_from, User.active_until, at)
        )
    ).all()
    where = _buildings(session, schools, at)
    for person, role, title, school in people:
        own = {schools[school]} if school in schools else where.get(person)
        found.update((name, role, title) for name in own or [NO_ONE_BUILDING])
    return [(*key, many) for key, many in sorted(found.items())]


def _buildings(
    session: Session, schools: Mapping[uuid.UUID, str], at: datetime
) -> dict[uuid.UUID, set[str]]:
    """By class or caseload."""
    now = within(Relation.starts_at, Relation.ends_at, at)
    enrolled = within(Enrollment.starts_at, Enrollment.ends_at, at)
    taught = (
        select(Relation.user_id, SchoolClass.school_id)
        .join(SchoolClass, SchoolClass.id == Relation.class_id)
        .where(now, SchoolClass.school_id.in_(schools))
    )
    carried = (
        select(Relation.user_id, Enrollment.school_id)
        .join(Enrollment, Enrollment.student_id == Relation.student_id)
        .where(now, enrolled, Relation.kind.in_(CARRIED), Enrollment.school_id.in_(schools))
    )
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for person, school in session.execute(taught.union(carried)):
        found[person].add(schools[school])
    return found


def visits_by_building(session: Session, asked: Asked) -> list[Shown]:
    """Students seen, visits and minutes by building; never by person."""
    leaves = Leaves(of_each(session, asked.district, [EVERYWHERE]), amounts=2)
    for line in visits_held(session, asked):
        leaves.add((EVERYWHERE, line.school), line.student, line.staff, (1, line.minutes))
    return leaves.told(staff=True)


def caseloads_by_building(session: Session, asked: Asked) -> list[Shown]:
    """Students on caseloads by building when the month ended; never by person.

    A secretary has whom the counselor has, and carries nobody.
    """
    enrolled = enrolled_at(session, asked.district, asked.month.end).places
    leaves = Leaves(of_each(session, asked.district, [EVERYWHERE]))
    rows = session.execute(
        select(Relation.student_id, Relation.user_id)
        .join(User, User.id == Relation.user_id)
        .where(
            User.organization_id == asked.district,
            User.role != Role.SECRETARY,
            Relation.kind.in_(CARRIED),
            within(Relation.starts_at, Relation.ends_at, asked.month.end),
        )
    )
    for student, person in rows:
        if student in enrolled:
            leaves.add((EVERYWHERE, enrolled[student][0]), student, person)
    return leaves.told(staff=True)
