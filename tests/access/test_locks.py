"""A lock between one person and one student takes that student from that person's lists."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.access.locks import unlocked
from portal.store.people import StaffLock, Student
from tests import factories as make
from tests.people import NOW, Cast

DAY = timedelta(days=1)


def test_a_lock_stands_for_one_person_and_one_student_from_its_first_instant_to_its_end(
    cast: Cast,
) -> None:
    span = {"starts_at": NOW, "ends_at": NOW + DAY, "set_by": cast.dina.id}
    for user, student in ((cast.ana, cast.luis), (cast.omar, cast.zoe)):
        lock = StaffLock(user_id=user.id, student_id=student.id, **span)
        make.stored(cast.session, lock)

    for at, left in ((NOW - DAY, "LMZ"), (NOW, "MZ"), (NOW + DAY, "LMZ")):
        found = select(Student.given_name).where(unlocked(cast.ana, Student.id, at))
        assert sorted(name[0] for name in cast.session.scalars(found)) == list(left)
    other = select(StaffLock.user_id).where(unlocked(cast.ana, StaffLock.student_id, NOW))
    assert cast.session.scalars(other).all() == [cast.omar.id]
