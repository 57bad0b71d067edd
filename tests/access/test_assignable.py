"""Whom one may put on a caseload: the rule and the query, and the lines that are read."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access import assignable
from portal.access import facts as facts_of
from portal.access.assignable import StudentLine
from portal.errors import Refused
from portal.policy.tasks import Task, may_do_for
from portal.store.people import Enrollment, StaffLock, Student, User
from portal.store.places import School
from portal.vocabulary import Level, Role
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

TICK = timedelta(microseconds=1)


def of(column: str, value: object) -> Callable[[Cast], None]:
    def change(cast: Cast) -> None:
        row, name = column.split(".")
        setattr(getattr(cast, row), name, value)

    return change


def lock(until: Any) -> Callable[[Cast], None]:
    def change(cast: Cast) -> None:
        span = {"starts_at": LONG_AGO, "ends_at": until, "set_by": cast.sue.id}
        for user in (cast.omar, cast.dina):
            cast.session.add(StaffLock(user_id=user.id, student_id=cast.mei.id, **span))

    return change


def enrolled(**span: object) -> Callable[[Cast], None]:
    """Mei's time at North, as said."""

    def change(cast: Cast) -> None:
        row = cast.session.scalars(
            select(Enrollment).where(Enrollment.student_id == cast.mei.id)
        ).one()
        for name, value in span.items():
            setattr(row, name, value)

    return change


def of_another_district(cast: Cast) -> None:
    cast.mei.district_id = make.organization(cast.session, "Elsewhere", code="0990022").id


CHANGES: dict[str, tuple[Callable[[Cast], None], str, str]] = {
    "nothing": (lambda _cast: None, "Luis Mei", "Luis Mei Zoe"),
    "who asks has left": (of("omar.active_until", NOW), "", "Luis Mei Zoe"),
    "who asks is to come": (of("dina.active_from", NOW + TICK), "Luis Mei", ""),
    "the district has left": (of("district.active_until", NOW), "", ""),
    "the district is to come": (of("district.active_from", NOW + TICK), "", ""),
    "locked": (lock(None), "Luis", "Luis Zoe"),
    "locked until now": (lock(NOW), "Luis Mei", "Luis Mei Zoe"),
    "left the school": (enrolled(ends_at=NOW), "Luis", "Luis Mei Zoe"),
    "comes to the school": (enrolled(starts_at=NOW + TICK), "Luis", "Luis Mei Zoe"),
    "of another district": (of_another_district, "Luis", "Luis Zoe"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_rule_and_the_query_let_assign_the_same_students(cast: Cast, change: str) -> None:
    who = [(cast.who(cast.omar), cast.omar), (cast.who(cast.dina), cast.dina)]
    CHANGES[change][0](cast)
    cast.session.flush()
    for (me, user), expected in zip(who, CHANGES[change][1:], strict=True):
        found = select(Student.given_name).where(assignable.students(me, NOW))
        assert " ".join(sorted(cast.session.scalars(found))) == expected
        by_rule = {
            student.given_name
            for student in (cast.luis, cast.mei, cast.zoe)
            if may_do_for(
                facts_of.load_known(cast.session, user.id, student.id),
                me.role,
                Task.ASSIGN_CASELOAD,
                str(student.district_id),
                NOW,
            )
        }
        assert by_rule == set(expected.split())


def test_without_the_task_nobody_is_asked_for(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        assignable.students(cast.who(cast.ana), NOW)
    assert caught.value.codes == ("NO_SUCH_TASK",)


def lines(cast: Cast, who: Any) -> list[StudentLine]:
    rows = cast.session.execute(assignable.named(cast.who(who), NOW))
    return [assignable.line(row) for row in rows]


def test_who_reads_names_has_them_in_order_with_grade_school_and_number(cast: Cast) -> None:
    assert lines(cast, cast.omar) == [
        StudentLine(cast.luis.id, "Sample, Luis", "7", "North School", "0101"),
        StudentLine(cast.mei.id, "Sample, Mei", "7", "North School", "0102"),
    ]
    cast.mei.search_name = "a"
    cast.session.flush()
    assert [line.id for line in lines(cast, cast.omar)] == [cast.mei.id, cast.luis.id]
    cast.mei.missing_since = NOW
    cast.session.flush()
    assert [line.id for line in lines(cast, cast.omar)] == [cast.luis.id]


def test_whom_one_does_not_name_comes_before_whom_one_does(cast: Cast) -> None:
    cast.mei.search_name = ""
    cast.session.flush()
    rows = assignable.named(cast.who(cast.dina), NOW, Student.given_name)

    assert [(row[1], row[5]) for row in cast.session.execute(rows)] == [
        ("", "Luis"),
        ("", "Zoe"),
        ("Sample, Mei", "Mei"),
    ]


@pytest.fixture
def nameless(cast: Cast) -> User:
    """An administrator of the district whose level names nobody."""
    return make.user(cast.session, cast.district, "Ned", Role.DISTRICT_ADMIN, Level.STAFF)


def test_who_reads_no_names_has_no_order_of_names_either(cast: Cast, nameless: User) -> None:
    cast.luis.grade, cast.mei.search_name = "8", "zz"
    cast.zoe.sasid, cast.zoe.local_id = None, "L00000863"
    for number in (2, 1):  # of one grade, and with one number
        key = {"id": uuid.UUID(int=number), "source_id": f"s-{number}", "local_id": "123"}
        of = {"district_id": cast.district.id, "given_name": "N", "family_name": "A"}
        make.stored(cast.session, Student(grade="7", **key, **of))

    assert lines(cast, nameless) == [
        StudentLine(cast.mei.id, "", "7", "North School", "0102"),
        StudentLine(uuid.UUID(int=1), "", "7", "", "123"),
        StudentLine(uuid.UUID(int=2), "", "7", "", "123"),
        StudentLine(cast.zoe.id, "", "7", "South School", "0863"),
        StudentLine(cast.luis.id, "", "8", "North School", "0101"),
    ]


def test_the_school_is_the_one_entered_last_and_not_one_to_come(cast: Cast, nameless: User) -> None:
    def school_after(school: School, starts_at: datetime, number: int) -> str:
        key, span = uuid.UUID(int=number), {"school_id": school.id, "starts_at": starts_at}
        make.stored(cast.session, Enrollment(id=key, student_id=cast.mei.id, **span))
        return {line.id: line.school for line in lines(cast, nameless)}[cast.mei.id]

    assert school_after(cast.south, NOW + TICK, 9) == "North School"
    assert school_after(cast.south, NOW, 8) == "South School"
    assert school_after(cast.north, NOW, 7) == "North School"  # of one instant, always the same
    assert school_after(cast.south, NOW - TICK, 6) == "North School"
