"""The facts that bear on who may sign, for many students at once: as few questions as for one."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.facts import of_guardianship, of_order, of_student
from portal.policy.facts import Facts, UserFacts
from portal.policy.spans import Span
from portal.store.people import CourtOrder, Guardianship, Student
from portal.store.places import Organization
from portal.vocabulary import Level

Key = uuid.UUID
Row = TypeVar("Row", Guardianship, CourtOrder)
Fact = TypeVar("Fact")


def rights_of(
    session: Session, district: Organization, students: Collection[Student]
) -> dict[Key, Facts]:
    """For each student of this district: the birth date, college, guardianships and orders.

    Enough for `policy.rights` and `policy.passing`, and for no other rule: nobody is asking.
    """
    ids = [student.id for student in students]
    rights = select(Guardianship).where(Guardianship.student_id.in_(ids))
    limits = select(CourtOrder).where(CourtOrder.student_id.in_(ids))
    held = _by_student(session.scalars(rights), of_guardianship)
    orders = _by_student(session.scalars(limits), of_order)
    nobody = UserFacts("", str(district.id), Level.STAFF, Span(district.active_from))
    return {
        student.id: Facts(
            user=nobody,
            student=of_student(student, district),
            organizations={},
            guardianships=tuple(held[student.id]),
            orders=tuple(orders[student.id]),
        )
        for student in students
    }


def _by_student(rows: Iterable[Row], told: Callable[[Row], Fact]) -> dict[Key, list[Fact]]:
    facts: dict[Key, list[Fact]] = defaultdict(list)
    for row in rows:
        facts[row.student_id].append(told(row))
    return facts
