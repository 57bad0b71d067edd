"""The facts that bear on who may sign, for many students at once: as few questions as for one."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.facts import optional_span
from portal.policy.facts import Facts, GuardianshipFacts, OrderFacts, StudentFacts, UserFacts
from portal.policy.spans import Span
from portal.store.people import CourtOrder, Guardianship, Student
from portal.store.places import Organization
from portal.vocabulary import Level

Key = uuid.UUID


def rights_of(
    session: Session, district: Organization, students: Collection[Student]
) -> dict[Key, Facts]:
    """For each student of this district: the birth date, college, guardianships and orders.

    Enough for `policy.rights` and `policy.passing`, and for no other rule: nobody is asking.
    """
    ids = [student.id for student in students]
    held: dict[Key, list[GuardianshipFacts]] = defaultdict(list)
    for row in session.scalars(select(Guardianship).where(Guardianship.student_id.in_(ids))):
        rights = Span(row.rights_from, row.rights_until)
        held[row.student_id].append(
            GuardianshipFacts(str(row.guardian_id), str(row.student_id), rights)
        )
    orders: dict[Key, list[OrderFacts]] = defaultdict(list)
    for order in session.scalars(select(CourtOrder).where(CourtOrder.student_id.in_(ids))):
        span = Span(order.starts_at, order.ends_at)
        orders[order.student_id].append(
            OrderFacts(str(order.guardian_id), str(order.student_id), order.limits, span)
        )
    nobody = UserFacts("", str(district.id), Level.STAFF, Span(district.active_from))
    return {
        student.id: Facts(
            user=nobody,
            student=StudentFacts(
                id=str(student.id),
                born=student.born,
                tz=district.tz,
                postsecondary=optional_span(
                    student.postsecondary_from, student.postsecondary_until
                ),
            ),
            organizations={},
            guardianships=tuple(held[student.id]),
            orders=tuple(orders[student.id]),
        )
        for student in students
    }
